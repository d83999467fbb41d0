"""A supplier's quotation: written or sent as a file, read back before it is sealed, its papers, taken back."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.buying import access, quotes_file, quotes_reading
from kandoo.buying.actions import quotations as actions
from kandoo.buying.forms.quotes import (
    CertificateForm,
    QuotationFileForm,
    QuotationForm,
    typed_empty,
    typed_of,
    with_more_rows,
)
from kandoo.buying.models import Quotation, Round
from kandoo.buying.problems import NotPossible
from kandoo.register.access import Seat, seated
from kandoo.selling.uploads import CONTENT_TYPES, SIZE_MAX
from kandoo.site import tables
from kandoo.site.lists import asker, words_of

FAULTS_SHOWN = 200


@seated("supplier")
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """The supplier's quotation: a form while it can be written, then what was given."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    mine = quotes_reading.own_quotation(seat, this)
    if not quotes_reading.takes_quotations(this, timezone.localdate()):
        if request.method == "POST":
            messages.error(request, _("Quotations of this round are no longer taken."))
            return redirect("buying:quote", pk)
        return _given(request, this, mine)
    typed = typed_of(this, quotes_reading.terms_of(mine)) if mine else typed_empty(this)
    if request.method != "POST":
        return _sheet(request, this, mine, QuotationForm(this=this, typed=typed))
    step = request.POST.get("step", "check")
    if step == "change" or step.startswith("more-"):
        sent = request.POST.dict()
        sent = with_more_rows(sent, step.removeprefix("more-")) if step != "change" else sent
        return _sheet(request, this, mine, QuotationForm(this=this, typed=sent))
    form = QuotationForm(request.POST, this=this, typed=typed)
    if not form.is_valid():
        return _sheet(request, this, mine, form)
    if step == "send" and _send(request, seat, this, form):
        return redirect("buying:quote", pk)
    return _preview(request, this, form) if form.is_valid() else _sheet(request, this, mine, form)


def _send(request: HttpRequest, seat: Seat, this: Round, form: QuotationForm) -> bool:
    assert seat.enterprise is not None, "a supplier acts for a firm"
    try:
        actions.give_quotation(
            by=seat.person, this=this, supplier=seat.enterprise, terms=form.quotation(), today=timezone.localdate()
        )
    except NotPossible as problem:
        form.add_error(None, words_of(problem))
        return False
    messages.success(request, _("Your quotation is given and sealed. You can change it until the round closes."))
    return True


def _sheet(request: HttpRequest, this: Round, mine: Quotation | None, form: QuotationForm, **more: Any) -> HttpResponse:
    context = {
        "round": this,
        "mine": mine,
        "form": form,
        "file_form": QuotationFileForm(),
        "paper_form": CertificateForm(),
        **more,
    }
    return render(request, "buying/quote.html", context)


def _preview(request: HttpRequest, this: Round, form: QuotationForm) -> HttpResponse:
    """What was typed, read back, with the typed words in hidden fields."""
    sent = [(name, form.data[name]) for name in form.fields if form.data.get(name)]
    context = {"round": this, "read": quotes_reading.read_back(this, form.quotation()), "sent": sent}
    return render(request, "buying/quote_check.html", context)


def _given(request: HttpRequest, this: Round, mine: Quotation | None) -> HttpResponse:
    read = quotes_reading.read_back(this, quotes_reading.terms_of(mine)) if mine else None
    return render(request, "buying/quote_given.html", {"round": this, "mine": mine, "read": read})


@seated(*access.STAFF)
def quotation(request: HttpRequest, pk: int) -> HttpResponse:
    """An opened quotation for the agent and the auditor, with its papers."""
    seat = asker(request)
    found = access.quotation_seen_by(seat, pk)
    read = quotes_reading.read_back(found.round, quotes_reading.terms_of(found))
    return render(request, "buying/quote_given.html", {"round": found.round, "mine": found, "read": read})


@require_POST
@seated("supplier")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the quotation back before the round closes."""
    seat = asker(request)
    mine = _mine(seat, access.round_seen_by(seat, pk))
    try:
        actions.withdraw_quotation(by=seat.person, quotation=mine, today=timezone.localdate())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("Your quotation is taken back. You can give another until the round closes."))
    return redirect("buying:round", pk)


def _mine(seat: Seat, this: Round) -> Quotation:
    mine = quotes_reading.own_quotation(seat, this)
    if mine is None:
        raise Http404
    return mine


@require_POST
@seated("supplier")
def read_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a filled-in table whole: its faults, or the quotation it holds, to be looked at before it is sent."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if not quotes_reading.takes_quotations(this, timezone.localdate()):
        messages.error(request, _("Quotations of this round are no longer taken."))
        return redirect("buying:quote", pk)
    mine = quotes_reading.own_quotation(seat, this)
    before = quotes_reading.terms_of(mine) if mine else None
    file_form = QuotationFileForm(request.POST, request.FILES)
    read = _read(file_form, this, before) if file_form.is_valid() else None
    if read is None or read.terms is None:
        typed = typed_of(this, before) if before else typed_empty(this)
        faults = read.faults if read else []
        more = {"file_form": file_form, "faults": faults[:FAULTS_SHOWN], "fault_count": len(faults)}
        return _sheet(request, this, mine, QuotationForm(this=this, typed=typed), **more)
    typed = typed_of(this, read.terms)
    form = QuotationForm(typed, this=this, typed=typed)
    return _preview(request, this, form) if form.is_valid() else _sheet(request, this, mine, form)


def _read(
    form: QuotationFileForm, this: Round, before: actions.QuotationTerms | None
) -> quotes_file.ReadQuotationFile | None:
    """The file read; None, with the reason beside the form, where it is no table."""
    chosen = form.cleaned_data["file"]
    try:
        if chosen.size > SIZE_MAX:
            raise tables.UnreadableTable(_("The file is too large. Split it into smaller ones."))
        rows = tables.read_table(chosen.read(), chosen.name)
    except tables.UnreadableTable as problem:
        form.add_error("file", str(problem))
        return None
    return quotes_file.read_quotation(rows, this, timezone.localdate(), before)


@require_GET
@seated("supplier")
def template(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The table to fill in: the round's items, with what was quoted so far."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    mine = quotes_reading.own_quotation(seat, this)
    rows = quotes_file.template_rows(this, quotes_reading.terms_of(mine) if mine else None)
    return tables.as_file(form, quotes_file.headings(), rows, f"quotation-{this.code}")


@require_POST
@seated("supplier")
def add_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a certificate with the quotation."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    mine = _mine(seat, this)
    form = CertificateForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            actions.add_certificate(by=seat.person, quotation=mine, upload=upload, today=timezone.localdate())
        except NotPossible as problem:
            messages.error(request, words_of(problem))
        else:
            messages.success(request, _("The paper is put with your quotation."))
        return redirect("buying:quote", pk)
    typed = typed_of(this, quotes_reading.terms_of(mine))
    return _sheet(request, this, mine, QuotationForm(this=this, typed=typed), paper_form=form)


@require_POST
@seated("supplier")
def remove_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a paper away from the quotation."""
    seat = asker(request)
    paper = access.certificate_seen_by(seat, pk)
    try:
        actions.remove_certificate(by=seat.person, certificate=paper, today=timezone.localdate())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The paper is taken away."))
    return redirect("buying:quote", paper.quotation.round_id)


@require_GET
@seated("supplier", *access.STAFF)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper of a quotation that the seat may read."""
    found = access.certificate_seen_by(asker(request), pk)
    suffix = str(found.file.name).rpartition(".")[2]
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(  # type: ignore[return-value]  # it streams, which HttpResponse does not
        content,
        as_attachment=suffix == "pdf",
        filename=found.name,
        content_type=CONTENT_TYPES.get(suffix, "application/octet-stream"),
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
