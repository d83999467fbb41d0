"""From packs in zones to units for members, exactly: the dearest alone first, nothing lost.

In one zone the needs of cell k may use what arrives on day k or before. So any needs can be served
whose sum over cells 1..k is nowhere above what has arrived by day k, and taking them by falling price
alone is best (a nested matroid: greedy is exact). What then is left goes, as far as it goes, to
those who accept more than they want. Goods are handed out from the earliest on, so everybody's are in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .dealing import deal, serve
from .market import Market
from .values import IntArray


@dataclass(frozen=True, slots=True)
class Lines:
    """Who gets how many units of which offer; parallel columns, sorted by need, then offer."""

    need: IntArray
    offer: IntArray
    units: IntArray

    def __len__(self) -> int:
        return len(self.need)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought of each offer for each zone, and who gets it."""

    bought: Mapping[tuple[int, int], int]  # (offer, zone) -> units
    served: IntArray  # of each need, units within what it wants
    extra: IntArray  # of each need, units above that
    lines: Lines

    @property
    def received(self) -> IntArray:
        received: IntArray = self.served + self.extra
        return received


def allocate(market: Market, bought: Mapping[tuple[int, int], int]) -> Purchase:
    """Hand out what is bought."""
    offers, zones, units = _stock(market, bought)
    arrived = np.zeros(market.cells, dtype=np.int64)  # by each day of each zone
    for offer, zone, count in zip(offers.tolist(), zones.tolist(), units.tolist(), strict=True):
        cell = next(link.cell for link in market.links[offer] if link.zone == zone)
        arrived[cell : market.zones[zone].first + len(market.zones[zone].days)] += count
    ends = np.array([zone.first + len(zone.days) for zone in market.zones], dtype=np.int64)
    ends = ends[market.zone_of_cell] if market.cells else ends
    cell = market.cell[market.order]
    wanted = market.needs.quantity[market.order]
    served = np.zeros(len(market.needs), dtype=np.int64)
    extra = np.zeros(len(market.needs), dtype=np.int64)
    served[market.order] = serve(cell, wanted, arrived, ends)
    room = np.where(served == market.needs.quantity, market.needs.quantity_max - market.needs.quantity, 0)
    extra[market.order] = serve(cell, room[market.order], arrived, ends)
    return Purchase(bought, served, extra, _lines(market, served + extra, offers, zones, units))


def _stock(market: Market, bought: Mapping[tuple[int, int], int]) -> tuple[IntArray, IntArray, IntArray]:
    """Columns of what is bought by zone, day, supplier."""
    keys = [key for key, units in bought.items() if units]
    keys.sort(key=lambda key: (key[1], market.offers[key[0]][1].deliver_by or 0, key[0]))
    offers, zones = (np.array([key[side] for key in keys], dtype=np.int64) for side in (0, 1))
    return offers, zones, np.array([bought[key] for key in keys], dtype=np.int64)


def _lines(market: Market, received: IntArray, offers: IntArray, zones: IntArray, units: IntArray) -> Lines:
    """Deal the stock out, the earliest to who needs it earliest, members in their order."""
    takers = np.flatnonzero(received)
    takers = takers[np.argsort(market.cell[takers], kind="stable")]
    zone = market.zone_of_cell[market.cell[takers]] if len(takers) else takers
    need, stock, count = deal(zone, received[takers], zones, units)
    rows = takers[need]
    order = np.lexsort((offers[stock], rows))
    return Lines(rows[order], offers[stock][order], count[order])
