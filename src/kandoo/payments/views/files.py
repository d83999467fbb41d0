"""What leaves an approved run: the bank file in each form, and the list to sign."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo.engine.bank_file import pain_001, table_rows
from kandoo.payments import access, papers, queries
from kandoo.payments.models import PaymentRun
from kandoo.register.access import seated
from kandoo.site import tables
from kandoo.site.lists import asker, page_language


@require_GET
@seated(*access.STAFF)
def bank_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The bank file as `xml`, `xlsx` or `csv`; before approval there is none."""
    run = access.run_seen_by(asker(request), pk)
    if run.status not in (PaymentRun.Status.APPROVED, PaymentRun.Status.ANSWERED):
        raise Http404
    file = queries.as_bank_file(run)
    if form == "xml":
        disposition = f'attachment; filename="{run.number}.xml"'
        return HttpResponse(
            pain_001(file), content_type="application/xml", headers={"Content-Disposition": disposition}
        )
    heads = [
        _("Payment"), _("Receiver"), _("Sheba (IBAN)"), _("Amount (rial)"), _("Currency"), _("Day of payment"), _("Note"),
    ]  # fmt: skip
    return tables.as_file(form, heads, table_rows(file), run.number)


@require_GET
@seated(*access.STAFF)
def signature_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The run on paper, with room to sign."""
    run = access.run_seen_by(asker(request), pk)
    content = papers.run_pdf(run, page_language())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{run.number}.pdf"'
    return response
