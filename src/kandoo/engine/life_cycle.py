"""The life-cycle gauge: which of four stages a cluster's own figures point at, and how sure that is.

A cluster begins (emerging), gathers firms and services (growing), works as one network (mature) and, when
firms leave and nothing new comes, needs to find itself anew (renewing). No single figure tells which; each
part points at the four stages by thresholds that stand in a profile (data, with its source), and the
gauge is their weighted mean. What is missing counts against the answer, never for it, and "cannot say" is
an answer.

Formulas, for parts i with weights w_i that add up to one, values x_i, and memberships m_i over the stages s:

- where a part points: m_i(x) is linear between the profile's anchors, each of which adds up to one;
- shares: p_s = sum of w_i m_i(x_i)_s over the known parts / sum of w_i over the known parts;
- the room of a share x made of n cases: the Wilson score interval {q: |x - q| <= z sqrt(q (1 - q) / n)}.
  It holds x, and the room of more cases lies inside that of fewer (the condition is stricter);
- sureness: with d_i(t, o) = max(-c, m_i(x_i)_t - m_i(x_i)_o), and e_i(t, o) how much of it is lost where q runs
  through the room of i (again not below -c), the greatest over stages t of the least over stages o of
      sum over the known of w_i d_i  -  square root of the sum of (w_i e_i)^2  -  c * sum of the other w_i,
  not below 0. Errors of the parts are taken for independent. A part that is not known counts as one that speaks
  against the answer as strongly as any part may (c, the profile's `doubt`). So no part that goes missing raises
  it (the root of B^2 + x^2 is at most B + x), parts that disagree lower it, and fewer cases behind a share
  never raise it.
- disagreement: Jensen-Shannon divergence of the known parts' memberships, in units of log 4 (0 alike, 1 at odds).

References
----------
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22, 209-212.
Lin, J. (1991). Divergence measures based on the Shannon entropy. IEEE Trans. Inf. Theory 37, 145-151.
Menzel, M.-P., Fornahl, D. (2010). Cluster life cycles: dimensions and rationales of cluster evolution.
Industrial and Corporate Change 19, 205-238 (the idea of stages; the thresholds are the profile's own).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log, sqrt

from kandoo.engine.life_cycle_values import (
    STAGES,
    Anchor,
    Gauge,
    LifeCycleProfile,
    Membership,
    Part,
    PartRule,
    Reading,
    Stage,
    State,
    Turning,
    Word,
)

__all__ = [
    "STAGES",
    "Anchor",
    "Gauge",
    "LifeCycleProfile",
    "Membership",
    "Part",
    "PartRule",
    "Reading",
    "Stage",
    "State",
    "Turning",
    "Word",
    "leader",
    "life_cycle",
    "pointing",
    "service_depth",
    "wilson",
]

_WORDS: tuple[Word, ...] = ("none", "weak", "fair", "strong")
_PLACES = range(len(STAGES))


def wilson(share: float, count: int, z: float) -> tuple[float, float]:
    """The room of a share made of so many cases.

    Raises ValueError when the share is no share or there is no case.

    >>> low, high = wilson(0.5, 10, 1.645)
    >>> round(low, 3), round(high, 3)
    (0.269, 0.731)
    """
    if not 0 <= share <= 1 or count < 1:
        raise ValueError(f"{share} of {count} is no share")
    square = z * z / count
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(share * (1 - share) / count + square / (4 * count))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def pointing(rule: PartRule, value: float) -> Membership:
    """Where a value of a part points."""
    values = [each.value for each in rule.anchors]
    place = bisect_right(values, value)
    if place in (0, len(values)):
        return rule.anchors[place - 1 if place else 0].points
    before, after = rule.anchors[place - 1], rule.anchors[place]
    part = (value - before.value) / (after.value - before.value)
    return _each(before.points[at] + part * (after.points[at] - before.points[at]) for at in _PLACES)


def service_depth(counts: Mapping[str, int], stages: Sequence[str], *, full: int = 2) -> tuple[float, int]:
    """How much of the chain has its own specialised providers: (depth from 0 to 1, stages it is counted over).

    The stage with the most enterprises is what the cluster itself does and is left out; another counts full
    with `full` providers or more, so that kinds count before numbers:
        depth = sum of min(providers, full) / (full * stages).
    Raises ValueError for a chain of fewer than two stages.

    >>> service_depth({"keeping": 90, "packing": 1, "laboratory": 3}, ["keeping", "packing", "laboratory"])
    (0.75, 2)
    """
    if len(stages) < 2:
        raise ValueError("A chain of one stage has no specialised services")
    home = max(stages, key=lambda each: counts.get(each, 0))
    others = [each for each in stages if each != home]
    return sum(min(counts.get(each, 0), full) for each in others) / (full * len(others)), len(others)


def life_cycle(readings: Iterable[Reading], profile: LifeCycleProfile) -> Gauge:
    """Combine the parts. A part of the profile of which nothing is given is missing.

    Raises ValueError for a part given twice, one the profile does not have, or a share outside 0 to 1.
    """
    given = _by_code(readings, profile)
    seen = [_seen(rule, given.get(rule.code, Reading(rule.code, state="missing")), profile) for rule in profile.parts]
    shares = _shares(seen)
    leading = leader(shares) if shares else None
    known = sum(each.weight for each in seen if each.points)
    sureness, surest = _sureness(seen, profile.doubt)
    exact, _stage = _sureness([each.exact() for each in seen], profile.doubt)
    word = _WORDS[bisect_right(profile.sure, sureness)]
    is_said = word != "none" and known >= profile.known_min and surest == leading
    return Gauge(
        stage=leading if is_said else None,
        leading=leading,
        shares=shares,
        bands=tuple(_band(seen, place) for place in _PLACES),
        sureness=sureness,
        word=word if is_said else "none",
        known=known,
        disagreement=_disagreement(seen, shares),
        lost_to_small_numbers=max(0.0, exact - sureness),
        parts=tuple(_part(each, seen, leading) for each in seen),
    )


def leader(shares: Membership) -> Stage:
    """The stage with the greatest share; of equals the earlier."""
    return STAGES[max(_PLACES, key=lambda place: (shares[place], -place))]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A part with its reading, its room and where it points; weights of all together are one."""

    rule: PartRule
    reading: Reading
    weight: float
    low: float
    high: float
    points: Membership | None

    def exact(self) -> _Seen:
        """The same as if its share were exact."""
        value = self.reading.value
        return self if value is None else replace(self, low=value, high=value)

    def corners(self) -> list[Membership]:
        """Memberships at the ends of the room and at the anchors inside it: every extreme is one of them."""
        if self.points is None:
            return []
        inside = [each.points for each in self.rule.anchors if self.low < each.value < self.high]
        return [pointing(self.rule, self.low), *inside, pointing(self.rule, self.high)]


def _by_code(readings: Iterable[Reading], profile: LifeCycleProfile) -> dict[str, Reading]:
    given: dict[str, Reading] = {}
    codes = {each.code for each in profile.parts}
    for reading in readings:
        if reading.code in given:
            raise ValueError(f"{reading.code} is given twice")
        if reading.code not in codes:
            raise ValueError(f"{reading.code} is no part of the profile {profile.code}")
        given[reading.code] = reading
    return given


def _seen(rule: PartRule, reading: Reading, profile: LifeCycleProfile) -> _Seen:
    weight = rule.weight / sum(each.weight for each in profile.parts)
    if reading.value is None:
        return _Seen(rule, reading, weight, 0.0, 0.0, None)
    low = high = reading.value
    if rule.unit == "share":
        low, high = wilson(reading.value, reading.count or profile.stated_count, profile.z)
    return _Seen(rule, reading, weight, low, high, pointing(rule, reading.value))


def _each(values: Iterable[float]) -> Membership:
    first, second, third, fourth = values
    return first, second, third, fourth


def _known(seen: Sequence[_Seen]) -> list[tuple[float, Membership]]:
    """Weights and memberships of the known parts; their weights are made to add up to one."""
    found = [(each.weight, each.points) for each in seen if each.points]
    whole = sum(weight for weight, _points in found)
    return [(weight / whole, points) for weight, points in found]


def _shares(seen: Sequence[_Seen]) -> Membership | None:
    known = _known(seen)
    return _each(sum(weight * points[at] for weight, points in known) for at in _PLACES) if known else None


def _sureness(seen: Sequence[_Seen], doubt: float) -> tuple[float, Stage]:
    """The surest stage and how sure it is; see the head of the module."""
    held = [(each.weight, each.points, each.corners()) for each in seen]

    def over(stage: int, other: int) -> float:
        lead = squares = 0.0
        for weight, points, corners in held:
            here = max(-doubt, points[stage] - points[other]) if points else -doubt
            worst = max(-doubt, min((m[stage] - m[other] for m in corners), default=-doubt))
            lead += weight * here
            squares += (weight * (here - worst)) ** 2
        return lead - sqrt(squares)

    leads = [min(over(stage, other) for other in _PLACES if other != stage) for stage in _PLACES]
    best = max(_PLACES, key=lambda place: (leads[place], -place))
    return max(0.0, leads[best]), STAGES[best]


def _band(seen: Sequence[_Seen], place: int) -> tuple[float, float]:
    """The least and the most a stage's share can be, within every room and whatever is not known."""
    low = high = 0.0
    for each in seen:
        found = [m[place] for m in each.corners()] or [0.0, 1.0]
        low += each.weight * min(found)
        high += each.weight * max(found)
    return low, high


def _disagreement(seen: Sequence[_Seen], shares: Membership | None) -> float:
    if shares is None:
        return 0.0
    within = sum(weight * _entropy(points) for weight, points in _known(seen))
    return max(0.0, (_entropy(shares) - within) / log(len(STAGES)))


def _entropy(points: Membership) -> float:
    return -sum(each * log(each) for each in points if each > 0)


def _part(own: _Seen, seen: Sequence[_Seen], leading: Stage | None) -> Part:
    others = _shares([each for each in seen if each is not own])
    is_known = own.points is not None
    return Part(
        code=own.rule.code,
        state=own.reading.state,
        weight=own.weight,
        value=own.reading.value,
        count=own.reading.count,
        low=own.low if is_known else None,
        high=own.high if is_known else None,
        points=own.points,
        leads=leader(own.points) if own.points else None,
        without=leader(others) if others else None,
        turnings=_turnings(own, seen, leading) if leading and is_known else (),
    )


def _turnings(own: _Seen, seen: Sequence[_Seen], leading: Stage) -> tuple[Turning, ...]:
    """The nearest value below and the nearest above at which another stage takes the lead."""
    value = own.reading.value
    assert value is not None
    found = _crossings(own, seen, STAGES.index(leading))
    below = [each for each in found if each.value < value][-1:]
    above = [each for each in found if each.value > value][:1]
    return (*below, *above)


def _crossings(own: _Seen, seen: Sequence[_Seen], first: int) -> list[Turning]:
    """Every value of a part at which another stage draws level with the leading one, in order."""
    rest = [(each.weight, each.points) for each in seen if each is not own and each.points]
    base = [sum(weight * points[at] for weight, points in rest) for at in _PLACES]
    found: list[Turning] = []
    for other in _PLACES:
        gaps = [
            base[first] - base[other] + own.weight * (anchor.points[first] - anchor.points[other])
            for anchor in own.rule.anchors
        ]
        for place, (before, after) in enumerate(pairwise(gaps)):
            if (before < 0) != (after < 0):
                start, end = own.rule.anchors[place].value, own.rule.anchors[place + 1].value
                found.append(Turning(start + (end - start) * before / (before - after), STAGES[other]))
    return sorted(found, key=lambda each: each.value)
