"""Results that everybody may know: figures of closed periods, asked of the database's public function alone."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection


@dataclass(frozen=True, slots=True)
class PublicResult:
    """One figure of a closed period of a cluster."""

    programme: int
    file: int
    cluster: str
    name_fa: str
    name_en: str
    province: str
    product: str
    stage: str
    indicator: str
    indicator_fa: str
    indicator_en: str
    level: str
    kind: str
    unit: str
    value: Decimal
    baseline: Decimal | None
    target: Decimal | None
    first: date
    last: date
    definition: str
    source: str
    as_of: date
    origin: str
    is_example: bool
    unit_en: str  # empty where the unit was another when the period closed


def public_results() -> list[PublicResult]:
    """Every one, the newest period of a cluster first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_public_results() ORDER BY cluster, until DESC, indicator")
        return [PublicResult(*row) for row in cursor.fetchall()]
