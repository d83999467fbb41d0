"""The records of a product profile: kinds, parameters, tests, packs, stages, papers, markets.

Codes are what the engine speaks; each carries its Persian and English name for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kandoo.engine.identifiers import CHECKS
from kandoo.engine.laws import BlendLaw

Better = Literal["lower", "higher", "none"]
BarScope = Literal["for_good", "market", "notice"]
BarOp = Literal["detected", "over", "at_least", "under", "equal", "not_equal", "outside"]
BarReason = Literal["forbidden", "over_limit", "authenticity"]


@dataclass(frozen=True, slots=True)
class Name:
    fa: str
    en: str

    def in_language(self, language: str) -> str:
        return self.fa if language.startswith("fa") else self.en


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of the product a member may declare, with what the standards ask about it."""

    code: str
    name: Name
    honey_class: str
    floral: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A measured number. `low`..`high` is what a laboratory can plausibly report."""

    code: str
    name: Name
    unit: str
    unit_name: Name
    decimals: int
    methods: tuple[str, ...]
    low: float
    high: float
    better: Better
    remedy: str
    law: BlendLaw
    is_unconfirmed: bool
    basis: str
    note: str

    def is_plausible(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class BarRule:
    """When a test's result bars a batch, and from what (`scope`)."""

    scope: BarScope
    op: BarOp
    value: float | str | tuple[float, float] | None
    reason: BarReason
    source: str
    basis: str
    is_unconfirmed: bool


@dataclass(frozen=True, slots=True)
class LabTest:
    """A residue or authenticity test: a finding is judged by itself and never averaged.

    `answers` lists the statements a laboratory may give; empty means a number in `unit`
    (or `not_detected`). `is_signed` numbers may be negative. `listed_as` are the wordings
    under which the standards mention it.
    """

    code: str
    group: str
    name: Name
    unit: str
    methods: tuple[str, ...]
    answers: tuple[str, ...]
    is_signed: bool
    listed_as: tuple[str, ...]
    bar: BarRule


@dataclass(frozen=True, slots=True)
class PackUnit:
    """`holds` is (unit, count) for a unit that is filled with others; net masses in kg."""

    code: str
    name: Name
    net_kg: float
    net_kg_min: float
    net_kg_max: float
    holds: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class YieldFigure:
    """A published mean harvest, kg per hive per season."""

    value: float
    place: Name
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class YieldRule:
    """The most a hive can plausibly give in a season (kg), why, and what is published."""

    ceiling: float
    basis: Name
    dated: date | None
    is_assumption: bool
    published: tuple[YieldFigure, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    code: str
    name: Name
    is_core: bool


@dataclass(frozen=True, slots=True)
class SizeClass:
    """`employees_to` is None for the open-ended last class; both ends count."""

    code: str
    name: Name
    employees_from: int
    employees_to: int | None


@dataclass(frozen=True, slots=True)
class IdentifierScheme:
    """`of` is enterprise, person or site; `check` names a rule of `engine.identifiers`."""

    code: str
    name: Name
    of: str
    pattern: str
    check: str

    def check_digit_fits(self, number: str) -> bool:
        return CHECKS[self.check](number)


@dataclass(frozen=True, slots=True)
class Paper:
    code: str
    name: Name


@dataclass(frozen=True, slots=True)
class Market:
    """What goods sold in a place are judged by.

    `none_detected` pairs a residue section whose rule is "nothing found at all" with the group
    of tests it speaks of.
    """

    code: str
    name: Name
    standard: str
    residues: tuple[str, ...]
    authenticity: tuple[str, ...]
    none_detected: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    papers: tuple[str, ...]
    caution: Name | None


@dataclass(frozen=True, slots=True)
class SamplingRule:
    drums_per_sample: int
    sample_grams: int
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    code: str
    edition: str
    compiled: date | None
    name: Name
    mass_unit: str
    kinds: Mapping[str, Kind]
    parameters: Mapping[str, Parameter]
    tests: Mapping[str, LabTest]
    pack_units: Mapping[str, PackUnit]
    default_pack_unit: str
    yield_rule: YieldRule
    stages: Mapping[str, Stage]
    size_classes: tuple[SizeClass, ...]
    identifier_schemes: Mapping[str, IdentifierScheme]
    papers: Mapping[str, Paper]
    markets: Mapping[str, Market]
    names: Mapping[str, Mapping[str, Name]]
    extra_florals: tuple[str, ...]
    sampling: SamplingRule
    study_names: Mapping[str, str]

    @property
    def blend_laws(self) -> dict[str, BlendLaw]:
        return {code: each.law for code, each in self.parameters.items()}

    @property
    def yield_kg_per_hive_max(self) -> float:
        return self.yield_rule.ceiling

    def size_class(self, employees: int) -> SizeClass:
        """The class of an enterprise by its number of workers."""
        return next(each for each in reversed(self.size_classes) if each.employees_from <= max(employees, 0))

    def word(self, group: str, code: str) -> Name:
        """The two names of a code in a group such as `remedy`; the code itself when unnamed."""
        return self.names.get(group, {}).get(code) or Name(fa=code, en=code)
