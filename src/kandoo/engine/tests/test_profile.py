"""The honey profile, and documents that are no profile."""

import copy
import pickle
import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from kandoo import profiles
from kandoo.engine.identifiers import gs1_mod10, iran_legal_person, iran_natural_person
from kandoo.engine.profile import BadProfile, parse_profile


@pytest.fixture(scope="module")
def document():
    return profiles._yaml(profiles._folder("honey") / "profile.yaml")


@pytest.fixture
def honey():
    return profiles.load("honey")


def test_honey_ships_and_can_travel_to_another_process(honey):
    assert "honey" in profiles.codes()
    assert pickle.loads(pickle.dumps(honey)) == honey


def test_a_product_that_does_not_ship_is_named_in_the_refusal():
    with pytest.raises(profiles.UnknownProfile, match="stone"):
        profiles.load("stone")


def test_everything_a_person_sees_is_named_in_persian_and_english(honey):
    arabic = re.compile("[يكى]")
    groups = [honey.kinds, honey.parameters, honey.tests, honey.stages, honey.papers]
    groups += [honey.pack_units, honey.markets, honey.identifier_schemes, *honey.names.values()]
    for group in groups:
        for each in group.values():
            name = getattr(each, "name", each)
            assert name.fa
            assert name.en
            assert not arabic.search(name.fa), f"{name.fa} is spelt with Arabic letters"


def test_conductivity_is_weighted_by_dry_matter_and_colour_by_optical_density(honey):
    laws = honey.blend_laws
    assert (laws["ec"].law, laws["ec"].parts) == ("linear_dry_matter", ("moisture",))
    assert laws["colour"].curve[0] == (8, 0.0945)
    assert laws["fg_ratio"].parts == ("fructose", "glucose")
    assert laws["ph"].law == "component"


def test_blend_laws_follow_the_reference_document(honey):
    document: Mapping[str, Any] = profiles._yaml(profiles._folder("honey") / "blending.yaml")
    rules = document["rules"]
    told: dict[str, Any] = {}
    for rule in rules:
        names = rule["parameter"] if isinstance(rule["parameter"], list) else [rule["parameter"]]
        told |= dict.fromkeys(names, rule)
    expected = {
        "linear_mass": {"linear_mass", "linear_mass_then_grows", "linear_mass_then_decays"},
        "sum_of": {"linear_mass"},
        "ratio_of": {"ratio_of_sums"},
        "linear_dry_matter": {"linear_dry_matter"},
        "optical_density": {"additive_in_optical_density"},
        "component": {"not_additive", "weighted_by_pollen_count"},
    }
    for code, law in honey.blend_laws.items():
        rule = told.get(code) or told["reducing_sugars"]
        assert rule["law"] in expected[law.law], code
        if law.curve:
            assert [list(point) for point in law.curve] == rule["pfund_to_od"]


def test_the_plausible_harvest_is_marked_as_an_assumption_beside_published_means(honey):
    assert honey.yield_kg_per_hive_max == 30
    assert honey.yield_rule.is_assumption
    assert [each.value for each in honey.yield_rule.published] == [9.2, 10.3]


def test_a_container_is_seventy_drums(honey):
    container = honey.pack_units["container_20ft"]
    assert container.holds == ("drum", 70)
    assert honey.pack_units["drum"].net_kg * 70 == container.net_kg


def test_a_firm_of_fifty_is_medium(honey):
    sizes = {workers: honey.size_class(workers).code for workers in (0, 9, 10, 49, 50, 150, 151)}
    assert sizes == {
        0: "micro", 9: "micro", 10: "small", 49: "small", 50: "medium", 150: "medium", 151: "large",
    }  # fmt: skip


def test_an_antibiotic_bars_for_good_and_a_treatment_over_its_limit_bars_the_market(honey):
    scopes = {code: test.bar.scope for code, test in honey.tests.items()}
    assert all(scopes[c] == "for_good" for c, t in honey.tests.items() if t.group == "antibiotic")
    assert scopes["amitraz"] == scopes["coumaphos"] == "market"


def test_every_market_asks_for_a_standard_that_exists(honey):
    codes = {each.code for each in profiles.standards("honey")}
    for market in honey.markets.values():
        assert {market.standard, *market.residues, *market.labels} <= codes
        assert {section for section, _ in market.none_detected} <= codes


def test_every_code_the_standards_give_has_a_name(honey):
    for standard in profiles.standards("honey"):
        assert standard.code in honey.names["standard"]
        for colour in standard.colour_classes:
            assert colour.name in honey.names["colour_class"]


def test_study_columns_lead_to_parameters(honey):
    rows = profiles.reference("published_summaries")
    assert len(rows) == 40
    known = [honey.study_names.get(row["parameter"], row["parameter"]) for row in rows]
    assert sum(code in honey.parameters for code in known) > 30


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d.pop("kinds"), "kinds: holds nothing"),
        (lambda d: d["kinds"][0].pop("name"), r"kinds\[0\].name: missing"),
        (lambda d: d["kinds"][1].update(code="astragalus"), r"kinds\[1\].code: .*twice"),
        (lambda d: d["kinds"][0].update(flavour="x"), r"kinds\[0\].flavour: unknown key"),
        (lambda d: d["parameters"][0].update(low="ten"), r"parameters\[0\].low: should be a num"),
        (lambda d: d["parameters"][0].update(low=99), r"parameters\[0\].low: 99 should be below"),
        (lambda d: d["parameters"][0].update(low=True), r"parameters\[0\].low: should be a num"),
        (lambda d: d["parameters"][0].update(high=float("nan")), r"parameters\[0\].high: .*finite"),
        (lambda d: d["parameters"][0].update(better="more"), r"parameters\[0\].better: .*one of"),
        (lambda d: d["parameters"][0]["blend"].update(law="magic"), r"\[0\].blend.law: .*one of"),
        (lambda d: d["parameters"][3]["blend"].update(parts=["a"]), r"blend.parts: sum_of takes 2"),
        (lambda d: d["parameters"][3]["blend"].update(parts=["a", "b"]), "fg_sum.blend.parts: 'a'"),
        (lambda d: d["parameters"][16]["blend"].update(curve=[[1, 2], [1, 3]]), "curve.*rise"),
        (lambda d: d["parameters"][16]["blend"].update(curve=[[1, 2], ["x", 3]]), "two numbers"),
        (lambda d: d["tests"][0]["bar"].update(scope="a while"), r"tests\[0\].bar.scope"),
        (lambda d: d["tests"][0].update(code="moisture"), "tests.moisture: is a parameter"),
        (lambda d: d["pack_units"][0].update(net_kg=900), r"pack_units\[0\].net_kg"),
        (lambda d: d.update(default_pack_unit="barrel"), "default_pack_unit: 'barrel'"),
        (lambda d: d["markets"][0].update(papers=["poem"]), "markets.eu.papers: 'poem'"),
        (lambda d: d["size_classes"][1].update(employees_from=12), r"size_classes\[1\]"),
        (lambda d: d["identifier_schemes"][0].update(check="luck"), r"schemes\[0\].check"),
        (lambda d: d["yield_kg_per_hive"].update(ceiling=0), "yield_kg_per_hive.ceiling"),
        (lambda d: d["sampling"].update(drums_per_sample=0), "sampling.drums_per_sample"),
        (lambda d: d["names"]["remedy"]["test"].pop("fa"), "names.remedy.test.fa: missing"),
    ],
)
def test_a_broken_profile_is_refused_and_the_bad_key_named(document, change, path):
    broken = copy.deepcopy(document)
    change(broken)
    with pytest.raises(BadProfile, match=path):
        parse_profile(broken)


def test_yaml_reads_dates_as_dates_and_text_alike(document):
    assert parse_profile({**document, "compiled": "2026-11-22"}) == parse_profile(document)
    with pytest.raises(BadProfile, match="compiled: should be a date"):
        parse_profile({**document, "compiled": "last spring"})


def test_a_slip_in_an_identifier_is_caught():
    assert iran_legal_person("10380284790")
    assert not iran_legal_person("10380284791")
    assert iran_natural_person("0084575948")
    assert not iran_natural_person("0084575949")
    assert not iran_natural_person("1111111111")
    assert gs1_mod10("4006381333931")
    assert not gs1_mod10("4006381333932")
    for check in (iran_legal_person, iran_natural_person, gs1_mod10):
        assert not check("")
        assert not check("۰۰۸۴۵۷۵۹۴۸")
        assert not check("abcdefghijk")


def test_the_profile_checks_identifiers_by_scheme(honey):
    assert honey.identifier_schemes["natural_person"].check_digit_fits("0084575948")
    assert honey.identifier_schemes["apiary_code"].check_digit_fits("L-12")


def test_the_shipped_documents_are_plain_yaml(document):
    assert yaml.safe_load(yaml.safe_dump(document, allow_unicode=True)) == document
