"""The wall clock, for the edge of a program; planning itself counts work."""

from collections.abc import Callable


class Deadline:
    """Seconds allowed from now; without a clock nothing but the work limits stops a plan."""

    def __init__(self, seconds: float | None, clock: Callable[[], float] | None) -> None:
        self.seconds, self.clock = seconds, clock
        self.begun = clock() if clock else 0.0

    @property
    def elapsed(self) -> float:
        return self.clock() - self.begun if self.clock else 0.0

    @property
    def left(self) -> float | None:
        if self.seconds is None or self.clock is None:
            return None
        return max(self.seconds - self.elapsed, 0.0)

    @property
    def is_over(self) -> bool:
        return self.left == 0.0
