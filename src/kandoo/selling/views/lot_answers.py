"""The one sentence a seat reads first on the page of a lot, with the number that matters."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.register.access import Seat
from kandoo.selling import queries, reading
from kandoo.selling.models import Lot
from kandoo.site import language as lang

Context = Mapping[str, Any]
Status = Lot.Status


def answer_for(seat: Seat, lot: Lot, context: Context) -> SafeString:
    """The sentence, its numbers in bold."""
    if lot.status == Status.CANCELLED:
        return _bold(_("This lot was cancelled: {reason}"), reason=lot.cancel_reason)
    tellers: dict[str, Callable[[Lot, Context], SafeString]] = {
        "agent": _staff,
        "auditor": _staff,
        "member": _member,
        "buyer": _buyer,
        "officer": _officer,
    }
    return tellers[seat.role](lot, context)


def _bold(sentence: str, **values: Any) -> SafeString:
    if not values:
        return format_html("{}", sentence)
    return format_html(sentence, **{name: format_html("<strong>{}</strong>", value) for name, value in values.items()})


def _toman(rial: int) -> str:
    """A headline's amount, to the whole toman; the exact one stands below it."""
    return lang.format_toman(round(rial, -1), queries.page_language())


def _day(value: Any) -> str:
    return lang.format_day(value, queries.page_language())


def _staff(lot: Lot, context: Context) -> SafeString:
    wanted = reading.kilograms(context["kg_wanted"])
    if lot.status == Status.CALLED:
        return _bold(_("The lot is called for {kg} and is not open yet."), kg=wanted)
    if lot.status == Status.OPEN:
        return _bold(
            _("{kg} are offered by {members} members; the orders want at least {wanted}. Offers until {day}."),
            kg=reading.kilograms(context["kg_offered"]),
            members=reading.number(context["offering"]),
            wanted=wanted,
            day=_day(lot.offers_until),
        )
    if lot.status == Status.PLANNED:
        return _plan_sentence(context)
    if lot.status == Status.AGREED:
        return _bold(
            _("{kg} of {members} members are agreed and wait for delivery."),
            kg=reading.kilograms(context["kg_planned"]),
            members=reading.number(len(context["answers"])),
        )
    if lot.status == Status.DELIVERED:
        return _bold(
            _("{kg} are delivered, {paid} paid to members first; the lot waits for the buyers' money."),
            kg=reading.kilograms(context["kg_delivered"]),
            paid=_toman(context["first_total"]),
        )
    return _bold(
        _("Members received {total}, {gain} more than they would have earned alone."),
        total=_toman(context["slip_total"]),
        gain=_toman(context["slip_gain"]),
    )


def _plan_sentence(context: Context) -> SafeString:
    """The plan's worth, and in plain words how much better another could be."""
    plan, gap = context["plan"], context["gap"]
    if not plan.objective:
        return _bold(_("The plan fills no order. Below, for each, why and what would fill it."))
    value = _toman(plan.objective)
    if gap <= 0:
        return _bold(
            _("The plan brings members {value} above their reserve and transport; no other can be better."), value=value
        )
    share = max(gap, 0.0001)
    percent = reading.number(round(100 * share, 2)) + ("٪" if queries.page_language() == "fa" else "%")
    sentence = _(
        "The plan brings members {value} above their reserve and transport; no plan of these drums can be more than {percent} better."
    )
    return _bold(sentence, value=value, percent=percent)


def _member(lot: Lot, context: Context) -> SafeString:
    if lot.status == Status.CALLED:
        return _bold(_("The lot is called. It opens for offers soon."))
    if lot.status == Status.OPEN:
        return _member_open(lot, context)
    lines = context["lines"]
    drums = sum(each.line.drums for each in lines)
    if not lines:
        return _bold(_("This lot takes none of your drums. They stay yours to sell."))
    if lot.status == Status.SETTLED and context.get("slip"):
        slip = context["slip"]
        values = {"amount": _toman(slip.amount), "gain": _toman(abs(slip.content["gain"]))}
        if slip.content["gain"] >= 0:
            return _bold(_("You received {amount}, {gain} more than alone."), **values)
        return _bold(_("You received {amount}, {gain} less than alone."), **values)
    values = {"drums": reading.number(drums), "amount": _toman(sum(each.amount for each in lines))}
    if lot.status == Status.PLANNED:
        return _bold(
            _("{drums} of your drums are wanted, for {amount} before quality and shared costs. Please answer."),
            **values,
        )
    if lot.status == Status.AGREED:
        return _bold(_("Your part is fixed: {drums} drums, {amount} before quality and shared costs."), **values)
    return _bold(
        _("Your {drums} drums are delivered; you were paid {first} first."),
        first=_toman(context["first_own"]),
        **values,
    )


def _member_open(lot: Lot, context: Context) -> SafeString:
    day = _day(lot.offers_until)
    if context["own_drums"]:
        return _bold(
            _("You have offered {drums} drums. You can change this until {day}."),
            drums=reading.number(context["own_drums"]),
            day=day,
        )
    count = len(context["choices"])
    sentence = ngettext(
        "{count} of your batches can be offered, until {day}.",
        "{count} of your batches can be offered, until {day}.",
        count,
    )
    return _bold(sentence, count=reading.number(count), day=day)


def _buyer(lot: Lot, context: Context) -> SafeString:
    if not context["is_planned"]:
        return _bold(_("Members are being asked for honey that meets your order."))
    filled = [each for each in context["wanted"] if each.part and each.part.accepted]
    if not filled:
        return _bold(_("The present plan does not fill your order."))
    kg = reading.kilograms(sum(each.part.mass_kg for each in filled))
    if lot.status == Status.PLANNED:
        return _bold(_("{kg} are planned for you; the members are being asked."), kg=kg)
    if lot.status == Status.AGREED:
        return _bold(_("{kg} are agreed for you and wait for delivery."), kg=kg)
    return _bold(_("{kg} were planned for you, delivered on {day}."), kg=kg, day=_day(lot.delivered_on))


def _officer(lot: Lot, context: Context) -> SafeString:
    totals = context["totals"]
    if totals.get("alone") is not None:
        return _bold(
            _("{members} members received {amount}, {gain} more than alone."),
            members=reading.number(totals["members"]),
            amount=_toman(totals["amount"]),
            gain=_toman(totals["amount"] - totals["alone"]),
        )
    if totals:
        return _bold(
            _("{members} members offer {kg} together."),
            members=reading.number(totals["members"]),
            kg=reading.kilograms(totals["kg"]),
        )
    return _bold(_("Totals are shown once five members or more take part and none holds more than half."))
