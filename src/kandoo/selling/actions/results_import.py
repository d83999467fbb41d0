"""Results of many batches from one file: all of them, or none."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from kandoo.register.models import Person
from kandoo.selling.actions.batches import NewResult, enter_results
from kandoo.selling.results_file import Certificate

__all__ = ["import_results"]


@transaction.atomic
def import_results(*, by: Person, certificates: Sequence[Certificate], today: date) -> int:
    """Store the results of a checked file and return how many there were; each is entered as if typed."""
    stored = 0
    for each in certificates:
        results = [
            NewResult(parameter=code, value=reading.value, finding=reading.finding, method=method)
            for code, (reading, method) in each.results.items()
        ]
        enter_results(
            by=by,
            batch=each.batch,
            results=results,
            tested_on=each.tested_on,
            today=today,
            laboratory=each.laboratory,
            laboratory_name=each.laboratory_name,
        )
        stored += len(results)
    return stored
