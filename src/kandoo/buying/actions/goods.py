"""Goods: what arrived with its differences, divided where it came short, handed out with a signature, given back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from persiantools.jdatetime import JalaliDate

from kandoo.buying.actions.steps import Status, locked, note, people_in, require, tell
from kandoo.buying.models import Arrival, HandOut, OrderLine, PlanLine, Return, Round
from kandoo.buying.problems import NotPossible
from kandoo.engine.buying.shortage import ration
from kandoo.register.models import Person
from kandoo.site import notices
from kandoo.site.language import jalali_year


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of one order line: whole units, of which only the good ones are handed out."""

    good: int
    broken: int = 0
    wrong: int = 0
    note: str = ""


@transaction.atomic
def enter_arrivals(*, by: Person, this: Round, arrived: Mapping[int, Arrived], on: date, today: date) -> list[Arrival]:
    """Write down what came on a day, by order line; lines of which nothing came that day are left out."""
    require(this, Status.AGREED)
    if on > today:
        raise NotPossible(_("The day of the arrival lies in the future."))
    rows = [(line, arrived[line.pk]) for line in lines_of(this) if line.pk in arrived]
    if not rows or len(rows) != len(arrived):
        raise NotPossible(_("Write down what came of at least one line of this round's orders."))
    for line, each in rows:
        if refusal := _refusal_of(line, each):
            raise NotPossible(_("%(item)s: %(why)s") % {"item": line.item, "why": refusal})
    found = [
        Arrival.objects.create(
            cluster_id=this.cluster_id, line=line, good=each.good, broken=each.broken, wrong=each.wrong,
            note=each.note.strip(), on=on, by=by,
        )
        for line, each in rows
    ]  # fmt: skip
    note(by, this, "enter-arrival", lines={str(line.pk): [each.good, each.broken, each.wrong] for line, each in rows})
    agents = [each for each in notices.people_with(this.cluster_id, "agent") if each != by.pk]
    tell(this, agents, "goods-arrived")
    return found


def lines_of(this: Round) -> list[OrderLine]:
    """The order lines of a round that the person sees: of the agent all, of a keeper its points'."""
    lines = OrderLine.objects.filter(place__round=this)  # a keeper does not see the orders themselves
    return list(lines.select_related("item", "place__point").order_by("place_id", "item__sort_key", "pk"))


def good_of(line: OrderLine) -> int:
    """The good units that came of a line so far."""
    return line.arrivals.aggregate(sum=Sum("good"))["sum"] or 0


def _refusal_of(line: OrderLine, each: Arrived) -> str:
    if min(each.good, each.broken, each.wrong) < 0:
        return _("a number is below zero.")
    if not (each.good or each.broken or each.wrong):
        return _("write how many came.")
    if max(each.broken, each.wrong) > line.quantity or good_of(line) + each.good > line.quantity:
        return _("no more can come than the %(most)s ordered.") % {"most": line.quantity}
    return ""


@transaction.atomic
def take_back_arrival(*, by: Person, this: Round, arrival: Arrival) -> None:
    """Take back what was written down in error, until the goods are divided; the trail keeps what it was."""
    require(this, Status.AGREED)
    note(by, this, "take-back-arrival", line=arrival.line_id, counts=[arrival.good, arrival.broken, arrival.wrong])
    deleted, _tables = Arrival.objects.filter(pk=arrival.pk).delete()
    if not deleted:
        raise NotPossible(_("Only the agent, or who wrote it down, can take this back."))


@transaction.atomic
def divide_goods(*, by: Person, this: Round, today: date) -> list[HandOut]:
    """Close the arrivals and divide what came: whole orders, or where it came short by the rule chosen before."""
    this = locked(this, Status.AGREED)
    if not Arrival.objects.filter(line__order__round=this).exists():
        raise NotPossible(_("Nothing has arrived yet, so there is nothing to divide."))
    rows = divided(this, today)
    HandOut.objects.bulk_create(rows)
    this.status, this.delivered_on = Status.DELIVERED, today
    this.save(update_fields=["status", "delivered_on"])
    short = sum(each.ordered - each.quantity for each in rows)
    note(by, this, "divide-goods", rule=this.shortage_rule, units=sum(each.quantity for each in rows), short=short)
    tell(this, people_in(this), "goods-divided")
    return rows


def divided(this: Round, today: date) -> list[HandOut]:
    """What each member is to be handed of each of its lines, from what has come so far; not saved."""
    lines = PlanLine.objects.filter(plan=this.plan_id).select_related("need", "enterprise", "quotation_line__brings")
    groups: dict[tuple[int, int], list[PlanLine]] = defaultdict(list)
    for line in lines.order_by("enterprise_id", "pk"):
        groups[line.quotation_line_id, line.need.place_id].append(line)
    came = _came(this)
    before = cuts_before(this, today) if this.shortage_rule == Round.Shortage.ROTATION else {}
    return [row for key, mine in sorted(groups.items()) for row in _divided_line(this, mine, came.get(key, 0), before)]


def _came(this: Round) -> dict[tuple[int, int], int]:
    """Good units by what a supplier brings to a point; an order may have several lines of it at several prices."""
    lines = OrderLine.objects.filter(order__round=this).annotate(good=Sum("arrivals__good", default=0))
    found: dict[tuple[int, int], int] = defaultdict(int)
    for line in lines:
        found[line.quotation_line_id, line.place_id] += line.good
    return found


def _divided_line(this: Round, mine: Sequence[PlanLine], came: int, before: Mapping[int, float]) -> list[HandOut]:
    parts = ration(
        [line.quantity for line in mine],
        came,
        this.shortage_rule,  # type: ignore[arg-type]  # the choices are the engine's own
        keys=[f"{line.enterprise_id:012}" for line in mine],
        before=[before.get(line.enterprise_id, 0.0) for line in mine],
    )
    return [
        HandOut(
            cluster_id=this.cluster_id,
            round=this,
            line=line,
            enterprise=line.enterprise,
            place_id=line.need.place_id,
            item=line.quotation_line.brings,
            ordered=line.quantity,
            quantity=units,
        )
        for line, units in zip(mine, parts, strict=True)
    ]


def cuts_before(this: Round, today: date) -> dict[int, float]:
    """The mean part of its order lines that each member went without in this Jalali year's other rounds."""
    first = JalaliDate(jalali_year(today), 1, 1).to_gregorian()
    rows = HandOut.objects.filter(cluster=this.cluster_id, round__delivered_on__gte=first).exclude(round=this)
    parts: dict[int, list[float]] = defaultdict(list)
    for member, ordered, quantity in rows.values_list("enterprise_id", "ordered", "quantity"):
        parts[member].append((ordered - quantity) / ordered)
    return {member: sum(mine) / len(mine) for member, mine in parts.items()}


@transaction.atomic
def sign_hand_outs(
    *, by: Person, this: Round, hand_outs: Collection[HandOut], how: str, now: datetime
) -> list[HandOut]:
    """Write down that members took what was theirs: by signature, by phone, or each by itself. Signed is signed."""
    require(this, Status.DELIVERED)
    if how not in HandOut.Signed.values:
        raise NotPossible(_("Choose how it was confirmed."))
    open_rows = HandOut.objects.filter(
        round=this, pk__in=[each.pk for each in hand_outs], signed="", quantity__gt=0
    ).order_by("pk")
    rows = list(open_rows.select_for_update(of=("self",)))
    if not rows:
        raise NotPossible(_("Nothing of this is still to be handed out."))
    for row in rows:
        row.signed, row.signed_at, row.signed_by = how, now, by
        row.save(update_fields=["signed", "signed_at", "signed_by"])
    note(by, this, "hand-out", how=how, lines=[each.pk for each in rows])
    return rows


@transaction.atomic
def give_back(
    *, by: Person, this: Round, hand_out: HandOut, quantity: int, reason: str, on: date, today: date
) -> Return:
    """Write down units that a member gives back, and why, before the settlement."""
    require(this, Status.DELIVERED)
    if not hand_out.signed:
        raise NotPossible(_("This was not handed out yet."))
    if on > today:
        raise NotPossible(_("The date lies in the future."))
    if not reason.strip():
        raise NotPossible(_("Say why it is given back."))
    left = hand_out.quantity - (hand_out.returns.aggregate(sum=Sum("quantity"))["sum"] or 0)
    if not 1 <= quantity <= left:
        raise NotPossible(_("Write between 1 and %(most)s units.") % {"most": left})
    try:
        with transaction.atomic():
            row = Return.objects.create(
                cluster_id=this.cluster_id, hand_out=hand_out, enterprise_id=hand_out.enterprise_id,
                quantity=quantity, reason=reason.strip(), on=on, by=by,
            )  # fmt: skip
    except IntegrityError:  # a keeper does not see what others wrote; the database does
        raise NotPossible(_("With what was given back before this is more than was taken.")) from None
    note(by, this, "give-back", hand_out=hand_out.pk, quantity=quantity, reason=row.reason)
    return row
