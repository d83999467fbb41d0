"""Results of a cluster as everybody may know them, asked of the results room's public function."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kandoo.results.queries.public import PublicResult, public_results
from kandoo.results.words import shown
from kandoo.site.lists import page_language


@dataclass(frozen=True, slots=True)
class Outcome:
    """One indicator of the newest closed period, in words of the page."""

    indicator: str
    value: str
    baseline: str
    target: str
    first: date
    last: date
    source: str


def results_in_public(file: int) -> list[Outcome]:
    """The figures of a cluster's newest closed period."""
    found = [row for row in public_results() if row.file == file]
    return [_outcome(row) for row in found if row.last == found[0].last]


def _outcome(row: PublicResult) -> Outcome:
    name, unit = row.indicator_fa, row.unit
    if page_language() == "en":
        name, unit = row.indicator_en or name, row.unit_en or unit
    value, baseline, target = (shown(each, row.kind, unit) for each in (row.value, row.baseline, row.target))
    source = _("Kandoo’s records") if row.origin == "computed" else row.source
    return Outcome(name, value, baseline, target, row.first, row.last, source)
