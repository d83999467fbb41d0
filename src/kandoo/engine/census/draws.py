# mypy: ignore-errors
"""Random draws that depend on nothing but their key, compiled.

Philox 4x32-10 turns (counter, key) into four words without any state, so simulation 617 of 300
cases is the same draw on one core, on two, or on another machine.

Source: Salmon, Moraes, Dror, Shaw (2011), Parallel Random Numbers: As Easy as 1, 2, 3.
"""

import numba
import numpy as np

WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


@numba.njit(cache=True)
def philox(counter, key, words):
    """Fill `words` (4, uint64) with the four 32-bit words of a counter (4) and a key (2), both uint64."""
    c0, c1, c2, c3 = counter[0], counter[1], counter[2], counter[3]
    k0, k1 = key[0], key[1]
    for _ in range(10):
        high, low = M0 * c0, M1 * c2
        c0, c1, c2, c3 = (low >> HALF) ^ c1 ^ k0, low & WORD, (high >> HALF) ^ c3 ^ k1, high & WORD
        k0, k1 = (k0 + W0) & WORD, (k1 + W1) & WORD
    words[0], words[1], words[2], words[3] = c0, c1, c2, c3


@numba.njit(cache=True)
def draw_cases(cases, sites, seed, simulation, taken):
    """`cases` different numbers below `sites`, every set of them equally likely.

    seed: int64, 0 or more. taken: uint8 of length `sites`, all 0; it is all 0 again afterwards.
    """
    few = min(cases, sites - cases)  # the smaller side is drawn, the other is what is left
    counter, key = np.zeros(4, dtype=np.uint64), np.zeros(2, dtype=np.uint64)
    counter[1], counter[2] = np.uint64(simulation), np.uint64(cases)
    key[0], key[1] = np.uint64(seed) & WORD, np.uint64(seed) >> HALF
    words = np.zeros(4, dtype=np.uint64)
    bound = np.uint64(sites)
    refused = (np.uint64(1) << HALF) % bound  # so that every number has as many words as every other
    drawn = np.empty(few, dtype=np.int64)
    found, place = 0, 4
    while found < few:
        if place == 4:
            philox(counter, key, words)
            counter[0] += np.uint64(1)
            place = 0
        product = words[place] * bound
        place += 1
        site = np.int64(product >> HALF)
        if (product & WORD) < refused or taken[site]:
            continue
        taken[site] = 1
        drawn[found] = site
        found += 1
    if few == cases:
        taken[drawn] = 0
        return drawn
    left = np.flatnonzero(taken == 0)
    taken[drawn] = 0
    return left
