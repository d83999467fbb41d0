# mypy: ignore-errors
"""Whole drums for one order by annealed exchanges, with every limit's slack kept up to date.

A move takes drums of one batch out and puts drums of another in. Mass, sources and least shares
are never broken; limits may be for a while, at a price a little above their dual price.

Kirkpatrick, S., Gelatt, C., Vecchi, M. (1983). Optimization by simulated annealing. Science 220.
"""

import numba
import numpy as np

from .model import ROUNDING

WINDOW = 128  # moves between changes of heat and of the fines' weight


@numba.njit(cache=True)
def _random(state):
    """xorshift64*: the next state; its upper bits are the random number."""
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    return state


@numba.njit(cache=True)
def anneal(gain, mass, rows, most, least, sources, low, high, drums, fine, hot, cold, moves, seed):
    """Improve `drums` in place and return the best feasible value, or -inf.

    gain (batches,) money a drum; mass (batches,) kg a drum; rows (batches, limits) what a drum
    adds to each limit's activity, which must end <= 0; fine (limits,) money per unit above 0.
    """
    count, limits = rows.shape
    scale = np.uint64(2685821657736338717)
    activity = np.full(limits, -0.5 * ROUNDING * mass.min())
    held, value, used = 0.0, 0.0, 0
    inside = np.empty(count, dtype=np.int64)
    place = np.full(count, -1)
    for i in range(count):
        if drums[i] > 0:
            place[i], inside[used] = used, i
            used += 1
            held += mass[i] * drums[i]
            value += gain[i] * drums[i]
            for r in range(limits):
                activity[r] += rows[i, r] * drums[i]
    broken = 0.0
    for r in range(limits):
        broken += fine[r] * max(0.0, activity[r])
    best = -np.inf
    best_drums = drums.copy()
    if broken == 0.0 and held >= low:
        best = value
    short = 2.0 * np.abs(gain).sum() / mass.sum()  # fine for a missing kilogram
    weight, met = 1.0, 1
    state = np.uint64(seed * 7919 + 88172645463325252)
    heat = hot
    for move in range(moves):
        if move % WINDOW == 0:
            heat = hot * (cold / hot) ** (move / moves)
            if met == 0:
                weight = min(weight * 1.5, 1e6)
            elif met == WINDOW:
                weight = max(weight / 1.5, 0.5)
            met = 0
            broken = 0.0
            for r in range(limits):
                broken += weight * fine[r] * max(0.0, activity[r])
        if broken == 0.0:
            met += 1
        state = _random(state)
        number = state * scale
        choice = (number >> np.uint64(58)) & np.uint64(15)
        a, b = -1, -1
        if used > 0 and choice != 0:
            a = inside[((number >> np.uint64(8)) & np.uint64(0xFFFFF)) % np.uint64(used)]
        if choice != 1:
            b = np.int64(((number >> np.uint64(30)) & np.uint64(0xFFFFF)) % np.uint64(count))
        if a == b:
            continue
        out, into = 0, 0
        if a >= 0:
            out = drums[a] if choice & np.uint64(1) else 1
            if 0 < drums[a] - out < least:
                out = drums[a]
        room = high - held + (out * mass[a] if a >= 0 else 0.0)
        if b >= 0:
            into = min(most[b] - drums[b], int(room / mass[b] + 1e-9))
            if choice & np.uint64(2):
                into = min(into, max(out, 1))
            if choice & np.uint64(8) and choice & np.uint64(4):
                into = min(into, 1)
            if into <= 0 or drums[b] + into < least:
                continue
            closing = 1 if a >= 0 and drums[a] == out else 0
            if drums[b] == 0 and used - closing + 1 > sources:
                continue
        held_new = held + (into * mass[b] if b >= 0 else 0.0) - (out * mass[a] if a >= 0 else 0.0)
        change = 0.0
        if a >= 0:
            change -= out * gain[a]
        if b >= 0:
            change += into * gain[b]
        broken_new = 0.0
        for r in range(limits):
            x = activity[r]
            if a >= 0:
                x -= out * rows[a, r]
            if b >= 0:
                x += into * rows[b, r]
            if x > 0:
                broken_new += weight * fine[r] * x
        step = change - broken_new + broken
        step += short * (max(0.0, low - held) - max(0.0, low - held_new))
        if step < 0:
            state = _random(state)
            chance = np.float64((state * scale) >> np.uint64(11)) / 9007199254740992.0
            if heat <= 0 or chance >= np.exp(step / heat):
                continue
        for r in range(limits):
            if a >= 0:
                activity[r] -= out * rows[a, r]
            if b >= 0:
                activity[r] += into * rows[b, r]
        broken, held, value = broken_new, held_new, value + change
        if a >= 0:
            drums[a] -= out
            if drums[a] == 0:
                used -= 1
                last = inside[used]
                inside[place[a]], place[last] = last, place[a]
                place[a] = -1
        if b >= 0:
            if drums[b] == 0:
                place[b], inside[used] = used, b
                used += 1
            drums[b] += into
        if broken == 0.0 and held >= low and value > best + 1e-9:
            best = value
            best_drums[:] = drums
    drums[:] = best_drums
    return best
