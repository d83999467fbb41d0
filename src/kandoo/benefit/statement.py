"""A member's season in a few figures: what it saved, earned, received, is owed, delivered; and alone.

Everything is read for several members at once, so that a season's statements are a handful of
questions to the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from kandoo.benefit import access, queries, words
from kandoo.benefit.models import Gain
from kandoo.ledger.models import Voucher
from kandoo.ledger.queries import party_balances
from kandoo.payments.access import lines_seen_by
from kandoo.payments.models import PaymentLine
from kandoo.payments.queries import first_confirmed_after
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise
from kandoo.selling.access import lots_seen_by
from kandoo.selling.models import Delivery, Lot, PlanLine

AGREED = (Lot.Status.AGREED, Lot.Status.DELIVERED, Lot.Status.SETTLED)


@dataclass(frozen=True, slots=True)
class Missing:
    """What of a member is not documented: which item of which action, and why."""

    title: str
    item: str
    why: str
    claimed: int | None  # rial for a unit, as the member said
    unit: str  # in words


@dataclass(frozen=True, slots=True)
class Statement:
    """One member's season. Money in rial, mass in kg; a gain is net of fees, own costs and own time.

    `fees` and `subsidy_apart` were booked to the member outside joint actions; `cash_days` from harvest
    to the first confirmed payment after delivery, by action; None while not paid.
    """

    firm: Enterprise
    season: int
    gains: tuple[Gain, ...]
    received: int
    payments: int
    owed: int
    pledged: int
    delivered: int
    fees: int
    subsidy_apart: int
    cash_days: dict[int, int | None]
    missing: tuple[Missing, ...]

    @property
    def saved(self) -> int:
        """The gain in what members pay together."""
        return sum(each.gain for each in self.gains if each.side == "cost")

    @property
    def earned(self) -> int:
        """The gain in what members sell together."""
        return sum(each.gain for each in self.gains if each.side == "earning")

    @property
    def gain(self) -> int:
        """What cooperation brought in all, less the fees charged beside the actions."""
        return self.saved + self.earned - self.fees

    @property
    def claimed(self) -> int:
        """What more it would be if all were documented; in no sum."""
        return sum(each.claimed for each in self.gains)

    @property
    def subsidy(self) -> int:
        """Public money: what lay in the actions and what was granted directly."""
        return sum(each.subsidy for each in self.gains) + self.subsidy_apart

    @property
    def untimed(self) -> int:
        """Actions whose own hours, or their value, are not known."""
        return sum(each.time is None for each in self.gains)

    @property
    def is_empty(self) -> bool:
        return not (self.gains or self.pledged or self.received)

    def of_side(self, side: str) -> list[Gain]:
        return [each for each in self.gains if each.side == side]

    def way(self, side: str) -> list[tuple[str, int]]:
        """From alone to together over all actions of one side."""
        return words.added_up(each.steps for each in self.of_side(side))


def read_season(seat: Seat, season: int, firms: Sequence[Enterprise]) -> list[Statement]:
    """The statements of these members for one season, in their order."""
    wanted = [each.pk for each in firms]
    first, after = queries.season_days(season)
    gains = _grouped(access.gains_seen_by(seat).filter(season=season, enterprise__in=wanted).order_by("code", "pk"))
    received = _received(seat, wanted, first, after)
    one = firms[0].pk if len(firms) == 1 else None
    owed = {each.enterprise_id: each.net for each in party_balances(seat.cluster, one)}
    pledged, delivered = _kilograms(seat, wanted, first, after)
    fees, subsidies = (_vouchers(seat, kind, first, after) for kind in (Voucher.Kind.FEE, Voucher.Kind.SUBSIDY_ON))
    every = [each for own in gains.values() for each in own]
    missing, cash_days = _missing(seat, every), days_to_cash(every)
    return [
        Statement(
            firm=firm,
            season=season,
            gains=tuple(gains[firm.pk]),
            received=received.get(firm.pk, (0, 0))[0],
            payments=received.get(firm.pk, (0, 0))[1],
            owed=owed.get(firm.pk, 0),
            pledged=pledged.get(firm.pk, 0),
            delivered=delivered.get(firm.pk, 0),
            fees=fees.get(firm.pk, 0),
            subsidy_apart=subsidies.get(firm.pk, 0),
            cash_days={each.pk: cash_days[each.pk] for each in gains[firm.pk]},
            missing=tuple(missing.get(firm.pk, ())),
        )
        for firm in firms
    ]


def _grouped(gains: Any) -> dict[int, list[Gain]]:
    found: dict[int, list[Gain]] = defaultdict(list)
    for each in gains:
        found[each.enterprise_id].append(each)
    return found


def _received(seat: Seat, firms: Sequence[int], first: date, after: date) -> dict[int, tuple[int, int]]:
    """Confirmed payments of a season by member: their sum and how many."""
    lines = lines_seen_by(seat).filter(
        enterprise__in=firms, status=PaymentLine.Status.PAID, paid_on__gte=first, paid_on__lt=after
    )
    rows = lines.order_by().values_list("enterprise").annotate(sum=Sum("amount"), count=Count("pk"))
    return {pk: (total, count) for pk, total, count in rows.values_list("enterprise", "sum", "count")}


def _kilograms(seat: Seat, firms: Sequence[int], first: date, after: date) -> tuple[dict[int, int], dict[int, int]]:
    """What was pledged in lots agreed in a season, and what was delivered to them."""
    lots = lots_seen_by(seat).filter(status__in=AGREED, agreed_at__date__gte=first, agreed_at__date__lt=after)
    pledged = PlanLine.objects.filter(plan_id__in=lots.values("plan"), enterprise__in=firms).order_by()
    delivered = Delivery.objects.filter(lot__in=lots, enterprise__in=firms).order_by()
    sums = (
        pledged.values("enterprise").annotate(sum=Sum("kg")),
        delivered.values("enterprise").annotate(sum=Sum("net_kg")),
    )
    known, brought = ({row["enterprise"]: row["sum"] for row in rows} for rows in sums)
    return known, brought


def _vouchers(seat: Seat, kind: str, first: date, after: date) -> dict[int, int]:
    """What was booked to members by hand in a season, by kind."""
    rows = Voucher.objects.filter(
        cluster=seat.cluster, kind=kind, on__gte=first, on__lt=after, enterprise__isnull=False, entry__reversed_by=None
    )
    sums = rows.order_by().values("enterprise").annotate(sum=Sum("amount"))
    return {row["enterprise"]: row["sum"] for row in sums}


def days_to_cash(gains: Iterable[Gain]) -> dict[int, int | None]:
    """Days from harvest to the first confirmed payment after delivery, by gain; None while not paid."""
    by_action: dict[tuple[str, int], list[Gain]] = defaultdict(list)
    for each in gains:
        by_action[each.action, each.action_id].append(each)
    found: dict[int, int | None] = {}
    for mine in by_action.values():
        paid = first_confirmed_after(
            [each.enterprise_id for each in mine], {each.enterprise_id: each.delivered_on for each in mine}
        )
        for each in mine:
            day = paid.get(each.enterprise_id)
            found[each.pk] = (day - each.harvested_on).days if day and each.harvested_on else None
    return found


def _missing(seat: Seat, gains: Sequence[Gain]) -> dict[int, list[Missing]]:
    """What has no evidence in these actions, by member."""
    titles = {(each.action, each.action_id, each.enterprise_id): each.title for each in gains if not each.is_documented}
    rows = access.stand_alones_seen_by(seat).filter(
        action_id__in={action_id for _, action_id, _ in titles}, is_documented=False
    )
    kept = [row for row in rows if (row.action, row.action_id, row.enterprise_id) in titles]
    codes = {item["item"] for row in kept if row.action == queries.BUYING for item in row.content["items"]}
    names = words.bought_names(seat.cluster, codes) if codes else {}
    found: dict[int, list[Missing]] = defaultdict(list)
    for row in kept:
        title = titles[row.action, row.action_id, row.enterprise_id]
        side = "cost" if row.action == queries.BUYING else "earning"
        for item in row.content["items"]:
            if item["per_unit"] is None:
                name = names.get(item["item"], item["item"])
                why = words.why_not_words(item["why_not"], side)
                unit = words.unit_words(item.get("unit", "kg"))
                found[row.enterprise_id].append(Missing(title, name, why, item["claimed"], unit))
    return found
