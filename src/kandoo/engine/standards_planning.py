"""The limits of a standard as bounds for a planner to build the rows of a lot from."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from kandoo.engine.limits import Conditions, Limit, Standard, least_grade_limits


class PlanningLimits(NamedTuple):
    """Bounds by parameter for a lot; one of `alternatives` (lower, upper) must hold as well."""

    lower: dict[str, float]
    upper: dict[str, float]
    alternatives: tuple[tuple[dict[str, float], dict[str, float]], ...]


_Box = tuple[dict[str, float], dict[str, float]]


def planning_limits(standard: Standard, kinds: Sequence[Conditions]) -> PlanningLimits:
    """The bounds a lot of these kinds must keep, for a planner to build its rows from.

    The strictest bound among the kinds counts, so that the lot passes whichever of them it is
    taken for. Strict bounds are given as plain ones. Statements, residues and everything else
    judged on components are left out: those are eligibility, not blending.

    Notes
    -----
    A limit that may be met in more than one way (diastase with HMF) becomes alternatives, of
    which those that another makes pointless are dropped; a single one left joins the bounds.
    """
    lower: dict[str, float] = {}
    upper: dict[str, float] = {}
    open_choices: list[list[_Box]] = []
    for goods in kinds:
        for parameter in standard.parameters():
            boxes = [
                _box(each)
                for each in standard.choices(parameter, goods)
                if not each.is_component and each.op not in ("eq", "ne", "within")
            ]
            if len(boxes) == 1:
                _tighten(lower, upper, boxes[0])
            elif boxes and boxes not in open_choices:
                open_choices.append(boxes)
        for limit in least_grade_limits(standard, goods):
            _tighten(lower, upper, _box(limit))
    alternatives = _alternatives((lower, upper), open_choices)
    if len(alternatives) == 1:
        _tighten(lower, upper, alternatives[0])
        alternatives = []
    return PlanningLimits(lower, upper, tuple(alternatives))


def _box(limit: Limit) -> _Box:
    lower: dict[str, float] = {}
    upper: dict[str, float] = {}
    bounds = [(limit.parameter, limit.op, limit.value), *limit.requires]
    for parameter, op, value in bounds:
        if op != "none":
            assert isinstance(value, float)
            (upper if op in ("le", "lt") else lower)[parameter] = value
    return lower, upper


def _tighten(lower: dict[str, float], upper: dict[str, float], box: _Box) -> None:
    for parameter, value in box[0].items():
        lower[parameter] = max(value, lower.get(parameter, value))
    for parameter, value in box[1].items():
        upper[parameter] = min(value, upper.get(parameter, value))


def _alternatives(base: _Box, open_choices: Sequence[Sequence[_Box]]) -> list[_Box]:
    """Every way to make one choice each, without those that only ask more than another."""
    found: list[_Box] = []
    for combination in product(*open_choices) if open_choices else ():
        lower: dict[str, float] = {}
        upper: dict[str, float] = {}
        for box in combination:
            _tighten(lower, upper, box)
        found.append((lower, upper))
    full = [_joined(base, box) for box in found]
    return [
        box
        for place, box in enumerate(found)
        if not any(
            _asks_no_more(full[other], full[place]) and (other < place or not _asks_no_more(full[place], full[other]))
            for other in range(len(found))
            if other != place
        )
    ]


def _joined(base: _Box, box: _Box) -> _Box:
    lower, upper = dict(base[0]), dict(base[1])
    _tighten(lower, upper, box)
    return lower, upper


def _asks_no_more(loose: _Box, tight: _Box) -> bool:
    """Whether whatever meets `tight` meets `loose`."""
    return all(tight[0].get(key, float("-inf")) >= value for key, value in loose[0].items()) and all(
        tight[1].get(key, float("inf")) <= value for key, value in loose[1].items()
    )
