"""What anybody may know of the programme: asked of the database's public functions alone."""

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class PublicCluster:
    """A cluster as the public page and the open data show it."""

    programme: int
    id: int
    code: str
    name_fa: str
    name_en: str
    province: str
    county: str
    product: str
    stage: str
    stage_fa: str
    stage_en: str
    place: int  # of the stage, from 0
    status: str
    definition: str
    stage_since: date
    source: str
    dated: date
    is_example: bool
    sort_key: str


@dataclass(frozen=True, slots=True)
class PublicCount:
    """A published figure."""

    programme: int
    province: str
    product: str
    stage: str
    measure: str
    value: int
    definition: str
    dated: date
    source: str
    is_example: bool


def clusters() -> list[PublicCluster]:
    """Every cluster on file, in Persian order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_public_clusters() ORDER BY sort_key, id")
        return [PublicCluster(*row) for row in cursor.fetchall()]


def counts() -> list[PublicCount]:
    """Every published count, those of one thing together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_public_counts() ORDER BY measure, province, stage, product, dated DESC")
        return [PublicCount(*row) for row in cursor.fetchall()]
