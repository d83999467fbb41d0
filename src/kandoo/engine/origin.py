"""Shares of origin on a label, and totals that give no single firm away (law 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from kandoo.engine.money import apportion

K = TypeVar("K", bound=Any)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class SafeTotals:
    """Totals by group. Groups too small to show are one under `other`.

    `level`: "groups" when at least one group stands by itself, "whole" when only the sum of all
    is safe, "none" when even that would give a firm away.
    """

    totals: dict[str, int]
    merged: tuple[str, ...]
    level: Literal["groups", "whole", "none"]


def safe_totals(groups: Mapping[str, Mapping[str, int]], *, minimum: int = 5, largest_share: float = 0.5) -> SafeTotals:
    """Total each group of members, hiding those from which a member could be read.

    A total is safe when at least `minimum` members stand behind it and none holds more than
    `largest_share` of it. Unsafe groups are merged into `other`; while `other` itself is unsafe the
    smallest shown group joins it, so that no hidden total can be had by subtraction.

    Parameters
    ----------
    groups : mapping of group to (mapping of member to amount, at least 0)
        A member may stand in several groups; it then counts once in `other`.
    """
    if OTHER in groups:
        raise ValueError(f"A group cannot be named {OTHER!r}: that is what hidden groups become.")
    shown = {name: dict(each) for name, each in groups.items() if any(each.values())}
    hidden = sorted(n for n, each in shown.items() if not _is_safe(each, minimum, largest_share))
    rest = _merge([shown.pop(name) for name in hidden])
    while hidden and shown and not _is_safe(rest, minimum, largest_share):
        smallest = min(shown, key=lambda name: (sum(shown[name].values()), name))
        hidden.append(smallest)
        rest = _merge([rest, shown.pop(smallest)])
    totals = {name: sum(each.values()) for name, each in shown.items()}
    if hidden and not _is_safe(rest, minimum, largest_share):
        return SafeTotals({}, tuple(sorted(hidden)), "none")
    if hidden:
        totals[OTHER] = sum(rest.values())
    return SafeTotals(totals, tuple(sorted(hidden)), "groups" if shown or not hidden else "whole")


def _merge(groups: list[dict[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for group in groups:
        for member, amount in group.items():
            merged[member] = merged.get(member, 0) + amount
    return merged


def _is_safe(amounts: Mapping[str, int], minimum: int, largest_share: float) -> bool:
    present = [amount for amount in amounts.values() if amount > 0]
    return len(present) >= minimum and max(present) <= largest_share * sum(present)


@dataclass(frozen=True, slots=True)
class OriginShare:
    """`tenths` of a percent: 125 is 12.5 %."""

    area: str
    kg: int
    tenths: int

    @property
    def percent(self) -> float:
        return self.tenths / 10


def percentages(kg_by_area: Mapping[str, int]) -> tuple[OriginShare, ...]:
    """Shares of mass in descending order that add up to exactly 100.0 %.

    Tenths of a percent by the largest remainder, so each is within a tenth of its exact share:
    well inside the 5 points that Directive (EU) 2024/1438 allows. `other` comes last.
    """
    if not any(kg_by_area.values()):
        return ()
    tenths = apportion(1000, kg_by_area)
    shares = [OriginShare(area, kg, tenths[area]) for area, kg in kg_by_area.items() if kg]
    return tuple(sorted(shares, key=lambda each: (each.area == OTHER, -each.kg, each.area)))


def origin_shares(
    kg_by_area: Mapping[str, Mapping[str, int]],
    *,
    whole: str,
    minimum: int = 5,
    largest_share: float = 0.5,
) -> tuple[OriginShare, ...]:
    """Origin shares of a lot for its public page.

    Parameters
    ----------
    kg_by_area : mapping of area to (mapping of member to kg)
        Areas such as counties.
    whole : str
        The larger area (province, country) shown alone where no county is safe to show. It says
        no more than where the lot comes from, so it needs no group.

    Returns
    -------
    tuple of OriginShare
        Largest first; areas merged for privacy under the area `other`, last.
    """
    safe = safe_totals(kg_by_area, minimum=minimum, largest_share=largest_share)
    if safe.level == "groups":
        return percentages(safe.totals)
    return percentages({whole: sum(sum(each.values()) for each in kg_by_area.values())})
