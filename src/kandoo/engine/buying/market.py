"""Needs and offers brought together: what matters to the plan, whatever the number of members.

A *zone* is one item at one place (places with the same offers are one zone while nobody's goods
come in packs). The offers of a zone arrive on a few days; its needs fall into as many *cells*, by
the last of these days that is in time for them: cell k of a zone may use what arrives on day k or
before. Members of one cell differ only in what they pay alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .values import ANY_DAY, IntArray, Needs, Offer, Supplier


@dataclass(frozen=True, slots=True)
class Zone:
    """Cells `first` to `first + len(days) - 1`; `offers` are places in `Market.offers`."""

    item: int
    places: tuple[int, ...]
    offers: tuple[int, ...]
    days: tuple[int, ...]
    first: int


@dataclass(frozen=True, slots=True)
class Link:
    """An offer delivers into a zone from this cell on, where `units` are wanted for `value` alone."""

    zone: int
    cell: int
    units: int
    value: int


@dataclass(frozen=True, slots=True)
class Market:
    """The buying problem without its members; needs in the order of merit.

    `order` lists needs that somebody can serve by zone and falling price; `by_cell` lists the same by cell and
    falling price, those of cell c at `start[c]` to `start[c + 1]`.
    """

    needs: Needs
    suppliers: tuple[Supplier, ...]  # sorted by supplier_id
    offers: tuple[tuple[int, Offer], ...]  # (supplier, offer)
    zones: tuple[Zone, ...]
    links: tuple[tuple[Link, ...], ...]  # of each offer
    cell: IntArray  # of each need; -1 = nobody can serve it
    zone_of_cell: IntArray
    order: IntArray
    by_cell: IntArray
    start: IntArray

    @property
    def cells(self) -> int:
        return len(self.zone_of_cell)


def open_market(needs: Needs, suppliers: Sequence[Supplier]) -> Market:
    """Bring needs and offers together.

    Raises
    ------
    ValueError
        When a supplier is there twice.
    """
    ranked = tuple(sorted(suppliers, key=lambda each: each.supplier_id))
    if len({each.supplier_id for each in ranked}) != len(ranked):
        raise ValueError("A supplier is there twice.")
    item_of = {name: number for number, name in enumerate(needs.items)}
    offers = tuple((j, offer) for j, each in enumerate(ranked) for offer in each.offers if offer.item in item_of)
    zones, zone_at = _zones(needs, offers, item_of)
    cell = _cell_of_needs(needs, zones, zone_at)
    count = sum(len(zone.days) for zone in zones)
    zone_of_cell = np.repeat(np.arange(len(zones)), [len(zone.days) for zone in zones])
    by_price = np.argsort(-needs.alone_price, kind="stable")
    by_price = by_price[cell[by_price] >= 0]
    by_cell = by_price[_by_key(cell[by_price], count)]
    order = by_price[_by_key(zone_of_cell[cell[by_price]], len(zones))]
    start = np.searchsorted(cell[by_cell], np.arange(count + 1))
    units = _sums(needs.quantity, by_cell, start)
    values = _sums(needs.quantity * needs.alone_price, by_cell, start)
    links = _links(offers, zones, units, values)
    return Market(needs, ranked, offers, zones, links, cell, zone_of_cell, order, by_cell, start)


def _by_key(key: IntArray, count: int) -> IntArray:
    """A stable order by small whole numbers; 16 bits are sorted by radix."""
    small = key.astype(np.uint16) if count < 2**16 else key
    return np.argsort(small, kind="stable")


def _sums(column: IntArray, rows: IntArray, start: IntArray) -> IntArray:
    running: IntArray = np.concatenate([[0], np.cumsum(column[rows])])
    sums: IntArray = running[start[1:]] - running[start[:-1]]
    return sums


def _zones(
    needs: Needs, offers: Sequence[tuple[int, Offer]], item_of: dict[str, int]
) -> tuple[tuple[Zone, ...], IntArray]:
    """The zones, and the zone of each (item, place); -1 = nobody delivers there."""
    by_item: dict[int, list[int]] = defaultdict(list)
    for number, (_, offer) in enumerate(offers):
        by_item[item_of[offer.item]].append(number)
    count = max(len(needs.locations), 1)
    wanted = np.flatnonzero(np.bincount(needs.item * count + needs.place)).tolist()
    places_of: dict[tuple[int, tuple[int, ...], int], list[int]] = defaultdict(list)
    for item, place in (divmod(each, count) for each in wanted):
        name = needs.locations[place]
        here = [k for k in by_item[item] if offers[k][1].places is None or name in (offers[k][1].places or ())]
        if here:
            apart = place if any(offers[k][1].pack > 1 for k in here) else -1
            places_of[item, tuple(here), apart].append(place)
    zones: list[Zone] = []
    zone_at = np.full((len(needs.items), len(needs.locations)), -1)
    first = 0
    for (item, here_, _), places in places_of.items():
        days = tuple(sorted({_day(offers[k][1]) for k in here_}))
        zone_at[item, places] = len(zones)
        zones.append(Zone(item, tuple(places), here_, days, first))
        first += len(days)
    return tuple(zones), zone_at


def _day(offer: Offer) -> int:
    return -ANY_DAY if offer.deliver_by is None else offer.deliver_by


def _cell_of_needs(needs: Needs, zones: Sequence[Zone], zone_at: IntArray) -> IntArray:
    dates, date = np.unique(needs.latest, return_inverse=True)
    table = np.full((len(zones) + 1, len(dates)), -1)  # its last row is for who has no zone
    for number, zone in enumerate(zones):
        day = np.searchsorted(zone.days, dates, side="right") - 1
        table[number] = np.where(day >= 0, zone.first + day, -1)
    cells: IntArray = table[zone_at[needs.item, needs.place], date]
    return cells


def _links(
    offers: Sequence[tuple[int, Offer]], zones: Sequence[Zone], units: IntArray, values: IntArray
) -> tuple[tuple[Link, ...], ...]:
    links: list[list[Link]] = [[] for _ in offers]
    for number, zone in enumerate(zones):
        last = zone.first + len(zone.days)
        for k in zone.offers:
            cell = zone.first + zone.days.index(_day(offers[k][1]))
            wanted = int(units[cell:last].sum())
            if wanted:
                links[k].append(Link(number, cell, wanted, int(values[cell:last].sum())))
    return tuple(map(tuple, links))
