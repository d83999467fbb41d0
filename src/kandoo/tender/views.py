"""Calls: listed, written, published, offers taken in and marked, prices opened, one chosen; and for everybody."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.credit.access import contracts_seen_by
from kandoo.credit.models import Contract
from kandoo.programme import reading as programme_reading
from kandoo.programme.access import at_desk, file_kept_by, files_seen_by
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.people import names
from kandoo.register.access import Seat
from kandoo.site import language, tables
from kandoo.site.lists import asker, page_language, page_of, words_of
from kandoo.tender import access, actions, queries, reading
from kandoo.tender.forms import (
    AwardForm,
    CallForm,
    ContractForm,
    FileField,
    MarksForm,
    OfferForm,
    PricesForm,
    ReasonForm,
)
from kandoo.tender.models import Call, Mark

Status = Call.Status


@at_desk()
def calls(request: HttpRequest) -> HttpResponse:
    """The calls a seat sees, the last to close first."""
    seat, now = asker(request), timezone.now()
    every = found = access.calls_seen_by(seat)
    if state := request.GET.get("state", ""):
        found = found.filter(status=state)
    if text := language.fold(request.GET.get("q", "")):
        found = found.filter(file__search_key__contains=text) | found.filter(title__icontains=request.GET["q"].strip())
    if request.GET.get("file", "").isdecimal():
        found = found.filter(file=int(request.GET["file"]))
    page = page_of(request, found.order_by("-closes_at", "-pk"))
    context = {
        "page_obj": page,
        "rows": [(each, reading.badge(each.status, each.closes_at, now)) for each in page],
        "all": every.count(),
        "open": every.filter(status=Status.PUBLISHED, closes_at__gt=now).count(),
        "to_mark": every.filter(status=Status.PUBLISHED, closes_at__lte=now).count(),
        "selects": [{"name": "state", "label": _("State"), "options": Status.choices, "value": state}],
        "may_run": access.may_run(seat),
    }
    return render(request, "tender/calls.html", context)


def _form_page(
    request: HttpRequest, form: Form, do: Callable[[], Call], *, title: Any, submit: Any, back: str, **more: Any
) -> HttpResponse:
    """A page with one form: a refusal is said on top of it and what was typed stays."""
    if request.method == "POST" and form.is_valid():
        try:
            call = do()
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, more.pop("done", _("It is done.")))
            return redirect("tender:call", call.pk)
    context = {"form": form, "title": title, "submit": submit, "back": back} | more
    return render(request, "tender/form.html", context)


@at_desk("officer")
def call_new(request: HttpRequest) -> HttpResponse:
    """Write a call; of the cluster in the address, else the cluster is chosen first."""
    seat = asker(request)
    chosen = language.latin_digits(request.GET.get("file", ""))
    if not chosen.isdecimal():
        files = files_seen_by(seat).filter(status="active").order_by("province", "sort_key")
        context = {"form": FileField(files=files), "title": _("A new call"), "submit": _("Go on"), "method": "get", "back": reverse("tender:calls")}  # fmt: skip
        return render(request, "tender/form.html", context)
    file = file_kept_by(seat, int(chosen))
    form = CallForm(request.POST or None)

    def do() -> Call:
        return actions.write_call(by=seat.person, file=file, terms=form.terms(), now=timezone.now())

    done = _("The draft is kept; nobody but officers sees it until it is published.")
    title, answer = _("A new call"), str(file)
    back = reverse("tender:calls")
    return _form_page(request, form, do, title=title, submit=_("Keep as a draft"), back=back, answer=answer, done=done)


@at_desk("officer")
def call_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    seat = asker(request)
    call = access.call_seen_by(seat, pk)
    form = CallForm(request.POST or None, call=call)

    def do() -> Call:
        return actions.change_call(by=seat.person, call=call, terms=form.terms())

    return _form_page(
        request, form, do, title=_("Change the call"), submit=_("Save"), back=reverse("tender:call", args=[pk])
    )


@at_desk()
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: what it says, where it stands, its offers and their order."""
    seat, now = asker(request), timezone.now()
    found = access.call_seen_by(seat, pk)
    is_closed = found.status != Status.DRAFT and now >= found.closes_at
    rows = reading.offer_rows(found, seat.person.pk)
    if request.GET.get("as"):
        return tables.as_file(request.GET["as"], reading.COLUMNS, [each.cells() for each in rows], found.number)
    ranked = found.status in (Status.OPENED, Status.AWARDED)
    runs = access.may_run(seat)
    context = {
        "call": found,
        "badge": reading.badge(found.status, found.closes_at, now),
        "criteria": [(each, language.format_number(each.weight / 10, page_language())) for each in found.criteria.all()],
        "price_weight": language.format_number(found.price_weight / 10, page_language()),
        "rows": rows,
        "is_closed": is_closed,
        "show_quality": found.status in (Status.MARKED, Status.OPENED, Status.AWARDED),
        "picture": reading.picture(rows) if ranked else None,
        "award": getattr(found, "award", None),
        "may_run": runs,
        "may_take": runs and found.status == Status.PUBLISHED and not is_closed,
        "may_mark": access.may_mark(seat) and found.status == Status.PUBLISHED and is_closed,
        "missing": queries.unmarked(found) if runs and found.status == Status.PUBLISHED and is_closed else [],
        "passing": sum(each.passes for each in rows),
        "reason_form": ReasonForm(),
        "people": names(found.cluster_id),
        "contract_link": _contract_link(found),
    }  # fmt: skip
    return render(request, "tender/call.html", context)


def _contract_link(found: Call) -> str:
    """Where the contract that comes of it is written down."""
    award = getattr(found, "award", None)
    return f"{reverse('credit:contract_new')}?kind={found.kind}&amount={award.offer.price}" if award else ""


def _step(request: HttpRequest, pk: int, do: Callable[[Seat, Call], Any], done: Any) -> HttpResponse:
    seat = asker(request)
    found = access.call_seen_by(seat, pk)
    try:
        do(seat, found)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, done)
    return redirect("tender:call", pk)


@require_POST
@at_desk("officer")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the call to everybody."""

    def do(seat: Seat, found: Call) -> None:
        actions.publish_call(by=seat.person, call=found, now=timezone.now())

    return _step(request, pk, do, _("The call is published; everybody can read it."))


@require_POST
@at_desk("officer")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft away."""
    seat = asker(request)
    try:
        actions.drop_call(by=seat.person, call=access.call_seen_by(seat, pk))
    except NotPossible as problem:
        messages.error(request, words_of(problem))
        return redirect("tender:call", pk)
    messages.success(request, _("The draft is gone."))
    return redirect("tender:calls")


@require_POST
@at_desk("officer")
def close_marking(request: HttpRequest, pk: int) -> HttpResponse:
    """No mark changes any more."""

    def do(seat: Seat, found: Call) -> None:
        actions.close_marking(by=seat.person, call=found)

    return _step(request, pk, do, _("Marking is closed; the prices of the offers that passed can be opened."))


@require_POST
@at_desk("officer")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End the call without a choice."""

    def do(seat: Seat, found: Call) -> None:
        actions.cancel_call(by=seat.person, call=found, reason=request.POST.get("reason", "")[:300])

    return _step(request, pk, do, _("The call is cancelled; its reason is public."))


@at_desk("officer")
def offer_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that an offer was handed in."""
    seat = asker(request)
    found = access.call_seen_by(seat, pk)
    form = OfferForm(request.POST or None)

    def do() -> Call:
        return actions.take_offer(by=seat.person, call=found, terms=form.terms(), now=timezone.now()).call

    answer = _("Leave the envelope of the price closed: its price is written down when all marks are in.")
    title = _("Take an offer in")
    return _form_page(
        request, form, do, title=title, submit=title, back=reverse("tender:call", args=[pk]), answer=answer
    )


@require_POST
@at_desk("officer")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Who offered takes the offer back."""
    seat = asker(request)
    offer = access.offer_seen_by(seat, pk)

    def do(seat: Seat, found: Call) -> None:
        actions.withdraw_offer(by=seat.person, offer=offer, now=timezone.now())

    return _step(request, offer.call_id, do, _("The offer is withdrawn; its row stays on record."))


@at_desk(*access.MARKERS)
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an offer on every criterion."""
    seat = asker(request)
    offer = access.offer_seen_by(seat, pk)
    criteria = list(offer.call.criteria.all())
    own = Mark.objects.filter(offer=offer, by=seat.person).values_list("criterion", "points", "reason")
    form = MarksForm(request.POST or None, criteria=criteria, given={key: (points, why) for key, points, why in own})

    def do() -> Call:
        actions.mark_offer(by=seat.person, offer=offer, marks=form.marks(), now=timezone.now())
        return offer.call

    title = _("Mark the offer of %(name)s") % {"name": offer.name}
    answer = _("Nobody sees your marks until marking is closed; until then you can change them.")
    back = reverse("tender:call", args=[offer.call_id])
    return _form_page(request, form, do, title=title, submit=_("Keep my marks"), back=back, answer=answer)


@at_desk("officer")
def open_prices(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the envelopes of those who passed, all at once."""
    seat = asker(request)
    found = access.call_seen_by(seat, pk)
    if found.status != Status.MARKED:
        return redirect("tender:call", pk)
    form = PricesForm(request.POST or None, offers=queries.passing(found))

    def do() -> Call:
        return actions.open_prices(by=seat.person, call=found, prices=form.prices(), now=timezone.now())

    answer = _("Open the envelopes before those who offered, and write every price as it stands there; it is not changed afterwards.")  # fmt: skip
    title = _("Open the prices")
    return _form_page(
        request, form, do, title=title, submit=title, back=reverse("tender:call", args=[pk]), answer=answer
    )


@at_desk("officer")
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose an offer."""
    seat = asker(request)
    found = access.call_seen_by(seat, pk)
    if found.status != Status.OPENED:
        return redirect("tender:call", pk)
    order = queries.ranking(found)
    offers = found.offers.filter(pk__in=[each.key for each in order])
    form = AwardForm(request.POST or None, offers=offers, first=order[0].key if order else None)

    def do() -> Call:
        values = form.cleaned_data
        return actions.award_call(
            by=seat.person, offer=values["offer"], document=values["document"], reason=values["reason"], now=timezone.now()
        ).call  # fmt: skip

    title = _("Choose an offer")
    answer = _("The name and the price of who is chosen are public from then on.")
    return _form_page(
        request, form, do, title=title, submit=title, back=reverse("tender:call", args=[pk]), answer=answer
    )


@at_desk("officer")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which contract came of the call."""
    seat = asker(request)
    found = access.call_seen_by(seat, pk)
    contracts = contracts_seen_by(seat).filter(file=found.file_id, kind=found.kind).order_by("-signed_on")
    form = ContractForm(request.POST or None, contracts=contracts)

    def do() -> Call:
        return actions.link_contract(by=seat.person, call=found, contract=form.cleaned_data["contract"])

    title = _("The contract of this call")
    return _form_page(request, form, do, title=title, submit=_("Save"), back=reverse("tender:call", args=[pk]))


def _public(each: queries.PublicCall, now: datetime) -> dict[str, Any]:
    return {
        "call": each,
        "kind": Contract.Kind(each.kind).label,
        "badge": reading.badge(each.status, each.closes_at, now),
        "is_open": each.is_open(now),
        "province": programme_reading.province_name(each.province),
    }


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """For everybody: calls that are open, and what came of the others."""
    now = timezone.now()
    every = queries.public_calls()
    page = page_of(request, sorted(every, key=lambda each: not each.is_open(now)))
    context = {
        "page_obj": page,
        "rows": [_public(each, now) for each in page],
        "open": sum(each.is_open(now) for each in every),
        "all": len(every),
    }
    return render(request, "tender/public.html", context)


@require_GET
def public_call(request: HttpRequest, number: str) -> HttpResponse:
    """For everybody: one call."""
    found = next((each for each in queries.public_calls() if each.number == number), None)
    if found is None:
        raise Http404
    percent = [(name, language.format_number(weight / 10, page_language())) for name, weight in found.criteria]  # fmt: skip
    price_weight = language.format_number(found.price_weight / 10, page_language())
    context = _public(found, timezone.now()) | {"criteria": percent, "price_weight": price_weight}
    return render(request, "tender/public_call.html", context)


PUBLIC_COLUMNS = (
    *("number", "kind", "title", "province", "cluster", "published", "closes", "state", "offers", "chosen"),
    *("price_rial", "reason", "example"),
)


def _public_rows() -> list[tuple[Any, ...]]:
    return [
        (
            each.number, each.kind, each.title, each.province, each.name_fa, timezone.localdate(each.published_at), timezone.localtime(each.closes_at).isoformat(),
            each.status, each.offers, each.chosen, each.price, each.reason, each.is_example,
        )
        for each in queries.public_calls()
    ]  # fmt: skip


@require_GET
def calls_csv(request: HttpRequest) -> HttpResponse:
    """Every published call as CSV."""
    answer = tables.as_csv(PUBLIC_COLUMNS, _public_rows(), "calls")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_GET
def calls_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    rows = [dict(zip(PUBLIC_COLUMNS, row, strict=True)) for row in _public_rows()]
    content = {"made_on": timezone.localdate(), "columns": PUBLIC_COLUMNS, "rows": rows}
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
