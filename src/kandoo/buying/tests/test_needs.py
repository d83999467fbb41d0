"""Needs of a round: entered, changed, confirmed, taken back; who may read them; the pages around them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as any_

from kandoo.benefit.models import Evidence
from kandoo.buying import needs_reading
from kandoo.buying.actions.needs import NeedTerms, confirm_need, enter_need, withdraw_need
from kandoo.buying.actions.rounds import cancel_round
from kandoo.buying.models import Need, NeedPrice, NeedVersion, Quotation, Round
from kandoo.buying.problems import NotPossible, WrongStep
from kandoo.buying.tests import stage as st
from kandoo.site.models import Notice
from tests.world import invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(as_owner: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> st.Stage:
    st.fix_the_day(monkeypatch)
    return st.staged(as_owner)


@pytest.fixture
def this(stage: st.Stage) -> Round:
    return st.opened(stage)


def typed(stage: st.Stage, this: Round, place: str = "shahr", **items: dict[str, Any]) -> dict[str, Any]:
    """What is sent with the sheet, by item code."""
    with stage.as_("agent"):
        rows = {each.item.code: each.pk for each in this.items.select_related("item")}
        data: dict[str, Any] = {"place": st.place_in(this, place).pk}
    for code, values in items.items():
        data |= {f"item-{rows[code]}-{name}": value for name, value in values.items()}
    return data


SUGAR = {
    "quantity": "۱۲۰",
    "quantity_max": "۱۵۰",
    "highest": "۶۲٬۰۰۰",
    "latest_on": "1405/10/15",
    "alone": "۶۵۰۰۰",
    "alone_from": "بقالی ده",
    "alone_on": "۱۴۰۵/۰۸/۲۰",
    "alone_kind": "quotation",
    "alone_note": "تلفنی",
}


def page_of(client: Any, this: Round, tail: str = "need/") -> str:
    return st.text_of(client.get(f"/buying/rounds/{this.pk}/{tail}"))


# The actions


def test_a_member_sees_its_own_needs_and_prices_alone(stage: st.Stage, this: Round) -> None:
    st.with_needs(stage, this)
    st.with_quotations(stage, this)
    with stage.as_("kuh"):
        own = {stage.firms["kuh"].pk}
        assert set(Need.objects.values_list("enterprise_id", flat=True)) == own
        assert set(NeedPrice.objects.values_list("enterprise_id", flat=True)) == own
        assert set(NeedVersion.objects.values_list("enterprise_id", flat=True)) == own
        assert not Quotation.objects.exists()


def test_a_change_keeps_the_versions_before_it(stage: st.Stage, this: Round) -> None:
    need = st.entered(stage, this, "kuh", "sugar", 120)
    st.entered(stage, this, "kuh", "sugar", 90, quantity_max=100)
    with stage.as_("kuh"):
        withdraw_need(by=stage.people["kuh"], need=Need.objects.get(pk=need.pk))
        said = NeedVersion.objects.filter(need=need).values_list("quantity", "quantity_max", "is_withdrawn")
        assert list(said) == [(120, 120, False), (90, 100, False), (90, 100, True)]
    st.entered(stage, this, "kuh", "sugar", 60)
    with stage.as_("kuh"):
        assert Need.objects.get().quantity == 60
        assert not Need.objects.get().is_withdrawn


def test_what_is_impossible_is_refused_and_changes_nothing(stage: st.Stage, this: Round) -> None:
    for terms in (
        {"quantity": 0},
        {"quantity": 10, "quantity_max": 9},
        {"quantity": 10, "alone": None},
        {"quantity": 10**10},
        {"quantity": 10, "alone": 10**13},
        {"quantity": 10, "latest_on": st.TODAY - timedelta(days=1)},
        {"quantity": 10, "keeps_price": True, "alone": None},
    ):
        with pytest.raises(NotPossible):
            st.entered(stage, this, "kuh", "sugar", **terms)
    with pytest.raises(NotPossible):
        st.entered(stage, this, "kuh", "sugar", 10, today=this.closes_on + timedelta(days=1))
    with stage.as_("agent"):
        assert not Need.objects.exists()
        cancel_round(by=stage.people["agent"], this=this, reason="آزمایش")
    with pytest.raises(WrongStep):
        st.entered(stage, Round(pk=this.pk, status="cancelled", cluster=stage.cluster), "kuh", "sugar", 10)


def test_a_need_entered_for_a_member_waits_for_its_word_and_it_is_told(stage: st.Stage, this: Round) -> None:
    need = st.entered(stage, this, "kuh", "sugar", 120, by="agent")
    assert need.confirmed == ""
    with stage.as_("kuh"):
        assert Notice.objects.filter(code="need-entered").count() == 1
        confirm_need(by=stage.people["kuh"], need=Need.objects.get(), how=Need.Confirmed.SELF)
        assert Need.objects.get().confirmed == "self"


def test_a_keeper_enters_for_its_point_and_never_reads_prices_of_others(stage: st.Stage, this: Round) -> None:
    st.entered(stage, this, "kuh", "sugar", 120)
    st.entered(stage, this, "darreh", "sugar", 80, place="roosta")
    mine = st.entered(stage, this, "sang", "sugar", 40, by="bagh")
    with stage.as_("bagh"):
        assert {each.enterprise_id for each in Need.objects.all()} == {stage.firms[name].pk for name in ("kuh", "sang")}
        assert list(NeedPrice.objects.values_list("need", flat=True)) == [mine.pk]
    changed = st.entered(stage, this, "kuh", "sugar", 130, by="bagh", alone=None, keeps_price=True)
    assert changed.confirmed == ""
    with stage.as_("kuh"):
        assert NeedPrice.objects.get().alone == st.CATALOGUE["sugar"][5]
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        st.entered(stage, this, "kuh", "wax", 10, by="bagh", place="roosta")


def test_a_price_the_keeper_types_never_covers_the_member_s_own(stage: st.Stage, this: Round) -> None:
    need = st.entered(stage, this, "kuh", "sugar", 120, alone=610_000)
    with stage.as_("kuh"):
        withdraw_need(by=stage.people["kuh"], need=need)
    st.entered(stage, this, "kuh", "sugar", 50, by="bagh", highest=1)
    with stage.as_("kuh"):
        assert NeedPrice.objects.get().alone == 610_000


# The progress


def told(stage: st.Stage, this: Round, name: str = "rud") -> dict[str, needs_reading.Progress]:
    with stage.as_(name):
        return {each.item.code: each for each in needs_reading.progress_of(this)}


def test_progress_says_what_is_missing_and_nothing_of_fewer_than_five(stage: st.Stage, this: Round) -> None:
    st.with_quotations(stage, this)
    st.with_needs(stage, this, {name: st.WANTED[name] for name in ("kuh", "darreh", "cheshmeh", "bagh")})
    assert all(not each.bars for each in told(stage, this).values())
    st.with_needs(stage, this, {name: st.WANTED[name] for name in ("sang", "rud")})
    sugar = told(stage, this)["sugar"]
    assert [(each.value, each.max) for each in sugar.bars] == [(50, 50), (1_000, 2_000)]
    assert len(told(stage, this)["jar"].bars) == 1, "Jars does not show its steps"


def test_one_who_needs_more_than_half_stays_hidden(stage: st.Stage, this: Round) -> None:
    st.with_needs(stage, this, dict.fromkeys(st.MEMBERS[1:], (10, 0, 0)))
    assert told(stage, this)["sugar"].bars
    st.entered(stage, this, "kuh", "sugar", 500)
    assert not told(stage, this)["sugar"].bars


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=any_.permutations(range(7)))
def test_the_order_of_entry_never_matters_for_the_progress(stage: st.Stage, order: list[int]) -> None:
    entries = [(name, 20 + 7 * place) for place, name in enumerate(st.MEMBERS)] + [("kuh", 55)]
    with transaction.atomic():
        this = st.opened(stage)
        st.quoted(stage, this, "qand", {"sugar": [(1, 580_000), (400, 540_000)]}, shows_steps=True)
        for place in order:
            member, quantity = entries[place]
            st.entered(stage, this, member, "sugar", 55 if member == "kuh" else quantity)
        sugar = told(stage, this)["sugar"]
        transaction.set_rollback(True)
    total = 55 + sum(quantity for name, quantity in entries[1:6])
    assert [(each.value, each.max) for each in sugar.bars] == [(50 - (-total % 50), 50), (total, 400)]


# The member's page


def test_a_member_enters_changes_and_takes_back_its_needs(stage: st.Stage, this: Round, as_owner: Any) -> None:
    client = st.signed_in(stage, "kuh", as_owner, language="fa")
    assert "شکر" in page_of(client, this)
    address = f"/buying/rounds/{this.pk}/need/"
    answer = client.post(address, typed(stage, this, sugar=SUGAR))
    assert answer.status_code == 302
    with stage.as_("kuh"):
        need = Need.objects.select_related("price").get()
        assert (need.quantity, need.quantity_max, need.confirmed) == (120, 150, "self")
        assert (need.price.highest, need.price.alone, need.price.alone_from) == (620_000, 650_000, "بقالی ده")
        kept = Evidence.objects.get(action="buying", action_id=this.pk)
        assert (kept.per_unit, kept.who, kept.note, kept.with_offer) == (650_000, "بقالی ده", "تلفنی", True)
    client.post(address, typed(stage, this, sugar=SUGAR))
    with stage.as_("kuh"):
        assert NeedVersion.objects.count() == 1, "nothing changed, so nothing is written"
    client.post(address, typed(stage, this, sugar=SUGAR | {"quantity": "100"}))
    page = page_of(client, this)
    assert "۱۰۰ تا ۱۵۰ کیلوگرم" in page
    assert "شما" in page
    assert "۲ تغییر تا کنون" in page
    client.post(f"/buying/rounds/{this.pk}/needs/{need.pk}/withdraw/")
    with stage.as_("kuh"):
        assert Need.objects.get().is_withdrawn


def test_faults_stand_beside_their_fields_and_nothing_is_written(stage: st.Stage, this: Round, as_owner: Any) -> None:
    client = st.signed_in(stage, "kuh", as_owner)
    data = typed(
        stage,
        this,
        sugar={"quantity": "4", "quantity_max": "3"},
        wax={"quantity": "many", "alone": "45000"},
        jar={"highest": "12000"},
    )
    page = st.text_of(client.post(f"/buying/rounds/{this.pk}/need/", data))
    assert "This is below the quantity" in page
    assert "Write the highest price you would pay, or your best price alone." in page
    assert "Write a whole number" in page
    assert "Write how much you need, or empty" in page
    data = typed(
        stage,
        this,
        sugar={"quantity": "4", "alone": "60000", "alone_kind": "invoice", "latest_on": "2026-11-23"},
        wax={"quantity": "4", "highest": "45000", "latest_on": "2026-11-23"},
    )
    page = st.text_of(client.post(f"/buying/rounds/{this.pk}/need/", data))
    assert "Say who would sell to you at this price." in page
    assert "Say of which day this price is." in page
    assert "An invoice counts with its paper alone" in page
    with stage.as_("kuh"):
        assert not Need.objects.exists()
    data = typed(stage, this, wax={"quantity": "4", "highest": "45000", "latest_on": "2026-11-23"})
    assert "Goods are handed out here on" in st.text_of(client.post(f"/buying/rounds/{this.pk}/need/", data))


def test_an_invoice_with_its_paper_goes_into_the_account(stage: st.Stage, this: Round, as_owner: Any) -> None:
    client = st.signed_in(stage, "kuh", as_owner)
    said = SUGAR | {"alone_kind": "invoice", "alone_document": invoice("kuh sugar")}
    assert client.post(f"/buying/rounds/{this.pk}/need/", typed(stage, this, sugar=said)).status_code == 302
    again = SUGAR | {"alone_kind": "invoice", "quantity": "130"}
    answer = client.post(f"/buying/rounds/{this.pk}/need/", typed(stage, this, sugar=again))
    assert answer.status_code == 302, "the paper that was given stays"
    with stage.as_("kuh"):
        kept = Evidence.objects.get()
        assert kept.kind == "invoice"
        assert kept.document


def test_last_time_is_offered_as_a_start_in_one_tap(stage: st.Stage, as_owner: Any) -> None:
    before = st.opened(stage, title="خرید بهار")
    st.entered(stage, before, "kuh", "sugar", 120, place="roosta", highest=590_000)
    st.entered(stage, before, "kuh", "jar", 200, place="roosta")
    st.entered(stage, before, "rud", "wax", 60)
    this = st.opened(stage)
    client = st.signed_in(stage, "kuh", as_owner)
    page = page_of(client, this)
    assert "Sugar 120 kg" in page
    assert "خرید بهار" in page
    start = page_of(client, this, "need/?start=last")
    assert 'value="120"' in start
    assert 'value="59000"' in start
    assert "checked" in start, "the point of last time is remembered"
    data = typed(stage, this, place="roosta", sugar={"quantity": "120", "highest": "59000"}, jar={"alone": "12000"})
    answer = client.post(f"/buying/rounds/{this.pk}/need/?start=last", data)
    assert answer.status_code == 302, "an item of last time that is left out is left out"
    with stage.as_("kuh"):
        need = Need.objects.get(round=this)
        assert need.quantity == 120


def test_a_single_point_is_chosen_already(stage: st.Stage, as_owner: Any) -> None:
    this = st.opened(stage, places={stage.points["roosta"]: st.TODAY + timedelta(days=30)})
    client = st.signed_in(stage, "kuh", as_owner)
    with stage.as_("agent"):
        place = st.place_in(this, "roosta").pk
    assert f'<input type="hidden" name="place" value="{place}"' in page_of(client, this)


def test_another_point_takes_the_needs_along(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.entered(stage, this, "kuh", "sugar", 120)
    client = st.signed_in(stage, "kuh", as_owner)
    moved = typed(stage, this, place="roosta", sugar={"quantity": "120", "alone": "60000", "alone_from": "x", "alone_on": "2026-11-01"})  # fmt: skip
    assert client.post(f"/buying/rounds/{this.pk}/need/", moved).status_code == 302
    with stage.as_("kuh"):
        live = Need.objects.filter(is_withdrawn=False).select_related("place__point")
        assert [(each.place.point.code, each.quantity) for each in live] == [("roosta", 120)]
    further = typed(stage, this, place="shahr", sugar={"quantity": "30", "highest": "60000"})
    assert client.post(f"/buying/rounds/{this.pk}/need/?at=other", further).status_code == 302
    with stage.as_("kuh"):
        assert Need.objects.filter(is_withdrawn=False).count() == 2
        at = st.place_in(this, "roosta").pk
    back = typed(stage, this, place="shahr", sugar={"quantity": "120", "highest": "60000"})
    assert "You already need" in st.text_of(client.post(f"/buying/rounds/{this.pk}/need/?at={at}", back))
    with stage.as_("kuh"):
        assert Need.objects.filter(is_withdrawn=False).count() == 2


def test_a_member_confirms_what_was_entered_for_it_with_one_tap(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.entered(stage, this, "kuh", "sugar", 120, by="agent")
    st.entered(stage, this, "kuh", "jar", 200, by="bagh")
    client = st.signed_in(stage, "kuh", as_owner)
    page = page_of(client, this)
    assert "Entered for you: is it right?" in page
    assert "the agent" in page
    assert "the keeper of the point" in page
    assert client.post(f"/buying/rounds/{this.pk}/need/confirm/").status_code == 302
    with stage.as_("kuh"):
        assert set(Need.objects.values_list("confirmed", flat=True)) == {"self"}


def test_the_round_s_page_shows_each_its_part(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.with_needs(stage, this)
    st.with_quotations(stage, this)
    st.entered(stage, this, "rud", "sugar", 200, by="agent")
    member = page_of(st.signed_in(stage, "kuh", as_owner), this, "")
    assert "How far we are together" in member
    assert "120 kg" in member
    agent = page_of(st.signed_in(stage, "agent", as_owner), this, "")
    assert "Who has quoted" in agent
    assert "Firm qand" in agent
    assert "Firm rud" in agent
    assert "500,000" not in agent
    assert "58,000" not in agent


# The list


def test_the_agent_enters_confirms_and_finds_needs(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.with_needs(stage, this, st.WANTED | {"kuh": (120, 0, 0)})
    client = st.signed_in(stage, "agent", as_owner)
    firm = stage.firms["kuh"].pk
    assert "Firm kuh" in page_of(client, this, "needs/member/?q=kuh")
    page = page_of(client, this, f"needs/member/{firm}/")
    assert "Has the member confirmed it?" in page
    assert "شخص kuh" in page, "the agent reads who wrote"
    shown = {"quantity": "130", "alone": "60000", "alone_from": "x", "alone_on": "2026-11-01"}
    answer = client.post(f"/buying/rounds/{this.pk}/needs/member/{firm}/", typed(stage, this, sugar=shown))
    assert answer.status_code == 302
    listed = page_of(client, this, "needs/?state=unconfirmed")
    assert "Firm kuh" in listed
    assert "Firm rud" not in listed
    with stage.as_("agent"):
        need = Need.objects.get(confirmed="")
    client.post(f"/buying/rounds/{this.pk}/needs/{need.pk}/confirm/", {"how": "phone"})
    assert client.post(f"/buying/rounds/{this.pk}/needs/{need.pk}/confirm/", {"how": "self"}).status_code == 404
    with stage.as_("agent"):
        need.refresh_from_db()
        assert need.confirmed == "phone"
        sugar = st.item_in(this, "sugar").pk
    assert "Firm bagh" not in page_of(client, this, f"needs/?q=kuh&item={sugar}")


def test_the_keeper_s_list_and_sheet_hold_its_point_without_prices(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.entered(stage, this, "kuh", "sugar", 120, alone=612_340)
    st.entered(stage, this, "darreh", "sugar", 80, place="roosta")
    client = st.signed_in(stage, "bagh", as_owner)
    listed = page_of(client, this, "needs/")
    assert "Firm kuh" in listed
    assert "Firm darreh" not in listed
    sheet = page_of(client, this, f"needs/member/{stage.firms['kuh'].pk}/")
    assert "they stay as they are" in sheet
    assert "61,234" not in listed + sheet + page_of(client, this, "needs/export.csv")
    answer = client.post(
        f"/buying/rounds/{this.pk}/needs/member/{stage.firms['kuh'].pk}/",
        typed(stage, this, sugar={"quantity": "100"}),
    )
    assert answer.status_code == 302
    with stage.as_("kuh"):
        need = Need.objects.select_related("price").get()
        assert (need.quantity, need.confirmed, need.price.alone) == (100, "", 612_340)
    for name in ("darreh", "officer"):
        answer = st.signed_in(stage, name, as_owner).get(f"/buying/rounds/{this.pk}/needs/")
        assert answer.status_code in (403, 404)


def test_strangers_reach_nothing_and_a_closed_round_is_read_only(stage: st.Stage, this: Round, as_owner: Any) -> None:
    need = st.entered(stage, this, "kuh", "sugar", 120)
    rud = st.signed_in(stage, "rud", as_owner)
    assert rud.post(f"/buying/rounds/{this.pk}/needs/{need.pk}/withdraw/").status_code == 404
    assert rud.get(f"/buying/rounds/{this.pk}/needs/member/{stage.firms['kuh'].pk}/").status_code == 404
    assert rud.post(f"/buying/rounds/{this.pk}/needs/{need.pk}/confirm/", {"how": "phone"}).status_code == 403
    with stage.as_("agent"):
        cancel_round(by=stage.people["agent"], this=this, reason="آزمایش")
    kuh = st.signed_in(stage, "kuh", as_owner)
    page = page_of(kuh, this)
    assert "This round does not take needs now." in page
    assert 'name="place"' not in page
    assert kuh.post(f"/buying/rounds/{this.pk}/need/", typed(stage, this, sugar=SUGAR)).status_code == 200
    with stage.as_("kuh"):
        assert NeedVersion.objects.count() == 1


@pytest.mark.parametrize(("name", "tail"), [("kuh", "need/"), ("kuh", ""), ("agent", "needs/"), ("agent", "")])
def test_pages_ask_the_database_little(stage: st.Stage, this: Round, as_owner: Any, name: str, tail: str) -> None:
    st.with_needs(stage, this)
    st.with_quotations(stage, this)
    client = st.signed_in(stage, name, as_owner)
    page_of(client, this, tail)
    with CaptureQueriesContext(connection) as asked:
        page_of(client, this, tail)
    count = sum("set_config" not in each["sql"] and "SAVEPOINT" not in each["sql"] for each in asked)
    assert count <= 20, "\n".join(each["sql"][:160] for each in asked)


def test_the_same_form_sent_twice_makes_one_need(stage: st.Stage, this: Round) -> None:
    with stage.as_("kuh"):
        row, place = st.item_in(this, "sugar"), st.place_in(this, "shahr")
        for _time in range(2):
            enter_need(
                by=stage.people["kuh"], this=this, enterprise=stage.firms["kuh"], round_item=row, place=place,
                terms=NeedTerms(10, alone=5), today=st.TODAY,
            )  # fmt: skip
        assert Need.objects.count() == 1
