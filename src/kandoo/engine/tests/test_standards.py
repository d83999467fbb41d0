"""Goods judged by standards: the right limit, the margin, the reason and what would help."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo import profiles
from kandoo.engine.checks.standards import disagreements, recompute
from kandoo.engine.standards import (
    BadStandards,
    Conditions,
    bars,
    for_market,
    parse_standards,
    planning_limits,
    verdict,
)

HONEY = profiles.load("honey")
STANDARDS = {each.code: each for each in profiles.standards("honey")}
DOCUMENT: Mapping[str, Any] = profiles.standards_document("honey")
THYME = Conditions.of(HONEY.kinds["thyme"])
CITRUS = Conditions.of(HONEY.kinds["citrus"])
HONEYDEW = Conditions.of(HONEY.kinds["honeydew"])
GOOD = {
    "moisture": 16.5, "fructose": 39.0, "glucose": 32.0, "sucrose": 2.0, "hmf": 8.0,
    "diastase": 14.0, "free_acidity": 22.0, "ec": 0.4, "insoluble": 0.05,
}  # fmt: skip


def line(result, parameter):
    (found,) = [each for each in result.lines if each.parameter == parameter]
    return found


def eu(results, goods=THYME, on="lot"):
    return verdict(STANDARDS["eu"], goods, results, on=on)


def test_good_honey_passes_with_a_margin_to_every_limit():
    result = eu(GOOD)
    assert result.overall == "pass"
    assert all(each.margin >= 0 and each.remedy == "none" for each in result.lines)
    assert line(result, "moisture").margin == pytest.approx(3.5)
    assert line(result, "moisture").clause == "Annex II 2"


def test_a_value_at_the_limit_passes():
    assert line(eu({"moisture": 20}), "moisture").outcome == "pass"
    assert line(eu({"fructose": 38.1, "glucose": 21.9}), "fg_sum").outcome == "pass"


def test_the_sum_of_fructose_and_glucose_is_computed_where_the_laboratory_left_it_out():
    assert line(eu({"fructose": 30, "glucose": 25}), "fg_sum").margin == pytest.approx(-5)
    assert line(eu({"fg_sum": 70, "fructose": 30, "glucose": 25}), "fg_sum").found == 70
    iran = verdict(STANDARDS["iran_inso92"], THYME, {"fructose": 36, "glucose": 30}, on="lot")
    assert line(iran, "fg_ratio").found == pytest.approx(1.2)
    assert line(iran, "fg_ratio").is_unconfirmed


def test_the_flower_decides_the_sucrose_limit():
    limits = {
        kind: line(eu(GOOD, Conditions.of(HONEY.kinds[kind])), "sucrose").limit
        for kind in ("thyme", "citrus", "acacia", "alfalfa")
    }
    assert limits == {"thyme": 5, "citrus": 10, "acacia": 10, "alfalfa": 10}


def test_honeydew_must_conduct_and_eucalyptus_may():
    assert line(eu({"ec": 0.6}, HONEYDEW), "ec").outcome == "fail"
    assert line(eu({"ec": 0.9}, HONEYDEW), "ec").outcome == "pass"
    eucalyptus = Conditions.of(HONEY.kinds["eucalyptus"])
    assert line(eu({"ec": 2.0}, eucalyptus), "ec").outcome == "not_applicable"


def test_the_more_special_limit_comes_first():
    heather = Conditions(honey_class="bakers", floral="calluna")
    assert line(eu({"moisture": 24}, heather), "moisture").outcome == "pass"
    assert line(eu({"moisture": 24}, Conditions(floral="calluna")), "moisture").outcome == "fail"


def test_low_enzyme_honey_may_have_little_diastase_only_with_little_hmf():
    assert line(eu({"diastase": 4, "hmf": 15}, CITRUS), "diastase").outcome == "pass"
    assert line(eu({"diastase": 9, "hmf": 30}, CITRUS), "diastase").outcome == "pass"
    assert line(eu({"diastase": 4}, CITRUS), "diastase").outcome == "not_tested"
    assert line(eu({"diastase": 9}, CITRUS), "diastase").outcome == "pass"
    assert line(eu({"diastase": 4, "hmf": 15}), "diastase").outcome == "fail"
    failed = line(eu({"diastase": 4, "hmf": 30}, CITRUS), "diastase")
    assert (failed.outcome, failed.limit) == ("fail", 8)


def test_canada_asks_diastase_and_hmf_together():
    canada = STANDARDS["canada_grades"]
    judged = verdict(canada, THYME, {"diastase": 9, "hmf": 45, "moisture": 17}, on="lot")
    told = line(judged, "diastase")
    assert (told.outcome, told.decided_by, told.margin) == ("fail", "hmf", -5)
    fine = {"diastase": 4, "hmf": 12, "moisture": 17, "insoluble": 0.05}
    assert verdict(canada, THYME, fine, on="lot").overall == "pass"


def test_diastase_and_hmf_bind_the_lot_and_not_the_drum():
    bad = {**GOOD, "hmf": 60, "diastase": 5}
    drum, lot = eu(bad, on="component"), eu(bad)
    assert drum.overall == "pass"
    assert line(drum, "hmf").outcome == line(drum, "diastase").outcome == "lot"
    assert line(drum, "hmf").margin == pytest.approx(-20)
    assert lot.overall == "fail"
    assert line(lot, "hmf").remedy == "change_blend"


def test_a_wet_drum_is_dried_or_blended_and_an_untested_one_tested():
    result = eu({"moisture": 21}, on="component")
    assert line(result, "moisture").remedy == "dry_or_blend"
    assert line(result, "sucrose").remedy == "test"
    assert line(result, "sucrose").margin is None


def test_the_overall_word_tells_untested_from_passed():
    assert eu({}).overall == "not_tested"
    assert eu({"moisture": 17}).overall == "pass_with_untested"
    assert eu({"moisture": 21}).overall == "fail"


def test_an_antibiotic_is_barred_in_every_market_and_cannot_be_diluted():
    for market in HONEY.markets:
        judged = verdict(
            profiles.market_standard("honey", market),
            THYME,
            {**GOOD, "chloramphenicol": 0.02},
            on="component",
        )
        assert judged.overall == "fail"
        assert judged.is_barred
        assert line(judged, "chloramphenicol").remedy == "barred"


@pytest.mark.parametrize("found", ["not_detected", 0, "<0.1"])
def test_nothing_found_bars_nothing(found):
    assert not bars(HONEY.tests.values(), {"chloramphenicol": found, "c4_sugar_pct": 2.0})
    judged = verdict(profiles.market_standard("honey", "eu"), THYME, {"chloramphenicol": found}, on="component")
    assert line(judged, "chloramphenicol").outcome == "pass"


def test_a_treatment_over_its_limit_only_loses_the_market():
    found = {**GOOD, "amitraz": 250}
    judged = verdict(profiles.market_standard("honey", "eu"), THYME, found, on="component")
    assert line(judged, "amitraz").remedy == "other_market"
    assert not judged.is_barred
    (bar,) = bars(HONEY.tests.values(), found)
    assert (bar.scope, bar.reason, bar.is_unconfirmed) == ("market", "over_limit", True)


@pytest.mark.parametrize(
    ("test", "found", "is_barred"),
    [
        ("c4_sugar_pct", 7, True),
        ("c4_sugar_pct", 6.9, False),
        ("nmr", "non_conformant", True),
        ("nmr", "inconclusive", False),
        ("nmr", "conformant", False),
        ("foreign_enzymes", "detected", True),
        ("foreign_enzymes", "not_detected", False),
        ("delta13C_protein_minus_honey", -1.2, True),
        ("delta13C_protein_minus_honey", -0.9, False),
        ("starch_dextrin", "positive", True),
        ("tylosin", "detected", True),
        ("aoz", "trace", True),
        ("aoz", "", False),
    ],
)
def test_a_failed_authenticity_test_or_forbidden_residue_bars_for_good(test, found, is_barred):
    scopes = [bar.scope for bar in bars(HONEY.tests.values(), {test: found})]
    assert scopes == (["for_good"] if is_barred else [])


def test_grades_and_colour_classes_follow_the_measured_values():
    usda = STANDARDS["usda_grades"]
    judged = verdict(usda, THYME, {"moisture": 19.5, "colour": 34}, on="lot")
    assert (judged.grade, judged.grade_possible, judged.colour_class) == ("", "C", "White")
    assert verdict(usda, THYME, {"moisture": 18, "score": 92}, on="lot").grade == "A"
    assert verdict(usda, THYME, {"moisture": 21}, on="lot").overall == "fail"
    canada = STANDARDS["canada_grades"]
    fine = {"moisture": 18.2, "insoluble": 0.05}
    heated = Conditions(flags=frozenset({"pasteurized"}))
    assert verdict(canada, THYME, fine, on="lot").grade == "No. 2"
    assert verdict(canada, heated, fine, on="lot").grade == "No. 1"


def test_a_colour_has_one_class_whatever_it_is():
    usda = STANDARDS["usda_grades"]
    for colour in range(150):
        assert verdict(usda, THYME, {"colour": colour}, on="lot").colour_class


def test_a_planner_gets_the_strictest_limits_of_the_kinds():
    limits = planning_limits(STANDARDS["eu"], [THYME, CITRUS])
    assert limits.upper["sucrose"] == 5
    assert limits.lower == {"fg_sum": 60, "diastase": 8}
    assert limits.alternatives == ()


def test_a_lot_of_low_enzyme_honey_has_two_ways_to_pass():
    limits = planning_limits(STANDARDS["eu"], [CITRUS])
    assert limits.alternatives == (
        ({"diastase": 3.0}, {"hmf": 15.0}),
        ({"diastase": 8.0}, {}),
    )
    canada = planning_limits(STANDARDS["canada_grades"], [THYME])
    assert ({"diastase": 8.0}, {"hmf": 40.0}) in canada.alternatives
    assert canada.upper["moisture"] == 20


def test_residues_are_no_business_of_the_blend_planner():
    limits = planning_limits(profiles.market_standard("honey", "eu"), [THYME])
    assert not {*limits.lower, *limits.upper} & set(HONEY.tests)


VALUES = {
    "moisture": (14, 26), "fructose": (20, 45), "glucose": (15, 40), "sucrose": (0, 18),
    "hmf": (0, 100), "diastase": (0, 20), "free_acidity": (5, 90), "ec": (0.1, 1.6),
    "insoluble": (0, 1), "proline": (50, 500), "ph": (3, 5), "ash": (0, 1),
    "reducing_sugars_before_hydrolysis": (50, 90),
}  # fmt: skip
RESULTS = st.fixed_dictionaries(
    {},
    optional={
        code: st.integers(int(low * 100), int(high * 100)).map(lambda hundredths: hundredths / 100)
        for code, (low, high) in VALUES.items()
    },
)
WORDS = DOCUMENT["condition_vocabulary"]
GOODS = st.builds(
    Conditions,
    honey_class=st.sampled_from(WORDS["honey_class"]),
    floral=st.sampled_from(["", "astragalus", *WORDS["floral"]]),
    extraction=st.sampled_from(["", *WORDS["extraction"]]),
    flags=st.frozensets(st.sampled_from(WORDS["flags"])),
)
COMPOSITION = [each.code for each in STANDARDS.values() if each.section == "composition"]


@settings(max_examples=300)
@given(st.sampled_from(COMPOSITION), GOODS, RESULTS, st.sampled_from(["component", "lot"]))
def test_verdicts_agree_with_the_independent_checker(code, goods, results, on):
    judged = verdict(STANDARDS[code], goods, results, on=on)
    lines = [each for each in judged.lines if not each.clause.startswith(("s. 5", "Table III"))]
    again = recompute(
        DOCUMENT,
        code,
        results,
        honey_class=goods.honey_class,
        floral=goods.floral,
        extraction=goods.extraction,
        flags=sorted(goods.flags),
        on_lot=on == "lot",
    )
    assert disagreements(lines, again) == []


@settings(max_examples=200)
@given(st.sampled_from(COMPOSITION), GOODS, RESULTS)
def test_what_keeps_the_planning_limits_passes_the_standard(code, goods, results):
    limits = planning_limits(STANDARDS[code], [goods])
    known = dict(results)
    if {"fructose", "glucose"} <= known.keys():
        known["fg_sum"] = round(known["fructose"] + known["glucose"], 9)
        known["fg_ratio"] = round(known["fructose"] / known["glucose"], 9)

    def is_inside(lower, upper):
        return all(known.get(p, float("-inf")) >= v for p, v in lower.items()) and all(
            known.get(p, float("inf")) <= v for p, v in upper.items()
        )

    keeps = is_inside(limits.lower, limits.upper) and (
        not limits.alternatives or any(is_inside(*each) for each in limits.alternatives)
    )
    judged = verdict(STANDARDS[code], goods, results, on="lot")
    blendable = [e for e in judged.lines if e.outcome != "not_applicable" and not e.is_component]
    assert keeps == all(each.outcome == "pass" for each in blendable)


@given(GOODS, RESULTS)
def test_a_margin_is_negative_exactly_where_a_tested_limit_fails(goods, results):
    for each in eu(results, goods).lines:
        if each.outcome == "fail":
            assert each.margin < 0
        elif each.outcome == "pass":
            assert each.margin >= 0


def test_sources_dates_and_unconfirmed_marks_are_kept():
    iran, label = STANDARDS["iran_inso92"], STANDARDS["eu_origin_label"]
    assert iran.unconfirmed_count == len(iran.limits) == 12
    assert "8th revision" in iran.source.title
    assert str(iran.compiled) == "2026-11-22"
    assert [str(day) for name, day in label.dates if name == "apply_from"] == ["2026-06-14"]
    assert any("descending order" in rule.text for rule in label.rules)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d.pop("standards"), "standards: holds nothing"),
        (lambda d: d["standards"][1].update(id="codex"), "'codex' appears twice"),
        (lambda d: d["standards"][0].update(source="X"), r"standards\[0\].source: 'X'"),
        (lambda d: d["standards"][0].update(limit=[]), r"standards\[0\].limit: unknown key"),
        (lambda d: d["standards"][0]["limits"][1].update(op="max"), r"limits\[1\].op: .*one of"),
        (lambda d: d["standards"][0]["limits"][1].pop("value"), r"limits\[1\].value: missing"),
        (lambda d: d["standards"][0]["limits"][1].update(value="20"), r"limits\[1\].value: .*num"),
        (lambda d: d["standards"][0]["limits"][1].update(parameter="x"), r"\[1\].parameter: 'x'"),
        (lambda d: d["standards"][0]["limits"][1].pop("clause"), r"limits\[1\].clause: missing"),
        (
            lambda d: d["standards"][0]["limits"][0]["when"].update(floral=["rose"]),
            r"limits\[0\].when.floral: 'rose'",
        ),
        (lambda d: d["standards"][0]["limits"][0].update(when={"hue": []}), r"when.hue: unknown"),
        (
            lambda d: d["standards"][1]["limits"][16]["requires"].update(x={"op": "le"}),
            r"limits\[16\].requires.x.value: missing",
        ),
        (lambda d: d["standards"][7]["grades"][0].update(moisture=3), r"grades\[0\].moisture: unk"),
        (lambda d: d["standards"][8]["colour_classes_mm_pfund"].reverse(), "should rise"),
        (lambda d: d["residues"][1]["limits"][0].update(value=None), r"limits\[0\].value: miss"),
        (lambda d: d["condition_vocabulary"].update(mood=[]), "condition_vocabulary.mood"),
    ],
)
def test_broken_standards_are_refused_and_the_bad_key_named(change, path):
    broken = copy.deepcopy(DOCUMENT)
    change(broken)
    with pytest.raises(BadStandards, match=path):
        parse_standards(broken, HONEY)


def test_a_market_without_its_standard_is_refused():
    rest = [each for each in STANDARDS.values() if each.code != "eu_rpa"]
    with pytest.raises(BadStandards, match=r"markets.eu: no standard 'eu_rpa'"):
        for_market(HONEY, rest, "eu")
