"""A standard as values, and whether one result meets one limit.

Reading standards from their document is `standards_reading.py`; judging goods is `standards.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from kandoo.engine.laws import BlendLaw
from kandoo.engine.product import BarRule, Kind, LabTest

Op = Literal["none", "le", "ge", "lt", "gt", "eq", "ne", "within"]
Binds = Literal["product", "lot"]
Result = float | str | None  # a number, `not_detected`, `detected`, `<0.1`, or a statement
LimitValue = float | str | tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is known of the goods that decides which limit applies to them."""

    honey_class: str = "blossom"
    floral: str = ""
    extraction: str = ""
    flags: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: Kind, *, extraction: str = "", flags: frozenset[str] = frozenset()) -> "Conditions":
        return cls(kind.honey_class, kind.floral, extraction, flags | frozenset(kind.flags))


@dataclass(frozen=True, slots=True)
class When:
    """Every non-empty group must match, and one of `any_of` if there are any."""

    honey_class: tuple[str, ...] = ()
    floral: tuple[str, ...] = ()
    extraction: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    any_of: tuple["When", ...] = ()

    def holds(self, goods: Conditions) -> bool:
        return (
            (not self.honey_class or goods.honey_class in self.honey_class)
            and (not self.floral or goods.floral in self.floral)
            and (not self.extraction or goods.extraction in self.extraction)
            and (not self.flags or not goods.flags.isdisjoint(self.flags))
            and (not self.any_of or any(each.holds(goods) for each in self.any_of))
        )


class Requirement(NamedTuple):
    """Another parameter's bound on which a limit depends."""

    parameter: str
    op: Op
    value: float


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound of a standard.

    `binds`: "lot" when the law judges the goods after blending. `is_component`: one component
    that fails spoils the lot whatever its average. `requires` must hold as well; where it does
    not, the next limit of the parameter that fits the goods is the way out. `remedy` is what
    would help a component; `bar` the profile's rule for a test.
    """

    parameter: str
    op: Op
    value: LimitValue
    standard: str
    rule: str = ""
    when: When = When()
    requires: tuple[Requirement, ...] = ()
    clause: str = ""
    is_unconfirmed: bool = False
    basis: str = ""
    note: str = ""
    unit: str = ""
    binds: Binds = "product"
    is_component: bool = False
    remedy: str = "other_market"
    is_blendable: bool = False
    bar: BarRule | None = None


@dataclass(frozen=True, slots=True)
class GradeLimit:
    """`variant` is an extraction or flag for which this bound replaces the plain one.

    `is_measured` is False for points given by a grader.
    """

    parameter: str
    op: Op
    value: float
    variant: str
    is_measured: bool
    unit: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of goods; a standard lists its grades best first."""

    name: str
    limits: tuple[GradeLimit, ...]
    clause: str
    is_unconfirmed: bool
    basis: str


@dataclass(frozen=True, slots=True)
class ColourClass:
    """Colours in mm Pfund, above `above` and up to and including `up_to`."""

    name: str
    above: float
    up_to: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A demand in words, shown to people and not computed."""

    text: str
    clause: str
    is_unconfirmed: bool
    basis: str
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    code: str
    title: str
    access: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A dated set of limits with the source each comes from.

    `compiled` is the date of the document; `dates` are those of the law (e.g. `apply_from`).
    `derived` are parameters computed from others where the laboratory gave none. `house_tests`
    are the profile's own tests, whose findings bar goods in every market.
    """

    code: str
    section: Literal["composition", "residues", "authenticity"]
    compiled: date | None
    source: Source
    dates: tuple[tuple[str, date], ...] = ()
    note: str = ""
    limits: tuple[Limit, ...] = ()
    grades: tuple[Grade, ...] = ()
    colour_classes: tuple[ColourClass, ...] = ()
    rules: tuple[Rule, ...] = ()
    derived: tuple[BlendLaw, ...] = ()
    house_tests: tuple[LabTest, ...] = ()

    @property
    def unconfirmed_count(self) -> int:
        return sum(each.is_unconfirmed for each in self.limits)

    def parameters(self) -> tuple[str, ...]:
        """The limited parameters in the order of the document."""
        return tuple(dict.fromkeys(each.parameter for each in self.limits))

    def choices(self, parameter: str, goods: Conditions) -> Iterator[Limit]:
        """The limits any one of which is enough: the first that fits, and its ways out."""
        for limit in self.limits:
            if limit.parameter == parameter and limit.when.holds(goods):
                yield limit
                if not limit.requires:
                    return


def meets(op: Op, limit: LimitValue, found: Result) -> bool | None:
    """Whether a result meets a bound; None when the result cannot tell."""
    if op == "none":
        return True
    if found is None or found == "":
        return None
    if op == "eq":
        return _equals(limit, found)
    if op == "ne":
        return found != limit
    below = _below(found)
    if isinstance(found, str) and below is None:
        return True if is_none_found(found) and op in ("le", "lt") else None
    if op == "within":
        assert isinstance(limit, tuple)
        return None if below is not None else limit[0] <= float(found) <= limit[1]
    assert isinstance(limit, float)
    if below is not None:
        is_certain = below <= limit
        return (op in ("le", "lt")) if is_certain else None
    value = float(found)
    return {"le": value <= limit, "ge": value >= limit, "lt": value < limit, "gt": value > limit}[op]


def margin(op: Op, limit: LimitValue, found: Result) -> float | None:
    """How far inside the bound a number lies (negative outside); None for statements."""
    if not isinstance(found, int | float):
        return None
    if op in ("le", "lt") and isinstance(limit, float):
        return round(limit - found, 9)
    if op in ("ge", "gt") and isinstance(limit, float):
        return round(found - limit, 9)
    if op == "within" and isinstance(limit, tuple):
        return round(min(found - limit[0], limit[1] - found), 9)
    return None


def is_none_found(found: Result) -> bool:
    """Whether a residue result says that nothing was found."""
    if isinstance(found, str):
        return found in ("not_detected", "negative") or _below(found) is not None
    return found is not None and found <= 0


def _equals(limit: LimitValue, found: float | str) -> bool:
    if limit == "not_detected":
        return is_none_found(found)
    return found == limit


def _below(found: Result) -> float | None:
    """The bound of a result given as `<0.3`."""
    if not isinstance(found, str) or not found.startswith("<"):
        return None
    try:
        return float(found[1:])
    except ValueError:
        return None


def with_derived(results: Mapping[str, Result], laws: tuple[BlendLaw, ...]) -> dict[str, Result]:
    """Add sums and ratios that the laboratory left out but whose parts it measured."""
    full = dict(results)
    for law in laws:
        parts = [full.get(part) for part in law.parts]
        numbers = [each for each in parts if isinstance(each, int | float)]
        if full.get(law.parameter) is not None or len(numbers) < len(law.parts):
            continue
        if law.law == "sum_of":
            full[law.parameter] = round(sum(numbers), 9)
        elif law.law == "ratio_of" and numbers[1] > 0:
            full[law.parameter] = round(numbers[0] / numbers[1], 9)
    return full


def grade_limits(grade: Grade, goods: Conditions) -> list[GradeLimit]:
    """One bound a parameter: the variant for these goods in place of the plain one."""
    chosen: dict[str, GradeLimit] = {}
    for limit in grade.limits:
        is_variant = limit.variant == goods.extraction or limit.variant in goods.flags
        if (limit.variant and is_variant) or (not limit.variant and limit.parameter not in chosen):
            chosen[limit.parameter] = limit
    return list(chosen.values())


def least_grade_limits(standard: Standard, goods: Conditions) -> list[Limit]:
    """The measured bounds of the least grade: goods outside them have no grade at all."""
    if not standard.grades:
        return []
    grade = standard.grades[-1]
    return [
        Limit(
            parameter=each.parameter,
            op=each.op,
            value=each.value,
            standard=standard.code,
            rule=f"grade {grade.name}",
            clause=grade.clause,
            is_unconfirmed=grade.is_unconfirmed,
            basis=grade.basis,
            unit=each.unit,
            remedy=each.remedy,
            is_blendable=True,
        )
        for each in grade_limits(grade, goods)
        if each.is_measured
    ]
