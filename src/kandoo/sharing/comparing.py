"""A season under two rules: what each member got and would have got, and what may be told of it.

Pure: values in, values out. Money in rial.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from kandoo.engine.settlement import LotToSettle, Settlement, settle
from kandoo.engine.sharing_rule import SharingRule

SAFE_GROUP = 5  # members, law 1


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member over the season: by the rules the lots used, by the proposed one, and alone."""

    enterprise: int
    now: int
    proposed: int
    alone: int
    lots: int

    @property
    def difference(self) -> int:
        return self.proposed - self.now

    @property
    def difference_rounded(self) -> int:
        """To the whole toman, for a headline."""
        return round(self.difference, -1)

    @property
    def loss_rounded(self) -> int:
        """By how much the proposed rule brings less, to the whole toman."""
        return -self.difference_rounded


@dataclass(frozen=True, slots=True)
class Counts:
    """How many members gain, lose or get the same; None where that would point at somebody."""

    gain: int | None
    lose: int | None
    same: int | None

    @property
    def is_shown(self) -> bool:
        return None not in (self.gain, self.lose, self.same)


@dataclass(frozen=True, slots=True)
class SeasonSummary:
    """What everybody may know of a simulation. `season` is None when there was nothing to simulate."""

    season: int | None = None
    lots: int = 0
    lots_left_out: int = 0  # fewer than five members, or one with more than half
    members: int = 0
    counts: Counts = Counts(0, 0, 0)
    reserve_now: int = 0
    reserve_proposed: int = 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "SeasonSummary":
        """As kept by `to_dict`; nothing where nothing was kept."""
        return cls(**{**content, "counts": Counts(**content["counts"])}) if content else cls()


@dataclass(frozen=True, slots=True)
class Simulation:
    """A season settled again: every member's line, and what may be told to all."""

    summary: SeasonSummary
    lines: tuple[MemberLine, ...]

    def of(self, enterprise: int) -> MemberLine | None:
        """One member's own line."""
        return next((line for line in self.lines if line.enterprise == enterprise), None)


def simulate(season: int | None, lots: Sequence[LotToSettle], rule: SharingRule) -> Simulation:
    """Settle each lot by its own rule and by the proposed one, and add up by member.

    A lot in which fewer than five members took part, or one earned more than half, is left out: its
    figures under several rules would tell a member what its few rivals asked and would get alone.
    """
    kept = [(lot, used) for lot in lots if is_safe(used := settle(lot))]
    pairs = [(used, settle(replace(lot, rule=rule))) for lot, used in kept]
    lines = _lines(pairs)
    return Simulation(
        SeasonSummary(
            season=season,
            lots=len(kept),
            lots_left_out=len(lots) - len(kept),
            members=len(lines),
            counts=counts_of(line.difference for line in lines),
            reserve_now=sum(used.reserve for used, _ in pairs),
            reserve_proposed=sum(proposed.reserve for _, proposed in pairs),
        ),
        lines,
    )


def is_safe(settled: Settlement) -> bool:
    """Whether five members or more shared a lot and none got more than half."""
    amounts = [share.amount for share in settled.shares]
    return len(amounts) >= SAFE_GROUP and 2 * max(amounts) <= sum(amounts)


def _lines(pairs: Sequence[tuple[Settlement, Settlement]]) -> tuple[MemberLine, ...]:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for used, proposed in pairs:
        for now, then in zip(used.shares, proposed.shares, strict=True):
            assert now.member == then.member, "Both settlements list the same members in the same order."
            for place, amount in enumerate((now.amount, then.amount, now.alone, 1)):
                sums[int(now.member)][place] += amount
    return tuple(MemberLine(enterprise, *sums[enterprise]) for enterprise in sorted(sums))


def counts_of(differences: Iterable[int]) -> Counts:
    """Gainers, losers and the rest, without groups of one to four members.

    When one group is too small, the next smallest is hidden too: it could be had by taking away.
    """
    given = list(differences)
    sizes = [sum(each > 0 for each in given), sum(each < 0 for each in given), sum(each == 0 for each in given)]
    small = {place for place, size in enumerate(sizes) if 0 < size < SAFE_GROUP}
    others = [place for place, size in enumerate(sizes) if size >= SAFE_GROUP]
    if len(small) == 1 and others:
        small.add(min(others, key=lambda place: sizes[place]))
    return Counts(*(None if place in small else size for place, size in enumerate(sizes)))
