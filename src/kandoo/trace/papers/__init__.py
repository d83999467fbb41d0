"""Papers to print: the label with its QR code, the sampling sheet, the pay slip. Typeset by typst.

Each function gives the bytes of a PDF in Persian or English. What is on the paper goes to the
template as JSON and is never read as markup.
"""

from kandoo.trace.papers.label import label_pdf
from kandoo.trace.papers.pay_slip import pay_slip_pdf
from kandoo.trace.papers.sampling import sampling_pdf

__all__ = ["label_pdf", "pay_slip_pdf", "sampling_pdf"]
