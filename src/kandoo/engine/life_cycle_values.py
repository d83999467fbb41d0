"""What the life-cycle gauge takes and gives: thresholds, readings, parts, the gauge. The formulas stand in `life_cycle`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["emerging", "growing", "mature", "renewing"]
State = Literal["known", "missing", "withheld"]
Word = Literal["none", "weak", "fair", "strong"]
Membership = tuple[float, float, float, float]  # over STAGES; adds up to one

STAGES: tuple[Stage, ...] = ("emerging", "growing", "mature", "renewing")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a value points, exactly; between two anchors it is in proportion, beyond the last as the last."""

    value: float
    points: Membership


@dataclass(frozen=True, slots=True)
class PartRule:
    """How one part is read. `rises`: the stage that a greater value never speaks against."""

    code: str
    weight: float
    unit: Literal["share", "part", "level"]  # a share of cases has room; a part of a whole or a level is exact
    rises: Stage
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class LifeCycleProfile:
    """Named thresholds. `doubt`, `known_min` and the three limits of `sure` lie between 0 and 1."""

    code: str
    edition: str
    source: str
    parts: tuple[PartRule, ...]
    doubt: float  # c: how strongly a part that is not known counts against the answer
    z: float  # of the Wilson interval: 1.645 for nine in ten
    stated_count: int  # cases behind a share of which nobody said how many
    known_min: float  # weight that must be known before anything is said
    sure: tuple[float, float, float]  # from which sureness on it is weak, fair, strong

    def rule(self, code: str) -> PartRule:
        """The rule of a part; KeyError when there is none."""
        for each in self.parts:
            if each.code == code:
                return each
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Reading:
    """One part as it was found. `count`: the cases a share is made of; None for a level, which is exact."""

    code: str
    value: float | None = None
    count: int | None = None
    state: State = "known"

    def __post_init__(self) -> None:
        if (self.value is None) == (self.state == "known"):
            raise ValueError(f"{self.code}: a value is given for what is known, and for nothing else")
        if self.count is not None and self.count < 1:
            raise ValueError(f"{self.code}: a share is made of one case at least")


@dataclass(frozen=True, slots=True)
class Turning:
    """A value of a part at which another stage would lead, all else as it is."""

    value: float
    stage: Stage


@dataclass(frozen=True, slots=True)
class Part:
    """What one part says: its value with its room, where it points, and what hangs on it."""

    code: str
    state: State
    weight: float  # of all parts together one
    value: float | None
    count: int | None
    low: float | None
    high: float | None
    points: Membership | None
    leads: Stage | None  # the stage it points at most
    without: Stage | None  # the stage that would lead without it
    turnings: tuple[Turning, ...]


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where a cluster stands. `stage` is None where too little is known or the parts contradict one another."""

    stage: Stage | None
    leading: Stage | None  # the greatest share, however unsure
    shares: Membership | None
    bands: tuple[tuple[float, float], ...]  # of each stage: least and most, whatever the unknown would say
    sureness: float  # 0 … 1
    word: Word
    known: float  # weight of the parts that are known
    disagreement: float  # 0 … 1
    lost_to_small_numbers: float  # by how much it would be surer were every share exact
    parts: tuple[Part, ...]
