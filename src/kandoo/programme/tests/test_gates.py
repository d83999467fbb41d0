"""The law of gates as properties: whatever the standing, nothing passes that may not."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kandoo.programme.gates import PASSING, Standing, faults

few = st.integers(0, 6)
standings = st.builds(
    Standing,
    here=few,
    gate=few,
    same_procedure=st.booleans(),
    body_fits=st.booleans(),
    quorum=st.integers(1, 5),
    present=few,
    yes=few,
    no=few,
    abstained=few,
    by_consensus=st.booleans(),
    outcome=st.sampled_from(["passed", "conditional", "waiting", "rejected"]),
    papers_missing=st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
    conditions_open=st.integers(0, 2),
)


@given(standings)
def test_what_is_allowed_follows_the_gate_before_in_a_quorate_meeting_of_its_body(case: Standing) -> None:
    if faults(case):
        return
    assert case.gate == case.here + 1 and case.same_procedure and case.body_fits
    assert case.present >= case.quorum and case.yes + case.no + case.abstained == case.present
    assert (case.no == 0 and case.yes > 0) if case.by_consensus else 2 * case.yes > case.present
    assert case.outcome not in PASSING or not (case.papers_missing or case.conditions_open)


@given(standings)
def test_what_is_refused_is_refused_for_a_reason_that_can_be_mended(case: Standing) -> None:
    whole = replace(
        case, gate=case.here + 1, same_procedure=True, body_fits=True, present=case.quorum, yes=case.quorum, no=0,
        abstained=0, papers_missing=(), conditions_open=0,
    )  # fmt: skip
    assert faults(whole) == []


@given(standings, st.sampled_from(["here", "body_fits", "present", "yes", "papers_missing", "conditions_open"]))
def test_each_single_lack_is_named(case: Standing, lack: str) -> None:
    whole = replace(
        case, gate=case.here + 1, same_procedure=True, body_fits=True, present=case.quorum, yes=case.quorum, no=0,
        abstained=0, papers_missing=(), conditions_open=0, outcome="passed",
    )  # fmt: skip
    spoiled: dict[str, Any] = {
        "here": case.here + 1,
        "body_fits": False,
        "present": case.quorum - 1,
        "yes": 0,
        "papers_missing": ("x",),
        "conditions_open": 1,
    }
    assert len(faults(replace(whole, **{lack: spoiled[lack]}))) == 1
