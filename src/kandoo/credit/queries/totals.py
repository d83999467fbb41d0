"""Totals of lines: of a year, a province, a cluster; and the rows of the open data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from kandoo.credit.models import CreditLine
from kandoo.engine.budget import LineState

FIELDS = ("approved", "allocated", "committed", "paid", "returned", "lapsed", "carried")
FIRST_SUM, LAST_SUM = 9, 16  # places of the sums in a row of the open data


def total(lines: QuerySet[CreditLine]) -> LineState:
    """What lines hold together, in rial."""
    sums = lines.order_by().aggregate(**{f"sum_{field}": Sum(field) for field in FIELDS})
    return LineState(**{field: int(sums[f"sum_{field}"] or 0) for field in FIELDS})


def by_province(lines: QuerySet[CreditLine]) -> dict[str, LineState]:
    """The same by province; the nation's own lines under the empty key."""
    return {str(key): state for key, state in _by(lines, "province")}


def by_file(lines: QuerySet[CreditLine]) -> dict[int, LineState]:
    """The same by cluster file: the money beside each cluster of a portfolio, in one query."""
    return {int(key): state for key, state in _by(lines.exclude(file=None), "file")}


def _by(lines: QuerySet[CreditLine], column: str) -> Iterator[tuple[Any, LineState]]:
    sums = (Sum(field) for field in FIELDS)
    for key, *held in lines.order_by().values_list(column).annotate(*sums):
        yield key, LineState(*map(int, held))


@dataclass(frozen=True, slots=True)
class PublicRow:
    """What anybody may know of a year's money for one cluster, or of a province's lines of no cluster. Rial."""

    programme: int
    year: int
    province: str
    file: int | None
    code: str
    name_fa: str
    name_en: str
    product: str
    stage: str
    approved: int
    allocated: int
    committed: int
    paid: int
    returned: int
    lapsed: int
    carried: int
    dated: date | None
    is_example: bool


def public_rows() -> list[PublicRow]:
    """The open data of the budget, newest year first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_public_budget() ORDER BY year DESC, province, code")
        rows = cursor.fetchall()
    return [PublicRow(*row[:FIRST_SUM], *map(int, row[FIRST_SUM:LAST_SUM]), *row[LAST_SUM:]) for row in rows]
