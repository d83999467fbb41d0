"""What a check of a list found, as the study keeps it and a child process hands it over."""

from dataclasses import dataclass
from typing import Any

from kandoo.finding.importing.checking import Checked

FAULTS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Looked:
    """faults: the first thousand, as Fault.to_json gives them. fault_rows: of all. years: none beside faults."""

    faults: list[list[Any]]
    fault_rows: int
    is_whole_at_fault: bool
    remarks: list[list[Any]]
    years: list[int]

    @staticmethod
    def of(found: Checked) -> "Looked":
        return Looked(
            [each.to_json() for each in found.faults[:FAULTS_KEPT]],
            len(found.bad_lines),
            found.is_whole_at_fault,
            [each.to_json() for each in found.remarks],
            [] if found.faults else found.years,
        )
