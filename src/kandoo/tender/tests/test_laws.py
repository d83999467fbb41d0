"""The order of a call: sealed prices, marks by one's own hand, nothing changed after; held by the database too."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kandoo.programme.problems import NotPossible
from kandoo.site.security import acting_as
from kandoo.tender import actions, queries
from kandoo.tender.models import Award, Call, Mark, Offer
from tests import nation, tender
from tests.world import NOW, TODAY, World, found

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def world(as_owner: AsOwner) -> World:
    made = found("lorestan", "agent", as_owner)
    nation.build_nation(made, as_owner, NOW, TODAY)
    return made


def test_an_offer_after_the_closing_is_refused(world: World, as_owner: AsOwner) -> None:
    call = tender.published(world, "فراخوان", NOW - timedelta(days=10))
    with pytest.raises(NotPossible, match="دیر"):
        tender.offered(world, call, "نمونه یک", NOW)
    offer = tender.offered(world, call, "نمونه یک", NOW - timedelta(days=1))
    late = {
        "cluster_id": call.cluster_id,
        "call": call,
        "position": 9,
        "name": "دیر",
        "national_number": "1",
        "document": "د",
    }
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.create(**late, received_at=call.closes_at, by_id=offer.by_id)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.create(**late, received_at=NOW - timedelta(days=1), by_id=offer.by_id, price=5)


def test_a_second_offer_of_the_same_company_waits_until_the_first_is_withdrawn(world: World) -> None:
    call = tender.published(world, "فراخوان", NOW)
    first = tender.offered(world, call, "نمونه یک", NOW)
    with pytest.raises(NotPossible, match="هست"):
        tender.offered(world, call, "نمونه یک", NOW)
    with world.as_("province"):
        actions.withdraw_offer(by=world.people["province"], offer=first, now=NOW)
    assert tender.offered(world, call, "نمونه یک", NOW).position == 2


def test_no_price_is_open_before_all_marks_are_in(world: World, as_owner: AsOwner) -> None:
    call = tender.published(world, "فراخوان", NOW - timedelta(days=10))
    offer = tender.offered(world, call, "نمونه یک", NOW - timedelta(days=2))
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(price=1)
    with world.as_("province"), pytest.raises(NotPossible, match="نمونه یک"):
        actions.close_marking(by=world.people["province"], call=call)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(status="marked")
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(status="opened", opened_at=NOW, opened_by=offer.by_id)


def test_the_price_of_an_offer_below_the_floor_stays_closed(world: World, as_owner: AsOwner) -> None:
    call = tender.closed(world, NOW)
    with world.as_("province"):
        by = world.people["province"]
        actions.close_marking(by=by, call=call)
        first, second, third = call.offers.all()
        assert [float(queries.qualities(call)[each.pk]) for each in (first, second, third)] == [83.0, 69.0, 45.0]
        with pytest.raises(NotPossible, match="و نه هیچ"):
            actions.open_prices(by=by, call=call, prices={each.pk: 1 for each in (first, second, third)}, now=NOW)
        with pytest.raises(NotPossible, match="و نه هیچ"):
            actions.open_prices(by=by, call=call, prices={first.pk: 1}, now=NOW)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.filter(pk=third.pk).update(price=1)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Offer.objects.filter(pk=first.pk).update(price=1)
        Call.objects.filter(pk=call.pk).update(status="opened", opened_at=NOW, opened_by=by.pk)


def test_another_than_the_first_is_chosen_only_with_a_reason(world: World, as_owner: AsOwner) -> None:
    call = tender.closed(world, NOW)
    with world.as_("province"):
        by = world.people["province"]
        actions.close_marking(by=by, call=call)
        first, second, third = call.offers.all()
        actions.open_prices(by=by, call=call, prices={first.pk: 200, second.pk: 100}, now=NOW)
        assert [each.key for each in queries.ranking(call)] == [second.pk, first.pk]
        with pytest.raises(NotPossible, match="دلیل"):
            actions.award_call(by=by, offer=first, document="ص ۱", now=NOW)
        with pytest.raises(NotPossible):
            actions.award_call(by=by, offer=third, document="ص ۱", reason="خوب", now=NOW)
        award = actions.award_call(by=by, offer=first, document="ص ۱", reason="سابقه در همین خوشه", now=NOW)
    assert award.place == 2
    changes: tuple[tuple[Any, dict[str, Any]], ...] = (
        (Award, {"reason": "x"}), (Offer, {"price": 7}), (Offer, {"name": "x"}), (Mark, {"points": 1}), (Call, {"title": "x"}),
        (Call, {"status": "published"}),
    )  # fmt: skip
    for model, change in changes:
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().update(**change)


def test_marks_are_their_writers_alone_until_marking_is_closed(world: World) -> None:
    call = tender.closed(world, NOW)
    with world.as_("supervisor"):
        assert set(Mark.objects.values_list("by", flat=True)) == {world.people["supervisor"].pk}
    with world.as_("province"):
        assert not Mark.objects.exists()
        actions.close_marking(by=world.people["province"], call=call)
        assert Mark.objects.count() == 12
    with world.as_("supervisor"), pytest.raises(NotPossible):
        actions.mark_offer(by=world.people["supervisor"], offer=call.offers.all()[0], marks={}, now=NOW)


def test_a_mark_before_the_closing_is_refused(world: World) -> None:
    call = tender.published(world, "فراخوان", NOW)
    offer = tender.offered(world, call, "نمونه یک", NOW)
    with pytest.raises(NotPossible, match="پس از پایان"):
        tender.marked(world, "supervisor", offer, (50, 50), NOW)


def test_criteria_that_do_not_weigh_a_hundred_are_refused(world: World) -> None:
    with world.as_("province"), pytest.raises(NotPossible, match=r"۱۰۰|100"):
        wrong = tender.terms("فراخوان", NOW, criteria=(("الف", 600), ("ب", 300)))
        actions.write_call(by=world.people["province"], file=world.files["honey"], terms=wrong, now=NOW)


def test_what_everybody_knows_of_a_call_holds_no_draft_and_no_offer_before_the_prices_are_open(world: World) -> None:
    tender.call_for_offers(world, NOW)
    with acting_as(None):
        calls = {each.title: each for each in queries.public_calls()}
    assert set(calls) == {"فراخوان عامل", "فراخوان باز"}
    assert calls["فراخوان باز"].offers is None and calls["فراخوان باز"].chosen is None
    assert calls["فراخوان عامل"].offers == 3 and calls["فراخوان عامل"].price == 900_000_000
    assert calls["فراخوان عامل"].criteria == [("شناخت خوشه", 600), ("برنامه کار", 400)]
