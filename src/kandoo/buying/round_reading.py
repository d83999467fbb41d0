"""What the page of a round shows to each seat, with the one sentence it reads first."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kandoo.buying import access, closing_reading, plan_answers
from kandoo.buying.actions.plans import deposits_due, deposits_missing, sealed_suppliers
from kandoo.buying.goods_reading import goods_part
from kandoo.buying.models import Bill, Round
from kandoo.buying.needs_reading import member_part, staff_part
from kandoo.buying.quotes_reading import supplier_part
from kandoo.engine.sharing_rule import SharingRule
from kandoo.register.access import Seat
from kandoo.sharing.words import rule_words
from kandoo.site import language as lang
from kandoo.site.lists import page_language, page_of

Status = Round.Status
PLANNED = (Status.PLANNED, Status.AGREED, Status.DELIVERED, Status.SETTLED)
ORDERED = (Status.AGREED, Status.DELIVERED, Status.SETTLED)
Context = dict[str, Any]


def round_context(request: HttpRequest, seat: Seat, this: Round) -> Context:
    """The context of a round's page for a seat."""
    builders: dict[str, Callable[[HttpRequest, Seat, Round], Context]] = {
        "agent": _staff, "auditor": _staff, "member": _member, "supplier": _supplier,
    }  # fmt: skip
    context: Context = {
        "round": this,
        "notes": _notes(this),
        "was": _was(this),
        "rule": rule_words(SharingRule.from_dict(this.rule)),
        "items": list(this.items.select_related("item").prefetch_related("substitutes__item")),
        "places": list(this.places.select_related("point")),
        "is_planned": this.status in PLANNED,
        "is_ordered": this.status in ORDERED,
        "keeps": seat.role == "member" and access.places_kept_by(seat, this).exists(),
        "totals": round_totals(this),
    }
    context |= builders[seat.role](request, seat, this) if seat.role in builders else {}
    if this.status in ORDERED:
        context["goods"] = goods_part(seat, this)
    return context | {"answer": _answer(seat, this, context)}


def round_totals(this: Round) -> dict[str, int] | None:
    """Members, what they paid and would have paid alone; None where it would give somebody away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT members, amount, alone FROM kandoo_round_totals(%s)", [this.pk])
        row = cursor.fetchone()
    return dict(zip(("members", "amount", "alone"), row, strict=True)) if row else None


def _staff(request: HttpRequest, seat: Seat, this: Round) -> Context:
    if this.plan is None or this.status not in PLANNED:
        quoting = len(sealed_suppliers(this)) if this.status == Status.OPEN else 0
        return {"is_staff": True, "quoting": quoting, **staff_part(seat, this)}
    answers = plan_answers.answers_to(this.plan)
    return {
        "is_staff": True,
        **closing_reading.plan_context(this.plan),
        "change": plan_answers.change_of(this.plan),
        "answers": page_of(request, answers),
        "yes": sum(each.answer is True for each in answers),
        "refusals": plan_answers.refusals(this),
        "minimums": this.quotations.filter(is_withdrawn=False, minimum_order__gt=0)
        .exclude(enterprise__in=this.plan.supplier_parts.values("enterprise"))
        .count(),
        "deposits_missing": sum(deposits_missing(this).values()) if this.status == Status.PLANNED else 0,
    }


def _member(request: HttpRequest, seat: Seat, this: Round) -> Context:
    assert seat.enterprise is not None, "a member acts for a firm"
    if this.status not in PLANNED:
        return member_part(seat, this)
    due = deposits_due(this).get(seat.enterprise.pk, 0) if this.status == Status.PLANNED else 0
    return {
        **plan_answers.own_part(this, seat.enterprise),
        "deposit_due": due,
        "bill": Bill.objects.filter(round=this, enterprise=seat.enterprise).first(),
    }


def _supplier(request: HttpRequest, seat: Seat, this: Round) -> Context:
    order = access.orders_seen_by(seat).filter(round=this).first()
    return {**supplier_part(seat, this), "order": order}


def _notes(this: Round) -> dict[str, str]:
    """The words under each step of the timeline."""

    def day(value: date | datetime | None) -> str:
        local = timezone.localdate(value) if isinstance(value, datetime) else value
        return lang.format_day(local, page_language(), style="short") if local else ""

    return {
        "called": day(this.called_at),
        "open": _("until %(day)s") % {"day": day(this.closes_on)},
        "planned": day(this.quotes_opened_at),
        "agreed": day(this.agreed_at),
        "delivered": day(this.delivered_on),
        "settled": day(this.settled_at),
    }


def _was(this: Round) -> str:
    """The last step before a round was cancelled."""
    if this.status != Status.CANCELLED:
        return ""
    if this.agreed_at:
        return Status.AGREED
    return Status.PLANNED if this.plan_id else Status.OPEN


# The sentence a seat reads first


def _answer(seat: Seat, this: Round, context: Context) -> SafeString:
    if this.status == Status.CANCELLED:
        return _bold(_("This round was cancelled: {reason}"), reason=this.cancel_reason)
    if this.status == Status.CALLED:
        return _bold(_("The round is called and is not open yet."))
    tellers = {"agent": _staff_says, "auditor": _staff_says, "member": _member_says, "supplier": _supplier_says}
    return tellers.get(seat.role, _others_say)(this, context)


def _staff_says(this: Round, context: Context) -> SafeString:
    if this.status == Status.OPEN:
        return _bold(
            _("{suppliers} suppliers have quoted, sealed. Needs and quotations until {day}."),
            suppliers=_number(context["quoting"]),
            day=_day(this.closes_on),
        )
    if this.status == Status.SETTLED and context["totals"]:
        return _settled(context["totals"])
    return _bold(
        _(
            "Together the needs cost {cost} instead of {alone}: {saving} less, from {suppliers} suppliers for {members} members."
        ),
        cost=_toman(context["plan"].total_cost),
        alone=_toman(context["plan"].alone_cost),
        saving=_toman(context["saving"]),
        suppliers=_number(len(context["suppliers"])),
        members=_number(context["members"]),
    )


def _settled(totals: dict[str, int]) -> SafeString:
    return _bold(
        _("{members} members paid {amount} for what would have cost them {alone} alone."),
        members=_number(totals["members"]),
        amount=_toman(totals["amount"]),
        alone=_toman(totals["alone"]),
    )


def _member_says(this: Round, context: Context) -> SafeString:
    if this.status == Status.OPEN:
        return _bold(
            _("Say what you need until {day}; the more need it, the lower the price."), day=_day(this.closes_on)
        )
    if bill := context.get("bill"):
        return _bold(
            _("You pay {amount} for what would have cost you {alone} alone."),
            amount=_toman(bill.amount),
            alone=_toman(bill.alone),
        )
    if not context["lines"]:
        return _bold(_("This round buys nothing for you."))
    values = {"amount": _toman(context["amount"]), "gain": _toman(context["alone"] - context["amount"])}
    if this.status == Status.PLANNED and not context["consent"]:
        return _bold(_("Your part costs {amount}, {gain} less than alone. Please answer."), **values)
    return _bold(_("Your part costs {amount}, {gain} less than alone."), **values)


def _supplier_says(this: Round, context: Context) -> SafeString:
    if this.status == Status.OPEN and this.is_sealed and context["mine"]:
        return _bold(_("Your quotation is given and sealed. You can change it until {day}."), day=_day(this.closes_on))
    if this.status == Status.OPEN and this.is_sealed:
        return _bold(
            _("Give your quotation until {day}; it stays sealed until the round closes."), day=_day(this.closes_on)
        )
    if context["order"]:
        return _bold(_("You have an order of {total}."), total=_toman(context["order"].total))
    if this.status in ORDERED:
        return _bold(_("The round is agreed without an order to you."))
    return _bold(_("The quotations are opened; the members are answering the plan."))


def _others_say(this: Round, context: Context) -> SafeString:
    if this.status == Status.SETTLED and context["totals"]:
        return _settled(context["totals"])
    return _bold(_("The round is at the step “{step}”."), step=this.get_status_display())


def _bold(sentence: str, **values: Any) -> SafeString:
    if not values:
        return format_html("{}", sentence)
    return format_html(sentence, **{name: format_html("<strong>{}</strong>", value) for name, value in values.items()})


def _number(value: int) -> str:
    return lang.format_number(value, page_language())


def _toman(rial: int) -> str:
    """A headline's amount, to the whole toman; the exact one stands below it."""
    return lang.format_toman(round(rial, -1), page_language())


def _day(value: date) -> str:
    return lang.format_day(value, page_language())
