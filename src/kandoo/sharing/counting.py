"""The law of the count: votes in, a decision with its reason out. No clock, no database.

The count that counts is made by the database (`sharing_proposal_step` in migration 0002), because
nobody else may read the votes. The same law stands here to be read and tested, and says the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["adopted", "no_votes", "no_quorum", "no_majority"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole percent: `quorum` of the electorate must vote, `majority` of the votes cast must be yes."""

    electorate: int
    quorum: int
    majority: int

    @property
    def votes_needed(self) -> int:
        """The fewest votes with which the quorum is reached; one at least."""
        return max(-(-self.quorum * self.electorate // 100), 1)

    def yes_needed(self, cast: int) -> int:
        """The fewest yes among the votes cast that adopt."""
        return -(-self.majority * cast // 100)


@dataclass(frozen=True, slots=True)
class Vote:
    """The answer of one enterprise; among several of the same one the highest number counts."""

    enterprise: int
    number: int
    is_yes: bool


def tally(votes: Iterable[Vote]) -> tuple[int, int]:
    """Yes and no, one of each enterprise, in whichever order the votes come."""
    last: dict[int, Vote] = {}
    for vote in votes:
        if vote.enterprise not in last or vote.number > last[vote.enterprise].number:
            last[vote.enterprise] = vote
    yes = sum(vote.is_yes for vote in last.values())
    return yes, len(last) - yes


def decide(terms: Terms, yes: int, no: int) -> Outcome:
    """Whether a rule is adopted, or why not. All in whole numbers: a quorum just reached is reached.

    >>> decide(Terms(electorate=10, quorum=50, majority=60), yes=3, no=2)
    'adopted'
    >>> decide(Terms(electorate=11, quorum=50, majority=60), yes=3, no=2)
    'no_quorum'
    """
    cast = yes + no
    if cast == 0:
        return "no_votes"
    if cast < terms.votes_needed:
        return "no_quorum"
    return "adopted" if yes >= terms.yes_needed(cast) else "no_majority"
