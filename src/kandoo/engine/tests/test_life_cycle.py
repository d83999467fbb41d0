"""The life-cycle gauge: computed once more in other words, and the laws its docstring promises."""

from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise, permutations
from math import log2
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo.engine.life_cycle import (
    STAGES,
    Gauge,
    LifeCycleProfile,
    Membership,
    Reading,
    life_cycle,
    pointing,
    service_depth,
    wilson,
)
from kandoo.engine.life_cycle_reading import BadLifeCycle, parse_life_cycle


def document() -> dict[str, Any]:
    text = (files("kandoo") / "data" / "programme" / "life_cycle.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


PROFILE = parse_life_cycle(document())
CODES = [each.code for each in PROFILE.parts]


@st.composite
def readings(draw: st.DrawFn, *, known_min: int = 0) -> list[Reading]:
    """Readings of some parts, each with a value in its range and a number of cases."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True, min_size=known_min))
    return [draw(reading(code)) for code in codes]


@st.composite
def reading(draw: st.DrawFn, code: str) -> Reading:
    if PROFILE.rule(code).unit == "level":
        return Reading(code, draw(st.integers(0, 6)))
    return Reading(code, draw(st.floats(0, 1)), draw(st.none() | st.integers(1, 500)))


def again(given_readings: list[Reading], profile: LifeCycleProfile) -> tuple[list[float], float, float]:
    """Shares, known weight and sureness by hand: fractions for the weights, a fine grid for the rooms."""
    whole = sum(Fraction(each.weight).limit_denominator(100) for each in profile.parts)
    weights = {each.code: float(Fraction(each.weight).limit_denominator(100) / whole) for each in profile.parts}
    held = {each.code: each for each in given_readings}
    known = sum(weights[code] for code in held)
    shares = [
        sum(weights[code] * interpolated(profile, code, float(each.value or 0))[place] for code, each in held.items())
        / known
        if known
        else 0.0
        for place in range(4)
    ]
    best = -9.0
    for stage in range(4):
        worst = 9.0
        for other in range(4):
            if other == stage:
                continue
            lead, squares = 0.0, 0.0
            for rule in profile.parts:
                weight = weights[rule.code]
                if rule.code not in held:
                    lead -= weight * profile.doubt
                    continue
                point, low = gaps(profile, held[rule.code], stage, other)
                lead += weight * point
                squares += (weight * (point - low)) ** 2
            worst = min(worst, lead - squares**0.5)
        best = max(best, worst)
    return shares, known, max(0.0, best)


def gaps(profile: LifeCycleProfile, each: Reading, stage: int, other: int) -> tuple[float, float]:
    """The lead of one stage over another at the value, and the least of it in the room (by a grid)."""
    value = float(each.value or 0)
    low = high = value
    if profile.rule(each.code).unit == "share":
        low, high = wilson(value, each.count or profile.stated_count, profile.z)
    grid = [low + (high - low) * step / 4000 for step in range(4001)]
    leads = []
    for at in [value, *grid]:
        points = interpolated(profile, each.code, at)
        leads.append(max(-profile.doubt, points[stage] - points[other]))
    return leads[0], min(leads)


def interpolated(profile: LifeCycleProfile, code: str, value: float) -> list[float]:
    anchors = profile.rule(code).anchors
    if value <= anchors[0].value:
        return list(anchors[0].points)
    for before, after in pairwise(anchors):
        if before.value <= value <= after.value:
            part = (value - before.value) / (after.value - before.value)
            return [(1 - part) * a + part * b for a, b in zip(before.points, after.points, strict=True)]
    return list(anchors[-1].points)


@settings(max_examples=25, deadline=None)
@given(given_readings=readings())
def test_the_gauge_is_what_its_formulas_say(given_readings: list[Reading]) -> None:
    gauge = life_cycle(given_readings, PROFILE)
    shares, known, sureness = again(given_readings, PROFILE)
    assert gauge.known == pytest.approx(known)
    assert gauge.sureness == pytest.approx(sureness, abs=2e-3)
    if gauge.shares is None:
        assert not given_readings
        return
    assert gauge.shares == pytest.approx(shares)
    assert sum(gauge.shares) == pytest.approx(1)
    assert gauge.disagreement == pytest.approx(divergence(gauge), abs=1e-9)
    for share, (low, high) in zip(gauge.shares, gauge.bands, strict=True):
        if gauge.known == pytest.approx(1):
            assert low - 1e-9 <= share <= high + 1e-9
        assert 0 <= low <= high <= 1 + 1e-9


def divergence(gauge: Gauge) -> float:
    """Jensen-Shannon divergence in bits over two bits, from what each part says."""
    known = [(each.weight, each.points) for each in gauge.parts if each.points]
    whole = sum(weight for weight, _points in known)

    def bits(points: Membership) -> float:
        return -sum(each * log2(each) for each in points if each)

    assert gauge.shares is not None
    return (bits(gauge.shares) - sum(weight / whole * bits(points) for weight, points in known)) / 2


@settings(max_examples=50, deadline=None)
@given(given_readings=readings(known_min=2), data=st.data())
def test_the_order_of_the_parts_changes_nothing(given_readings: list[Reading], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(given_readings))
    assert life_cycle(shuffled, PROFILE) == life_cycle(given_readings, PROFILE)


@settings(max_examples=100, deadline=None)
@given(given_readings=readings(known_min=1), data=st.data())
def test_a_part_that_goes_missing_never_makes_it_surer(given_readings: list[Reading], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(given_readings))
    fewer = [each for each in given_readings if each is not gone]
    state = data.draw(st.sampled_from(["missing", "withheld"]))
    whole, without = life_cycle(given_readings, PROFILE), life_cycle(fewer, PROFILE)
    assert without.sureness <= whole.sureness + 1e-12
    assert without.known < whole.known
    assert life_cycle([*fewer, Reading(gone.code, state=state)], PROFILE).sureness == without.sureness  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None)
@given(given_readings=readings(known_min=1), data=st.data())
def test_more_cases_behind_a_share_never_make_it_less_sure(given_readings: list[Reading], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(given_readings))
    count = data.draw(st.integers(1, 100))
    few, many = (
        [replace(each, count=size) if each is chosen else each for each in given_readings]
        for size in (count, 10 * count)
    )
    assert life_cycle(few, PROFILE).sureness <= life_cycle(many, PROFILE).sureness + 1e-9


@settings(max_examples=100, deadline=None)
@given(given_readings=readings(known_min=1), data=st.data())
def test_a_greater_value_never_speaks_against_the_stage_it_raises(
    given_readings: list[Reading], data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from(given_readings))
    rule = PROFILE.rule(chosen.code)
    assert chosen.value is not None
    most = 6.0 if rule.unit == "level" else 1.0
    greater = data.draw(st.floats(min(chosen.value, most), most))
    pushed = [replace(each, value=greater) if each is chosen else each for each in given_readings]
    before, after = life_cycle(given_readings, PROFILE).shares, life_cycle(pushed, PROFILE).shares
    assert before is not None and after is not None
    place = STAGES.index(rule.rises)
    assert after[place] >= before[place] - 1e-9


@settings(max_examples=60, deadline=None)
@given(given_readings=readings(known_min=3))
def test_at_a_turning_the_other_stage_draws_level(given_readings: list[Reading]) -> None:
    gauge = life_cycle(given_readings, PROFILE)
    for part in gauge.parts:
        for turning in part.turnings:
            moved = [replace(each, value=turning.value) if each.code == part.code else each for each in given_readings]
            shares = life_cycle(moved, PROFILE).shares
            assert shares is not None and gauge.leading is not None
            assert shares[STAGES.index(turning.stage)] == pytest.approx(shares[STAGES.index(gauge.leading)], abs=1e-6)


@given(share=st.floats(0, 1), count=st.integers(1, 10_000))
def test_the_room_of_a_share_is_where_it_would_not_be_unlikely(share: float, count: int) -> None:
    low, high = wilson(share, count, 1.645)
    assert 0 <= low <= share <= high <= 1
    for edge in (low, high):
        assert abs(share - edge) <= 1.645 * (edge * (1 - edge) / count) ** 0.5 + 1e-7
    wider = wilson(share, max(1, count // 2), 1.645)
    assert wider[0] <= low + 1e-12 and high <= wider[1] + 1e-12


def test_nothing_known_and_too_little_known_cannot_be_said() -> None:
    nothing = life_cycle([], PROFILE)
    assert (nothing.stage, nothing.leading, nothing.sureness, nothing.known) == (None, None, 0, 0)
    little = life_cycle([Reading("ladder", 6)], PROFILE)
    assert little.leading == "mature" and little.stage is None and little.word == "none"


def test_parts_that_agree_are_believed_and_parts_at_odds_are_not() -> None:
    grown = [
        Reading("entry", 0.01, 300), Reading("exit", 0.05, 300), Reading("services", 0.9), Reading("inner_trade", 0.6, 90),
        Reading("export", 0.5, 200), Reading("ladder", 6), Reading("joint_action", 0.8, 300), Reading("density", 0.5, 300),
        Reading("dependence", 0.05, 300),
    ]  # fmt: skip
    mature = life_cycle(grown, PROFILE)
    assert (mature.stage, mature.word) == ("mature", "strong")
    young = {"ladder": 1, "joint_action": 0.02, "services": 0.05, "export": 0.0}
    odds = [replace(each, value=young.get(each.code, each.value)) for each in grown]
    torn = life_cycle(odds, PROFILE)
    assert torn.sureness < mature.sureness / 2 and torn.disagreement > mature.disagreement


def test_a_cluster_that_empties_needs_renewal() -> None:
    emptied = [
        Reading("entry", 0.0, 200), Reading("exit", 0.4, 200), Reading("services", 0.0), Reading("inner_trade", 0.0, 20),
        Reading("export", 0.0, 100), Reading("ladder", 0), Reading("joint_action", 0.0, 200), Reading("density", 0.0, 200),
        Reading("dependence", 0.0, 50),
    ]  # fmt: skip
    shares = life_cycle(emptied, PROFILE).shares
    assert shares is not None and shares[3] > 0.25
    assert (
        shares[3]
        > (life_cycle([replace(e, value=0.02) if e.code == "exit" else e for e in emptied], PROFILE).shares or [0] * 4)[
            3
        ]
    )


def test_bad_readings_are_refused() -> None:
    with pytest.raises(ValueError, match="given twice"):
        life_cycle([Reading("entry", 0.1, 5), Reading("entry", 0.1, 5)], PROFILE)
    with pytest.raises(ValueError, match="no part"):
        life_cycle([Reading("luck", 0.1, 5)], PROFILE)
    with pytest.raises(ValueError, match="no share"):
        life_cycle([Reading("entry", 1.1, 5)], PROFILE)
    cases: list[dict[str, Any]] = [{"value": 0.1, "state": "missing"}, {"value": None}, {"value": 0.1, "count": 0}]
    for wrong in cases:
        with pytest.raises(ValueError):
            Reading("entry", **wrong)


def test_kinds_of_services_count_before_their_number() -> None:
    stages = ["home", "a", "b", "c"]
    wide, _count = service_depth({"home": 50, "a": 1, "b": 1, "c": 1}, stages)
    deep, count = service_depth({"home": 50, "a": 9}, stages)
    assert (wide, deep, count) == (0.5, 2 / 6, 3)
    assert all(service_depth({"home": 50, "a": 2}, list(order))[0] == 2 / 6 for order in permutations(stages))
    with pytest.raises(ValueError):
        service_depth({"home": 5}, ["home"])


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("doubt",), 1.4, "doubt"),
        (("parts", 0, "weight"), 0, "weight"),
        (("parts", 0, "unit"), "tons", "unit"),
        (("parts", 0, "rises"), "mature", "rises"),
        (("parts", 0, "anchors", 0, "mature"), 0.9, "add up"),
        (("parts", 0, "anchors", 1, "at"), -1, "rise"),
        (("parts", 1, "code"), "entry", "twice"),
        (("sure", "fair"), 0.9, "rise"),
        (("colour",), "green", "colour"),
    ],
)
def test_a_faulty_profile_is_refused_with_its_place(path: tuple[Any, ...], value: Any, fault: str) -> None:
    changed = document()
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(BadLifeCycle, match=fault):
        parse_life_cycle(changed)


def test_every_part_points_everywhere_it_should() -> None:
    for rule in PROFILE.parts:
        for anchor in rule.anchors:
            assert pointing(rule, anchor.value) == pytest.approx(anchor.points)
        assert pointing(rule, 99) == rule.anchors[-1].points and pointing(rule, -99) == rule.anchors[0].points
