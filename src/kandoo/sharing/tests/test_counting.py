"""The law of the count: whole numbers, any order, and the last answer of each firm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.sharing.comparing import Counts, counts_of
from kandoo.sharing.counting import Terms, Vote, decide, tally

votes = st.lists(
    st.builds(Vote, enterprise=st.integers(1, 8), number=st.integers(1, 4), is_yes=st.booleans()),
    unique_by=lambda vote: (vote.enterprise, vote.number),
)
terms = st.builds(Terms, electorate=st.integers(8, 2_000), quorum=st.integers(0, 100), majority=st.integers(50, 100))


@given(votes=votes, data=st.data())
def test_the_order_in_which_votes_come_does_not_matter(votes: list[Vote], data: st.DataObject) -> None:
    assert tally(data.draw(st.permutations(votes))) == tally(votes)


@given(votes=votes)
def test_each_firm_counts_once_with_its_last_answer(votes: list[Vote]) -> None:
    last = {each.enterprise: each for each in sorted(votes, key=lambda vote: vote.number)}
    yes, no = tally(votes)
    assert yes + no == len(last)
    assert yes == sum(vote.is_yes for vote in last.values())


@given(terms=terms, data=st.data())
def test_quorum_and_majority_are_exact_in_whole_numbers(terms: Terms, data: st.DataObject) -> None:
    cast = data.draw(st.integers(1, terms.electorate))
    yes = data.draw(st.integers(0, cast))
    outcome = decide(terms, yes, cast - yes)
    has_quorum = cast * 100 >= terms.quorum * terms.electorate
    has_majority = yes * 100 >= terms.majority * cast
    assert (outcome == "no_quorum") == (not has_quorum)
    assert (outcome == "adopted") == (has_quorum and has_majority)


@given(terms=terms)
def test_the_edges_are_where_the_page_says_they_are(terms: Terms) -> None:
    needed = terms.votes_needed
    assert decide(terms, needed, 0) == "adopted"
    assert needed == 1 or decide(terms, needed - 1, 0) == "no_quorum"
    cast = terms.electorate
    yes = terms.yes_needed(cast)
    assert decide(terms, yes, cast - yes) == "adopted"
    assert decide(terms, yes - 1, cast - yes + 1) == "no_majority"


@given(terms=terms, data=st.data())
def test_one_more_yes_never_loses_a_rule(terms: Terms, data: st.DataObject) -> None:
    cast = data.draw(st.integers(1, terms.electorate))
    yes = data.draw(st.integers(0, cast - 1))
    if decide(terms, yes, cast - yes) == "adopted":
        assert decide(terms, yes + 1, cast - yes - 1) == "adopted"


def test_nobody_voting_adopts_nothing_even_without_a_quorum() -> None:
    assert decide(Terms(electorate=10, quorum=0, majority=50), 0, 0) == "no_votes"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([1] * 9, Counts(9, 0, 0)),
        ([1] * 9 + [-1] * 6, Counts(9, 6, 0)),
        ([1] * 9 + [-1] * 6 + [0] * 3, Counts(9, None, None)),  # the smallest other group goes too
        ([1] * 9 + [-1] * 3, Counts(None, None, 0)),
        ([1] * 3 + [-1] * 3 + [0] * 9, Counts(None, None, 9)),
        ([], Counts(0, 0, 0)),
    ],
)
def test_groups_of_fewer_than_five_are_not_told_nor_can_they_be_had_by_taking_away(
    changes: list[int], told: Counts
) -> None:
    assert counts_of(changes) == told
