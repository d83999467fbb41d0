"""Judge goods by a standard: every limit with its value, margin, clause and what would help.

A verdict is of a *component* (a drum or batch on its way into a lot) or of a *lot* (as sold).
Limits that the law judges after blending bind the lot only; residues and authenticity bind
every component, whatever the average of the lot says (law 4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kandoo.engine.limits import (
    Binds,
    Conditions,
    Grade,
    Limit,
    LimitValue,
    Op,
    Requirement,
    Result,
    Standard,
    grade_limits,
    is_none_found,
    least_grade_limits,
    margin,
    meets,
    with_derived,
)
from kandoo.engine.product import BarOp, BarReason, BarScope, LabTest, Profile
from kandoo.engine.standards_planning import PlanningLimits, planning_limits
from kandoo.engine.standards_reading import BadStandards, parse_standards

__all__ = [
    "BadStandards",
    "Bar",
    "Conditions",
    "Line",
    "PlanningLimits",
    "Result",
    "Standard",
    "Verdict",
    "bars",
    "for_market",
    "parse_standards",
    "planning_limits",
    "verdict",
]

On = Literal["component", "lot"]
Outcome = Literal["pass", "fail", "not_tested", "not_applicable", "lot"]
Overall = Literal["pass", "fail", "not_tested", "pass_with_untested"]


@dataclass(frozen=True, slots=True)
class Line:
    """One limit and what the goods have to set against it.

    `margin` is in the parameter's unit, positive inside. `decided_by` is the parameter on which
    the outcome turned: another one where a limit depends on it (diastase on HMF). `remedy` is a
    code: none, test, blend, dry_or_blend, filter_or_blend, change_blend, other_market, barred.
    """

    parameter: str
    op: Op
    limit: LimitValue
    found: Result
    margin: float | None
    outcome: Outcome
    remedy: str
    decided_by: str
    requires: tuple[Requirement, ...]
    standard: str
    clause: str
    is_unconfirmed: bool
    basis: str
    note: str
    unit: str
    binds: Binds
    is_component: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """`grade` is the best grade surely reached, `grade_possible` the best not ruled out."""

    standard: str
    on: On
    overall: Overall
    lines: tuple[Line, ...]
    grade: str = ""
    grade_possible: str = ""
    colour_class: str = ""

    @property
    def is_barred(self) -> bool:
        return any(line.remedy == "barred" for line in self.lines)

    def failing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.outcome == "fail")

    def untested(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.outcome == "not_tested")


@dataclass(frozen=True, slots=True)
class Bar:
    """A test result that keeps a batch out: for good, from a market, or noted only."""

    test: str
    scope: BarScope
    reason: BarReason
    found: Result
    op: BarOp
    limit: LimitValue
    unit: str
    source: str
    is_unconfirmed: bool


# Verdicts


def verdict(standard: Standard, goods: Conditions, results: Mapping[str, Result], *, on: On) -> Verdict:
    """Judge goods by a standard.

    Parameters
    ----------
    goods : Conditions
        Class, flower, extraction and flags, which choose among a parameter's limits.
    results : mapping of parameter or test code to its result
        Numbers in the profile's units, or statements; absent or None is not tested. Sums and
        ratios are computed from their parts where they are absent.
    on : "component" or "lot"
        On a component the limits that bind the lot are told and not judged (outcome `lot`).
    """
    known = with_derived(results, standard.derived)
    lines = [
        _judge(choices, known, on) for code in standard.parameters() if (choices := list(standard.choices(code, goods)))
    ]
    lines += _least_grade_lines(standard, goods, known, on)
    lines += _house_lines(standard, known, {line.parameter for line in lines if line.remedy == "barred"})
    grade, possible = _grades(standard.grades, goods, known)
    return Verdict(
        standard=standard.code,
        on=on,
        overall=_overall(line.outcome for line in lines),
        lines=tuple(lines),
        grade=grade,
        grade_possible=possible,
        colour_class=_colour_class(standard, known.get("colour")),
    )


def _overall(outcomes: Iterable[Outcome]) -> Overall:
    seen = set(outcomes)
    if "fail" in seen:
        return "fail"
    if "not_tested" not in seen:
        return "pass"
    return "pass_with_untested" if "pass" in seen else "not_tested"


def _judge(choices: Sequence[Limit], known: Mapping[str, Result], on: On) -> Line:
    """The line of one parameter: any one of its choices is enough."""
    states = [_state(limit, known) for limit in choices]
    if any(states):
        return _line(choices[states.index(True)], "pass", known, on)
    if None in states:
        return _line(choices[states.index(None)], "not_tested", known, on)
    still_open = [each for each in choices if _requirements_met(each, known) is not False]
    return _line((still_open or choices)[0], "fail", known, on)


def _state(limit: Limit, known: Mapping[str, Result]) -> bool | None:
    return _all((meets(limit.op, limit.value, known.get(limit.parameter)), _requirements_met(limit, known)))


def _requirements_met(limit: Limit, known: Mapping[str, Result]) -> bool | None:
    return _all(meets(each.op, each.value, known.get(each.parameter)) for each in limit.requires)


def _all(states: Iterable[bool | None]) -> bool | None:
    """All of three-valued states: one False is enough to fail, one None to leave it open."""
    seen = set(states)
    return False if False in seen else None if None in seen else True


def _line(limit: Limit, outcome: Outcome, known: Mapping[str, Result], on: On) -> Line:
    found = known.get(limit.parameter)
    decided_by, gap = limit.parameter, margin(limit.op, limit.value, found)
    if outcome != "pass" and meets(limit.op, limit.value, found):
        other = next(each for each in limit.requires if not meets(each.op, each.value, known.get(each.parameter)))
        decided_by = other.parameter
        gap = margin(other.op, other.value, known.get(other.parameter))
    if limit.op == "none":
        outcome = "not_applicable"
    elif on == "component" and limit.binds == "lot":
        outcome = "lot"
    return Line(
        parameter=limit.parameter,
        op=limit.op,
        limit=limit.value,
        found=found,
        margin=gap,
        outcome=outcome,
        remedy=_remedy(limit, outcome, found, on),
        decided_by=decided_by,
        requires=limit.requires,
        standard=limit.standard,
        clause=limit.clause,
        is_unconfirmed=limit.is_unconfirmed,
        basis=limit.basis,
        note=limit.note,
        unit=limit.unit,
        binds=limit.binds,
        is_component=limit.is_component,
    )


def _remedy(limit: Limit, outcome: Outcome, found: Result, on: On) -> str:
    if outcome == "not_tested":
        return "test"
    if outcome != "fail":
        return "none"
    if limit.bar and limit.bar.scope == "for_good" and _hits(limit.bar.op, limit.bar.value, found):
        return "barred"
    if limit.is_component or (on == "lot" and not limit.is_blendable):
        return "other_market"
    return "change_blend" if on == "lot" else limit.remedy


# Tests that bar


def bars(tests: Iterable[LabTest], results: Mapping[str, Result]) -> tuple[Bar, ...]:
    """The results that keep a batch out, in the order of the tests (`profile.tests.values()`)."""
    return tuple(
        Bar(
            test=test.code,
            scope=test.bar.scope,
            reason=test.bar.reason,
            found=results[test.code],
            op=test.bar.op,
            limit=test.bar.value,
            unit=test.unit,
            source=test.bar.source,
            is_unconfirmed=test.bar.is_unconfirmed,
        )
        for test in tests
        if _hits(test.bar.op, test.bar.value, results.get(test.code))
    )


def _hits(op: BarOp, value: LimitValue, found: Result) -> bool:
    if found is None or found == "":
        return False
    if op == "detected":
        return not is_none_found(found)
    if op == "equal":
        return found == value
    if op == "not_equal":
        return found != value
    return meets(ALLOWED_OP[op], value, found) is False


ALLOWED_OP: dict[BarOp, Op] = {
    "over": "le",
    "at_least": "lt",
    "under": "ge",
    "outside": "within",
    "detected": "eq",
    "not_equal": "eq",
    "equal": "ne",
}


def _house_lines(standard: Standard, known: Mapping[str, Result], told: set[str]) -> list[Line]:
    """What bars the goods for good in every market, where the standard itself does not say it."""
    lines = []
    for test in standard.house_tests:
        if test.code in told or test.bar.scope != "for_good":
            continue
        if not _hits(test.bar.op, test.bar.value, known.get(test.code)):
            continue
        limit = Limit(
            parameter=test.code,
            op=ALLOWED_OP[test.bar.op],
            value="not_detected" if test.bar.op == "detected" else test.bar.value,
            standard="house",
            clause=test.bar.source,
            is_unconfirmed=test.bar.is_unconfirmed,
            basis=test.bar.basis,
            unit=test.unit,
            is_component=True,
            bar=test.bar,
        )
        lines.append(_line(limit, "fail", known, "component"))
    return lines


# Grades and colour


def _grades(grades: Sequence[Grade], goods: Conditions, known: Mapping[str, Result]) -> tuple[str, str]:
    reached = possible = ""
    for grade in reversed(grades):
        limits = grade_limits(grade, goods)
        state = _all(meets(each.op, each.value, known.get(each.parameter)) for each in limits)
        reached = grade.name if state else reached
        possible = grade.name if state is not False else possible
    return reached, possible


def _least_grade_lines(standard: Standard, goods: Conditions, known: Mapping[str, Result], on: On) -> list[Line]:
    """Goods below the least grade have none: its measured bounds are limits of the standard."""
    lines = []
    for limit in least_grade_limits(standard, goods):
        state = meets(limit.op, limit.value, known.get(limit.parameter))
        outcome: Outcome = "pass" if state else "not_tested" if state is None else "fail"
        lines.append(_line(limit, outcome, known, on))
    return lines


def _colour_class(standard: Standard, colour: Result) -> str:
    if not isinstance(colour, int | float):
        return ""
    fitting = (each.name for each in standard.colour_classes if each.above < colour <= each.up_to)
    return next(fitting, "")


# Markets


def for_market(profile: Profile, standards: Iterable[Standard], market_code: str) -> Standard:
    """The standard of a market joined with the residue and authenticity rules asked there."""
    by_code = {each.code: each for each in standards}
    market = profile.markets[market_code]
    wanted = {market.standard, *market.residues, *(section for section, _ in market.none_detected)}
    if unknown := sorted(wanted - by_code.keys()):
        raise BadStandards(f"markets.{market_code}: no standard {unknown[0]!r}")
    base, authenticity = by_code[market.standard], by_code["authenticity"]
    limits = list(base.limits)
    for section, group in market.none_detected:
        limits += _nothing_found(by_code[section], group, profile)
    told = {each.parameter for each in limits}
    for code in market.residues:
        limits += [each for each in by_code[code].limits if each.parameter not in told]
        told |= {each.parameter for each in by_code[code].limits}
    limits += [each for each in authenticity.limits if each.rule in market.authenticity]
    return replace(base, limits=tuple(limits), house_tests=tuple(profile.tests.values()))


def _nothing_found(section: Standard, group: str, profile: Profile) -> list[Limit]:
    """A section whose rule is that nothing of a group of tests may be found."""
    return [
        Limit(
            parameter=test.code,
            op="eq",
            value="not_detected",
            standard=section.code,
            clause=section.source.code,
            note=section.rules[0].text if section.rules else "",
            unit=test.unit,
            is_component=True,
            bar=test.bar,
        )
        for test in profile.tests.values()
        if test.group == group
    ]
