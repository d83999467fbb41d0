"""Which candidates come first under given criteria and weights, and how far that hangs on the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .points import Floats

Missing = Literal["mean", "worst", "refuse"]
SAME = 1e-12  # scores no farther apart are equal: the order of adding makes as much


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """One candidate.

    score : weighted mean of its criteria, 0 to 1.
    rank : 1 for the best; equal scores share the better rank (1, 1, 3).
    rank_low, rank_high : no weights within the spread give it a rank below or above these.
    first_share : in which part of the draws of weights it is first; equal firsts share a draw.
    """

    name: str
    score: float
    rank: int
    rank_low: int
    rank_high: int
    first_share: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, the best first, equal ones in the order of their names.

    rank_share : array of shape (n, n); [i, k] is the part of the draws in which row i has rank k + 1.
    weights : the weights, summing to 1.
    filled : for each criterion that somebody lacks, the value put in its place.
    """

    rows: tuple[RankedCandidate, ...]
    rank_share: Floats
    weights: Mapping[str, float]
    filled: Mapping[str, float]

    def top_share(self, places: int) -> dict[str, float]:
        """The part of the draws in which each candidate is among the first `places`."""
        among = self.rank_share[:, :places].sum(axis=1)
        return {row.name: float(part) for row, part in zip(self.rows, among, strict=True)}


def rank_candidates(
    names: Sequence[str],
    criteria: Mapping[str, Sequence[float | None]],
    weights: Mapping[str, float],
    *,
    missing: Missing = "refuse",
    spread: float = 0.25,
    draws: int = 2000,
    seed: int = 0,
) -> Ranking:
    """Score candidates and say how sure their order is.

    score_i = sum over criteria k of w_k x_ik / sum of w_k

    A weight may be off by `spread` either way: w_k (1 - spread) to w_k (1 + spread), each by itself. Candidate i is
    surely before j when sum of w_k d_k > spread x sum of w_k |d_k| with d = x_i - x_j; so the ends of the rank
    are exact for every pair, and hold for all weights within the spread, not only for those drawn. The draws
    are uniform within the spread.

    Parameters
    ----------
    names : sequence of str
        The candidates, each name once.
    criteria : mapping of str to sequence of float or None
        For each criterion a value of every candidate, from 0 (worst) to 1 (best): scaled by the caller, by
        `scaled`, so that one more candidate changes nobody's score. None where it is not known.
    weights : mapping of str to float
        At least 0, for exactly the criteria; only their proportions matter.
    missing : {"refuse", "mean", "worst"}
        What an unknown value is taken for: nothing, the mean or the least of the criterion's known values.
    spread : float
        0 to 1.
    draws, seed : int
        How many weights are drawn, at least 1; equal seeds give equal shares.

    Returns
    -------
    Ranking

    Raises
    ------
    ValueError
        Naming criterion and candidate, when a value is missing and may not be, or is outside 0 to 1; when a
        criterion is known of nobody; when weights and criteria differ, a weight is negative or all are 0.

    References
    ----------
    Kadzinski, Tervonen (2013), Robust Multi-Criteria Ranking with Additive Value Models, EJOR 228 (rank intervals).
    Lahdelma, Salminen (2001), SMAA-2, Operations Research 49 (acceptability of ranks).

    Examples
    --------
    >>> found = rank_candidates(
    ...     ["honey", "stone", "kilim"],
    ...     {"firms": [0.9, 0.4, 0.2], "exports": [0.5, 0.8, 0.1]},
    ...     {"firms": 2, "exports": 1},
    ... )
    >>> [(row.name, round(row.score, 3), row.rank, row.rank_low, row.rank_high) for row in found.rows]
    [('honey', 0.767, 1, 1, 1), ('stone', 0.533, 2, 2, 2), ('kilim', 0.167, 3, 3, 3)]
    """
    share = _shares(weights, criteria)
    values, filled = _table(names, criteria, missing)
    if not 0 <= spread <= 1 or draws < 1:
        raise ValueError("The spread is 0 to 1 and there is at least one draw.")
    weight = np.array(list(share.values()))
    score = values @ weight
    ahead = _surely_ahead(values, weight, spread)
    rank_share, first_share = _rank_shares(values, weight, spread, draws, seed)
    rank, low, high = _ranks(score), 1 + ahead.sum(axis=0), len(names) - ahead.sum(axis=1)
    order = sorted(range(len(names)), key=lambda i: (rank[i], names[i]))
    rows = tuple(
        RankedCandidate(names[i], float(score[i]), int(rank[i]), int(low[i]), int(high[i]), float(first_share[i]))
        for i in order
    )
    return Ranking(rows, rank_share[order], share, filled)


def scaled(
    values: Sequence[float | None], *, worst: float | None = None, best: float | None = None
) -> list[float | None]:
    """Values on the way from the worst (0) to the best (1), cut off at both; the unknown stay unknown.

    Without `worst` and `best` they are the least and the largest known value, and then one more candidate may
    change the others; where all are alike each is 0.5. With `best` below `worst`, less is better.

    >>> scaled([2.0, None, 12.0], worst=0, best=10)
    [0.2, None, 1.0]
    >>> scaled([30.0, 10.0, 20.0], worst=30, best=10)
    [0.0, 1.0, 0.5]
    """
    known = [value for value in values if value is not None]
    low = min(known, default=0.0) if worst is None else worst
    high = max(known, default=0.0) if best is None else best
    if high == low:
        return [None if value is None else 0.5 for value in values]
    return [None if value is None else min(max(0.0, (value - low) / (high - low)), 1.0) for value in values]


def _shares(weights: Mapping[str, float], criteria: Mapping[str, Sequence[float | None]]) -> dict[str, float]:
    """The weights in the order of the criteria, summing to 1."""
    unmatched = sorted(set(weights) ^ set(criteria))
    if unmatched:
        raise ValueError(f"{', '.join(unmatched)}: every criterion has a weight and every weight a criterion.")
    for name, weight in weights.items():
        if not (np.isfinite(weight) and weight >= 0):
            raise ValueError(f"{name}: a weight is a number of at least 0.")
    total = sum(weights.values())
    if not total > 0:
        raise ValueError("At least one weight is above 0.")
    return {name: weights[name] / total for name in criteria}


def _table(
    names: Sequence[str], criteria: Mapping[str, Sequence[float | None]], missing: Missing
) -> tuple[Floats, dict[str, float]]:
    """(values of shape (n_candidates, n_criteria), what was put where a value is unknown)."""
    if not names or len(set(names)) != len(names):
        raise ValueError("There is at least one candidate and each name is there once.")
    columns, filled = [], {}
    for criterion, cells in criteria.items():
        if len(cells) != len(names):
            raise ValueError(f"{criterion}: {len(cells)} values for {len(names)} candidates.")
        known = [float(cell) for cell in cells if cell is not None]
        for name, cell in zip(names, cells, strict=True):
            if cell is not None and not 0 <= cell <= 1:
                raise ValueError(f"{criterion} of {name}: {cell:g} is not between 0 and 1.")
            if cell is None and (missing == "refuse" or not known):
                raise ValueError(f"{criterion} of {name} is not known.")
        if len(known) < len(cells):
            filled[criterion] = float(np.mean(known)) if missing == "mean" else min(known)
        columns.append([filled[criterion] if cell is None else float(cell) for cell in cells])
    return np.array(columns).T, filled


def _ranks(score: Floats) -> Floats:
    """1 + how many are better; score of shape (..., n)."""
    return np.asarray(1 + (score[..., None, :] > score[..., :, None] + SAME).sum(axis=-1))


def _surely_ahead(values: Floats, weight: Floats, spread: float) -> Floats:
    """[i, j]: i is before j whatever the weights within the spread."""
    apart = values[:, None] - values[None]
    return np.asarray(apart @ weight - spread * (np.abs(apart) @ weight) > SAME)


def _rank_shares(values: Floats, weight: Floats, spread: float, draws: int, seed: int) -> tuple[Floats, Floats]:
    """(parts of the draws by candidate and rank, parts in which each is first, equal firsts sharing)."""
    rng = np.random.Generator(np.random.Philox(seed))
    times, first = np.zeros((len(values), len(values))), np.zeros(len(values))
    for weights in weight * (1 - spread + 2 * spread * rng.random((draws, weight.size))):
        rank = _ranks(values @ weights)
        times[np.arange(len(values)), rank - 1] += 1
        first += (rank == 1) / np.count_nonzero(rank == 1)
    return times / draws, first / draws
