"""Read a document of standards (standards.yaml) against the product profile it speaks of."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from kandoo.engine.limits import (
    Binds,
    ColourClass,
    Grade,
    GradeLimit,
    Limit,
    LimitValue,
    Op,
    Requirement,
    Rule,
    Source,
    Standard,
    When,
)
from kandoo.engine.product import LabTest, Profile
from kandoo.engine.reading import BadDocument, Reader

NUMERIC_OPS = ("le", "ge", "lt", "gt")
OPS = ("none", "eq", *NUMERIC_OPS)
LIMIT_KEYS = (
    "parameter", "op", "value", "when", "clause", "unconfirmed", "basis", "note",
    "determine_on", "requires", "alt", "source", "component",
)  # fmt: skip
STANDARD_KEYS = (
    "id", "source", "limits", "grades", "note", "dates", "rules", "qualitative", "market_access",
    "colour_classes_mm_pfund", "colour_classes_mm_pfund_bulk",
)  # fmt: skip
VOCABULARY = ("honey_class", "floral", "extraction", "flags")
GRADE_KEY = re.compile(r"(?P<parameter>\w+?)_(?P<op>le|ge|lt|gt)(?:_(?P<variant>\w+))?")


class BadStandards(BadDocument):
    """A document of standards that cannot be used; the message begins with the bad key's path."""


def parse_standards(document: Mapping[str, object], profile: Profile) -> tuple[Standard, ...]:
    """Every standard, residue section and the authenticity tests of a document.

    Raises
    ------
    BadStandards
        When a key is missing or unknown, a limit names a parameter or condition nobody defines,
        an operation is unknown or a code appears twice.
    """
    try:
        return _Document(Reader(document), profile).standards()
    except BadDocument as problem:
        raise BadStandards(str(problem)) from None


class _Document:
    def __init__(self, at: Reader, profile: Profile) -> None:
        self.at, self.profile = at, profile
        self.compiled = at.day("compiled")
        words = at.child("condition_vocabulary")
        words.allow_only(*VOCABULARY)
        self.vocabulary = {group: words.texts(group) for group in VOCABULARY}
        self.sources = at.child("sources")
        self.tests_listed: dict[str, list[LabTest]] = {}
        for test in profile.tests.values():
            for label in test.listed_as:
                self.tests_listed.setdefault(label, []).append(test)

    def standards(self) -> tuple[Standard, ...]:
        found = [self.composition(each) for each in self.at.children("standards")]
        found += [self.residues(each) for each in self.at.children("residues")]
        found.append(self.authenticity())
        if not any(each.section == "composition" for each in found):
            self.at.refuse("standards", "holds nothing")
        seen: set[str] = set()
        for each in found:
            if each.code in seen:
                raise BadDocument(f"standards: {each.code!r} appears twice")
            seen.add(each.code)
        return tuple(found)

    def source(self, code: str) -> Source:
        """The source of that code; a text that names no entry is itself the title."""
        if code not in self.sources:
            return Source(code, code, "")
        entry = self.sources.child(code)
        access = next((entry.text(key) for key in ("access", "url", "history") if key in entry), "")
        return Source(code, entry.text("title"), access)

    def _when(self, at: Reader) -> When:
        at.allow_only(*VOCABULARY, "any_of")
        groups = {}
        for group in VOCABULARY:
            groups[group] = at.texts(group)
            for word in groups[group]:
                if word not in self.vocabulary[group]:
                    at.refuse(group, f"{word!r} is not in the condition vocabulary")
        return When(**groups, any_of=tuple(self._when(each) for each in at.children("any_of")))

    # Composition

    def composition(self, at: Reader) -> Standard:
        at.allow_only(*STANDARD_KEYS)
        code = at.text("id")
        if at.text("source") not in self.sources:
            at.refuse("source", f"{at.text('source')!r} is not among the sources")
        return Standard(
            code=code,
            section="composition",
            compiled=self.compiled,
            source=self.source(at.text("source")),
            dates=_dates(at),
            note=at.text("note", ""),
            limits=tuple(each for line in at.children("limits") for each in self._limits(line, code)),
            grades=tuple(self._grade(each) for each in at.children("grades")),
            colour_classes=tuple(_colour_classes(at)),
            rules=tuple(_rule(each) for key in ("qualitative", "rules", "market_access") for each in at.children(key)),
            derived=tuple(law for law in self.profile.blend_laws.values() if law.law in ("sum_of", "ratio_of")),
        )

    def _limits(self, at: Reader, standard: str) -> Iterable[Limit]:
        """A line of the document: one limit, or two where it states an alternative."""
        at.allow_only(*LIMIT_KEYS)
        op = cast(Op, at.choice("op", OPS))
        yield self._limit(at, standard, op, _value(at, op), _requirements(at))
        if "alt" in at:
            other = at.child("alt")
            other.allow_only("value", "requires")
            yield self._limit(at, standard, op, _value(other, op), _requirements(other))

    def _limit(
        self,
        at: Reader,
        standard: str,
        op: Op,
        value: LimitValue,
        requires: tuple[Requirement, ...],
    ) -> Limit:
        code = at.text("parameter")
        parameter, test = self.profile.parameters.get(code), self.profile.tests.get(code)
        if parameter is None and test is None:
            at.refuse("parameter", f"{code!r} is not in the profile")
        for each in requires:
            if each.parameter not in self.profile.parameters:
                at.refuse("requires", f"{each.parameter!r} is not in the profile")
        return Limit(
            parameter=code,
            op=op,
            value=value,
            standard=standard,
            when=self._when(at.child("when")) if "when" in at else When(),
            requires=requires,
            clause=at.text("clause"),
            is_unconfirmed=at.flag("unconfirmed"),
            basis=at.text("basis", ""),
            note=at.text("note", ""),
            unit=parameter.unit if parameter else test.unit if test else "",
            binds=cast(Binds, at.choice("determine_on", ("lot", "product"), "product")),
            is_component=test is not None,
            remedy=parameter.remedy if parameter else "other_market",
            is_blendable=parameter is not None and parameter.law.law != "component",
            bar=test.bar if test else None,
        )

    def _grade(self, at: Reader) -> Grade:
        limits = []
        for key in at.data:
            if key in ("grade", "clause", "unconfirmed", "basis"):
                continue
            match = GRADE_KEY.fullmatch(key)
            if match is None:
                at.refuse(key, "unknown key")
            parameter, variant = match["parameter"], match["variant"] or ""
            if variant and variant not in self.vocabulary["extraction"] + self.vocabulary["flags"]:
                at.refuse(key, f"{variant!r} is not in the condition vocabulary")
            measured = self.profile.parameters.get(parameter)
            limits.append(
                GradeLimit(
                    parameter=parameter,
                    op=cast(Op, match["op"]),
                    value=at.number(key),
                    variant=variant,
                    is_measured=measured is not None,
                    unit=measured.unit if measured else "",
                    remedy=measured.remedy if measured else "",
                )
            )
        return Grade(
            name=at.text("grade"),
            limits=tuple(limits),
            clause=at.text("clause", ""),
            is_unconfirmed=at.flag("unconfirmed"),
            basis=at.text("basis", ""),
        )

    # Residues and authenticity: judged on every component

    def residues(self, at: Reader) -> Standard:
        """A residue section; a substance the profile has no test for is kept as a rule in words."""
        at.allow_only("id", "source", "rule", "component", "applies_from", "limits", "note", "unconfirmed")
        code = at.text("id")
        limits: list[Limit] = []
        rules = [_rule(at)] if "rule" in at else []
        for line in at.children("limits"):
            tests = self.tests_listed.get(line.text("substance"), [])
            if "op" in line and tests:
                limits += [self._test_limit(line, test, code) for test in tests]
            else:
                rules.append(_substance_rule(line))
        applies = at.day("applies_from")
        return Standard(
            code=code,
            section="residues",
            compiled=self.compiled,
            source=self.source(at.text("source", code)),
            dates=(("applies_from", applies),) if applies else (),
            note=at.text("note", ""),
            limits=tuple(limits),
            rules=tuple(rules),
        )

    def authenticity(self) -> Standard:
        limits, rules = [], []
        for line in self.at.children("authenticity"):
            tests = self.tests_listed.get(line.text("id"), [])
            if tests:
                limits += [self._test_limit(line, test, "authenticity") for test in tests]
            else:
                rules.append(_rule(line))
        return Standard(
            code="authenticity",
            section="authenticity",
            compiled=self.compiled,
            source=Source("authenticity", "Authenticity tests", ""),
            limits=tuple(limits),
            rules=tuple(rules),
        )

    def _test_limit(self, at: Reader, test: LabTest, standard: str) -> Limit:
        at.allow_only(
            "id", "test", "parameter", "substance", "op", "value", "range", "unit", "source",
            "clause", "note", "unconfirmed", "basis",
        )  # fmt: skip
        op = cast(Op, "within" if "range" in at else at.choice("op", OPS))
        return Limit(
            parameter=test.code,
            op=op,
            value=_range(at) if op == "within" else _value(at, op),
            standard=standard,
            rule=at.text("id", ""),
            clause=at.text("clause" if "clause" in at else "source", ""),
            is_unconfirmed=at.flag("unconfirmed"),
            basis=at.text("basis", ""),
            note=at.text("note", ""),
            unit=test.unit,
            is_component=True,
            bar=test.bar,
        )


def _value(at: Reader, op: Op) -> LimitValue:
    if op == "none":
        return None
    return at.text("value") if op == "eq" else at.number("value")


def _range(at: Reader) -> tuple[float, float]:
    ends = at.data["range"]
    if not isinstance(ends, list) or len(ends) != 2:
        at.refuse("range", f"should be two numbers, is {ends!r}")
    low, high = ends
    return float(low), float(high)


def _requirements(at: Reader) -> tuple[Requirement, ...]:
    if "requires" not in at:
        return ()
    found = at.child("requires")
    bounds = ((code, found.child(code)) for code in found.data)
    return tuple(
        Requirement(code, cast(Op, each.choice("op", NUMERIC_OPS)), each.number("value")) for code, each in bounds
    )


def _rule(at: Reader) -> Rule:
    return Rule(
        text=at.text("rule"),
        clause=at.text("clause", ""),
        is_unconfirmed=at.flag("unconfirmed"),
        basis=at.text("basis", ""),
        note=at.text("note" if "note" in at else "tolerance_note", ""),
    )


def _substance_rule(at: Reader) -> Rule:
    op = at.choice("op", OPS, "le")
    value = f" {op} {at.number('value'):g} {at.text('unit', '')}" if "value" in at else ""
    return Rule(
        text=f"{at.text('substance')}{value}",
        clause=at.text("clause", ""),
        is_unconfirmed=at.flag("unconfirmed"),
        basis=at.text("basis", ""),
        note=at.text("note", ""),
    )


def _dates(at: Reader) -> tuple[tuple[str, date], ...]:
    if "dates" not in at:
        return ()
    days = at.child("dates")
    return tuple((key, day) for key in days.data if (day := days.day(key)))


def _colour_classes(at: Reader) -> Iterable[ColourClass]:
    """Classes by their upper end; each begins where the one before it ends."""
    lines = (
        at.child("colour_classes_mm_pfund_bulk").children("classes")
        if "colour_classes_mm_pfund_bulk" in at
        else at.children("colour_classes_mm_pfund")
    )
    above = float("-inf")
    for each in lines:
        up_to = each.number("le", float("inf"))
        if not up_to > above:
            each.refuse("le", "should rise from class to class")
        yield ColourClass(each.text("name"), above, up_to)
        above = up_to
