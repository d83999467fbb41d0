"""What is offered and what is wanted: columns of batches and orders, checked where they are built.

Money is an integer of the smallest unit per kilogram. Masses may carry grams (three decimals).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

GRAMS_PER_KG = 1000
MONEY_MAX = 10**12  # per kg; keeps every sum of a plan well inside 64 bits
GRAMS_MAX = 10**15


@dataclass(frozen=True, slots=True)
class Limits:
    """One complete set of limits for every order: parameter -> one value an order, NaN = none."""

    lower: Mapping[str, FloatArray]
    upper: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Batches:
    """Whole drums on offer, one row a batch. Build with `Batches.build`."""

    batch_id: tuple[str, ...]
    member_id: tuple[str, ...]
    kind: tuple[str, ...]
    drums: IntArray
    drum_g: IntArray  # net mass of one drum, grams
    reserve_per_kg: IntArray
    transport_per_kg: IntArray
    barred: BoolArray
    quality: Mapping[str, FloatArray]  # NaN = not tested

    def __len__(self) -> int:
        return len(self.batch_id)

    def __repr__(self) -> str:
        return f"Batches({len(self)} batches, {int(self.drums.sum())} drums)"

    @classmethod
    def build(
        cls,
        batch_id: Sequence[str],
        member_id: Sequence[str],
        kind: Sequence[str],
        drums: Sequence[int],
        drum_kg: Sequence[float],
        reserve_per_kg: Sequence[int],
        transport_per_kg: Sequence[int],
        barred: Sequence[bool],
        quality: Mapping[str, Sequence[float]],
    ) -> Self:
        """Check every column and name the row that is wrong.

        Parameters
        ----------
        drums : whole numbers >= 0, drums on offer.
        drum_kg : net mass of one drum (kg, at most three decimals), > 0.
        reserve_per_kg, transport_per_kg : money per kg, whole numbers >= 0.
        barred : True for a batch that may go into no order, whatever its other values.
        quality : laboratory parameter -> one value a batch in the parameter's unit, NaN = untested.

        Raises
        ------
        ValueError
            Names the batch and the column.
        """
        names = _identities(batch_id, "batch")
        table = _Table("batch", names)
        return cls(
            batch_id=names,
            member_id=table.texts("member_id", member_id),
            kind=table.texts("kind", kind),
            drums=table.whole("drums", drums, least=0, most=10**9),
            drum_g=table.grams("drum_kg", drum_kg, least=1),
            reserve_per_kg=table.whole("reserve_per_kg", reserve_per_kg, least=0),
            transport_per_kg=table.whole("transport_per_kg", transport_per_kg, least=0),
            barred=table.numbers("barred", barred).astype(np.bool_),
            quality=table.measured(quality),
        )


@dataclass(frozen=True, slots=True)
class Orders:
    """What buyers want, one row an order. Build with `Orders.build`."""

    order_id: tuple[str, ...]
    price_per_kg: IntArray
    mass_min_g: IntArray
    mass_max_g: IntArray
    kinds: tuple[frozenset[str], ...]  # empty = any kind
    sources_max: IntArray  # distinct batches; 0 = no limit
    drums_min: IntArray  # least drums from a batch that is used at all
    limits: tuple[Limits, ...]  # the order must meet one of these sets

    def __len__(self) -> int:
        return len(self.order_id)

    def __repr__(self) -> str:
        return f"Orders({len(self)} orders, {len(self.limits)} set(s) of limits)"

    @classmethod
    def build(
        cls,
        order_id: Sequence[str],
        price_per_kg: Sequence[int],
        mass_min_kg: Sequence[float],
        mass_max_kg: Sequence[float],
        kinds: Sequence[frozenset[str]],
        sources_max: Sequence[int | None],
        drums_min: Sequence[int | None],
        lower: Mapping[str, Sequence[float]],
        upper: Mapping[str, Sequence[float]],
        alternatives: Sequence[tuple[Mapping[str, Sequence[float]], Mapping[str, Sequence[float]]]] = (),
    ) -> Self:
        """Check every column and name the order that is wrong.

        Parameters
        ----------
        price_per_kg : money per kg, whole numbers >= 0.
        mass_min_kg, mass_max_kg : the mass the buyer takes, kg.
        kinds : botanical or other kinds accepted; an empty set accepts any.
        sources_max : most distinct batches in the blend; None or 0 = no limit.
        drums_min : least drums from a batch that is used at all; None = 1.
        lower, upper : parameter -> one limit an order in the parameter's unit, NaN = no limit.
        alternatives : further complete (lower, upper) sets. An order may be filled under any one
            of the sets, the whole blend under the same one. An order without a second set has NaN
            for every parameter in it, which stands for "no such alternative", not for "no limit".

        Raises
        ------
        ValueError
            Names the order and the column.
        """
        names = _identities(order_id, "order")
        table = _Table("order", names)
        mass_min_g = table.grams("mass_min_kg", mass_min_kg, least=0)
        mass_max_g = table.grams("mass_max_kg", mass_max_kg, least=0)
        table.refuse(mass_min_g > mass_max_g, "mass_min_kg", "is above mass_max_kg")
        table.same_length("kinds", kinds)
        return cls(
            order_id=names,
            price_per_kg=table.whole("price_per_kg", price_per_kg, least=0),
            mass_min_g=mass_min_g,
            mass_max_g=mass_max_g,
            kinds=tuple(frozenset(each) for each in kinds),
            sources_max=table.whole("sources_max", [each or 0 for each in sources_max], least=0),
            drums_min=table.whole("drums_min", [1 if each is None else each for each in drums_min], least=1),
            limits=tuple(table.limits(*each) for each in ((lower, upper), *alternatives)),
        )


def _identities(ids: Sequence[str], noun: str) -> tuple[str, ...]:
    seen: set[str] = set()
    for row, name in enumerate(ids, start=1):
        if not name:
            raise ValueError(f"{noun} in row {row} has no id.")
        if name in seen:
            raise ValueError(f"{noun} {name!r} (row {row}) is there twice.")
        seen.add(name)
    return tuple(ids)


class _Table:
    """Turns columns into arrays, or names the row that forbids it."""

    def __init__(self, noun: str, names: tuple[str, ...]) -> None:
        self.noun, self.names = noun, names

    def refuse(self, wrong: BoolArray, column: str, complaint: str) -> None:
        if wrong.any():
            row = int(np.argmax(wrong))
            name = self.names[row]
            raise ValueError(f"{self.noun} {name!r} (row {row + 1}): {column} {complaint}.")

    def same_length(self, column: str, values: Sequence[Any]) -> None:
        if len(values) != len(self.names):
            wanted = f"{len(self.names)} {self.noun} rows"
            raise ValueError(f"{column} has {len(values)} values for {wanted}.")

    def texts(self, column: str, values: Sequence[str]) -> tuple[str, ...]:
        self.same_length(column, values)
        return tuple(values)

    def numbers(self, column: str, values: Sequence[Any]) -> FloatArray:
        self.same_length(column, values)
        return np.array(values, dtype=np.float64).reshape(len(self.names))

    def whole(self, column: str, values: Sequence[Any], *, least: int, most: int = MONEY_MAX) -> IntArray:
        numbers = self.numbers(column, values)
        self.refuse(~np.isfinite(numbers), column, "is not a finite number")
        self.refuse(numbers != np.floor(numbers), column, "is not a whole number")
        self.refuse(numbers < least, column, f"is below {least}")
        self.refuse(numbers > most, column, f"is above {most}")
        return numbers.astype(np.int64)

    def grams(self, column: str, values: Sequence[float], *, least: int) -> IntArray:
        numbers = self.numbers(column, values) * GRAMS_PER_KG
        self.refuse(~np.isfinite(numbers), column, "is not a finite number")
        self.refuse(np.abs(numbers - np.rint(numbers)) > 1e-4, column, "is finer than a gram")
        complaint = "is negative" if least == 0 else "must be positive"
        self.refuse(numbers < least - 0.5, column, complaint)
        self.refuse(numbers > GRAMS_MAX, column, f"is above {GRAMS_MAX // GRAMS_PER_KG} kg")
        return np.rint(numbers).astype(np.int64)

    def measured(self, columns: Mapping[str, Sequence[float]]) -> dict[str, FloatArray]:
        quality = {name: self.numbers(name, values) for name, values in columns.items()}
        for name, numbers in quality.items():
            self.refuse(np.isinf(numbers), name, "is infinite")
        return quality

    def limits(self, lower: Mapping[str, Sequence[float]], upper: Mapping[str, Sequence[float]]) -> Limits:
        low = self.measured(lower)
        high = self.measured(upper)
        for name in low.keys() & high.keys():
            self.refuse(low[name] > high[name], f"{name}_min", f"is above {name}_max")
        return Limits(lower=low, upper=high)
