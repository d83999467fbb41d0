"""The dated exchange rates."""

from datetime import date

from kandoo.ledger.models import ExchangeRate
from kandoo.register.models import Cluster


def rate_on(cluster: Cluster, currency: str, day: date) -> ExchangeRate | None:
    """The newest rate of a currency not after a day, or None."""
    return ExchangeRate.objects.filter(cluster=cluster, currency=currency, on__lte=day).order_by("-on").first()
