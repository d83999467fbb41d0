"""How a laboratory parameter of a blend follows from those of its components.

The laws are data of the product profile (`kandoo/data/honey/profile.yaml`); this is the value
that carries one of them into the engine.
"""

from dataclasses import dataclass
from typing import Literal

LawName = Literal[
    "linear_mass",  # sum(w x) / W
    "linear_dry_matter",  # sum(w (1 - m) x) / sum(w (1 - m)), m = moisture as a fraction
    "optical_density",  # P^-1(sum(w P(x)) / W) on `curve`; the plain mean must pass too
    "sum_of",  # the sum of the blended `parts`
    "ratio_of",  # blended parts[0] / blended parts[1]
    "component",  # cannot be predicted: every component must itself meet the limit
]


@dataclass(frozen=True, slots=True)
class BlendLaw:
    """One parameter's law.

    `parts`: for `sum_of` the addends, for `ratio_of` (numerator, denominator), for
    `linear_dry_matter` the moisture parameter (g/100 g). `curve`: for `optical_density` the
    points (value, optical density), rising in both; linear between, and beyond the ends along
    the first and last piece.
    """

    parameter: str
    law: LawName
    parts: tuple[str, ...] = ()
    curve: tuple[tuple[float, float], ...] = ()
