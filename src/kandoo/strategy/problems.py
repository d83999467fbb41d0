"""Why something was not done. The text is for the person who asked, in their language."""

from collections.abc import Sequence
from dataclasses import dataclass


class NotPossible(Exception):
    """What was asked cannot be: the text says why and what to do. Nothing was written. `field`: the column at fault."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a table: the line of the file, the column as it is called, why."""

    line: int
    column: str
    reason: str


class Faulty(NotPossible):
    """A table with faults; all of them, and nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)}")
        self.faults = list(faults)
