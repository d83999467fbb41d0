"""Whole packs near an answer in parts of packs: suppliers and pieces stay, packs come and go one at a time.

Offers of the same suppliers that sell from the first pack on may join, to fill what larger packs leave. Every change is judged by what it truly saves: the needs of its zone are served anew in the order of merit.
"""

from dataclasses import dataclass

import numpy as np

from .dealing import improve
from .market import Market
from .model import Model
from .values import FloatArray, IntArray

PASSES = 12


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Links of the offers that are used or may join, parallel columns; and the terms of those offers."""

    offer: IntArray  # place in `number`
    zone: IntArray
    cell: IntArray
    packs: FloatArray
    number: IntArray  # offer in the market
    terms: IntArray  # (offers, 5) supplier, pack, low, high, price of a pack
    spent: FloatArray  # by supplier, above its minimum order, before any pack


def whole_packs(market: Market, model: Model, x: FloatArray) -> dict[tuple[int, int], int]:
    """(offer, zone) -> units, in whole packs, near the answer `x`."""
    used = _deliveries(market, model, x)
    if not len(used.number):
        return {}
    packs, totals, spent = _start(used)
    first = np.array([zone.first for zone in market.zones])
    links = np.argsort(used.zone, kind="stable")
    numbers = np.arange(len(market.zones) + 1)
    cell, needs = market.cell[market.order], market.needs
    zone = market.zone_of_cell[cell]
    improve(
        packs, totals, spent, used.offer, used.cell - first[used.zone], used.terms,
        links, np.searchsorted(used.zone[links], numbers), cell - first[zone], needs.quantity[market.order],
        needs.alone_price[market.order], np.searchsorted(zone, numbers), PASSES,
    )  # fmt: skip
    pack = used.terms[used.offer, 1]
    return {
        (int(used.number[offer]), int(where)): int(units)
        for offer, where, units in zip(used.offer, used.zone, packs * pack, strict=True)
        if units
    }


def _deliveries(market: Market, model: Model, x: FloatArray) -> Deliveries:
    chosen = {number: columns.chosen(x, 0.5) for number, columns in model.offers.items()}
    suppliers = {market.offers[number][0] for number, pieces in chosen.items() if pieces}
    links: list[tuple[int, int, int, float]] = []
    numbers: list[int] = []
    terms: list[tuple[int, int, int, int, int]] = []
    spent = np.array([-float(supplier.minimum_order) for supplier in market.suppliers])
    for number, columns in model.offers.items():
        supplier, offer = market.offers[number]
        if not chosen[number] and not (supplier in suppliers and columns.pieces[0].low == 1):
            continue
        piece = chosen[number][0] if chosen[number] else columns.pieces[0]
        low = piece.low if piece.low > 1 else 0
        links += [
            (len(numbers), link.zone, link.cell, float(x[column]))
            for link, column in zip(market.links[number], columns.packs, strict=True)
        ]
        numbers.append(number)
        terms.append((supplier, offer.pack, low, piece.high, piece.price))
        spent[supplier] += piece.base if low else 0
    rows = np.array(links, dtype=np.float64).reshape(-1, 4)
    offer_of, zone, cell = rows[:, :3].astype(np.int64).T
    table = np.array(terms, dtype=np.int64).reshape(-1, 5)
    return Deliveries(offer_of, zone, cell, rows[:, 3], np.array(numbers, dtype=np.int64), table, spent)


def _start(used: Deliveries) -> tuple[IntArray, IntArray, FloatArray]:
    """(packs by link, packs by offer, spent by supplier): rounded down, then up where a piece or an order falls short."""
    packs = np.floor(used.packs + 1e-6).astype(np.int64)
    totals = np.zeros(len(used.number), dtype=np.int64)
    np.add.at(totals, used.offer, packs)
    supplier, _, low, high, price = used.terms.T
    spent = used.spent.copy()
    np.add.at(spent, supplier, price * totals.astype(np.float64))
    for link in np.argsort(packs - used.packs, kind="stable").tolist():
        offer = used.offer[link]
        if used.packs[link] < 1e-6 or totals[offer] >= high[offer]:
            continue
        if totals[offer] < low[offer] or spent[supplier[offer]] < 0:
            more = max(low[offer] - totals[offer], 1)
            packs[link] += more
            totals[offer] += more
            spent[supplier[offer]] += more * price[offer]
    return packs, totals, spent
