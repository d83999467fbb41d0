"""The list of firms, a firm's page, and what the agent and a member change there."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError
from django.test import Client

from kandoo.register import actions, queries
from kandoo.register.models import Enterprise, Membership, Site
from kandoo.register.queries import Wanted
from kandoo.register.tests.conftest import TODAY, Stage
from kandoo.site.models import AuditRecord

SignIn = Callable[[Stage, str], Client]


def listed(at: Stage, name: str = "agent", /, **wanted: str) -> list[str]:
    return [firm.name_fa for firm in queries.firms_listed(at.seat(name), Wanted(**wanted), TODAY)]


def test_names_stand_in_persian_order(acting_agent: Stage) -> None:
    for name in ("پارسا", "چمن", "گلزار", "یاس", "آبان", "کندو"):
        acting_agent.add_beekeeper(name)
    names = listed(acting_agent)
    assert [each for each in names if " " not in each] == ["آبان", "پارسا", "چمن", "کندو", "گلزار", "یاس"]
    assert listed(acting_agent, sort="-name") == names[::-1]


@pytest.mark.parametrize("typed", ["زنبورداري بهار", "بهار", "زنبورداری‌بهار", "بهار زنبورداری"])
def test_search_does_not_mind_spelling_or_order(acting_agent: Stage, typed: str) -> None:
    assert listed(acting_agent, q=typed) == ["زنبورداری بهار"]


@pytest.mark.parametrize("typed", ["0084575948", "۰۰۸۴۵۷", "٠٠٨٤", "lo-77"])
def test_those_who_see_numbers_search_by_them(stage: Stage, typed: str) -> None:
    with stage.acting():
        assert listed(stage, q=typed) == ["زنبورداری بهار"]
    with stage.acting("anbar"):
        assert listed(stage, "anbar", q=typed) == []


def test_the_list_is_narrowed_by_stage_membership_county_and_size(acting_agent: Stage) -> None:
    assert listed(acting_agent, stage="trade") == ["بازرگانی هامبورگ"]
    assert listed(acting_agent, membership="never") == ["بازرگانی هامبورگ"]
    assert listed(acting_agent, county="Dorud", membership="present") == ["زنبورداری بهار"]
    acting_agent.add_beekeeper("کارخانه", workers=60)
    assert listed(acting_agent, size="medium") == ["کارخانه"]
    assert listed(acting_agent, sort="-hives")[0] == "زنبورداری بهار"


def test_a_member_cannot_sort_or_narrow_by_what_it_may_not_see(stage: Stage) -> None:
    with stage.acting("anbar"):
        assert len(listed(stage, "anbar", county="Dorud")) == 3
        assert listed(stage, "anbar", sort="-hives") == listed(stage, "anbar")


def test_the_first_answer_is_how_many_members_there_are(stage: Stage, signed_in: SignIn) -> None:
    page = signed_in(stage, "agent").get("/register/").content.decode()
    assert "<strong>2 members</strong> belong to the cluster today" in page


def test_an_empty_list_teaches_how_to_begin(empty_stage: Stage, signed_in: SignIn) -> None:
    page = signed_in(empty_stage, "agent").get("/register/").content.decode()
    assert "/register/import/template/" in page


def test_a_membership_ends_and_begins_anew_but_never_twice_at_once(acting_agent: Stage) -> None:
    anbar = acting_agent.firms["anbar"]
    with pytest.raises(actions.NotPossible):
        actions.begin_membership(by=acting_agent.agent, enterprise=anbar, joined_on=TODAY)
    running = anbar.memberships.get()
    with pytest.raises(actions.NotPossible):
        actions.end_membership(by=acting_agent.agent, membership=running, left_on=running.joined_on, reason="خطا")
    actions.end_membership(by=acting_agent.agent, membership=running, left_on=TODAY, reason="کوچ کرد")
    assert not queries.is_member_on(anbar, TODAY)
    assert queries.is_member_on(anbar, TODAY - timedelta(days=1))
    with pytest.raises(actions.NotPossible):
        actions.end_membership(by=acting_agent.agent, membership=running, left_on=TODAY, reason="بار دوم")
    actions.begin_membership(by=acting_agent.agent, enterprise=anbar, joined_on=TODAY)
    assert queries.is_member_on(anbar, TODAY)
    assert anbar.memberships.count() == 2


def test_a_firm_made_in_error_goes_but_one_with_people_stays(acting_agent: Stage) -> None:
    wrong = acting_agent.add_beekeeper("اشتباه")
    actions.remove_enterprise(by=acting_agent.agent, enterprise=wrong)
    assert not Enterprise.objects.filter(name_fa="اشتباه").exists()
    assert AuditRecord.objects.get(verb="remove-enterprise").detail["name"] == "اشتباه"
    with pytest.raises(actions.StillAttached):
        actions.remove_enterprise(by=acting_agent.agent, enterprise=acting_agent.firms["anbar"])


def test_a_number_belongs_to_one_firm_and_its_digits_must_fit(acting_agent: Stage) -> None:
    with pytest.raises(actions.NumberTaken):
        acting_agent.add_beekeeper("دیگری", identifiers={"natural_person": "0084575948"})
    with pytest.raises(actions.NotPossible):
        acting_agent.add_beekeeper("دیگری", identifiers={"natural_person": "0084575949"})
    with pytest.raises(actions.NotPossible):
        acting_agent.add_beekeeper("دیگری", identifiers={"tax": "1"})


def test_a_likely_double_is_shown_before_anything_is_written(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "agent")
    typed = {"name_fa": "زنبورداري بهار", "form": "firm", "stage": "beekeeping"}
    page = client.post("/register/new/", typed)
    assert "Is it one of these?" in page.content.decode()
    with stage.acting():
        assert Enterprise.objects.filter(search_key__contains="بهار").count() == 1
    assert client.post("/register/new/", typed | {"sure": "on"}).status_code == 302
    with stage.acting():
        assert Enterprise.objects.filter(search_key__contains="بهار").count() == 2
    same_number = typed | {"name_fa": "نام دیگر", "number_natural_person": "۰۰۸۴۵۷۵۹۴۸", "sure": "on"}
    assert "same number" in client.post("/register/new/", same_number).content.decode()


def test_a_member_keeps_its_phone_and_account_and_nothing_else(stage: Stage, signed_in: SignIn) -> None:
    client, anbar = signed_in(stage, "anbar"), stage.firms["anbar"]
    address = f"/register/firms/{anbar.pk}/edit/"
    typed = {
        "phone": "۰۹۱۶ ۱۱۱ ۱۱۱۱",
        "sheba": "ir06 2960 0000 0010 0324 2000 01",
        "stage": "trade",
        "name_fa": "نام تازه",
    }
    assert client.post(address, typed).status_code == 302
    with stage.acting():
        anbar = Enterprise.objects.select_related("particulars").get(pk=anbar.pk)
        assert (anbar.name_fa, anbar.stage) == ("زنبورداری انبار", "beekeeping")
        assert (anbar.particulars.phone, anbar.particulars.sheba) == ("09161111111", "IR062960000000100324200001")
        assert AuditRecord.objects.filter(verb="change-enterprise").latest("at").detail["touched"] == ["phone"]
    page = client.post(address, {"phone": "", "sheba": "IR062960000000100324200002"}).content.decode()
    assert "This Sheba number cannot be right" in page


def test_a_count_of_hives_needs_its_day_and_source(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "anbar")
    with stage.acting():
        site = Site.objects.get(enterprise=stage.firms["anbar"])
    typed = {"name_fa": "زنبورستان", "kind": "apiary", "latitude": "۳۳٫۴۹", "longitude": "48.36", "hives": "۷۵"}
    page = client.post(f"/register/sites/{site.pk}/edit/", typed).content.decode()
    assert "A count of hives needs its day and its source." in page
    typed |= {"hives_on": "۱۴۰۵/۰۸/۰۱", "hives_source": "شمارش خودم"}
    assert client.post(f"/register/sites/{site.pk}/edit/", typed).status_code == 302
    with stage.acting():
        site.refresh_from_db()
        assert (site.hives, site.hives_on, site.latitude) == (75, date(2026, 10, 23), Decimal("33.49000"))
        assert AuditRecord.objects.get(verb="change-site").detail["before"]["hives"] == 60


def test_swapped_coordinates_are_caught_in_the_form(stage: Stage, signed_in: SignIn) -> None:
    typed = {"name_fa": "محل", "kind": "apiary", "latitude": "48.36", "longitude": "33.49"}
    page = (
        signed_in(stage, "agent").post(f"/register/firms/{stage.firms['anbar'].pk}/sites/new/", typed).content.decode()
    )
    assert "seem to be swapped" in page


def test_a_cluster_is_founded_by_the_owner_alone(empty_stage: Stage) -> None:
    with pytest.raises((actions.NotPossible, ProgrammingError)), empty_stage.acting():
        actions.found_cluster(
            code="other",
            name_fa="دیگر",
            profile="honey",
            province="IR-15",
            agent_username="x",
            agent_password="y",
            started_on=TODAY,
        )


@pytest.mark.parametrize(
    "wrong", [{"province": "XX-1"}, {"profile": "stone"}, {"counties": ["Nowhere"]}, {"code": "lorestan-honey"}]
)
def test_a_cluster_is_founded_on_what_exists(empty_stage: Stage, as_owner, wrong: dict) -> None:
    given = {
        "code": "new",
        "name_fa": "نو",
        "profile": "honey",
        "province": "IR-15",
        "agent_username": "x",
        "agent_password": "y",
        "started_on": TODAY,
    }
    with as_owner(), pytest.raises(actions.NotPossible):
        actions.found_cluster(**given | wrong)


def test_the_command_founds_a_cluster_and_prints_a_password_once(as_owner, capsys) -> None:
    from django.core.management import call_command

    from kandoo.register.models import Cluster, Person

    with as_owner():
        call_command(
            "found_cluster",
            code="tabriz",
            name_fa="خوشه",
            profile="honey",
            province="IR-03",
            agent_username="first",
            started_on="1405/01/01",
        )
        said = capsys.readouterr().out
        password = said.rstrip().rpartition(" ")[2]
        assert Person.objects.get(username="first").check_password(password)
        assert Cluster.objects.get(code="tabriz").started_on == date(2026, 3, 21)


def test_no_membership_belongs_to_two_clusters_by_a_forged_address(stage: Stage, signed_in: SignIn) -> None:
    with stage.acting():
        membership = Membership.objects.get(enterprise=stage.firms["anbar"])
    client = signed_in(stage, "bahar")
    assert (
        client.post(f"/register/memberships/{membership.pk}/end/", {"left_on": "2026-11-01", "reason": "x"}).status_code
        == 403
    )
