"""Goods as a page shows them: orders with what came, what each member is handed, point by point."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from kandoo.buying import access
from kandoo.buying.actions.goods import lines_of
from kandoo.buying.models import Arrival, HandOut, OrderLine, PurchaseOrder, Round, RoundPlace
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise

Status = Round.Status


@dataclass(frozen=True, slots=True)
class LineState:
    """An order line with what came of it."""

    line: OrderLine
    arrivals: tuple[Arrival, ...]

    @property
    def good(self) -> int:
        return sum(each.good for each in self.arrivals)

    @property
    def broken(self) -> int:
        return sum(each.broken for each in self.arrivals)

    @property
    def wrong(self) -> int:
        return sum(each.wrong for each in self.arrivals)

    @property
    def short(self) -> int:
        """Ordered, and not come in good state so far."""
        return self.line.quantity - self.good

    @property
    def value(self) -> int:
        """Rial: the line as ordered."""
        return self.line.quantity * self.line.unit_price

    @property
    def amount(self) -> int:
        """Rial: what the good units cost as ordered."""
        return self.good * self.line.unit_price


def line_states(lines: Iterable[OrderLine]) -> list[LineState]:
    """Each line with its arrivals, oldest first."""
    lines = list(lines)
    found: dict[int, list[Arrival]] = defaultdict(list)
    for each in Arrival.objects.filter(line__in=[line.pk for line in lines]).order_by("on", "pk"):
        found[each.line_id].append(each)
    return [LineState(line, tuple(found[line.pk])) for line in lines]


@dataclass(frozen=True, slots=True)
class PlaceState:
    """A collection point of a round with its lines and what still misses."""

    place: RoundPlace
    lines: tuple[LineState, ...]

    @property
    def short(self) -> int:
        return sum(each.short for each in self.lines)

    @property
    def has_come(self) -> bool:
        return any(each.arrivals for each in self.lines)


def place_states(seat: Seat, this: Round) -> list[PlaceState]:
    """The points the seat looks after (all for staff) to which something was ordered."""
    by_place: dict[int, list[LineState]] = defaultdict(list)
    for each in line_states(lines_of(this)):
        by_place[each.line.place_id].append(each)
    places = this.places.select_related("point") if seat.role == "auditor" else access.places_kept_by(seat, this)
    return [PlaceState(place, tuple(by_place[place.pk])) for place in places if by_place[place.pk]]


@dataclass(frozen=True, slots=True)
class OrderState:
    """An order with its lines and its invoice, if any."""

    order: PurchaseOrder
    lines: tuple[LineState, ...]

    @property
    def good(self) -> int:
        return sum(each.good for each in self.lines)

    @property
    def ordered(self) -> int:
        return sum(each.line.quantity for each in self.lines)

    @property
    def came(self) -> int:
        """Rial: what came in good state, as ordered, with delivery."""
        return sum(each.amount for each in self.lines) + self.order.delivery

    @property
    def invoice(self) -> Any:
        return getattr(self.order, "invoice", None)


def order_states(orders: Iterable[PurchaseOrder]) -> list[OrderState]:
    """Each order with what came of it."""
    orders = list(orders)
    lines = OrderLine.objects.filter(order__in=orders).select_related("item", "place__point")
    by_order: dict[int, list[LineState]] = defaultdict(list)
    for each in line_states(lines.order_by("item__sort_key", "place_id", "pk")):
        by_order[each.line.order_id].append(each)
    return [OrderState(each, tuple(by_order[each.pk])) for each in orders]


@dataclass(frozen=True, slots=True)
class MemberGoods:
    """What one member takes at one point."""

    firm: Enterprise
    rows: tuple[HandOut, ...]

    @property
    def open_rows(self) -> list[HandOut]:
        return [each for each in self.rows if each.quantity and not each.signed]

    @property
    def is_done(self) -> bool:
        return not self.open_rows


def members_at(rows: Iterable[HandOut]) -> list[MemberGoods]:
    """Hand-outs by member; who still takes something first."""
    found: dict[Enterprise, list[HandOut]] = defaultdict(list)
    for each in rows:
        found[each.enterprise].append(each)
    members = [MemberGoods(firm, tuple(mine)) for firm, mine in found.items()]
    return sorted(members, key=lambda each: (each.is_done, each.firm.sort_key))


def hand_outs(seat: Seat, this: Round) -> list[HandOut]:
    """The hand-outs the seat sees, each with `returned`, the units it sees given back."""
    return list(access.hand_outs_seen_by(seat, this).annotate(returned=Sum("returns__quantity", default=0)))


def goods_part(seat: Seat, this: Round) -> dict[str, Any]:
    """What the page of an agreed round says of its goods."""
    rows = hand_outs(seat, this)
    own = [each for each in rows if seat.enterprise and each.enterprise_id == seat.enterprise.pk]
    return {
        "orders": order_states(
            access.orders_seen_by(seat).filter(round=this).select_related("invoice").order_by("code")
        ),
        "own": own if seat.role == "member" else [],
        "to_sign": [each for each in own if each.quantity and not each.signed] if seat.role == "member" else [],
        "open": sum(1 for each in rows if each.quantity and not each.signed),
        "lines": sum(1 for each in rows if each.quantity),
        "short": sum(each.ordered - each.quantity for each in rows),
        "is_staff": seat.is_one_of(*access.STAFF),
        "may_enter": seat.role == "agent",
        "keeps": access.places_kept_by(seat, this).exists(),
    }
