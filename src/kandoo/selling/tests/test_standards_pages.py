"""Standards: each limit with its clause and how sure we are of it, and what passes today."""

from typing import Any

import pytest

from kandoo import profiles
from kandoo.selling.tests.batch_stage import GOOD, Stage, found, signed_in
from kandoo.selling.verdict_words import standard_lines


@pytest.fixture
def stage(as_owner: Any) -> Stage:
    with as_owner():
        return found()


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("market", profiles.load("honey").markets)
def test_every_market_has_a_page_in_both_languages(stage, as_owner, market, language):
    page = signed_in(stage, "buyer", as_owner, language).get(f"/selling/standards/{market}/")
    assert page.status_code == 200
    assert profiles.load("honey").markets[market].name.in_language(language) in page.content.decode()


def test_a_market_nobody_knows_is_missing(stage, as_owner):
    assert signed_in(stage, "agent", as_owner).get("/selling/standards/atlantis/").status_code == 404


def test_a_limit_stands_with_its_condition_clause_and_mark():
    profile, standard = profiles.load("honey"), profiles.market_standard("honey", "codex")
    moisture = [
        each
        for each in standard_lines(profile, standard.limits)
        if each.limit.endswith(("۲۳ گرم در ۱۰۰ گرم", "23 g/100 g"))
    ]
    assert len(moisture) == 1
    assert moisture[0].is_unconfirmed
    assert "3.4(b)" in moisture[0].clause
    assert moisture[0].condition


def test_the_list_counts_what_is_unconfirmed(stage, as_owner):
    page = signed_in(stage, "officer", as_owner).get("/selling/standards/")
    assert page.status_code == 200
    assert page.context["unconfirmed"] > 0
    assert "Iran&#x27;s place in the list of approved countries" in page.content.decode()


def test_a_member_reads_how_many_of_its_own_batches_pass(stage, as_owner):
    stage.test(stage.record(), GOOD)
    stage.test(stage.record(), GOOD | {"moisture": "22"})
    stage.test(stage.record("bahar"), GOOD)
    own = signed_in(stage, "sahand", as_owner).get("/selling/standards/codex/").context["today_passing"]
    assert (own["passing"], own["all"]) == (1, 2)
    every = signed_in(stage, "agent", as_owner).get("/selling/standards/codex/").context["today_passing"]
    assert (every["passing"], every["all"]) == (2, 3)


def test_a_buyer_reads_the_standards_without_anybodys_batches(stage, as_owner):
    stage.test(stage.record(), GOOD)
    page = signed_in(stage, "buyer", as_owner).get("/selling/standards/codex/")
    assert page.context["today_passing"] is None
