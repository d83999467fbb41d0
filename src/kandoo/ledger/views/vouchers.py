"""Vouchers: listed, written down, read from a file; each opens to the entry that books it."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from kandoo.ledger import access, actions, voucher_files
from kandoo.ledger.forms import ReversalForm, VoucherFileForm, VoucherForm
from kandoo.ledger.models import Voucher
from kandoo.ledger.problems import NotPossible
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.selling.uploads import CONTENT_TYPES
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, page_language, page_of, words_of

FILE_MAX = 5 * 1024 * 1024


@seated(*access.STAFF, *access.PARTIES)
def vouchers(request: HttpRequest) -> HttpResponse:
    """The vouchers found, newest first; a party sees its own."""
    seat = asker(request)
    found = _wanted(request, access.vouchers_seen_by(seat))
    context = {
        "page_obj": page_of(request, found),
        "may_add": seat.role == "agent",
        "selects": [
            {
                "name": "kind",
                "label": _("Kind"),
                "options": Voucher.Kind.choices,
                "value": request.GET.get("kind", ""),
            }
        ],
    }
    return render(request, "ledger/vouchers.html", context)


def _wanted(request: HttpRequest, rows: QuerySet[Voucher]) -> QuerySet[Voucher]:
    text = request.GET.get("q", "").strip()
    if text:
        plain, key = lang.latin_digits(text), lang.fold(text)
        wanted = Q(number__icontains=plain) | Q(document__icontains=text) | Q(note__icontains=text)
        rows = rows.filter(wanted | (Q(enterprise__search_key__contains=key) if key else Q()))
    if (kind := request.GET.get("kind", "")) in Voucher.Kind.values:
        rows = rows.filter(kind=kind)
    return rows.order_by("-on", "-pk")


@seated(*access.STAFF, *access.PARTIES)
def vouchers_export(request: HttpRequest, form: str) -> HttpResponse:
    """The vouchers found as a file; amounts in rial."""
    heads = [
        _("Voucher"),
        _("Date"),
        _("Kind"),
        _("Party"),
        _("Supplier"),
        _("Amount (rial)"),
        _("Document"),
        _("Note"),
    ]
    rows = (
        (each.number, each.on, each.get_kind_display(), each.enterprise or "", each.supplier or "", each.amount,
         each.document, each.note)
        for each in _wanted(request, access.vouchers_seen_by(asker(request)))
    )  # fmt: skip
    return tables.as_file(form, heads, rows, "vouchers")


@seated(*access.STAFF, *access.PARTIES)
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """One voucher with the entry that books it."""
    seat = asker(request)
    found = access.voucher_seen_by(seat, pk)
    twin = getattr(found.entry, "reversed_by", None)
    context = {
        "voucher": found,
        "entry": found.entry,
        "reversed": twin,
        "may_reverse": seat.role == "agent" and twin is None,
        "sums": [("IRR", found.amount)],
        "form": ReversalForm(),
    }
    return render(request, "ledger/voucher.html", context)


@seated("agent")
def new_voucher(request: HttpRequest) -> HttpResponse:
    """Write a voucher down; a document used before is asked about first."""
    seat = asker(request)
    form = VoucherForm(
        request.POST or None,
        request.FILES or None,
        firms=_firms(seat),
        person=seat.person,
        initial={"on": timezone.localdate()},
    )
    twins: list[Voucher] = []
    if request.method == "POST" and form.is_valid():
        twins = _same_document(seat, form.voucher())
        made = None if twins and "confirmed" not in request.POST else _recorded(seat, form)
        if made is not None:
            form.forget_kept()
            messages.success(request, _("Voucher %(number)s is booked.") % {"number": made.number})
            return redirect("ledger:voucher", made.pk)
    if request.method == "POST":
        form.set_aside()
    return render(request, "ledger/voucher_new.html", {"form": form, "twins": twins})


def _recorded(seat: Seat, form: VoucherForm) -> Voucher | None:
    """The voucher of a valid form; None, with the reason in the form, where it was refused."""
    try:
        return actions.record_voucher(
            by=seat.person, cluster=seat.cluster, new=form.voucher(), today=timezone.localdate()
        )
    except NotPossible as problem:
        form.add_error(None, words_of(problem))
        return None


@require_GET
@seated(*access.STAFF, *access.PARTIES)
def voucher_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The document of a voucher: a picture is shown, a PDF kept."""
    found = access.voucher_seen_by(asker(request), pk)
    suffix = found.scan_name.rpartition(".")[2]
    try:
        content = found.scan.open("rb")
    except (FileNotFoundError, ValueError):  # never there, or gone
        raise Http404 from None
    return FileResponse(  # type: ignore[return-value]  # it streams, which HttpResponse does not
        content,
        as_attachment=suffix == "pdf",
        filename=found.scan_name,
        content_type=CONTENT_TYPES.get(suffix, "application/octet-stream"),
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"},
    )


def _firms(seat: Seat) -> list[Enterprise]:
    return list(Enterprise.objects.filter(cluster=seat.cluster).order_by("sort_key"))


def _same_document(seat: Seat, new: actions.NewVoucher) -> list[Voucher]:
    """Vouchers of the same kind and party on the same document, which may be the same fact twice."""
    same = access.vouchers_seen_by(seat).filter(kind=new.kind, enterprise=new.enterprise, document=new.document)
    return list(same.filter(entry__reversed_by=None)[:5])


@seated("agent")
def voucher_import(request: HttpRequest) -> HttpResponse:
    """Vouchers from a file: checked whole, every fault told, all written or none."""
    form = VoucherFileForm(request.POST or None, request.FILES or None)
    faults: list[voucher_files.Fault] = []
    if request.method == "POST" and form.is_valid():
        made, faults = _take_file(request, form)
        if made:
            text = ngettext("%(n)s voucher is booked.", "%(n)s vouchers are booked.", made)
            messages.success(request, text % {"n": lang.format_number(made, page_language(), 0)})
            return redirect("ledger:vouchers")
    return render(request, "ledger/voucher_import.html", {"form": form, "faults": faults})


def _take_file(request: HttpRequest, form: VoucherFileForm) -> tuple[int, list[voucher_files.Fault]]:
    seat = asker(request)
    file: Any = form.cleaned_data["file"]
    if file.size > FILE_MAX:
        form.add_error("file", _("The file is too large: 5 MB at most."))
        return 0, []
    content = file.read()
    last = access.closes_seen_by(seat).first()
    try:
        news, faults = voucher_files.read(
            content, file.name, _firms(seat), timezone.localdate(), last.through if last else None
        )
        if faults:
            return 0, faults
        made = actions.record_vouchers(
            by=seat.person,
            cluster=seat.cluster,
            news=news,
            today=timezone.localdate(),
            file_sha256=hashlib.sha256(content).hexdigest(),
        )
    except (tables.UnreadableTable, NotPossible) as problem:
        form.add_error("file", words_of(problem))
        return 0, []
    return len(made), []


@seated("agent")
def voucher_template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty file with the headings."""
    return tables.as_file(form, list(voucher_files.headings().values()), [], "vouchers-template")
