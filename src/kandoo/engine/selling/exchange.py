# mypy: ignore-errors
"""Annealed exchanges between orders: a plan that keeps every rule moves to others that do.

Where orders want the same drums, choosing again one at a time gets stuck: what one would need
another holds. Here two orders swap drums, or one hands some over, or takes unsold ones, and no rule
is broken on the way. The best plan met is the one that remains.
"""

import numba
import numpy as np

from .model import ROUNDING
from .search import _random

SCALE = np.uint64(2685821657736338717)
JOURNAL = 1 << 22  # changes remembered since the best plan; the annealing ends when it is full


@numba.njit(cache=True)
def _below(number, shift, count):
    """A whole number below `count` from 20 bits of a random number."""
    return np.int64(((number >> np.uint64(shift)) & np.uint64(0xFFFFF)) % np.uint64(count))


@numba.njit(cache=True)
def _keeps_rules(j, a, out, b, into, held, activity, used, drums, mass, rows, first, rules):
    """Whether lot j may give `out` drums of a and take `into` drums of b."""
    least, sources, low, high = rules
    count, weight = used[j], held[j]
    if out > 0:
        left = drums[j, a] - out
        if 0 < left < least[j]:
            return False
        if left == 0:
            count -= 1
        weight -= out * mass[a]
    if into > 0:
        if drums[j, b] + into < least[j]:
            return False
        if drums[j, b] == 0:
            count += 1
        weight += into * mass[b]
    if count > sources[j] or weight > high[j] or weight < low[j] or count == 0:
        return False
    for r in range(first[j], first[j + 1]):
        x = activity[r]
        if out > 0:
            x -= out * rows[a, r]
        if into > 0:
            x += into * rows[b, r]
        if x > 0:
            return False
    return True


@numba.njit(cache=True)
def _move(j, i, change, held, activity, used, drums, inside, place, mass, rows, first):
    """Add drums of batch i to lot j, or take them away when `change` is below 0."""
    held[j] += change * mass[i]
    for r in range(first[j], first[j + 1]):
        activity[r] += change * rows[i, r]
    if drums[j, i] == 0:
        place[j, i], inside[j, used[j]] = used[j], i
        used[j] += 1
    drums[j, i] += change
    if drums[j, i] == 0:
        used[j] -= 1
        last = inside[j, used[j]]
        inside[j, place[j, i]], place[j, last] = last, place[j, i]


@numba.njit(cache=True)
def exchange(price, cost, mass, rows, first, usable, near, rules, free, drums, hot, cold, moves,
             seed):  # fmt: skip
    """Improve `drums` (lots, batches) and `free` (batches,) in place; return the money won.

    price (lots,) and cost (batches,) money a kg; mass (batches,) kg a drum; rows (batches, limits)
    what a drum adds to each limit's activity, those of lot j from first[j] to first[j + 1];
    near (lots, candidates) batches that a lot may take from the unsold; rules (least, sources,
    low, high) by lot.
    """
    lots, batches = drums.shape
    held, used = np.zeros(lots), np.zeros(lots, dtype=np.int64)
    activity = np.full(rows.shape[1], -0.5 * ROUNDING * mass.min())
    inside = np.zeros((lots, batches), dtype=np.int32)
    place = np.zeros((lots, batches), dtype=np.int32)
    for j in range(lots):
        for i in range(batches):
            if drums[j, i] > 0:
                count = drums[j, i]
                drums[j, i] = 0
                _move(j, i, count, held, activity, used, drums, inside, place, mass, rows, first)
    journal = np.empty((min(4 * moves, JOURNAL), 3), dtype=np.int32)  # since the best plan
    written, won, best = 0, 0.0, 0.0
    state, heat = np.uint64(seed * 7919 + 88172645463325252), hot
    for move in range(moves):
        if written + 4 > journal.shape[0]:
            break
        if move % 256 == 0:
            heat = hot * (cold / hot) ** (move / moves)
        state = _random(state)
        number = state * SCALE
        state = _random(state)
        other = state * SCALE
        j, k = _below(number, 2, lots), np.int64(-1)
        a = np.int64(inside[j, _below(number, 22, used[j])])
        style = np.int64(other >> np.uint64(60))
        if style < 7 or lots == 1:
            b = np.int64(near[j, _below(other, 2, near.shape[1])])
            available = np.int64(free[b]) if b != a else np.int64(0)
        else:
            k = _below(other, 2, lots)
            if k == j or not usable[a, k]:
                continue
            b = np.int64(inside[k, _below(other, 22, used[k])])
            available = np.int64(drums[k, b]) if b != a and usable[b, j] else np.int64(0)
        whole = style & 1
        out = np.int64(drums[j, a]) if whole else np.int64(1)
        into = available if style & 2 else min(available, out)
        if style & 4 and not whole:
            into = min(available, 2)
        if style == 15:
            into = 0
        elif into == 0:
            continue
        if style == 6:
            out = 0
        won_here = into * mass[b] * (price[j] - cost[b]) - out * mass[a] * (price[j] - cost[a])
        if k >= 0:
            won_here += out * mass[a] * (price[k] - cost[a])
            won_here -= into * mass[b] * (price[k] - cost[b])
        if won_here < 0:
            state = _random(state)
            chance = np.float64((state * SCALE) >> np.uint64(11)) / 9007199254740992.0
            if chance >= np.exp(won_here / heat):
                continue
        if not _keeps_rules(j, a, out, b, into, held, activity, used, drums, mass, rows, first,
                            rules):  # fmt: skip
            continue
        if k >= 0 and not _keeps_rules(k, b, into, a, out, held, activity, used, drums, mass, rows,
                                       first, rules):  # fmt: skip
            continue
        for lot, batch, change in ((j, b, into), (j, a, -out), (k, a, out), (k, b, -into)):
            if change == 0:
                continue
            if lot >= 0:
                _move(lot, batch, change, held, activity, used, drums, inside, place, mass, rows,
                      first)  # fmt: skip
            else:
                free[batch] += change
            journal[written, 0], journal[written, 1], journal[written, 2] = lot, batch, change
            written += 1
        won += won_here
        if won > best + 1e-6:
            best, written = won, 0
    for entry in range(written - 1, -1, -1):
        lot, batch, change = journal[entry]
        if lot >= 0:
            drums[lot, batch] -= change
        else:
            free[batch] -= change
    return best
