"""Read a profile of the life-cycle gauge: a document whose faults are named by their path."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from kandoo.engine.life_cycle import STAGES, Anchor, LifeCycleProfile, Membership, PartRule
from kandoo.engine.reading import BadDocument, Reader

UNITS: tuple[Literal["share", "part", "level"], ...] = ("share", "part", "level")


class BadLifeCycle(BadDocument):
    """A profile of the gauge that cannot be used."""


def parse_life_cycle(document: Mapping[str, object]) -> LifeCycleProfile:
    """Turn a document into a `LifeCycleProfile`.

    Raises BadLifeCycle when a key is missing, unknown or of the wrong kind, anchors do not rise or add up to one,
    or a part speaks against the stage it is said to raise.
    """
    try:
        return _profile(Reader(document))
    except BadLifeCycle:
        raise
    except BadDocument as problem:
        raise BadLifeCycle(str(problem)) from None


def _profile(at: Reader) -> LifeCycleProfile:
    at.allow_only("code", "edition", "source", "parts", "doubt", "z", "stated_count", "known_min", "sure")
    parts = tuple(_part(each) for each in at.children("parts"))
    if not parts or len({each.code for each in parts}) != len(parts):
        at.refuse("parts", "holds nothing, or a part twice")
    sure = at.child("sure")
    limits = (_between(sure, "weak"), _between(sure, "fair"), _between(sure, "strong"))
    if sorted(limits) != list(limits):
        at.refuse("sure", "weak, fair and strong do not rise")
    return LifeCycleProfile(
        code=at.text("code"),
        edition=at.text("edition"),
        source=at.text("source"),
        parts=parts,
        doubt=_between(at, "doubt"),
        z=at.number("z"),
        stated_count=at.whole("stated_count"),
        known_min=_between(at, "known_min"),
        sure=limits,
    )


def _between(at: Reader, key: str) -> float:
    value = at.number(key)
    if not 0 <= value <= 1:
        at.refuse(key, f"should lie between 0 and 1, is {value}")
    return value


def _part(at: Reader) -> PartRule:
    at.allow_only("code", "weight", "unit", "rises", "anchors")
    weight, anchors = at.number("weight"), tuple(_anchor(each) for each in at.children("anchors"))
    if weight <= 0:
        at.refuse("weight", "should be above 0")
    values = [each.value for each in anchors]
    if len(anchors) < 2 or any(after <= before for before, after in pairwise(values)):
        at.refuse("anchors", "need two values or more that rise")
    wanted = at.choice("rises", STAGES)
    stage = next(each for each in STAGES if each == wanted)
    raised = [each.points[STAGES.index(stage)] for each in anchors]
    if sorted(raised) != raised:
        at.refuse("rises", f"a greater value speaks against {stage}")
    kind = at.choice("unit", UNITS)
    unit = next(each for each in UNITS if each == kind)
    return PartRule(at.text("code"), weight, unit, stage, anchors)


def _anchor(at: Reader) -> Anchor:
    at.allow_only("at", *STAGES)
    first, second, third, fourth = (at.number(stage, 0.0) for stage in STAGES)
    points: Membership = (first, second, third, fourth)
    if min(points) < 0 or abs(sum(points) - 1) > 1e-9:
        at.refuse("at", "the four stages should add up to one")
    return Anchor(at.number("at"), points)
