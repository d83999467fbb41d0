"""Activities of a plan from a filled-in table: read whole, every fault with its row, column and reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kandoo.credit.actions import ActivityTerms
from kandoo.credit.models import Activity, CostKind
from kandoo.strategy import part_files
from kandoo.strategy.parts import Column, Part
from kandoo.strategy.problems import Fault

ACTIVITIES = Part(
    "activities", Activity, _("Activities"), _("New activity"), "",
    (
        Column("code", _("Code"), most=24),
        Column("name_fa", _("Name in Persian")),
        Column("name_en", _("Name in English"), needed=False),
        Column("kind", _("Kind of cost"), "choice", choices=CostKind.choices),
        Column("owner", _("Owner"), most=120),
        Column("cost", _("Whole cost"), "toman", least=1),
        Column("member_share", _("Share of the members"), "percent"),
        Column("other_share", _("Share of others"), "percent"),
        Column("starts_on", _("Begins on"), "day"),
        Column("ends_on", _("Ends on"), "day"),
        Column("indicator", _("Indicator")),
        Column("effect", _("Expected effect"), most=300),
    ),
    of_plan=True,
)  # fmt: skip


def read(table: Sequence[tuple[int, list[str]]]) -> tuple[list[tuple[int, ActivityTerms]], list[Fault]]:
    """What is planned in each row, and the faults; with a fault, nothing of it may be written."""
    rows, faults = part_files.read(table, ACTIVITIES, {})
    return ([] if faults else [(row.line, _terms(row.values)) for row in rows]), faults


def _terms(values: Mapping[str, Any]) -> ActivityTerms:
    return ActivityTerms(province="", **values)
