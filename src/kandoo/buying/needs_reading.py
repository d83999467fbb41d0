"""What pages say of needs: a member's own, those of last time, their history, and how far a round is.

Rows become plain values; templates only print them. Nothing here names another member.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.benefit.models import Evidence
from kandoo.buying import access
from kandoo.buying.models import Need, NeedPrice, NeedVersion, Round, RoundItem
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise
from kandoo.register.queries import members_on
from kandoo.site import language as lang
from kandoo.site.lists import joined, page_language

BUYING = "buying"


def number(value: int) -> str:
    """A number in the language of the page."""
    return lang.format_number(value, page_language())


def in_units(quantity: int, item: Any) -> str:
    """So many units of an item, with its unit."""
    return f"{number(quantity)} {item.get_unit_display()}"


def members_named(seat: Seat, words: str) -> QuerySet[Enterprise]:
    """The members of the cluster today whose names hold every word; all where none is asked for."""
    members = members_on(seat.cluster, timezone.localdate())
    for word in filter(None, map(lang.fold, words.split())):
        members = members.filter(search_key__contains=word)
    return members.order_by("sort_key", "pk")


# A member's needs


@dataclass(frozen=True, slots=True)
class Line:
    """A need as pages show it; `price` is None where the reader may not see it."""

    need: Need
    price: NeedPrice | None
    quantity: str
    may_withdraw: bool

    @property
    def is_unconfirmed(self) -> bool:
        return not self.need.confirmed and not self.need.is_withdrawn


def lines_of(seat: Seat, this: Round, enterprise: Enterprise | None) -> list[Line]:
    """An enterprise's needs of a round that the seat sees, those taken back left out."""
    if enterprise is None:
        return []
    needs = access.needs_seen_by(seat, this).filter(enterprise=enterprise, is_withdrawn=False)
    prices = {each.need_id: each for each in access.prices_seen_by(seat, this).filter(enterprise=enterprise)}
    ordered = needs.order_by("round_item__item__sort_key", "place", "pk")
    return [Line(each, prices.get(each.pk), quantity_of(each), access.may_withdraw(seat, each)) for each in ordered]


def quantity_of(need: Need | NeedVersion, item: Any = None) -> str:
    """“120 kg”, or “120 to 150 kg” where more is accepted."""
    item = item or need.round_item.item  # type: ignore[union-attr]
    if need.quantity_max == need.quantity:
        return in_units(need.quantity, item)
    return _("%(least)s to %(most)s") % {"least": number(need.quantity), "most": in_units(need.quantity_max, item)}


@dataclass(frozen=True, slots=True)
class LastTime:
    """What an enterprise needed in the newest earlier round of the same items: the start it can begin from."""

    this: Round
    needs: Mapping[int, Need]  # by item of the catalogue
    prices: Mapping[int, NeedPrice]  # by need

    @property
    def words(self) -> str:
        """“Sugar 120 kg, jars 200”."""
        return joined(f"{each.round_item.item} {quantity_of(each)}" for each in self.needs.values())


def last_time(seat: Seat, this: Round, enterprise: Enterprise) -> LastTime | None:
    """The newest earlier round in which the enterprise needed items of this one; None where there is none."""
    items = this.items.values("item")
    earlier = access.earlier_needs_seen_by(seat, this, enterprise).filter(round_item__item__in=items)
    newest = earlier.order_by("-round__called_at", "-round").first()
    if newest is None:
        return None
    rows = earlier.filter(round=newest.round_id).order_by("-place", "round_item__item__sort_key")
    needs = {each.round_item.item_id: each for each in rows}
    prices = access.prices_seen_by(seat, newest.round).filter(need__in=list(needs.values()))
    return LastTime(newest.round, needs, {each.need_id: each for each in prices})


def start_of(need: Need, price: NeedPrice | None, *, with_day: bool = True) -> dict[str, Any]:
    """A need as the start of its form; the latest date is not asked for a second time in another round."""
    start: dict[str, Any] = {
        "quantity": need.quantity,
        "quantity_max": need.quantity_max if need.quantity_max != need.quantity else None,
        "latest_on": need.latest_on if with_day else None,
    }
    if price is not None:
        names = ("highest", "alone", "alone_from", "alone_on")
        start |= {name: getattr(price, name) for name in names}
    return start


def evidence_of(this: Round, enterprise: Enterprise) -> dict[str, Evidence]:
    """What was kept with an enterprise's prices alone of a round, by item code."""
    rows = Evidence.objects.filter(action=BUYING, action_id=this.pk, enterprise=enterprise, with_offer=True)
    return {each.item: each for each in rows}


# How far the round is


@dataclass(frozen=True, slots=True)
class Bar:
    """A way that is partly gone: `value` of `max`, and the words for it."""

    value: int
    max: int
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one item is; without bars where it may not be told."""

    item: Any
    answer: str
    bars: list[Bar] = field(default_factory=list)


def progress_of(this: Round) -> list[Progress]:
    """Item by item how much is wanted, and what is missing to the next full pack and price step."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT round_item_id, members, quantity, to_pack, to_step FROM kandoo_round_progress(%s)", [this.pk]
        )
        told = {row[0]: row[1:] for row in cursor.fetchall()}
    rows = this.items.select_related("item")
    return [_progress(each, *told[each.pk]) if each.pk in told else _untold(each) for each in rows]


def _untold(row: RoundItem) -> Progress:
    return Progress(row.item, _("Shown when five members or more need it and none of them more than half."))


def _progress(row: RoundItem, members: int, quantity: int, to_pack: int, to_step: int | None) -> Progress:
    item = row.item
    answer = _("%(members)s members need %(quantity)s together.") % {
        "members": number(members),
        "quantity": in_units(quantity, item),
    }
    bars = []
    if row.pack > 1:
        values = {"missing": in_units(to_pack, item), "pack": in_units(row.pack, item)}
        text = (
            _("%(missing)s more fill the next pack of %(pack)s.") if to_pack else _("All packs of %(pack)s are full.")
        )
        bars.append(Bar(row.pack - to_pack, row.pack, text % values))
    if to_step:
        text = _("%(missing)s more reach the next price step.") % {"missing": in_units(to_step, item)}
        bars.append(Bar(quantity, quantity + to_step, text))
    return Progress(item, answer, bars)


def to_minimum(this: Round) -> str:
    """How much of a supplier's least order is reached, in words; empty where it may not be told or nobody asks for one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kandoo_round_minimum_reached(%s)", [this.pk])
        percent = cursor.fetchone()[0]
    if percent is None:
        return ""
    if percent == 100:
        return _("The least order of a supplier is reached.")
    return _("%(percent)s percent of the least order of a supplier is reached.") % {"percent": number(percent)}


def time_left(this: Round, today: date) -> str:
    """How long needs are taken still, in words."""
    days = (this.closes_on - today).days
    if days < 0:
        return _("The last day has passed; the agent closes the round now.")
    if days == 0:
        return _("Today is the last day.")
    return ngettext("%(n)s day is left.", "%(n)s days are left.", days) % {"n": number(days)}


def takes_needs(this: Round, today: date) -> bool:
    """Whether needs can be entered and changed."""
    return this.status == Round.Status.OPEN and today <= this.closes_on


# Parts of the round's page


def progress_part(this: Round) -> dict[str, Any]:
    """What anybody who sees an open round may know of it, for `round_progress.html`."""
    today = timezone.localdate()
    return {
        "progress": progress_of(this),
        "to_minimum": to_minimum(this),
        "time_left": time_left(this, today),
        "takes_needs": takes_needs(this, today),
    }


def member_part(seat: Seat, this: Round) -> dict[str, Any]:
    """An open round for a member, for `round_member_open.html`: its needs, progress, time left."""
    lines = lines_of(seat, this, seat.enterprise if seat.role == "member" else None)
    return {
        "my_needs": lines,
        "my_unconfirmed": sum(each.is_unconfirmed for each in lines),
        **progress_part(this),
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member whose needs were entered for it and wait for its word."""

    enterprise: Enterprise
    needs: int


def staff_part(seat: Seat, this: Round) -> dict[str, Any]:
    """An open round for the agent and auditor, for `round_staff_open.html`: counts, who is awaited, who has quoted."""
    needs = list(access.needs_seen_by(seat, this).filter(is_withdrawn=False))
    unconfirmed = [each for each in needs if not each.confirmed]
    return {
        "need_count": len(needs),
        "need_members": len({each.enterprise_id for each in needs}),
        "waiting": _waiting(unconfirmed),
        "unconfirmed_count": len(unconfirmed),
        "quoted": quoted_by(this),
        **progress_part(this),
    }


def _waiting(needs: Sequence[Need]) -> list[Waiting]:
    counted: dict[int, int] = {}
    firms = {each.enterprise_id: each.enterprise for each in needs}
    for each in needs:
        counted[each.enterprise_id] = counted.get(each.enterprise_id, 0) + 1
    rows = [Waiting(firms[pk], count) for pk, count in counted.items()]
    return sorted(rows, key=lambda each: each.enterprise.sort_key)


def quoted_by(this: Round) -> list[tuple[Enterprise, datetime]]:
    """Who has answered the round and when, never what."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT enterprise_id, at FROM kandoo_sealed_quotations(%s)", [this.pk])
        at = dict(cursor.fetchall())
    return [(each, at[each.pk]) for each in Enterprise.objects.filter(pk__in=at).order_by("sort_key")]
