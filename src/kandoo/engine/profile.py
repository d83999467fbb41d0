"""Read a product profile: what one product's cluster grows, measures, packs and forbids.

Honey is the first (`kandoo/data/honey/profile.yaml`). The profile is data; a document that does
not fit is refused with the path of the bad key. The records themselves are in `product.py`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar, cast, get_args

from kandoo.engine.identifiers import CHECKS
from kandoo.engine.laws import BlendLaw, LawName
from kandoo.engine.product import (
    BarOp,
    BarReason,
    BarRule,
    BarScope,
    Better,
    IdentifierScheme,
    Kind,
    LabTest,
    Market,
    Name,
    PackUnit,
    Paper,
    Parameter,
    Profile,
    SamplingRule,
    SizeClass,
    Stage,
    YieldFigure,
    YieldRule,
)
from kandoo.engine.reading import BadDocument, Reader

__all__ = [
    "BadProfile",
    "BarRule",
    "Kind",
    "LabTest",
    "Market",
    "Name",
    "PackUnit",
    "Parameter",
    "Profile",
    "parse_profile",
]

T = TypeVar("T")


class BadProfile(BadDocument):
    """A product profile that cannot be used."""


def parse_profile(document: Mapping[str, object]) -> Profile:
    """Turn a profile document into a `Profile`.

    Raises
    ------
    BadProfile
        When a key is missing, unknown, doubled or of the wrong kind, or names something that the
        profile does not hold; the message starts with the path of the key.
    """
    try:
        profile = _profile(Reader(document))
        _check_references(profile)
    except BadProfile:
        raise
    except BadDocument as problem:
        raise BadProfile(str(problem)) from None
    return profile


def _profile(at: Reader) -> Profile:
    at.allow_only(
        "code", "edition", "compiled", "name", "mass_unit", "kinds", "parameters", "tests",
        "pack_units", "default_pack_unit", "yield_kg_per_hive", "stages", "size_classes",
        "identifier_schemes", "papers", "markets", "names", "florals", "sampling", "study_names",
    )  # fmt: skip
    return Profile(
        code=at.text("code"),
        edition=at.text("edition"),
        compiled=at.day("compiled"),
        name=_name(at, "name"),
        mass_unit=at.text("mass_unit"),
        kinds=_by_code(at, "kinds", _kind),
        parameters=_by_code(at, "parameters", _parameter),
        tests=_by_code(at, "tests", _test),
        pack_units=_by_code(at, "pack_units", _pack_unit),
        default_pack_unit=at.text("default_pack_unit"),
        yield_rule=_yield_rule(at.child("yield_kg_per_hive")),
        stages=_by_code(at, "stages", _stage),
        size_classes=tuple(_by_code(at, "size_classes", _size_class).values()),
        identifier_schemes=_by_code(at, "identifier_schemes", _identifier_scheme),
        papers=_by_code(at, "papers", lambda each: Paper(each.text("code"), _name(each, "name"))),
        markets=_by_code(at, "markets", _market),
        names=_names(at.child("names")),
        extra_florals=at.texts("florals"),
        sampling=_sampling(at.child("sampling")),
        study_names=_study_names(at),
    )


def _by_code(at: Reader, key: str, build: Callable[[Reader], T]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for each in at.children(key):
        code = each.text("code")
        if code in found:
            each.refuse("code", f"{code!r} appears twice")
        found[code] = build(each)
    if not found:
        at.refuse(key, "holds nothing")
    return found


def _name(at: Reader, key: str) -> Name:
    pair = at.child(key)
    pair.allow_only("fa", "en")
    return Name(fa=pair.text("fa"), en=pair.text("en"))


def _kind(at: Reader) -> Kind:
    at.allow_only("code", "name", "honey_class", "floral", "flags")
    return Kind(
        code=at.text("code"),
        name=_name(at, "name"),
        honey_class=at.text("honey_class"),
        floral=at.text("floral", ""),
        flags=at.texts("flags"),
    )


def _parameter(at: Reader) -> Parameter:
    at.allow_only(
        "code", "name", "unit", "unit_name", "decimals", "methods", "low", "high", "better",
        "remedy", "blend", "unconfirmed", "basis", "note",
    )  # fmt: skip
    low, high = at.number("low"), at.number("high")
    if not low < high:
        at.refuse("low", f"{low:g} should be below high, {high:g}")
    decimals = at.whole("decimals")
    if not 0 <= decimals <= 6:
        at.refuse("decimals", f"should be 0 to 6, is {decimals}")
    return Parameter(
        code=at.text("code"),
        name=_name(at, "name"),
        unit=at.text("unit"),
        unit_name=_name(at, "unit_name"),
        decimals=decimals,
        methods=at.texts("methods"),
        low=low,
        high=high,
        better=cast(Better, at.choice("better", get_args(Better))),
        remedy=at.text("remedy"),
        law=_law(at.text("code"), at.child("blend")),
        is_unconfirmed=at.flag("unconfirmed"),
        basis=at.text("basis", ""),
        note=at.text("note", ""),
    )


PARTS_WANTED = {"sum_of": 2, "ratio_of": 2, "linear_dry_matter": 1}


def _law(parameter: str, at: Reader) -> BlendLaw:
    at.allow_only("law", "parts", "curve")
    law = cast(LawName, at.choice("law", get_args(LawName)))
    parts = at.texts("parts")
    wanted = PARTS_WANTED.get(law, 0)
    if len(parts) != wanted:
        at.refuse("parts", f"{law} takes {wanted} parts, has {len(parts)}")
    curve = _curve(at) if law == "optical_density" else ()
    if law != "optical_density" and "curve" in at:
        at.refuse("curve", f"{law} takes no curve")
    return BlendLaw(parameter, law, parts, curve)


def _curve(at: Reader) -> tuple[tuple[float, float], ...]:
    points = at.data.get("curve")
    if not isinstance(points, list) or len(points) < 2:
        at.refuse("curve", "should be a list of at least two points")
    curve: list[tuple[float, float]] = []
    for number, point in enumerate(points):
        if not (isinstance(point, list) and len(point) == 2 and all(map(_is_number, point))):
            at.refuse(f"curve[{number}]", f"should be two numbers, is {point!r}")
        curve.append((float(point[0]), float(point[1])))
        if number and not (curve[-1][0] > curve[-2][0] and curve[-1][1] > curve[-2][1]):
            at.refuse(f"curve[{number}]", "should rise in both numbers")
    return tuple(curve)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _test(at: Reader) -> LabTest:
    at.allow_only("code", "group", "name", "unit", "methods", "answers", "signed", "listed_as", "bar")
    answers = at.texts("answers")
    return LabTest(
        code=at.text("code"),
        group=at.text("group"),
        name=_name(at, "name"),
        unit=at.text("unit"),
        methods=at.texts("methods"),
        answers=answers,
        is_signed=at.flag("signed"),
        listed_as=at.texts("listed_as"),
        bar=_bar(at.child("bar"), answers),
    )


def _bar(at: Reader, answers: Collection[str]) -> BarRule:
    at.allow_only("scope", "op", "value", "reason", "source", "basis", "unconfirmed")
    op = cast(BarOp, at.choice("op", get_args(BarOp)))
    return BarRule(
        scope=cast(BarScope, at.choice("scope", get_args(BarScope))),
        op=op,
        value=_bar_value(at, op, answers),
        reason=cast(BarReason, at.choice("reason", get_args(BarReason))),
        source=at.text("source"),
        basis=at.text("basis", ""),
        is_unconfirmed=at.flag("unconfirmed"),
    )


def _bar_value(at: Reader, op: BarOp, answers: Collection[str]) -> float | str | tuple[float, float] | None:
    if op == "detected":
        return None
    if op in ("equal", "not_equal"):
        return at.choice("value", answers)
    if op != "outside":
        return at.number("value")
    ends = at.data.get("value")
    if not (isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends))):
        at.refuse("value", f"should be two numbers, is {ends!r}")
    low, high = float(ends[0]), float(ends[1])
    if not low < high:
        at.refuse("value", "should rise")
    return low, high


def _pack_unit(at: Reader) -> PackUnit:
    at.allow_only("code", "name", "net_kg", "net_kg_min", "net_kg_max", "holds", "note", "assumption")
    low, net, high = at.number("net_kg_min"), at.number("net_kg"), at.number("net_kg_max")
    if not 0 < low <= net <= high:
        at.refuse("net_kg", f"should lie in {low:g} to {high:g}, is {net:g}")
    holds = at.child("holds") if "holds" in at else None
    return PackUnit(
        code=at.text("code"),
        name=_name(at, "name"),
        net_kg=net,
        net_kg_min=low,
        net_kg_max=high,
        holds=(holds.text("unit"), holds.whole("count")) if holds else None,
    )


def _yield_rule(at: Reader) -> YieldRule:
    at.allow_only("ceiling", "ceiling_basis", "ceiling_date", "assumption", "published")
    ceiling = at.number("ceiling")
    if ceiling <= 0:
        at.refuse("ceiling", f"should be above 0, is {ceiling:g}")
    return YieldRule(
        ceiling=ceiling,
        basis=_name(at, "ceiling_basis"),
        dated=at.day("ceiling_date"),
        is_assumption=at.flag("assumption"),
        published=tuple(
            YieldFigure(
                each.number("value"),
                _name(each, "place"),
                each.text("period"),
                each.text("source"),
            )
            for each in at.children("published")
        ),
    )


def _stage(at: Reader) -> Stage:
    at.allow_only("code", "name", "is_core")
    return Stage(at.text("code"), _name(at, "name"), at.flag("is_core"))


def _size_class(at: Reader) -> SizeClass:
    at.allow_only("code", "name", "employees_from", "employees_to", "source")
    return SizeClass(
        code=at.text("code"),
        name=_name(at, "name"),
        employees_from=at.whole("employees_from"),
        employees_to=at.whole("employees_to") if "employees_to" in at else None,
    )


def _identifier_scheme(at: Reader) -> IdentifierScheme:
    at.allow_only("code", "name", "of", "pattern", "check", "note", "assumption")
    return IdentifierScheme(
        code=at.text("code"),
        name=_name(at, "name"),
        of=at.choice("of", ("enterprise", "person", "site")),
        pattern=at.text("pattern"),
        check=at.choice("check", CHECKS),
    )


def _market(at: Reader) -> Market:
    at.allow_only(
        "code", "name", "standard", "residues", "authenticity", "none_detected", "labels",
        "papers", "caution",
    )  # fmt: skip
    pairs = at.data.get("none_detected") or []
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and [type(each) for each in pair] == [str, str] for pair in pairs
    ):
        at.refuse("none_detected", "should be a list of [section, test group]")
    return Market(
        code=at.text("code"),
        name=_name(at, "name"),
        standard=at.text("standard"),
        residues=at.texts("residues"),
        authenticity=at.texts("authenticity"),
        none_detected=tuple((section, group) for section, group in pairs),
        labels=at.texts("labels"),
        papers=at.texts("papers"),
        caution=_name(at, "caution") if "caution" in at else None,
    )


def _names(at: Reader) -> Mapping[str, Mapping[str, Name]]:
    groups = {}
    for group in at.data:
        words = at.child(group)
        groups[group] = {code: _name(words, code) for code in words.data}
    return groups


def _study_names(at: Reader) -> Mapping[str, str]:
    if "study_names" not in at:
        return {}
    pairs = at.child("study_names")
    return {study: pairs.text(study) for study in pairs.data}


def _sampling(at: Reader) -> SamplingRule:
    at.allow_only("drums_per_sample", "sample_grams", "source")
    for key in ("drums_per_sample", "sample_grams"):
        if at.whole(key) < 1:
            at.refuse(key, "should be at least 1")
    return SamplingRule(at.whole("drums_per_sample"), at.whole("sample_grams"), at.text("source"))


def _check_references(profile: Profile) -> None:
    """Every code that one part of the profile takes from another must exist there."""
    for code, parameter in profile.parameters.items():
        _known(f"parameters.{code}.blend.parts", parameter.law.parts, profile.parameters)
        if code in profile.tests:
            raise BadProfile(f"tests.{code}: is a parameter as well")
    _known("default_pack_unit", [profile.default_pack_unit], profile.pack_units)
    for code, unit in profile.pack_units.items():
        held = [unit.holds[0]] if unit.holds else []
        _known(f"pack_units.{code}.holds", held, profile.pack_units)
    groups = {each.group for each in profile.tests.values()}
    for code, market in profile.markets.items():
        _known(f"markets.{code}.papers", market.papers, profile.papers)
        _known(f"markets.{code}.none_detected", (g for _, g in market.none_detected), groups)
    _check_size_classes(profile.size_classes)


def _known(path: str, wanted: Iterable[str], held: Collection[str]) -> None:
    for each in wanted:
        if each not in held:
            raise BadProfile(f"{path}: {each!r} is not in the profile")


def _check_size_classes(classes: tuple[SizeClass, ...]) -> None:
    expected = 0
    for number, each in enumerate(classes):
        if each.employees_from != expected:
            raise BadProfile(f"size_classes[{number}].employees_from: should be {expected}")
        is_last = number == len(classes) - 1
        if (each.employees_to is None) != is_last:
            raise BadProfile(f"size_classes[{number}].employees_to: only the last class is open")
        expected = (each.employees_to or 0) + 1
