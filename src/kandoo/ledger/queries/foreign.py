"""What is still owed abroad at the end of a day, as it stands in the books and at that day's rate."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from kandoo.ledger.models import ExchangeRate, Leg
from kandoo.ledger.queries.rates import rate_on
from kandoo.register.models import Cluster


@dataclass(frozen=True, slots=True)
class OpenForeign:
    """What buyers still owe one lot in another currency.

    `owed` is the smallest unit by currency, `rates` the newest rate of each not after the day (None:
    no such rate); `booked` the rial at which all of it stands in the books.
    """

    lot_id: int
    owed: tuple[tuple[str, int], ...]
    rates: tuple[ExchangeRate | None, ...]
    booked: int

    @property
    def without_rate(self) -> str:
        """The first currency that has no rate; empty where all have."""
        return next(
            (currency for (currency, _owed), rate in zip(self.owed, self.rates, strict=True) if rate is None), ""
        )

    @property
    def now(self) -> int:
        """Rial at the rates of the day, each currency rounded down."""
        pairs = zip(self.owed, self.rates, strict=True)
        return sum(owed * rate.rial // 100 for (_currency, owed), rate in pairs if rate is not None)

    @property
    def gain(self) -> int:
        """What the rates have made of it since it was booked; below zero, a loss."""
        return self.now - self.booked


def open_foreign(cluster: Cluster, through: date) -> list[OpenForeign]:
    """Every lot with money still owed to it abroad at the end of a day."""
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        Leg.objects.filter(cluster=cluster, account="conversion", entry__on__lte=through, lot__isnull=False)
        .values("lot_id", "currency")
        .annotate(sum=Sum("amount"))
        .exclude(sum=0)
        .order_by("lot_id", "currency")
    )
    for row in rows:
        sums[row["lot_id"]][row["currency"]] = row["sum"]
    currencies = {currency for mine in sums.values() for currency in mine} - {"IRR"}
    rates = {currency: rate_on(cluster, currency, through) for currency in currencies}
    return [_of_lot(lot, mine, rates) for lot, mine in sums.items()]


def _of_lot(lot: int, sums: dict[str, int], rates: dict[str, ExchangeRate | None]) -> OpenForeign:
    owed = tuple((currency, -amount) for currency, amount in sums.items() if currency != "IRR")
    return OpenForeign(lot, owed, tuple(rates[currency] for currency, _owed in owed), sums.get("IRR", 0))
