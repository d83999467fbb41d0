"""What the cluster and each party owe each other: one balance over all joint actions."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from kandoo.engine.open_items import Line, OpenItem
from kandoo.engine.open_items import open_items as still_open
from kandoo.ledger.models import Leg
from kandoo.register.models import Cluster, Enterprise

NET = ("payable", "receivable")  # what makes the one balance


@dataclass(frozen=True, slots=True)
class PartyBalance:
    """A party's position in rial. `owed` to it less `owing` by it is what a payment run would pay."""

    enterprise_id: int
    owed: int = 0
    owing: int = 0
    deposits: int = 0
    advances: int = 0
    in_transit: int = 0

    @property
    def net(self) -> int:
        """Above zero: owed to the party; below: by it."""
        return self.owed - self.owing


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What one entry changed in what is owed to the party, and the balance after it (rial)."""

    entry_id: int
    on: date
    rule: str
    source: str
    reason: str
    lot_id: int | None
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A party's account over some days: it opens, changes line by line, and closes (rial)."""

    opening: int
    lines: tuple[StatementLine, ...]

    @property
    def closing(self) -> int:
        """What is owed to the party in the end; below zero, by it."""
        return self.opening + sum(line.amount for line in self.lines)

    @property
    def credited(self) -> int:
        """What became owed to the party."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def debited(self) -> int:
        """What was paid to the party or became owed by it."""
        return -sum(line.amount for line in self.lines if line.amount < 0)


def party_balances(cluster: Cluster, enterprise_id: int | None = None) -> list[PartyBalance]:
    """The position of every party with a leg in rial, or of one, by enterprise."""
    legs = Leg.objects.filter(cluster=cluster, currency="IRR", enterprise__isnull=False)
    if enterprise_id is not None:
        legs = legs.filter(enterprise=enterprise_id)
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    for row in legs.values("enterprise_id", "account").annotate(sum=Sum("amount")).order_by("enterprise_id"):
        sums[row["enterprise_id"]][row["account"]] = row["sum"]
    return [_position(party, accounts) for party, accounts in sums.items()]


def _position(party: int, accounts: dict[str, int]) -> PartyBalance:
    return PartyBalance(
        enterprise_id=party,
        owed=-accounts.get("payable", 0),
        owing=accounts.get("receivable", 0),
        deposits=-accounts.get("deposits", 0),
        advances=accounts.get("advances", 0),
        in_transit=-accounts.get("in_transit", 0),
    )


def _changes(cluster: Cluster, **of: Any) -> Any:
    """What each entry changed in what is owed, by party: rows in the order of days and entries."""
    return (
        Leg.objects.filter(cluster=cluster, currency="IRR", account__in=NET, enterprise__isnull=False, **of)
        .values("enterprise_id", "entry_id", "entry__on", "entry__rule", "entry__source", "entry__reason", "lot_id")
        .annotate(sum=Sum("amount"))
        .exclude(sum=0)
        .order_by("entry__on", "entry_id", "lot_id")
    )


def statement(enterprise: Enterprise, first: date | None = None, last: date | None = None) -> Statement:
    """A party's account from one day to another, both included; without them, all of it."""
    opening, lines = 0, []
    for row in _changes(enterprise.cluster, enterprise=enterprise):
        if last and row["entry__on"] > last:
            break
        if first and row["entry__on"] < first:
            opening -= row["sum"]
            continue
        lines.append(row)
    balance, found = opening, []
    for row in lines:
        balance -= row["sum"]
        found.append(_line(row, balance))
    return Statement(opening, tuple(found))


def _line(row: Any, balance: int) -> StatementLine:
    return StatementLine(
        entry_id=row["entry_id"],
        on=row["entry__on"],
        rule=row["entry__rule"],
        source=row["entry__source"],
        reason=row["entry__reason"],
        lot_id=row["lot_id"],
        amount=-row["sum"],
        balance=balance,
    )


def open_items(cluster: Cluster, enterprise_id: int | None = None) -> dict[int, list[OpenItem]]:
    """What is still open of every party, or of one; an item's key is its entry's number."""
    of = {} if enterprise_id is None else {"enterprise": enterprise_id}
    lines: dict[int, list[Line]] = defaultdict(list)
    for row in _changes(cluster, **of):
        lines[row["enterprise_id"]].append(Line(row["entry__on"], str(row["entry_id"]), -row["sum"]))
    return {party: items for party, mine in lines.items() if (items := still_open(mine))}
