"""What of an account is still open, and since when: payments settle the oldest items first.

>>> from datetime import date
>>> lines = [Line(date(2026, 3, 1), "slip", 900), Line(date(2026, 4, 1), "sugar", -200),
...          Line(date(2026, 5, 1), "slip 2", 300)]
>>> [(item.key, item.left) for item in open_items(lines)]
[('slip', 700), ('slip 2', 300)]
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

EDGES = (30, 60, 90)  # days: 0 to 30, 31 to 60, 61 to 90, over 90


@dataclass(frozen=True, slots=True)
class Line:
    """One change of an account: above zero is owed to the party, below zero by it."""

    on: date
    key: str
    amount: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is left of a line that nothing has settled yet; the sign is the line's."""

    on: date
    key: str
    amount: int
    left: int

    def age(self, today: date) -> int:
        """Days since it arose."""
        return (today - self.on).days


def open_items(lines: Iterable[Line]) -> list[OpenItem]:
    """The lines that opposite ones have not settled, oldest first.

    Lines are taken by day, larger ones of a day first and then by key, so that the order in which
    they were written does not matter. What is left adds up to the sum of all lines.
    """
    waiting: deque[tuple[Line, int]] = deque()
    for line in sorted(lines, key=lambda each: (each.on, -each.amount, each.key)):
        left = line.amount
        while left and waiting and (waiting[0][1] > 0) != (left > 0):
            oldest, rest = waiting[0]
            settled = min(abs(rest), abs(left)) * (1 if left > 0 else -1)
            left -= settled
            if rest + settled:
                waiting[0] = (oldest, rest + settled)
            else:
                waiting.popleft()
        if left:
            waiting.append((line, left))
    return [OpenItem(line.on, line.key, line.amount, left) for line, left in waiting]


def by_age(items: Sequence[OpenItem], today: date) -> tuple[int, ...]:
    """The sums left by age: up to each edge of `EDGES` in days, and beyond the last."""
    sums = [0] * (len(EDGES) + 1)
    for item in items:
        sums[sum(item.age(today) > edge for edge in EDGES)] += item.left
    return tuple(sums)
