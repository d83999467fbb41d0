# mypy: ignore-errors
"""The loops over needs and packs, compiled. Arrays in, arrays out; `packing` and `allocate` say what for."""

import numba
import numpy as np


@numba.njit(cache=True)
def serve(cell, wanted, left, ends):
    """(rows,) units for each row in turn; `left` of a cell is what may still go to it and those before it."""
    given = np.zeros_like(wanted)
    for row in range(len(wanted)):
        units = wanted[row]
        for later in range(cell[row], ends[cell[row]]):
            units = min(units, left[later])
        if units > 0:
            given[row] = units
            for later in range(cell[row], ends[cell[row]]):
                left[later] -= units
    return given


@numba.njit(cache=True)
def deal(zone, wanted, stock_zone, stock):
    """(taker, stock, units) of each line; takers and stock sorted by zone and day."""
    most = len(wanted) + len(stock)
    taker, source, units = (np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64))
    lines = at = 0
    left = stock[0] if len(stock) else 0
    for row in range(len(wanted)):
        need = wanted[row]
        while need > 0:
            while left == 0 or stock_zone[at] != zone[row]:
                at += 1
                left = stock[at]
            taker[lines], source[lines], units[lines] = row, at, min(need, left)
            need -= units[lines]
            left -= units[lines]
            lines += 1
    return taker[:lines], source[:lines], units[:lines]


@numba.njit(cache=True)
def _saved(arrived, cell, wanted, price):
    """(what the needs of a zone save with what has arrived by each cell, the dearest price of one that gets too little)."""
    cells = len(arrived)
    left = arrived.copy()
    saved, hungry = 0.0, 0.0
    for row in range(len(wanted)):
        units = wanted[row]
        for later in range(cell[row], cells):
            units = min(units, left[later])
        if units < wanted[row] and hungry == 0.0:
            hungry = float(price[row])
        if units > 0:
            saved += float(units) * float(price[row])
            for later in range(cell[row], cells):
                left[later] -= units
        elif left[cells - 1] == 0:
            break
    return saved, hungry


@numba.njit(cache=True)
def _bring(arrived, first, units):
    for later in range(first, len(arrived)):
        arrived[later] += units


@numba.njit(cache=True)
def _may(change, offer, totals, spent, terms):
    """Whether an offer may sell one pack more or less; terms: supplier, pack, low, high, price."""
    supplier, _, low, high, price = terms[offer]
    if not low <= totals[offer] + change <= high:
        return False
    return change > 0 or spent[supplier] - price >= 0


@numba.njit(cache=True)
def _improve_zone(packs, totals, spent, offer, first, terms, links, cell, wanted, alone):
    """Try one pack more, one less, and one for another, for each link of a zone; whether any was better."""
    arrived = np.zeros(cell.max() + 1 if len(cell) else 1, np.int64)
    for link in links:
        if first[link] < len(arrived):
            _bring(arrived, first[link], packs[link] * terms[offer[link], 1])
    now, hungry = _saved(arrived, cell, wanted, alone)
    better = False
    for a in links:
        for choice in range(-2, len(links)):
            up = a if choice == -2 else -1 if choice == -1 else links[choice]
            down = -1 if choice == -2 else a
            if up == down or (down >= 0 and packs[down] == 0):
                continue
            if up >= 0 and not _may(1, offer[up], totals, spent, terms):
                continue
            if down >= 0 and not _may(-1, offer[down], totals, spent, terms):
                continue
            cost, units = 0, 0
            if up >= 0:
                cost, units = cost + terms[offer[up], 4], units + terms[offer[up], 1]
            if down >= 0:
                cost, units = cost - terms[offer[down], 4], units - terms[offer[down], 1]
            if cost >= 0 and (units <= 0 or (down < 0 and cost >= units * hungry)):
                continue
            trial = arrived.copy()
            if up >= 0:
                _bring(trial, first[up], terms[offer[up], 1])
            if down >= 0:
                _bring(trial, first[down], -terms[offer[down], 1])
            then, hunger = _saved(trial, cell, wanted, alone)
            if then - now - cost <= 0.5:
                continue
            arrived, now, hungry, better = trial, then, hunger, True
            for link, change in ((up, 1), (down, -1)):
                if link >= 0:
                    packs[link] += change
                    totals[offer[link]] += change
                    spent[terms[offer[link], 0]] += change * terms[offer[link], 4]
    return better


@numba.njit(cache=True)
def improve(packs, totals, spent, offer, first, terms, links, link_start, cell, wanted, alone, need_start, passes):
    """Change `packs` (by link), `totals` (by offer) and `spent` (by supplier) in place, zone by zone.

    first (links,) and cell (needs,) count cells from the first of their zone; `links` are sorted by zone.
    """
    stale = np.ones(len(need_start) - 1, np.bool_)
    for _ in range(passes):
        if not stale.any():
            break
        for zone in range(len(stale)):
            if stale[zone]:
                mine = slice(need_start[zone], need_start[zone + 1])
                stale[zone] = _improve_zone(
                    packs, totals, spent, offer, first, terms, links[link_start[zone] : link_start[zone + 1]],
                    cell[mine], wanted[mine], alone[mine],
                )  # fmt: skip
