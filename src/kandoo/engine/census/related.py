"""Which industries belong together: sets of industries scored as Delgado, Porter and Stern do."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.cluster.hierarchy import ClusterWarning, fcluster, linkage

from .concentration import coagglomeration
from .curves import Tick, no_tick
from .points import Bools, Floats, Ints

STARTS = 5  # of k-means, for each number of clusters
MOVES = 20  # times that misfits are looked for


@dataclass(frozen=True, slots=True)
class Score:
    """Parts, 0 to 1, averaged over the similarity matrices.

    cluster_mean, cluster_95 : clusters more related within than to the others on average, and than to 95 % of them.
    industry_mean, industry_95 : industries more related to their own cluster than to the others so.
    """

    cluster_mean: float
    cluster_95: float
    industry_mean: float
    industry_95: float

    @property
    def total(self) -> float:
        return (self.cluster_mean + self.cluster_95 + self.industry_mean + self.industry_95) / 4


@dataclass(frozen=True, slots=True)
class Grouping:
    """A set of clusters: `labels` has the cluster, 0 on, of each industry; `made_by` says how it was found.

    margin : how much more related, in "all", an industry is to its own cluster than to the next, on average.
    """

    labels: Ints
    made_by: str
    score: Score
    margin: float


@dataclass(frozen=True, slots=True)
class Move:
    """An industry put into another cluster, because it is more related to that one.

    relatedness_source, relatedness_target : in "all", to the rest of the one and to the other, when it was moved.
    reasons : the same two of each matrix that "all" is made of.
    """

    industry: int
    source: int
    target: int
    relatedness_source: float
    relatedness_target: float
    reasons: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class RelatedIndustries:
    """The best set of clusters and what speaks for it.

    similarity : named matrices (n_industries, n_industries); "all" is the mean of the others, each standardised.
    best : after misfits were moved. moved : those, in order. alternatives : the next best sets, before any move.
    fit : array of shape (n_industries,), relatedness to the rest of the own cluster, in "all"; NaN when alone.
    """

    similarity: Mapping[str, Floats]
    best: Grouping
    moved: tuple[Move, ...]
    alternatives: tuple[Grouping, ...]
    fit: Floats


def related_industries(
    jobs: ArrayLike,
    sites: ArrayLike,
    links: Mapping[str, Floats] | None = None,
    *,
    clusters: Sequence[int] | None = None,
    seed: int = 0,
    alternatives: int = 5,
    tick: Tick = no_tick,
) -> RelatedIndustries:
    """Group industries that are found in the same regions, and linked otherwise.

    Similarity matrices: correlation over regions of employment, and of numbers of establishments;
    co-agglomeration; and what `links` brings (input-output, occupations). From each, and from their mean,
    k-means and Ward's hierarchy make a set of clusters for every number of clusters. A set is scored over all
    matrices: how many clusters, and industries, are more related within than without. The best is kept, of equals the one
    with the widest margin, and an industry more related to another cluster than to its own is moved there.

    Parameters
    ----------
    jobs, sites : arrays or DataFrames of shape (n_regions, n_industries)
        Employment (persons) and establishments; every industry has some.
    links : mapping of str to array of shape (n_industries, n_industries), optional
        Further similarities, symmetric.
    clusters : sequence of int, optional
        Numbers of clusters to try; without it 2 to half the industries, at most 25 numbers.
    seed : int
        For the starts of k-means.
    tick : callable
        Told 1 for each number of clusters that was tried.

    Returns
    -------
    RelatedIndustries

    Raises
    ------
    ValueError
        With fewer than 4 industries or 3 regions.

    References
    ----------
    Delgado, Porter, Stern (2016), Defining Clusters of Related Industries, J. Econ. Geography 16.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> wood, food = rng.uniform(10, 100, (2, 30, 1))
    >>> jobs = np.hstack([wood * rng.uniform(0.9, 1.1, (30, 3)), food * rng.uniform(0.9, 1.1, (30, 3))])
    >>> related_industries(jobs, jobs / 10).best.labels
    array([0, 0, 0, 1, 1, 1])
    """
    jobs, sites = np.asarray(jobs, dtype=np.float64), np.asarray(sites, dtype=np.float64)
    number = jobs.shape[1]
    if number < 4 or jobs.shape[0] < 3:
        raise ValueError("Related industries need at least 4 industries and 3 regions.")
    similarity = {
        "employment": location_correlation(jobs),
        "establishments": location_correlation(sites),
        "coagglomeration": coagglomeration(jobs),
        **(links or {}),
    }
    similarity["all"] = np.mean([_standardised(each) for each in similarity.values()], axis=0)
    found: dict[bytes, Grouping] = {}
    rows = {name: _standardised(matrix) for name, matrix in similarity.items()}
    trees = _trees(rows)
    for k in cluster_numbers(number) if clusters is None else clusters:
        for labels, made_by in _groupings(rows, trees, k, seed):
            if labels.tobytes() not in found:
                found[labels.tobytes()] = _grouping(labels, made_by, similarity)
        tick(1)
    ranked = sorted(found.values(), key=lambda each: (-each.score.total, -each.margin, each.made_by))
    labels, moved = _move_misfits(ranked[0].labels, similarity)
    best = _grouping(labels, ranked[0].made_by, similarity)
    fit = _own_and_others(similarity["all"], labels)[0]
    return RelatedIndustries(similarity, best, moved, tuple(ranked[1 : alternatives + 1]), fit)


def location_correlation(table: ArrayLike) -> Floats:
    """Pearson correlation over regions of each pair of industries; 0 for one that is the same everywhere."""
    table = np.asarray(table, dtype=np.float64)
    away = table - table.mean(axis=0)
    length = np.sqrt((away**2).sum(axis=0))
    scaled = away / np.where(length > 0, length, 1)
    return np.asarray(np.clip(scaled.T @ scaled, -1, 1))


def score_grouping(labels: Ints, matrices: Sequence[Floats]) -> Score:
    """Relatedness within against between, averaged over the matrices. A cluster of one counts as not related."""
    return Score(*np.mean([_parts(labels, matrix) for matrix in matrices], axis=0).tolist())


def _grouping(labels: Ints, made_by: str, similarity: Mapping[str, Floats]) -> Grouping:
    own, others = _own_and_others(similarity["all"], labels)
    margin = np.nan_to_num(own - np.nanmax(others, axis=1)) if others.shape[1] > 1 else np.zeros(labels.size)
    matrices = [matrix for name, matrix in similarity.items() if name != "all"]
    return Grouping(labels, made_by, score_grouping(labels, matrices), float(margin.mean()))


def cluster_numbers(industries: int) -> list[int]:
    """The numbers of clusters that are tried for so many industries."""
    most = max(industries // 2, 2)
    return sorted(set(np.linspace(2, most, min(most - 1, 25)).round().astype(int).tolist()))


def _standardised(matrix: Floats) -> Floats:
    """Mean 0 and deviation 1 over the pairs of different industries."""
    pairs = matrix[~np.eye(len(matrix), dtype=bool)]
    deviation = pairs.std()
    return np.asarray((matrix - pairs.mean()) / (deviation if deviation > 0 else 1))


def _trees(rows: Mapping[str, Floats]) -> dict[str, Floats]:
    """Ward's hierarchy of the rows of each matrix."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ClusterWarning)  # rows may well look like distances
        return {name: linkage(each, method="ward") for name, each in rows.items()}


def _groupings(rows: Mapping[str, Floats], trees: Mapping[str, Floats], k: int, seed: int) -> list[tuple[Ints, str]]:
    """Sets of k clusters from each matrix: rows that are alike belong together."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    found = []
    # One thread: more would add up in another order on another machine, and such small tables gain nothing by them.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer than k rows that differ make fewer than k clusters
        for name, each in rows.items():
            tree = fcluster(trees[name], k, criterion="maxclust")
            means = KMeans(k, n_init=STARTS, random_state=seed).fit_predict(each)
            found += [(in_order(tree), f"ward, {name}, {k}"), (in_order(means), f"k-means, {name}, {k}")]
    return found


def in_order(labels: Ints) -> Ints:
    """The same clusters numbered 0 on by their first industry."""
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[place], dtype=np.int64)


def _parts(labels: Ints, matrix: Floats) -> list[float]:
    member = np.eye(labels.max() + 1, dtype=bool)[labels]
    own, others = _own_and_others(matrix, labels)
    size = member.sum(axis=0)
    within = np.where(size > 1, member.T @ np.nan_to_num(own) / size, np.nan)
    between = np.array([others[member[:, c]].mean(axis=0) for c in range(size.size)])
    clusters, industries = _beaten(within, between), _beaten(own, others)
    return [*clusters, *industries]


def _own_and_others(matrix: Floats, labels: Ints) -> tuple[Floats, Floats]:
    """Mean relatedness of each industry to the rest of its cluster, and to each cluster (its own is NaN)."""
    member = np.eye(labels.max() + 1)[labels]
    size = member.sum(axis=0)
    toward = matrix @ member
    here = member.astype(bool)
    alone = size[labels] == 1
    rest = np.where(alone, 1, size[labels] - 1)
    own = np.where(alone, np.nan, (toward[here] - np.diag(matrix)) / rest)
    return own, np.where(here, np.nan, toward / size)


def _beaten(own: Floats, others: Floats) -> tuple[float, float]:
    """Parts of the rows whose own value is above the mean, and above 95 %, of their others; one of these is NaN."""
    if others.shape[1] < 2:
        return 0.0, 0.0
    beside = others[~np.isnan(others)].reshape(len(others), -1)
    with np.errstate(invalid="ignore"):
        above_mean: Bools = own > beside.mean(axis=1)
        above_95: Bools = own > np.quantile(beside, 0.95, axis=1)
    return float(above_mean.mean()), float(above_95.mean())


def _move_misfits(labels: Ints, similarity: Mapping[str, Floats]) -> tuple[Ints, tuple[Move, ...]]:
    """Move the worst misfit, again and again, until none is left or each industry has moved once."""
    labels, moves, settled = labels.copy(), [], np.zeros(labels.size, dtype=bool)
    for _ in range(MOVES):
        own, others = _own_and_others(similarity["all"], labels)
        if others.shape[1] < 2:
            break
        gain = np.where(settled | np.isnan(own), -np.inf, np.nanmax(others, axis=1) - own)
        worst = int(np.argmax(gain))
        if not gain[worst] > 0:
            break
        target = int(np.nanargmax(others[worst]))
        here, there = float(own[worst]), float(others[worst, target])
        moves.append(Move(worst, int(labels[worst]), target, here, there, _reasons(similarity, labels, worst, target)))
        labels[worst], settled[worst] = target, True
    return labels, tuple(moves)


def _reasons(
    similarity: Mapping[str, Floats], labels: Ints, industry: int, target: int
) -> dict[str, tuple[float, float]]:
    """How related an industry is to its cluster and to the target, by each matrix but their mean."""
    found = {}
    for name, matrix in similarity.items():
        if name != "all":
            own, others = _own_and_others(matrix, labels)
            found[name] = float(own[industry]), float(others[industry, target])
    return found
