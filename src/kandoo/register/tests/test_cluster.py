"""The cluster's page, its map, its plausible yields and the product profile."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from kandoo.register import actions
from kandoo.register.models import Cluster, SeasonYield
from kandoo.register.tests.conftest import TODAY, Stage

SignIn = Callable[[Stage, str], Client]


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", ["agent", "anbar", "officer", "auditor", "buyer"])
def test_everybody_of_the_cluster_reads_its_page_and_profile(
    stage: Stage, signed_in: SignIn, name: str, language: str
) -> None:
    client = signed_in(stage, name)
    client.cookies["django_language"] = language
    page = client.get("/register/cluster/").content.decode()
    assert "عامل" in page  # the agent's name, which no table shows a member
    profile = client.get("/register/cluster/profile/").content.decode()
    assert ("هیدروکسی" if language == "fa" else "HMF") in profile
    assert ("تأییدنشده" if language == "fa" else "unconfirmed") in profile


def test_a_seasons_yield_is_set_with_its_source_and_may_be_corrected(acting_agent: Stage) -> None:
    for kg in ("24", "26.5"):
        actions.set_season_yield(
            by=acting_agent.agent,
            cluster=acting_agent.cluster,
            season=1405,
            kg_per_hive=Decimal(kg),
            source="کمیته فنی",
            dated=date(2026, 9, 1),
        )
    assert SeasonYield.objects.get().kg_per_hive == Decimal("26.5")


def test_the_yield_form_wants_a_source_and_no_day_to_come(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "agent")
    page = client.post(
        "/register/cluster/yield/", {"season": "1405", "kg_per_hive": "24", "source": "", "dated": "1499/01/01"}
    )
    assert "This day is still to come." in page.content.decode()
    typed = {"season": "۱۴۰۵", "kg_per_hive": "۲۴٫۵", "source": "کمیته فنی", "dated": "1405/06/01"}
    assert client.post("/register/cluster/yield/", typed).status_code == 302
    with stage.acting():
        assert SeasonYield.objects.get().kg_per_hive == Decimal("24.5")


def test_the_description_changes_but_not_to_counties_that_are_not(stage: Stage, signed_in: SignIn) -> None:
    typed = {
        "name_fa": "خوشه نو",
        "name_en": "New",
        "place_fa": "",
        "place_en": "",
        "started_on": "1403/01/01",
        "counties": ["Dorud", "Azna"],
    }
    assert signed_in(stage, "agent").post("/register/cluster/edit/", typed).status_code == 302
    with stage.acting():
        assert (Cluster.objects.get().name_fa, Cluster.objects.get().counties) == ("خوشه نو", ["Dorud", "Azna"])
        with pytest.raises(actions.NotPossible):
            actions.change_cluster(
                by=stage.agent,
                cluster=stage.cluster,
                name_fa="x",
                name_en="",
                place_fa="",
                place_en="",
                started_on=None,
                counties=["Paris"],
            )


def test_the_map_has_a_table_of_the_same_figures(stage: Stage, signed_in: SignIn) -> None:
    page = signed_in(stage, "agent").get("/register/map/").content.decode()
    assert "county-values" in page
    assert '"Khorramabad": 1' in page
    assert "2 members" in page or "Of 2 members" in page
    page = signed_in(stage, "anbar").get("/register/map/").content.decode()
    assert "fewer than five" in page
    assert '"Khorramabad": 1' not in page


def test_the_boundaries_are_served_to_people_of_the_cluster_alone(stage: Stage, signed_in: SignIn) -> None:
    answer = signed_in(stage, "anbar").get("/register/map/areas.json")
    assert len(answer.json()["features"]) == 11
    assert "private" in answer["Cache-Control"]
    assert Client().get("/register/map/areas.json").status_code == 302
    assert TODAY
