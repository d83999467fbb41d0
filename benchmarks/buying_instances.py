"""Buying instances, fixed in advance by size and seed, and the worst cases of each kind.

Nothing here was tuned to an answer. A member needs about four of the items at its own place by one
of three dates; alone it pays 0.95 to 1.35 times the item's level. A supplier quotes half of the
items in two to five falling steps around 0.9 to 1.1 times the level; half of the offers have a
capacity, of a third to twice what is needed; a third of the suppliers deliver to some places only, some come
too late for some. What is quoted does not depend on the number of members but for the quantities.
"""

from dataclasses import dataclass, replace

import numpy as np

from kandoo.engine.buying import Needs, Offer, Step, Supplier

PLACES, DATES, START = 4, 3, 738_000  # START is the day number of the first date
PACKS = (1, 1, 1, 1, 6, 12)
CASES = ("same_step", "one_has_all", "just_short", "tight", "steep", "exclusive", "nobody")


@dataclass(frozen=True, slots=True)
class Instance:
    """Plain columns of needs and the suppliers, as `plan_purchase` takes them."""

    member_id: list[str]
    item: list[str]
    quantity: np.ndarray
    quantity_max: np.ndarray
    place: list[str]
    latest: np.ndarray
    alone_price: np.ndarray
    suppliers: tuple[Supplier, ...]

    def needs(self) -> Needs:
        return Needs.build(self.member_id, self.item, self.quantity, self.quantity_max, self.place,
                           self.latest, self.alone_price)  # fmt: skip


def generate(members: int, items: int, suppliers: int, seed: int = 1, case: str = "") -> Instance:
    """The instance of this size and seed; `case` is one of CASES or nothing."""
    terms, rng = (np.random.Generator(np.random.PCG64([seed, stream])) for stream in (0, 1))
    level = np.exp(terms.uniform(np.log(2_000), np.log(500_000), items))
    member, item = np.nonzero(rng.random((members, items)) < 4 / items)
    quantity = 1 + rng.geometric(1 / 20, len(member))
    tolerance = np.floor(quantity * rng.choice([0, 0.1, 0.25, 0.5], len(member))).astype(int)
    place, latest = rng.integers(0, PLACES, members), START + 7 * rng.integers(1, DATES + 1, len(member))
    alone = np.rint(level[item] * rng.uniform(0.95, 1.35, len(member))).astype(int)
    wanted = np.bincount(item, weights=quantity, minlength=items)
    quoted = tuple(_supplier(terms, number, level, wanted) for number in range(suppliers))
    instance = Instance(
        [f"m{n:06d}" for n in member], [f"i{n:02d}" for n in item], quantity, quantity + tolerance,
        [f"p{n}" for n in place[member]], latest, alone, quoted,
    )  # fmt: skip
    return _worsened(instance, case, wanted)


def _supplier(rng: np.random.Generator, number: int, level: np.ndarray, wanted: np.ndarray) -> Supplier:
    items = np.flatnonzero(rng.random(len(level)) < 0.5)
    places = None if rng.random() < 2 / 3 else frozenset(f"p{n}" for n in rng.choice(PLACES, 2, replace=False))
    deliver_by = START + int(rng.choice([0, 5, 10, 15]))
    offers = tuple(
        Offer(
            f"i{i:02d}",
            _steps(rng, level[i], wanted[i]),
            "all_units" if rng.random() < 0.7 else "incremental",
            capacity=int(wanted[i] * rng.uniform(0.3, 2.0)) if rng.random() < 0.5 else None,
            pack=int(rng.choice(PACKS)),
            places=places,
            deliver_by=deliver_by,
        )
        for i in items
    )
    value = float(level @ wanted) / 30
    return Supplier(f"s{number:02d}", offers, int(value * rng.uniform(0, 0.6)), int(value * rng.uniform(0, 0.01)))


def _steps(rng: np.random.Generator, level: float, wanted: float) -> tuple[Step, ...]:
    count = int(rng.integers(2, 6))
    parts = np.exp(rng.uniform(np.log(0.002), np.log(0.3), count - 1))  # of all that is needed
    starts = np.unique(np.r_[1, 1 + np.rint(wanted * parts).astype(int)])
    prices = level * rng.uniform(0.9, 1.1) * np.cumprod(np.r_[1, 1 - rng.uniform(0.01, 0.05, len(starts) - 1)])
    return tuple(Step(int(start), int(price)) for start, price in zip(starts, prices, strict=True))


def _worsened(instance: Instance, case: str, wanted: np.ndarray) -> Instance:
    if not case:
        return instance
    suppliers = [_worse(supplier, case, number, wanted) for number, supplier in enumerate(instance.suppliers)]
    return replace(instance, suppliers=tuple(suppliers))


def _worse(supplier: Supplier, case: str, number: int, wanted: np.ndarray) -> Supplier:
    def changed(offer: Offer) -> Offer:
        need = int(wanted[int(offer.item[1:])])
        if case == "steep":  # the good prices begin at half of what is needed
            starts = [
                1 + (step.quantity_from - 1) * need // (2 * offer.steps[-1].quantity_from) for step in offer.steps
            ]
            steps = dict(zip(starts, (step.unit_price for step in offer.steps), strict=True))
            return replace(offer, steps=tuple(Step(*each) for each in sorted(steps.items())))
        if case == "same_step":  # every step of an item at the same quantity for everybody
            prices = [step.unit_price for step in offer.steps]
            return replace(offer, steps=(Step(1, prices[0]), Step(need // 4, prices[-1])))
        if case == "one_has_all":  # only the first can deliver what is needed
            return replace(offer, capacity=None if number == 0 else max(need // 1000, 1), places=None)
        if case == "just_short":  # all suppliers together are a little short of what is needed
            return replace(offer, capacity=max(need * 2 // 31, 1))
        if case == "tight":  # no supplier can deliver all, and few even half
            return replace(offer, capacity=max(need * (3 + number % 4) // 12, 1))
        if case == "nobody":  # dearer than anybody alone
            return replace(offer, steps=tuple(Step(each.quantity_from, 3 * each.unit_price) for each in offer.steps))
        return offer

    offers = tuple(map(changed, supplier.offers))
    if case == "exclusive":  # the minimum orders of any few suppliers use up what is needed
        most = sum(wanted[int(offer.item[1:])] * offer.steps[0].unit_price for offer in offers)
        return replace(supplier, offers=offers, minimum_order=int(0.4 * most))
    return replace(supplier, offers=offers)
