"""All needs of a round, for the agent, the auditor and keepers of a point: listed, written out, taken in from a file."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo.buying import access, needs_file, needs_reading
from kandoo.buying.actions.needs_import import Outcome, compare, import_needs
from kandoo.buying.forms.needs import NeedsFileForm
from kandoo.buying.models import Need, Round, RoundItem
from kandoo.buying.problems import NotPossible
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise, Identifier
from kandoo.register.queries import members_on
from kandoo.selling import uploads
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, in_order, page_of, words_of

READS = ("agent", "auditor", "member", "supplier")
ENTERS = ("agent", "member", "supplier")
SORTS = {
    "member": "enterprise__sort_key",
    "item": "round_item__item__sort_key",
    "quantity": "quantity",
    "point": "place__point__sort_key",
    "at": "at",
}
STATES: dict[str, dict[str, Any]] = {
    "unconfirmed": {"confirmed": "", "is_withdrawn": False},
    "confirmed": {"confirmed__gt": "", "is_withdrawn": False},
    "withdrawn": {"is_withdrawn": True},
}
TEMPLATE_ROWS = 1_000


def _round(seat: Seat, pk: int) -> Round:
    """The round, or 404 for who neither runs it nor keeps a point of it."""
    this = access.round_seen_by(seat, pk)
    if not access.reads_needs(seat, this):
        raise Http404
    return this


def _listed(seat: Seat, this: Round) -> QuerySet[Need]:
    """The needs one looks after: all, or those at the points one keeps."""
    needs = access.needs_seen_by(seat, this)
    return needs if seat.is_one_of(*access.STAFF) else needs.filter(place__in=access.places_kept_by(seat, this))


@require_GET
@seated(*READS)
def need_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The needs of a round, with what is wanted of each item."""
    seat = asker(request)
    this = _round(seat, pk)
    found = _found(request, seat, this)
    page = page_of(request, in_order(request, found, SORTS, "enterprise__sort_key round_item__item__sort_key pk"))
    prices = {each.need_id: each for each in access.prices_seen_by(seat, this).filter(need__in=list(page))}
    live = _listed(seat, this).filter(is_withdrawn=False)
    context = {
        "round": this,
        "page_obj": page,
        "prices": prices,
        "sees_prices": seat.is_one_of(*access.STAFF),
        "sums": _sums(found),
        "selects": _selects(request, seat, this),
        "need_count": live.count(),
        "unconfirmed_count": live.filter(confirmed="").count(),
        "takes_needs": needs_reading.takes_needs(this, timezone.localdate()),
        "may_enter": seat.role != "auditor",
        "is_closed": this.status not in (Round.Status.CALLED, Round.Status.OPEN),
    }
    return render(request, "buying/needs.html", context)


def _found(request: HttpRequest, seat: Seat, this: Round) -> QuerySet[Need]:
    rows = _listed(seat, this)
    for word in filter(None, map(lang.fold, request.GET.get("q", "").split())):
        rows = rows.filter(enterprise__search_key__contains=word)
    for name, column in (("item", "round_item"), ("point", "place")):
        if (wanted := request.GET.get(name, "")).isdecimal():
            rows = rows.filter(**{column: int(wanted)})
    state = request.GET.get("state", "")
    return rows.filter(**STATES[state]) if state in STATES else rows.filter(is_withdrawn=False)


def _selects(request: HttpRequest, seat: Seat, this: Round) -> list[dict[str, Any]]:
    places = this.places.select_related("point") if seat.role == "auditor" else access.places_kept_by(seat, this)
    options: dict[str, tuple[str, list[tuple[Any, str]]]] = {
        "item": (_("Item"), [(each.pk, str(each)) for each in this.items.select_related("item")]),
        "point": (_("Point"), [(each.pk, str(each)) for each in places]),
        "state": (
            _("State"),
            [("unconfirmed", _("not confirmed yet")), ("confirmed", _("confirmed")), ("withdrawn", _("taken back"))],
        ),
    }
    return [
        {"name": name, "label": label, "options": rows, "value": request.GET.get(name, "")}
        for name, (label, rows) in options.items()
        if len(rows) > 1
    ]


@dataclass(frozen=True, slots=True)
class ItemSum:
    """What is wanted of one item over the rows listed."""

    item: Any
    needs: int
    quantity: str
    most: str


def _sums(rows: QuerySet[Need]) -> list[ItemSum]:
    counted = (
        rows.order_by().values("round_item").annotate(n=Count("pk"), least=Sum("quantity"), most=Sum("quantity_max"))
    )
    told = {row["round_item"]: row for row in counted}
    return [
        ItemSum(
            row.item,
            told[row.pk]["n"],
            needs_reading.in_units(told[row.pk]["least"], row.item),
            needs_reading.in_units(told[row.pk]["most"], row.item),
        )
        for row in RoundItem.objects.filter(pk__in=told).select_related("item")
    ]


# Files out


@require_GET
@seated(*READS)
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The needs as they are listed, in the columns that a file brings them in."""
    seat = asker(request)
    this = _round(seat, pk)
    rows = _found(request, seat, this).order_by("enterprise__sort_key", "round_item__item__sort_key", "pk")
    prices = {each.need_id: each for each in access.prices_seen_by(seat, this)}
    table = (needs_file.file_row(each, prices.get(each.pk)) for each in rows)
    return tables.as_file(form, [*needs_file.headings(), str(needs_file.STATE)], table, f"needs-{this.code}")


@require_GET
@seated("agent", "auditor")
def engine_file(request: HttpRequest, pk: int) -> HttpResponse:
    """`needs.csv` as `kandoo buy` reads it, once the round takes no more needs."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if this.status in (Round.Status.CALLED, Round.Status.OPEN):
        raise Http404
    needs = access.needs_seen_by(seat, this).filter(is_withdrawn=False).exclude(confirmed="")
    prices = {each.need_id: each for each in access.prices_seen_by(seat, this)}
    answer = tables.as_csv(needs_file.ENGINE_COLUMNS, needs_file.engine_rows(needs, prices), "needs")
    answer.content = answer.content.removeprefix(b"\xef\xbb\xbf")  # read by a program, not a spreadsheet
    return answer


@require_GET
@seated(*ENTERS)
def template(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A file to fill in: a row for each member and item, until it grows too long."""
    seat = asker(request)
    this = _round(seat, pk)
    items = list(this.items.select_related("item"))
    places = list(access.places_kept_by(seat, this))
    point = places[0].point.code if len(places) == 1 else ""
    members = members_on(seat.cluster, timezone.localdate()).order_by("sort_key", "pk")
    rows = [
        [str(member), each.item.code, "", "", point, "", "", "", "", ""]
        for member in members[: TEMPLATE_ROWS // max(len(items), 1)]
        for each in items
    ]
    return tables.as_file(form, needs_file.headings(), rows, "needs")


# A file in


@seated(*ENTERS)
def import_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a file of needs: checked whole, written whole; what members wrote themselves is asked about first."""
    seat = asker(request)
    this = _round(seat, pk)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = NeedsFileForm(data, files, person=seat.person, asks_paper=seat.role == "agent")
    takes = needs_reading.takes_needs(this, timezone.localdate())
    context: dict[str, Any] = {"round": this, "form": form, "takes_needs": takes, "columns": needs_file.headings()}
    if request.method == "POST" and takes and form.is_valid():
        sent = form.sent()
        read = _read(seat, this, form, sent)
        context["read"] = read
        if sent is not None and read is not None and not read.faults:
            outcome = compare(this, read.needs, confirmed=_confirmed(form))
            if not outcome.over_own or form.cleaned_data["agreed"]:
                if _import(request, seat, this, form, sent, read):
                    return redirect("buying:needs", pk)
            else:
                form.keep(sent)
                context["over_own"] = outcome.over_own
    return render(request, "buying/needs_import.html", context)


def _confirmed(form: NeedsFileForm) -> str:
    return Need.Confirmed.PAPER if form.cleaned_data.get("on_paper") else ""


def _read(seat: Seat, this: Round, form: NeedsFileForm, sent: uploads.Upload | None) -> needs_file.ReadFile | None:
    """The rows of the file that was sent, or why it cannot be read, beside the field."""
    if sent is None:
        form.add_error("file", ValidationError(_("Choose a file."), "required"))
        return None
    if len(sent.content) > uploads.SIZE_MAX:
        form.add_error("file", _("The file is too large. Split it into smaller ones."))
        return None
    try:
        rows = tables.read_table(sent.content, sent.name)
    except tables.UnreadableTable as problem:
        form.add_error("file", str(problem))
        return None
    return needs_file.read_needs(rows, _file_desk(seat, this))


def _file_desk(seat: Seat, this: Round) -> needs_file.Desk:
    items = list(this.items.select_related("item"))
    places = list(access.places_kept_by(seat, this))
    priced = set(access.prices_seen_by(seat, this).values_list("need", flat=True))
    standing = access.needs_seen_by(seat, this).filter(place__in=places).order_by()
    keys = standing.values_list("pk", "enterprise", "round_item", "place")
    return needs_file.Desk(
        members=_members_by_name(seat),
        items={lang.fold(name): each for each in items for name in _names_of(each.item)},
        places={lang.fold(name): each for each in places for name in _names_of(each.point)},
        hidden=frozenset((firm, item, place) for need, firm, item, place in keys if need not in priced),
        today=timezone.localdate(),
    )


def _names_of(row: Any) -> list[str]:
    return [name for name in (row.name_fa, row.name_en, row.code) if name]


def _members_by_name(seat: Seat) -> dict[str, list[Enterprise]]:
    """The members by each folded name and, for who may read them, each number."""
    members = {each.pk: each for each in members_on(seat.cluster, timezone.localdate())}
    found: dict[str, dict[int, Enterprise]] = defaultdict(dict)
    for each in members.values():
        for name in filter(None, (each.name_fa, each.name_en)):
            found[lang.fold(name)][each.pk] = each
    if seat.role == "agent":
        for pk, value in Identifier.objects.filter(cluster=seat.cluster).values_list("enterprise", "value"):
            if pk in members:
                found[lang.fold(value)][pk] = members[pk]
    return {name: list(each.values()) for name, each in found.items()}


def _import(
    request: HttpRequest, seat: Seat, this: Round, form: NeedsFileForm, sent: uploads.Upload, read: needs_file.ReadFile
) -> bool:
    try:
        outcome = import_needs(
            by=seat.person,
            this=this,
            rows=read.needs,
            sha256=hashlib.sha256(sent.content).hexdigest(),
            today=timezone.localdate(),
            now=timezone.now(),
            confirmed=_confirmed(form),
        )
    except NotPossible as problem:
        form.add_error(None, words_of(problem))
        return False
    form.forget()
    messages.success(request, _outcome_words(outcome))
    return True


def _outcome_words(outcome: Outcome) -> str:
    counts = {"new": outcome.new, "changed": outcome.changed}
    words = {name: needs_reading.number(len(rows)) for name, rows in counts.items()}
    words["same"] = needs_reading.number(outcome.same)
    return _("Taken in: %(new)s new, %(changed)s changed; %(same)s stood so already.") % words
