"""A round of joint buying as the account of cooperation takes it: what each member needs before, its bill after."""

from collections.abc import Mapping
from typing import Any

from kandoo.benefit.lots import Item
from kandoo.buying.models import Bill, Need, NeedPrice, PlanLine, Round
from kandoo.engine import benefit as engine


def planned_items(this: Round) -> list[Item]:
    """What each member gets of each thing in the present plan, but no more than it wanted: alone it buys no more."""
    lines = PlanLine.objects.filter(plan=this.plan_id).select_related("need__round_item__item").order_by("pk")
    units: dict[Need, int] = {}
    for each in lines:
        units[each.need] = min(units.get(each.need, 0) + each.quantity, each.need.quantity)
    return _items(list(units.items()))


def needed_items(this: Round, enterprise: int) -> list[Item]:
    """What a member needs of each thing in a round."""
    needs = Need.objects.filter(round=this, enterprise=enterprise, is_withdrawn=False)
    found = needs.select_related("round_item__item").order_by("round_item__item__sort_key", "pk")
    return _items([(each, each.quantity) for each in found])


def _items(needed: list[tuple[Need, int]]) -> list[Item]:
    """The same thing at several points is one item; of several prices alone the least is meant."""
    said = {each.need_id: each.alone for each in NeedPrice.objects.filter(need__in=[need for need, _units in needed])}
    found: dict[tuple[int, str], Item] = {}
    for need, units in needed:
        thing = need.round_item.item
        before = found.get((need.enterprise_id, thing.code))
        prices = [each for each in (said.get(need.pk), before.claimed if before else None) if each]
        found[need.enterprise_id, thing.code] = Item(
            enterprise=need.enterprise_id,
            code=thing.code,
            goods=thing.code,
            quantity=units + (before.quantity if before else 0),
            unit=thing.unit,
            claimed=min(prices, default=None),
        )
    return list(found.values())


# After the settlement


def lines_of(
    bill: Bill, alone: Mapping[tuple[int, str], int], claimed: Mapping[tuple[int, str], int | None]
) -> tuple[engine.Line, ...]:
    """A member's bill as the account counts it, line by line; nothing of it is computed anew."""
    return tuple(_line(bill.enterprise_id, each, alone, claimed) for each in bill.content["lines"] if each["quantity"])


def _line(
    enterprise: int,
    line: Mapping[str, Any],
    alone: Mapping[tuple[int, str], int],
    claimed: Mapping[tuple[int, str], int | None],
) -> engine.Line:
    key = (enterprise, line["item"])
    price = alone.get(key) or claimed.get(key)
    return engine.Line(
        item=line["item"],
        quantity=line["quantity"],
        parts=(("contract", line["amount"] - line["reserve"]), ("reserve", line["reserve"])),
        # Nobody said a price alone: the same as was paid, so that nothing is claimed.
        alone=line["amount"] if price is None else price * line["wanted"],
        is_documented=key in alone,
    )
