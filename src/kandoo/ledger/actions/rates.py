"""The dated exchange rates."""

from datetime import date

from django.db import transaction

from kandoo.ledger.models import ExchangeRate
from kandoo.register.models import Cluster, Person
from kandoo.site import audit


@transaction.atomic
def set_rate(*, by: Person, cluster: Cluster, currency: str, rial: int, on: date, source: str) -> ExchangeRate:
    """Write down the rate of a day with its source; a second one for the same day corrects it."""
    rate, _is_new = ExchangeRate.objects.update_or_create(
        cluster=cluster, currency=currency, on=on, defaults={"rial": rial, "source": source}
    )
    audit.record(by=by, cluster_id=cluster.pk, verb="set-rate", subject=f"rate/{rate.pk}", currency=currency, rial=rial)
    return rate
