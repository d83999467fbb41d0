"""Law 3: mass is conserved. Harvest against hives, and a lot's output against its input.

Excess is held and explained, never waved through. Masses are whole kilograms or grams as the
names say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Harvest:
    """Net mass of one batch, declared from an apiary in a season."""

    batch: str
    kg: int


@dataclass(frozen=True, slots=True)
class MassVerdict:
    """`excess_kg` is what lies above the plausible harvest; `held` the batches it touches.

    `kg_per_hive` is the declared harvest per hive (None without hives).
    """

    harvested_kg: int
    plausible_kg: int
    excess_kg: int
    hives: int
    ceiling_kg_per_hive: float
    held: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        return self.excess_kg > 0

    @property
    def kg_per_hive(self) -> float | None:
        return self.harvested_kg / self.hives if self.hives else None


def judge_harvest(harvests: Iterable[Harvest], *, hives: int, kg_per_hive_max: float) -> MassVerdict:
    """Compare what an apiary harvested in a season with what its hives can plausibly give.

    Parameters
    ----------
    harvests : iterable of Harvest
        All batches of the apiary and season in the order they were declared: the batches with
        which the sum goes beyond the plausible mass are held, earlier ones stay free.
    hives : int
        Hives counted at the apiary for the season.
    kg_per_hive_max : float
        The profile's plausible ceiling, kg per hive per season.
    """
    if hives < 0 or kg_per_hive_max <= 0:
        raise ValueError("Hives must not be negative and the ceiling must be above zero.")
    plausible_kg = int(hives * Fraction(str(kg_per_hive_max)))
    harvested_kg = 0
    held = []
    for harvest in harvests:
        if harvest.kg < 0:
            raise ValueError(f"Batch {harvest.batch} has a negative mass.")
        harvested_kg += harvest.kg
        if harvested_kg > plausible_kg and harvest.kg > 0:
            held.append(harvest.batch)
    return MassVerdict(
        harvested_kg=harvested_kg,
        plausible_kg=plausible_kg,
        excess_kg=max(harvested_kg - plausible_kg, 0),
        hives=hives,
        ceiling_kg_per_hive=kg_per_hive_max,
        held=tuple(held),
    )


@dataclass(frozen=True, slots=True)
class MassBalance:
    """`unexplained_grams` above zero: mass vanished; below: mass came from nowhere."""

    in_grams: int
    out_grams: int
    declared_loss_grams: int

    @property
    def unexplained_grams(self) -> int:
        return self.in_grams - self.declared_loss_grams - self.out_grams

    @property
    def is_balanced(self) -> bool:
        return self.unexplained_grams == 0


def balance(in_grams: Iterable[int], out_grams: Iterable[int], *, declared_loss_grams: int = 0) -> MassBalance:
    """Mass balance of a lot: what comes out is what went in less the declared loss."""
    taken, given = list(in_grams), list(out_grams)
    if min([*taken, *given, declared_loss_grams]) < 0:
        raise ValueError("A mass is negative.")
    return MassBalance(sum(taken), sum(given), declared_loss_grams)


def sellable_kg(harvested_kg: int, sold_kg: int, *, held_kg: int = 0) -> int:
    """What may still be sold of a harvest: never more than was harvested and is not held."""
    return max(harvested_kg - held_kg - sold_kg, 0)
