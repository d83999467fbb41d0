"""Which tests stand behind a lot: how many batches, which laboratories, when, and what they say.

The value of a blend is predicted from its batches' own results by the laws of blending, and told
only where every batch was tested. Residue and authenticity tests are never averaged (law 4): they
are counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from kandoo import profiles
from kandoo.engine.limits import Result, is_none_found, with_derived
from kandoo.engine.product import LabTest, Name, Parameter
from kandoo.engine.selling.blend import measures
from kandoo.engine.standards import bars
from kandoo.selling.models import LabResult, Order
from kandoo.selling.planning import REFUSED, order_limits
from kandoo.site.language import fold

OWN_LABORATORY = Name("آزمایشگاه خود تولیدکننده", "The producer's own laboratory")
UNNAMED_LABORATORY = Name("آزمایشگاه نام برده نشده", "Laboratory not named")
_NO_LIMITS: tuple[dict[str, float], dict[str, float]] = ({}, {})


class Tested(Protocol):
    """A part of a lot with the newest result of each parameter of its batch."""

    @property
    def producer(self) -> str: ...
    @property
    def producer_names(self) -> tuple[str, str]: ...
    @property
    def kg(self) -> int: ...
    @property
    def results(self) -> dict[str, LabResult]: ...
    @property
    def values(self) -> dict[str, Result]: ...


def tests_made(profile: profiles.Profile, order: Order, parts: Sequence[Tested]) -> dict[str, Any]:
    """All tests of the batches of an order, without a member, a batch or a price."""
    laws = [law for law in profile.blend_laws.values() if law.law in ("sum_of", "ratio_of")]
    found = [with_derived(part.values, tuple(laws)) for part in parts]
    blend = _predicted(profile, found, [part.kg for part in parts])
    limits = _limits_kept(order_limits(profile, order), blend)
    return {
        "standard": _standard(profile, order),
        "blend": [
            _blend_row(each, parts, found, blend.get(code), limits)
            for code, each in profile.parameters.items()
            if _was_tested(code, parts) or code in limits[0] or code in limits[1]
        ],
        "residues": [
            _residue_row(profile, each, parts)
            for code, each in profile.tests.items()
            if each.group != "authenticity" and _was_tested(code, parts)
        ],
        "authenticity": [
            _residue_row(profile, each, parts)
            for code, each in profile.tests.items()
            if each.group == "authenticity" and _was_tested(code, parts)
        ],
    }


def _was_tested(code: str, parts: Iterable[Tested]) -> bool:
    return any(code in part.results for part in parts)


def _standard(profile: profiles.Profile, order: Order) -> dict[str, Any] | None:
    """The standard the order names, with the date of the text it was judged by."""
    if not order.standard:
        return None
    standard = profiles.market_standard(profile.code, order.standard)
    market, words = profile.markets[order.standard], profile.word("standard", standard.code)
    return {
        "code": order.standard,
        "market": _names(market.name),
        **_names(words),
        "compiled": standard.compiled.isoformat() if standard.compiled else None,
        "unconfirmed": standard.unconfirmed_count,
    }


def _predicted(profile: profiles.Profile, found: Sequence[Mapping[str, Result]], kg: Sequence[int]) -> dict[str, float]:
    """The value of each parameter of the lot, where every batch was tested and a law predicts it."""
    quality = {
        code: np.array([_number(each.get(code)) for each in found], dtype=np.float64) for code in profile.parameters
    }
    rows, mass = np.arange(len(found)), np.array(kg, dtype=np.float64)
    blend = {}
    for code, parameter in profile.parameters.items():
        if parameter.law.law == "component":
            continue
        value = measures(code, quality, profile.blend_laws, len(found))[0].blended(rows, mass)
        if value is not None:
            blend[code] = value
    return blend


def _number(value: Result) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _limits_kept(
    boxes: Sequence[tuple[dict[str, float], dict[str, float]]], blend: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Of the sets of limits the order allows, the one the blend lies inside; else the first."""
    plain = [(low, {code: most for code, most in up.items() if not code.startswith(REFUSED)}) for low, up in boxes]
    return next((box for box in plain if _lies_inside(box, blend)), plain[0] if plain else _NO_LIMITS)


def _lies_inside(box: tuple[dict[str, float], dict[str, float]], blend: Mapping[str, float]) -> bool:
    codes = {*box[0], *box[1]} & blend.keys()
    return all(_passes(blend[code], box[0].get(code), box[1].get(code)) for code in codes)


def _passes(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least - 1e-9) and (most is None or value <= most + 1e-9)


def _blend_row(
    parameter: Parameter,
    parts: Sequence[Tested],
    found: Sequence[Mapping[str, Result]],
    value: float | None,
    limits: tuple[dict[str, float], dict[str, float]],
) -> dict[str, Any]:
    least, most = (side.get(parameter.code) for side in limits)
    is_judged = value is not None and (least, most) != (None, None)
    sources = (parameter.code,) if _was_tested(parameter.code, parts) else parameter.law.parts
    return {
        "code": parameter.code,
        **_names(parameter.name),
        "unit": _names(parameter.unit_name),
        "decimals": parameter.decimals,
        "blend": None if value is None else round(value, 6),
        "least": least,
        "most": most,
        "passes": _passes(value, least, most) if is_judged and value is not None else None,
        **_who_and_when(sources, parts),
        "tested": sum(each.get(parameter.code) is not None for each in found),
    }


def _residue_row(profile: profiles.Profile, test: LabTest, parts: Sequence[Tested]) -> dict[str, Any]:
    """A residue or authenticity test: tested, found in, and outside the bound of the profile."""
    results = [part.values[test.code] for part in parts if test.code in part.results]
    is_residue = test.group != "authenticity"
    return {
        "code": test.code,
        "group": _names(profile.word("test_group", test.group)),
        **_names(test.name),
        "found": sum(not is_none_found(each) for each in results) if is_residue else None,
        "outside": sum(bool(bars([test], {test.code: each})) for each in results),
        **_who_and_when((test.code,), parts),
    }


def _who_and_when(codes: Sequence[str], parts: Sequence[Tested]) -> dict[str, Any]:
    """The laboratories, methods and days of the results that count."""
    rows = [(part, part.results[code]) for part in parts for code in codes if code in part.results]
    days = sorted(result.tested_on for _, result in rows)
    laboratories = {_laboratory(part, result, parts) for part, result in rows}
    return {
        "tested": len({id(part) for part, _ in rows}),
        "laboratories": [_names(each) for each in sorted(laboratories, key=lambda each: each.en or each.fa)],
        "methods": sorted({row.method for _, row in rows if row.method and not _names_a_producer(row.method, parts)}),
        "from": days[0].isoformat() if days else None,
        "to": days[-1].isoformat() if days else None,
    }


def _laboratory(part: Tested, result: LabResult, parts: Sequence[Tested]) -> Name:
    """The laboratory's name, unless it is that of a producer of the lot."""
    if result.laboratory is None:
        name = Name(result.laboratory_name, result.laboratory_name)
    else:
        name = Name(result.laboratory.name_fa, result.laboratory.name_en or result.laboratory.name_fa)
    if not name.fa:
        return UNNAMED_LABORATORY
    return OWN_LABORATORY if _names_a_producer(f"{name.fa} {name.en}", parts) else name


def _names_a_producer(text: str, parts: Sequence[Tested]) -> bool:
    """Whether a text that somebody typed holds the name of a producer of the lot."""
    written = fold(text)
    return any(fold(each) in written for part in parts for each in part.producer_names if each)


def _names(name: Name) -> dict[str, str]:
    return {"name_fa": name.fa, "name_en": name.en}
