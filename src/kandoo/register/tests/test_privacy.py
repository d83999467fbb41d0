"""Rivals share a register, not their books: what a page hides the database refuses too."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from kandoo.register import actions, queries
from kandoo.register.models import Enterprise, Identifier, ImportDraft, Particulars, Person, Role, Site
from kandoo.register.tests.conftest import TODAY, Stage

SignIn = Callable[[Stage, str], Client]


@pytest.mark.parametrize("table", [Site, Particulars, Identifier])
def test_a_member_reads_its_own_rows_and_no_rivals(stage: Stage, table: type[Site | Particulars | Identifier]) -> None:
    with stage.acting("anbar"):
        assert set(table._default_manager.values_list("enterprise", flat=True)) <= {stage.firms["anbar"].pk}
    for name in ("officer", "buyer"):
        with stage.acting(name):
            assert not table._default_manager.exclude(enterprise=stage.firms["buyer"]).exists()
    for name in ("agent", "auditor"):
        with stage.acting(name):
            assert table._default_manager.filter(enterprise=stage.firms["bahar"]).exists()


def test_a_rivals_page_shows_the_directory_and_nothing_private(stage: Stage, signed_in: SignIn) -> None:
    page = signed_in(stage, "anbar").get(f"/register/firms/{stage.firms['bahar'].pk}/").content.decode()
    assert "زنبورداری بهار" in page
    for secret in ("09160000002", "0084575948", "LO-77", "7013", "7,013", "49.05780"):
        assert secret not in page
    points = signed_in(stage, "anbar").get(f"/register/firms/{stage.firms['bahar'].pk}/points.json").json()
    assert points == {"points": []}


def test_a_member_sees_all_of_its_own_firm(stage: Stage, signed_in: SignIn) -> None:
    page = signed_in(stage, "anbar").get(f"/register/firms/{stage.firms['anbar'].pk}/").content.decode()
    assert "09160000001" in page
    assert "IR062960000000100324200001" in page


def test_a_buyer_cannot_tell_that_a_member_exists(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "buyer")
    assert client.get(f"/register/firms/{stage.firms['anbar'].pk}/").status_code == 404
    assert client.get("/register/").status_code == 403
    assert client.get(f"/register/firms/{stage.firms['buyer'].pk}/").status_code == 200


def test_the_map_gives_a_member_its_own_sites_alone(stage: Stage, signed_in: SignIn) -> None:
    own = signed_in(stage, "anbar").get("/register/map/points.json").json()["points"]
    assert [each["title"] for each in own] == ["زنبورداری انبار"]
    assert signed_in(stage, "officer").get("/register/map/points.json").json()["points"] == []
    assert len(signed_in(stage, "agent").get("/register/map/points.json").json()["points"]) == 2


def test_a_county_is_counted_from_five_members_on(stage: Stage) -> None:
    with stage.acting():
        for number in range(3):
            stage.add_beekeeper(f"زنبورداری {number}")
    with stage.acting("anbar"):
        assert _counts(stage) == {}
    with stage.acting():
        stage.add_beekeeper("زنبورداری پنجم")
    with stage.acting("anbar"):
        assert _counts(stage) == {"Khorramabad": (5, 260)}


def test_hives_are_not_told_where_one_firm_holds_over_half(stage: Stage) -> None:
    with stage.acting():
        for number in range(4):
            stage.add_beekeeper(f"زنبورداری {number}", hives=1000 if number == 0 else 10)
    with stage.acting("anbar"):
        assert _counts(stage) == {"Khorramabad": (5, None)}


def test_counties_are_counted_for_the_clusters_own_people_alone(stage: Stage) -> None:
    with stage.acting():
        for number in range(6):
            stage.add_beekeeper(f"زنبورداری {number}")
    with stage.acting("buyer"):
        assert _counts(stage) == {}


def _counts(stage: Stage) -> dict[str, tuple[int | None, int | None]]:
    return queries._safe_counts(stage.cluster)


def test_the_export_of_a_member_holds_the_directory_alone(stage: Stage, signed_in: SignIn) -> None:
    text = signed_in(stage, "anbar").get("/register/export/?as=csv").content.decode("utf-8-sig")
    heading = text.splitlines()[0]
    assert "name_fa" in heading
    for hidden in ("phone", "national_id", "latitude", "hives", "09160000001"):
        assert hidden not in text


@pytest.mark.parametrize("name", ["anbar", "officer", "auditor", "buyer"])
@pytest.mark.parametrize(
    "address", ["new/", "import/", "import/template/", "people/new/", "cluster/edit/", "cluster/yield/"]
)
def test_only_the_agent_comes_to_the_pages_that_write(stage: Stage, signed_in: SignIn, name: str, address: str) -> None:
    assert signed_in(stage, name).get(f"/register/{address}").status_code == 403


def test_a_member_changes_its_own_firm_and_no_other(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "anbar")
    assert client.get(f"/register/firms/{stage.firms['anbar'].pk}/edit/").status_code == 200
    assert client.get(f"/register/firms/{stage.firms['bahar'].pk}/edit/").status_code == 404
    with stage.acting():
        rivals = Site.objects.get(enterprise=stage.firms["bahar"]).pk
    assert client.get(f"/register/sites/{rivals}/edit/").status_code == 404
    with stage.acting("anbar"):
        assert Site.objects.filter(pk=rivals).update(hives=1) == 0
        assert Particulars.objects.filter(enterprise=stage.firms["bahar"]).update(sheba="") == 0
        assert Enterprise.objects.filter(pk=stage.firms["bahar"].pk).update(stage="retail") == 0


def test_a_member_gives_nobody_a_role(stage: Stage) -> None:
    with stage.acting("anbar"), pytest.raises(ProgrammingError), transaction.atomic():
        Role.objects.create(cluster=stage.cluster, person=stage.people["anbar"], role="agent", from_on=TODAY)


def test_an_agent_looks_after_people_of_firms_never_after_officers_who_have_signed_in(stage: Stage, as_owner) -> None:
    with as_owner():
        Person.objects.update(last_login="2026-11-01T10:00+03:30")
    with stage.acting():
        assert Person.objects.filter(username="anbar").update(phone="1") == 1
        for name in ("officer", "auditor"):
            assert Person.objects.filter(username=name).update(phone="1") == 0
    with stage.acting("auditor"):
        assert Person.objects.filter(username="anbar").update(phone="1") == 0


def test_a_draft_is_seen_by_the_person_who_brought_it_alone(stage: Stage) -> None:
    with stage.acting():
        draft = actions.import_members(
            by=stage.agent, cluster=stage.cluster, file_name="m.csv", content=b"name_fa,stage\na,packing\n", today=TODAY
        )
    with stage.acting("auditor"), pytest.raises(ObjectDoesNotExist):
        ImportDraft.objects.get(pk=draft.pk)


def test_a_stranger_sees_nothing_at_all(stage: Stage) -> None:
    with connection.cursor() as cursor:
        for table in ("enterprise", "particulars", "site", "identifier", "membership", "role", "person", "cluster"):
            cursor.execute(f"SELECT count(*) FROM register_{table}")
            assert cursor.fetchone() == (0,), table
