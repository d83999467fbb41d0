"""Recompute a verdict from the raw document of standards, sharing no code with `standards.py`.

Answers are recomputed as plain truth values straight from the dictionaries that YAML gives; only
the verdict's own fields are read from the other side.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class JudgedLine(Protocol):
    @property
    def parameter(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def standard(self) -> str: ...


def recompute(
    document: Mapping[str, Any],
    standard_id: str,
    results: Mapping[str, Any],
    *,
    honey_class: str = "blossom",
    floral: str = "",
    extraction: str = "",
    flags: Sequence[str] = (),
    on_lot: bool,
) -> dict[str, str]:
    """Outcome by parameter of one composition standard of the raw document."""
    goods = {"honey_class": honey_class, "floral": floral, "extraction": extraction}
    entry = next(each for each in document["standards"] if each["id"] == standard_id)
    values = dict(results)
    fructose, glucose = values.get("fructose"), values.get("glucose")
    if fructose is not None and glucose is not None:
        values.setdefault("fg_sum", round(fructose + glucose, 9))
        if glucose > 0:
            values.setdefault("fg_ratio", round(fructose / glucose, 9))
    outcomes: dict[str, str] = {}
    for name in {line["parameter"] for line in entry.get("limits", [])}:
        fitting = [
            line for line in entry["limits"] if line["parameter"] == name and _fits(line.get("when"), goods, flags)
        ]
        if fitting:
            outcomes[name] = _outcome(fitting, values, on_lot)
    return outcomes


def disagreements(lines: Sequence[JudgedLine], recomputed: Mapping[str, str]) -> list[str]:
    """Where a verdict's lines and the recomputed outcomes differ; empty when they agree."""
    told = {line.parameter: line.outcome for line in lines}
    return [
        f"{name}: verdict says {told.get(name, 'nothing')}, recomputed {outcome}"
        for name, outcome in sorted(recomputed.items())
        if told.get(name) != outcome
    ]


def _fits(when: Mapping[str, Any] | None, goods: Mapping[str, str], flags: Sequence[str]) -> bool:
    for key, wanted in (when or {}).items():
        if key == "any_of":
            if not [each for each in wanted if _fits(each, goods, flags)]:
                return False
        elif key == "flags":
            if not [each for each in wanted if each in flags]:
                return False
        elif goods[key] not in wanted:
            return False
    return True


def _outcome(fitting: list[Mapping[str, Any]], values: Mapping[str, Any], on_lot: bool) -> str:
    first = fitting[0]
    if first["op"] == "none":
        return "not_applicable"
    if first.get("determine_on") == "lot" and not on_lot:
        return "lot"
    answers = []
    for line in fitting:
        answers.append(_answer(line["parameter"], line["op"], line["value"], line, values))
        if "alt" in line:
            alt = line["alt"]
            answers.append(_answer(line["parameter"], line["op"], alt["value"], alt, values))
        if "requires" not in line:
            break
    if "yes" in answers:
        return "pass"
    return "not_tested" if "unknown" in answers else "fail"


def _answer(name: str, op: str, bound: Any, holder: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    parts = [_compare(op, bound, values.get(name))]
    for other, need in holder.get("requires", {}).items():
        parts.append(_compare(need["op"], need["value"], values.get(other)))
    return "no" if "no" in parts else "unknown" if "unknown" in parts else "yes"


def _compare(op: str, bound: Any, value: Any) -> str:
    if value is None:
        return "unknown"
    if op == "eq":
        return "yes" if value == bound else "no"
    difference = value - bound
    holds = {
        "le": difference <= 0,
        "lt": difference < 0,
        "ge": difference >= 0,
        "gt": difference > 0,
    }[op]
    return "yes" if holds else "no"
