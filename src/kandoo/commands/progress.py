"""How far a long command has come, and how much longer it will take."""

from collections.abc import Callable
from typing import TextIO

EVERY_SECONDS = {True: 0.2, False: 10.0}  # on a terminal, in a file


class Progress:
    """A line on a terminal that is written over; in a file a new line every ten seconds."""

    def __init__(self, total: float, out: TextIO, clock: Callable[[], float]) -> None:
        self.total, self.out, self.clock = max(total, 1e-9), out, clock
        self.is_terminal = out.isatty()
        self.done = self.settled = self.skipped = 0.0
        self.begun = self.shown = clock()
        self.doing = ""

    def begin(self, doing: str) -> None:
        self.doing = doing
        self._show()

    def add(self, work: float) -> None:
        self.done += work
        self._show()

    def part_of(self, work: float, steps: int) -> Callable[[int], None]:
        """What to call with the number of steps just done, of so many that are this work together."""
        return lambda done: self.add(work * done / steps)

    def settle(self, work: float) -> None:
        """The piece is finished, whatever was added during it."""
        self.settled += work
        self.done = self.settled
        self._show()

    def skip(self, work: float) -> None:
        """The piece was there already; it says nothing about how fast the rest is."""
        self.settle(work)
        self.skipped += work

    def end(self) -> None:
        if self.is_terminal:
            self.out.write("\r\x1b[K")
            self.out.flush()

    def _show(self) -> None:
        now = self.clock()
        if now - self.shown < EVERY_SECONDS[self.is_terminal]:
            return
        self.shown = now
        text = f"{min(self.done / self.total, 1):4.0%}  {self.doing}  {self._left(now)}"
        self.out.write(f"\r\x1b[K{text}" if self.is_terminal else f"{text}\n")
        self.out.flush()

    def _left(self, now: float) -> str:
        made = self.done - self.skipped
        if made <= 0:
            return ""
        seconds = int((now - self.begun) * max(self.total - self.done, 0) / made)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left"
