"""Goods: what arrives with its differences, divided where it came short, signed for once, given back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kandoo.buying.actions.goods import Arrived, enter_arrivals, give_back, sign_hand_outs, take_back_arrival
from kandoo.buying.models import Arrival, HandOut, OrderLine, Return, Round
from kandoo.buying.problems import NotPossible, WrongStep
from kandoo.buying.tests.goods_stage import NOW, agreed, bring, divide, hand_out, invoice, settle
from kandoo.buying.tests.stage import TODAY, WANTED, Stage, opened, staged, with_needs, with_quotations

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(as_owner: Any) -> Stage:
    return staged(as_owner)


def test_what_came_whole_is_handed_out_as_ordered(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this)
    rows = divide(stage, this)
    assert all(row.quantity == row.ordered for row in rows.values())
    assert rows["kuh", "sugar"].quantity == WANTED["kuh"][0]
    assert this.status == Round.Status.DELIVERED and this.delivered_on == TODAY


def test_a_shortage_is_divided_by_the_rule_chosen_before(stage: Stage) -> None:
    this = agreed(stage, shortage_rule=Round.Shortage.SMALL_FIRST)
    bring(stage, this, sugar=Arrived(400, broken=20, wrong=30, note="دو کیسه پاره"))
    rows = divide(stage, this)
    given = {member: rows[member, "sugar"].quantity for member in WANTED}
    assert given == {"bagh": 90, "kuh": 120, "cheshmeh": 150, "rud": 40, "darreh": 0, "sang": 0}
    assert rows["sang", "wax"].quantity == rows["sang", "wax"].ordered


def test_several_arrivals_of_a_line_add_up_and_no_more_comes_than_ordered(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this, sugar=300, wax=1, jar=1)
    with pytest.raises(NotPossible):
        bring(stage, this, sugar=10_000, wax=1, jar=1)
    bring(stage, this, sugar=Arrived(0, broken=5), wax=1, jar=1)
    bring(stage, this, sugar=200, wax=1, jar=1)
    rows = divide(stage, this)
    assert sum(row.quantity for (_, item), row in rows.items() if item == "sugar") == 500


@pytest.mark.parametrize("each", [Arrived(-1), Arrived(0), Arrived(1, broken=-1), Arrived(1, wrong=10**6)])
def test_an_impossible_arrival_is_refused_and_nothing_is_written(stage: Stage, each: Arrived) -> None:
    this = agreed(stage)
    with pytest.raises(NotPossible):
        bring(stage, this, sugar=each)
    with stage.as_("agent"):
        assert not Arrival.objects.exists()


def test_an_arrival_is_of_this_round_and_not_of_tomorrow(stage: Stage) -> None:
    this = agreed(stage)
    with stage.as_("agent"):
        line = OrderLine.objects.filter(place__round=this).first()
        assert line is not None
        for arrived, on in (({0: Arrived(1)}, TODAY), ({line.pk: Arrived(1)}, TODAY + timedelta(days=1)), ({}, TODAY)):
            with pytest.raises(NotPossible):
                enter_arrivals(by=stage.people["agent"], this=this, arrived=arrived, on=on, today=TODAY)


def test_the_keeper_enters_what_came_to_its_point_and_takes_its_own_back(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this, by="bagh", sugar=100, wax=1, jar=1)
    with stage.as_("kuh"):
        assert not Arrival.objects.exists()
    with stage.as_("bagh"):
        row = Arrival.objects.get(line__item__code="sugar")
        take_back_arrival(by=stage.people["bagh"], this=this, arrival=row)
        assert Arrival.objects.count() == 2
    bring(stage, this, sugar=50, wax=1, jar=1)
    with stage.as_("bagh"):
        row = Arrival.objects.get(line__item__code="sugar")
        with pytest.raises(NotPossible):
            take_back_arrival(by=stage.people["bagh"], this=this, arrival=row)


def test_after_dividing_nothing_arrives_and_nothing_is_taken_back(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this)
    divide(stage, this)
    with pytest.raises(WrongStep):
        bring(stage, this)
    with stage.as_("agent"), pytest.raises(DatabaseError), transaction.atomic():
        Arrival.objects.all().delete()
    with stage.as_("agent"), pytest.raises(DatabaseError), transaction.atomic():
        HandOut.objects.update(quantity=0)


def test_nothing_is_divided_before_anything_came(stage: Stage) -> None:
    this = agreed(stage)
    with pytest.raises(NotPossible):
        divide(stage, this)


def test_rotation_serves_first_who_was_cut_in_this_years_earlier_round(stage: Stage) -> None:
    first = agreed(stage, shortage_rule=Round.Shortage.SMALL_FIRST)
    bring(stage, first, sugar=900)
    before = divide(stage, first)
    assert before["sang", "sugar"].quantity < before["sang", "sugar"].ordered
    second = opened(stage, shortage_rule=Round.Shortage.ROTATION)
    with_needs(stage, second)
    with_quotations(stage, second)
    second = agreed(stage, second)
    bring(stage, second, sugar=260)
    after = divide(stage, second)
    given = {member: after[member, "sugar"].quantity for member in WANTED}
    assert given == {"sang": 260, "kuh": 0, "darreh": 0, "cheshmeh": 0, "bagh": 0, "rud": 0}


def test_a_member_signs_for_itself_and_the_keeper_for_those_at_its_point_once(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this)
    divide(stage, this)
    with stage.as_("kuh"):
        assert set(HandOut.objects.values_list("enterprise", flat=True)) == {stage.firms["kuh"].pk}
        own = list(HandOut.objects.filter(round=this))
        sign_hand_outs(by=stage.people["kuh"], this=this, hand_outs=own, how="self", now=NOW)
        with pytest.raises(NotPossible):
            sign_hand_outs(by=stage.people["kuh"], this=this, hand_outs=own, how="self", now=NOW)
    with stage.as_("bagh"):
        rows = list(HandOut.objects.filter(round=this, signed=""))
        assert {each.enterprise_id for each in rows} == {stage.firms[name].pk for name in WANTED if name != "kuh"}
        signed = sign_hand_outs(by=stage.people["bagh"], this=this, hand_outs=rows, how="phone", now=NOW)
        assert len(signed) == len(rows)
    with stage.as_("agent"), pytest.raises(DatabaseError), transaction.atomic():
        HandOut.objects.filter(enterprise=stage.firms["kuh"]).update(signed="phone")


def give(stage: Stage, this: Round, by: str, quantity: int, **changed: Any) -> Return:
    with stage.as_(by):
        row = HandOut.objects.get(round=this, enterprise=stage.firms["kuh"], item__code="sugar")
        given: dict[str, Any] = {"reason": "نم کشیده", "on": TODAY, "today": TODAY} | changed
        return give_back(by=stage.people[by], this=this, hand_out=row, quantity=quantity, **given)


def test_no_more_is_given_back_than_was_taken_whoever_writes_it(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this)
    divide(stage, this)
    with pytest.raises(NotPossible):
        give(stage, this, "kuh", 1)
    hand_out(stage, this)
    give(stage, this, "kuh", 100)
    broken: tuple[tuple[str, int, dict[str, Any]], ...] = (
        ("agent", 21, {}),
        ("bagh", 21, {}),  # the keeper does not see what kuh wrote
        ("kuh", 0, {}),
        ("kuh", 1, {"reason": " "}),
        ("kuh", 1, {"on": TODAY + timedelta(days=1)}),
    )
    for by, quantity, changed in broken:
        with pytest.raises(NotPossible):
            give(stage, this, by, quantity, **changed)
    give(stage, this, "bagh", 20)


def test_after_the_settlement_nothing_is_given_back(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this)
    divide(stage, this)
    hand_out(stage, this)
    invoice(stage, this)
    settle(stage, this)
    with stage.as_("agent"):
        this.refresh_from_db()
    with pytest.raises(WrongStep):
        give(stage, this, "kuh", 1)
