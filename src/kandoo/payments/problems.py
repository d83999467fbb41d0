"""Why a payment was not made. The text is for the person who asked, in their language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kandoo.selling.problems import NotPossible as NotPossible


@dataclass(frozen=True, slots=True)
class Change:
    """What is no longer as the run says: whose, what, and the two values in words."""

    name: str
    what: str
    was: str
    now: str


class BalancesChanged(NotPossible):
    """Balances or accounts moved after the run was made; `changes` names each."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(_("Something has changed since the run was made. Send it back, so that it is refreshed."))
        self.changes = tuple(changes)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in the bank's file: its row, the field, and the reason in words."""

    row: int
    field: str
    text: str


class FaultyFile(NotPossible):
    """The bank's file does not agree with what was sent; nothing of it was taken in."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_("The file does not agree with the payments. Nothing was changed."))
        self.faults = tuple(faults)
