"""What the public sees of a lot: where it comes from and which tests were made, and nobody's name."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kandoo.register.models import Enterprise, Site
from kandoo.selling.models import Batch, LabResult, Lot, Offer, Order, PlanLine
from kandoo.site import security
from kandoo.trace import actions, queries
from kandoo.trace.models import TracePage
from kandoo.trace.tests import staging
from kandoo.trace.tests.staging import Stage

PART = queries.Part("1", ("", ""), "Azna", "thyme", date(2026, 7, 1), 1, 1450, 5, 1450, 1450, {})


def content_of(stage: Stage) -> dict[str, Any]:
    return dict(TracePage.objects.get(lot=stage.lot).content)


# Where it comes from


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Azna", "Dorud", "Khorramabad", "Delfan", ""]), st.integers(0, 30), st.integers(1, 9999)
        ),
        min_size=1,
        max_size=60,
    )
)
def test_published_shares_add_up_to_a_hundred_percent_and_hide_small_groups(
    given_parts: list[tuple[str, int, int]],
) -> None:
    parts = [replace(PART, producer=str(who), county=county, kg=kg) for county, who, kg in given_parts]
    origin = queries.origin_of("IR-15", parts)
    assert sum(each["tenths"] for each in origin["shares"]) == 1000
    assert sum(each["kg"] for each in origin["shares"]) == sum(each.kg for each in parts)
    for share in origin["shares"]:
        if origin["level"] == "province":
            assert share["area"] == "Lorestan"
            continue
        shown = {each["area"] for each in origin["shares"]}
        is_rest = share["area"] == "other"
        mine = [
            each
            for each in parts
            if (each.county or "unplaced") == share["area"] or (is_rest and (each.county or "unplaced") not in shown)
        ]
        by_producer = {each.producer: sum(p.kg for p in mine if p.producer == each.producer) for each in mine}
        assert len(by_producer) >= 5
        assert 2 * max(by_producer.values()) <= sum(by_producer.values())


@pytest.mark.django_db
def test_a_county_with_a_single_beekeeper_is_not_named(delivered: Stage) -> None:
    content = content_of(delivered)
    assert [each["area"] for each in content["origin"]["shares"]] == ["Khorramabad", "other"]
    assert "Azna" not in json.dumps(content)


@pytest.mark.django_db
def test_of_four_producers_only_the_province_is_told(as_owner: Callable[[], Any]) -> None:
    with as_owner():
        stage = staging.found(["Dorud"] * 4)
    content = content_of(staging.play_to_delivery(stage))
    assert content["origin"]["level"] == "province"
    assert content["producers"] is None
    assert content["river"]["harvested_kg"] is None


# Nobody's name, nobody's price


@pytest.mark.django_db
def test_neither_a_member_nor_a_batch_nor_a_price_is_in_the_content(delivered: Stage) -> None:
    text = json.dumps(content_of(delivered), ensure_ascii=False)
    with security.acting_as(delivered.people["agent"].pk):
        hidden = [
            *Enterprise.objects.filter(stage="beekeeping").values_list("name_fa", flat=True),
            *Enterprise.objects.filter(stage="beekeeping").values_list("name_en", flat=True),
            *Site.objects.values_list("name_fa", flat=True),
            *Batch.objects.values_list("code", flat=True),
            *(str(each) for each in Offer.objects.values_list("reserve_per_kg", flat=True)),
            *(str(each) for each in Offer.objects.values_list("alone_per_kg", flat=True)),
            str(staging.PRICE),
            delivered.firms["importer"].name_en,
        ]
    assert len(hidden) > 50
    assert [each for each in hidden if each in text] == []


@pytest.mark.django_db
def test_a_laboratory_named_as_a_member_is_told_as_the_producers_own(delivered: Stage) -> None:
    names = {each["name_en"] for row in content_of(delivered)["tests"]["blend"] for each in row["laboratories"]}
    assert names == {"Laboratory of Khorramabad", "The producer's own laboratory"}


@pytest.mark.django_db
def test_a_stranger_reads_the_page_and_no_other_table(delivered: Stage) -> None:
    with security.acting_as(None):
        assert TracePage.objects.count() == 1
        for model in (Lot, Order, Batch, LabResult, PlanLine, Offer, Enterprise, Site):
            assert model.objects.count() == 0, model


# What is told


@pytest.mark.django_db
def test_mass_is_what_was_weighed_and_the_river_shows_the_loss(delivered: Stage) -> None:
    content = content_of(delivered)
    assert content["kg"] == content["river"]["delivered_kg"] == 48 * 290 - 10
    assert content["river"]["homogenised_kg"] == 48 * 290
    assert content["countries"] == [
        {"code": "IR", "name_fa": "ایران", "name_en": "Iran", "kg": content["kg"], "tenths": 1000}
    ]


@pytest.mark.django_db
def test_each_limit_is_told_with_the_value_predicted_for_the_lot(delivered: Stage) -> None:
    rows = {each["code"]: each for each in content_of(delivered)["tests"]["blend"]}
    assert rows["moisture"]["most"] == 20.0
    assert rows["moisture"]["passes"] is True
    assert 16.5 < rows["moisture"]["blend"] < 18.5
    assert rows["fg_sum"]["blend"] == pytest.approx(rows["fructose"]["blend"] + rows["glucose"]["blend"], abs=1e-5)
    assert rows["moisture"]["tested"] == 12
    assert (rows["moisture"]["from"], rows["moisture"]["to"]) == ("2026-09-01", "2026-09-12")


@pytest.mark.django_db
def test_residues_are_counted_never_averaged(delivered: Stage) -> None:
    rows = {each["code"]: each for each in content_of(delivered)["tests"]["residues"]}
    assert rows["chloramphenicol"]["found"] == 0
    assert (rows["amitraz"]["tested"], rows["amitraz"]["found"], rows["amitraz"]["outside"]) == (6, 6, 0)
    assert all("blend" not in row for row in rows.values())


# Fixed for good


@pytest.mark.django_db
def test_publishing_again_changes_nothing(delivered: Stage) -> None:
    assert delivered.lot is not None
    assert delivered.order is not None
    before = TracePage.objects.get()
    with security.acting_as(delivered.people["agent"].pk):
        again = actions.publish(
            by=delivered.people["agent"],
            lot=delivered.lot,
            order=delivered.order,
            delivered_on=staging.TODAY + timedelta(days=1),
        )
    assert (again.pk, again.token, again.content) == (before.pk, before.token, before.content)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE trace_tracepage SET content = '{}'", "DELETE FROM trace_tracepage"])
def test_nobody_changes_or_deletes_a_page(delivered: Stage, statement: str) -> None:
    with (
        security.acting_as(delivered.people["agent"].pk),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_only_the_agent_publishes(delivered: Stage) -> None:
    page = TracePage.objects.get()
    for username in ("buyer", "member-1", "auditor"):
        with (
            security.acting_as(delivered.people[username].pk),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            TracePage.objects.create(
                cluster=page.cluster, lot_id=page.lot_id, order_id=page.order_id, token="made-up", content={}
            )


# The page


@pytest.mark.django_db
def test_a_stranger_scans_the_label_and_gets_no_cookie(delivered: Stage, client: Client) -> None:
    page = TracePage.objects.get()
    response = client.get(f"/t/{page.token}/")
    text = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert "public" in response["Cache-Control"]
    assert '<html lang="fa"' in text
    assert page.content["lot"] in text
    areas = client.get(f"/t/{page.token}/areas.json")
    assert {each["properties"]["key"] for each in areas.json()["features"]} >= {"Khorramabad", "Dorud"}


@pytest.mark.django_db
def test_a_chosen_language_is_all_a_stranger_takes_along(delivered: Stage, client: Client) -> None:
    address = f"/t/{TracePage.objects.get().token}/"
    response = client.get(address, {"language": "en"})
    assert set(response.cookies) == {"django_language"}
    assert "private" in response["Cache-Control"]
    assert '<html lang="en"' in client.get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_of_a_province_alone_shades_no_county(
    as_owner: Callable[[], Any], client: Client, language: str
) -> None:
    with as_owner():
        stage = staging.found(["Dorud"] * 4)
    staging.play_to_delivery(stage)
    text = client.get(f"/t/{TracePage.objects.get().token}/", {"language": language}).content.decode()
    assert "data-areas" in text
    assert "origin-values" not in text
    assert "Dorud" not in text
    assert "دورود" not in text


@pytest.mark.django_db
def test_an_unknown_token_looks_like_any_missing_page(delivered: Stage, client: Client) -> None:
    assert client.get("/t/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404
    assert client.get("/t/AAAAAAAAAAAAAAAAAAAAAA/areas.json").status_code == 404
