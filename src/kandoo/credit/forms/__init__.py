"""What people type about public money."""

from kandoo.credit.forms.moving import AmendForm, CloseForm, CommitForm, LineForm, MoveForm
from kandoo.credit.forms.plans import (
    ActivityChangeForm,
    ActivityForm,
    DoneForm,
    LawForm,
    LinesFileForm,
    PayeeChangeForm,
    PayeeForm,
    RuleForm,
    YearForm,
)
from kandoo.credit.forms.spending import (
    AmountOrderForm,
    ContractForm,
    DeliverForm,
    InvoiceForm,
    PayForm,
    ReasonForm,
    RemarkForm,
)

__all__ = [
    "ActivityChangeForm",
    "ActivityForm",
    "AmendForm",
    "AmountOrderForm",
    "CloseForm",
    "CommitForm",
    "ContractForm",
    "DeliverForm",
    "DoneForm",
    "InvoiceForm",
    "LawForm",
    "LineForm",
    "LinesFileForm",
    "MoveForm",
    "PayForm",
    "PayeeChangeForm",
    "PayeeForm",
    "ReasonForm",
    "RemarkForm",
    "RuleForm",
    "YearForm",
]
