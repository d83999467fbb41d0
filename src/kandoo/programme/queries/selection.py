"""Scores of a round become columns for the engine, and its ranking rows of the page."""

from dataclasses import asdict, dataclass
from typing import Any

from kandoo.engine.census.priority import rank_candidates
from kandoo.programme.models import ClusterFile, Criterion, Score, SelectionRound

FULL = 100  # the best score
SEED = 1405
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """A round as columns: files, criteria, and the score of each file by each criterion (None: not given)."""

    round: SelectionRound
    files: tuple[ClusterFile, ...]
    criteria: tuple[Criterion, ...]
    scores: dict[tuple[int, int], Score]  # (file, criterion) -> its score

    @property
    def missing(self) -> list[tuple[ClusterFile, Criterion]]:
        """Scores not given yet."""
        return [(file, each) for file in self.files for each in self.criteria if (file.pk, each.pk) not in self.scores]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a candidate stands: score 0 to 1; ranks from 1; the part of the draws of weights in which it is first."""

    file: int
    score: float
    rank: int
    rank_low: int
    rank_high: int
    first_share: float

    def to_dict(self) -> dict[str, Any]:
        """As the closed round keeps it."""
        return asdict(self)


def table_of(round: SelectionRound) -> Table:
    """Candidates, criteria and scores of a round, in three queries."""
    candidates = list(round.candidates.select_related("file").order_by("file__sort_key"))
    of_candidate = {each.pk: each.file_id for each in candidates}
    scores = {(of_candidate[each.candidate_id], each.criterion_id): each for each in round.scores.all()}
    return Table(round, tuple(each.file for each in candidates), tuple(round.criteria.order_by("position")), scores)


def ranked(table: Table) -> tuple[Place, ...]:
    """The order of the candidates; a missing score is taken for the mean of the criterion's known ones.

    A criterion of which nothing is known is left out; without any score there is no order.
    """
    columns = {
        str(each.pk): [_share(table.scores.get((file.pk, each.pk))) for file in table.files] for each in table.criteria
    }
    known = {key: column for key, column in columns.items() if any(value is not None for value in column)}
    if not known or not table.files:
        return ()
    found = rank_candidates(
        [str(each.pk) for each in table.files],
        known,
        {str(each.pk): each.weight for each in table.criteria if str(each.pk) in known},
        missing="mean",
        spread=table.round.spread / 100,
        draws=DRAWS,
        seed=SEED,
    )
    return tuple(
        Place(int(row.name), row.score, row.rank, row.rank_low, row.rank_high, row.first_share) for row in found.rows
    )


def kept(round: SelectionRound) -> tuple[Place, ...]:
    """The order that a closed round keeps."""
    return tuple(Place(**each) for each in round.ranking)


def _share(score: Score | None) -> float | None:
    return None if score is None else score.value / FULL
