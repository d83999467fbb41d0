"""The account from the first price to the gain: fixed before, counted after, corrected and never changed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kandoo.benefit import actions, queries
from kandoo.benefit.joint import Joint
from kandoo.benefit.lots import Item
from kandoo.benefit.models import Evidence, Gain, OwnTime, StandAlone
from kandoo.benefit.tests.stage import gains_in, give, invoice_of, quotation, second_lot, settled_lot
from kandoo.engine import benefit as engine
from kandoo.selling.models import Lot, PaySlip
from kandoo.selling.problems import NotPossible, WrongStep
from tests.world import MEMBERS, TODAY, World, deliver_and_settle, plan_and_agree

pytestmark = pytest.mark.django_db


# Before


def test_three_quotations_or_one_invoice_make_a_price_alone(world):
    lot = second_lot(world)
    for who in ("علی", "بابک"):
        give(world, "kuh", lot, quotation(who, 3_050_000))
    give(world, "darreh", lot, invoice_of("darreh"))
    give(world, "kuh", lot, quotation("کوروش", 3_200_000))
    with world.as_("agent"):
        found = {pk: queries.alone_of(rows, on=TODAY) for pk, rows in queries.evidence_in("selling", lot.pk).items()}
    assert found[world.firms["kuh"].pk].per_unit == 3_200_000
    assert found[world.firms["darreh"].pk].kind == "invoice"
    assert found[world.firms["rud"].pk].why_not == "no_paper"


@pytest.mark.parametrize(
    "bad",
    [
        {"per_unit": 0},
        {"on": TODAY + timedelta(days=1)},
        {"note": ""},
        {"kind": "invoice"},
        {"kind": "district_median", "sample": 4},
    ],
)
def test_a_price_without_what_it_needs_is_refused_and_nothing_is_written(world, bad):
    lot = second_lot(world)
    with pytest.raises(NotPossible):
        give(world, "kuh", lot, quotation("علی", **bad))
    with world.as_("agent"):
        assert not Evidence.objects.filter(action_id=lot.pk, with_offer=False).exists()


def test_an_agent_gives_evidence_for_a_member_and_a_member_not_for_another(world):
    lot = second_lot(world)
    assert give(world, "kuh", lot, invoice_of("kuh"), by="agent").by == world.people["agent"]
    with pytest.raises(DatabaseError), transaction.atomic():
        give(world, "darreh", lot, invoice_of("darreh"), by="kuh")


def test_evidence_follows_a_changed_offer_and_is_taken_back(world):
    lot = second_lot(world, documented=("kuh",))
    with world.as_("kuh"):
        row = Evidence.objects.get(action_id=lot.pk)
        assert (row.kind, row.with_offer, len(row.sha256)) == ("invoice", True, 64)
    added = give(world, "kuh", lot, quotation("علی"))
    with world.as_("kuh"):
        actions.remove_evidence(by=world.people["kuh"], joint=Joint.of_lot(lot), evidence=added)
        assert Evidence.objects.filter(action_id=lot.pk).count() == 1


def test_the_same_paper_of_two_members_is_shown_to_the_agent(world):
    lot = second_lot(world)
    give(world, "kuh", lot, invoice_of("one paper"))
    give(world, "rud", lot, invoice_of("one paper"))
    give(world, "sang", lot, invoice_of("another"))
    with world.as_("agent"):
        rows = [row for rows in queries.evidence_in("selling", lot.pk).values() for row in rows]
        assert [len(each) for each in queries.doubled_files(rows).values()] == [2]


def test_the_median_is_of_five_members_or_there_is_none(world):
    lot = second_lot(world)
    with world.as_("kuh"):
        found = queries.median_alone(world.cluster, "selling", "thyme", TODAY)
        assert found is not None and (found.sample, found.per_unit) == (6, 3_000_000)
        assert queries.median_alone(world.cluster, "selling", "astragalus", TODAY) is None
        joint, code = Joint.of_lot(lot), Evidence.objects.get(action_id=lot.pk).item
        item = Item(world.firms["kuh"].pk, code, "thyme", 100, "kg", 3_000_000)
        row = actions.use_median(
            by=world.people["kuh"], joint=joint, enterprise=world.firms["kuh"], item=item, today=TODAY
        )
        assert (row.kind, row.sample) == ("district_median", 6)
        with pytest.raises(NotPossible):
            actions.use_median(
                by=world.people["kuh"],
                joint=joint,
                enterprise=world.firms["kuh"],
                item=replace(item, goods="citrus"),
                today=TODAY,
            )
    with world.as_("neighbour") if "neighbour" in world.people else world.as_("hamburg"):
        assert queries.median_alone(world.cluster, "selling", "thyme", TODAY) is None


# Fixed


def test_agreeing_fixes_what_each_would_have_had_alone_with_a_copy_of_its_evidence(world):
    with world.as_("agent"):
        rows = list(StandAlone.objects.filter(action_id=world.lots["settled"].pk))
    assert len(rows) == 6
    for row in rows:
        (item,) = row.content["items"]
        assert (row.is_documented, row.per_unit, row.total) == (True, 3_000_000, 3_000_000 * row.quantity)
        assert len(item["evidence"][0]["sha256"]) == 64


def test_after_the_agreement_no_evidence_comes_or_goes(world):
    lot = second_lot(world, documented=MEMBERS)
    plan_and_agree(world, lot)
    with world.as_("agent"):
        lot = Lot.objects.get(pk=lot.pk)
        with pytest.raises(WrongStep):
            actions.add_evidence(
                by=world.people["agent"],
                joint=Joint.of_lot(lot),
                enterprise=world.firms["kuh"],
                terms=quotation("x"),
                today=TODAY,
            )


@pytest.mark.parametrize("as_whom", ["agent", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefit_standalone SET total = 1",
        "DELETE FROM benefit_standalone",
        "UPDATE benefit_gain SET gain = 1",
        "DELETE FROM benefit_gain",
        "UPDATE benefit_evidence SET per_unit = 1",
        "DELETE FROM benefit_evidence WHERE action_id = {settled}",
        "INSERT INTO benefit_evidence (cluster_id, enterprise_id, action, action_id, item, kind, who, per_unit, unit, "
        '"on", note, sample, document, document_name, sha256, with_offer, at, by_id) '
        'SELECT cluster_id, enterprise_id, action, action_id, item, kind, who, 1, unit, "on", note, sample, document, '
        "document_name, sha256, false, at, by_id FROM benefit_evidence WHERE action_id = {settled} LIMIT 1",
    ],
)
def test_the_database_refuses_to_change_what_was_fixed_or_counted(world, as_owner, as_whom, statement):
    statement = statement.format(settled=world.lots["settled"].pk)

    def attempt() -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.rowcount)

    with pytest.raises(DatabaseError), transaction.atomic():
        if as_whom == "owner":
            with as_owner():
                attempt()
        else:
            with world.as_("agent"):
                # Row security hides a row from a forbidden DELETE: none touched is as good as refused.
                if attempt() == 0:
                    raise DatabaseError


# Counted


def test_gain_is_what_came_less_what_was_documented_alone_transport_and_time(world):
    lot = second_lot(world, documented=MEMBERS)
    with world.as_("kuh"):
        actions.say_own_time(
            by=world.people["kuh"],
            joint=Joint.of_lot(lot),
            enterprise=world.firms["kuh"],
            hours=Decimal("7.5"),
            alone_days=30,
        )
    plan_and_agree(world, lot)
    deliver_and_settle(world, lot)
    gains = gains_in(world, lot)
    with world.as_("agent"):
        for slip in PaySlip.objects.filter(lot=lot):
            gain = gains[slip.enterprise_id]
            time = 7_500_000 if slip.enterprise_id == world.firms["kuh"].pk else 0
            assert gain.gain == slip.amount - 3_000_000 * slip.content["kg"] - time == slip.gain - time
            assert sum(amount for _code, amount in gain.steps[:-1]) == gain.steps[-1][1] == gain.net
    own = gains[world.firms["kuh"].pk]
    assert (own.hours, own.time, own.alone_days, own.season) == (Decimal("7.5"), 7_500_000, 30, 1405)
    assert gains[world.firms["rud"].pk].time is None
    assert own.harvested_on is not None


def test_without_evidence_there_is_no_gain_and_the_pay_slip_says_the_same(world):
    lot = settled_lot(world, documented=("kuh", "darreh"))
    gains = gains_in(world, lot)
    with world.as_("agent"):
        slips = {each.enterprise_id: each for each in PaySlip.objects.filter(lot=lot)}
    for name in MEMBERS:
        gain, slip = gains[world.firms[name].pk], slips[world.firms[name].pk]
        assert gain.is_documented == (name in ("kuh", "darreh"))
        assert gain.gain == slip.gain
        if not gain.is_documented:
            assert (gain.gain, gain.alone, slip.content["kg_without_evidence"]) == (0, 0, slip.content["kg"])
            assert gain.claimed == slip.amount - 3_000_000 * slip.content["kg"]


def test_public_money_is_taken_out_by_kilograms_and_shown_apart(world):
    lot = second_lot(world, documented=MEMBERS)
    with world.as_("agent"):
        actions.add_subsidy(
            by=world.people["agent"], joint=Joint.of_lot(lot), amount=60_000_001, source="برنامه", on=TODAY, today=TODAY
        )
    plan_and_agree(world, lot)
    deliver_and_settle(world, lot)
    gains = gains_in(world, lot)
    with world.as_("agent"):
        slips = {each.enterprise_id: each for each in PaySlip.objects.filter(lot=lot)}
        assert sum(each.subsidy for each in gains.values()) == 60_000_001
        assert all(each.gain == slips[pk].gain - each.subsidy for pk, each in gains.items())
        with pytest.raises(WrongStep):
            actions.add_subsidy(
                by=world.people["agent"],
                joint=Joint.of_lot(Lot.objects.get(pk=lot.pk)),
                amount=1,
                source="x",
                on=TODAY,
                today=TODAY,
            )


def test_hours_are_said_until_the_gain_is_counted(world):
    lot, kuh = world.lots["settled"], world.firms["kuh"]
    with world.as_("kuh"):
        assert OwnTime.objects.get(action_id=lot.pk).alone_days == 40
        with pytest.raises(WrongStep):
            actions.say_own_time(
                by=world.people["kuh"], joint=Joint.of_lot(lot), enterprise=kuh, hours=Decimal(1), alone_days=None
            )


# Corrected


def test_a_correction_is_a_new_row_that_takes_the_place_of_the_old_one(world: World) -> None:
    old = gains_in(world, world.lots["settled"])[world.firms["kuh"].pk]
    with world.as_("agent"):
        new = actions.correct_gain(
            by=world.people["agent"], gain=old, hours=Decimal(2), subsidy=5_000, later=-70_000, reason="ادعای خریدار"
        )
    assert new.gain == old.gain - 2_000_000 - 5_000 - 70_000
    assert engine.count_gain(queries.taken_of(new)).gain == new.gain
    assert gains_in(world, world.lots["settled"])[world.firms["kuh"].pk] == new
    with world.as_("kuh"):
        assert Gain.objects.filter(action_id=world.lots["settled"].pk).count() == 2
    with world.as_("agent"):
        with pytest.raises(WrongStep):
            actions.correct_gain(by=world.people["agent"], gain=old, hours=None, subsidy=0, later=1, reason="دوباره")
        with pytest.raises(NotPossible):
            actions.correct_gain(by=world.people["agent"], gain=new, hours=None, subsidy=0, later=0, reason=" ")
        with pytest.raises(NotPossible):
            actions.correct_gain(
                by=world.people["agent"], gain=new, hours=Decimal(2), subsidy=5_000, later=-70_000, reason="همان"
            )


def test_a_correction_cannot_name_another_members_gain(world, as_owner):
    gains = gains_in(world, world.lots["settled"])
    kuh, rud = gains[world.firms["kuh"].pk], gains[world.firms["rud"].pk]
    kuh.pk, kuh.corrects, kuh.reason = None, rud, "x"
    with pytest.raises(DatabaseError), transaction.atomic(), as_owner():
        kuh.save()


# Totals that give nobody away


def sql(statement: str, *values: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def test_totals_are_told_of_five_or_more_none_over_half_and_only_inside(world):
    few = settled_lot(world, documented=("kuh", "darreh"))
    for name, may in {"officer": True, "kuh": True, "controller": True, "hamburg": False, "jars": False}.items():
        with world.as_(name):
            rows = sql("SELECT action_id, members, gain FROM kandoo_benefit_actions(%s)", world.cluster.pk)
            assert bool(rows) == may, name
            if may:
                found = {row[0]: row[1:] for row in rows}
                assert found[world.lots["settled"].pk][1] is not None
                assert found[few.pk][1] is None  # only two of them gained anything


def test_groups_and_counts_tell_of_no_single_member(world):
    with world.as_("officer"):
        groups = sql("SELECT members, gain FROM kandoo_benefit_groups(%s, 1405)", world.cluster.pk)
        assert [members for members, _gain in groups] == [6]
        assert sql("SELECT * FROM kandoo_benefit_taking_part(%s, 1405)", world.cluster.pk) == [
            (6, 2, 0)
        ]  # a lot and a round
        with pytest.raises(DatabaseError), transaction.atomic():
            sql("SELECT * FROM kandoo_safe_gains(%s)", world.cluster.pk)


def test_the_lots_own_totals_hide_the_gain_of_two(world):
    few = settled_lot(world, documented=("kuh", "darreh"))
    with world.as_("officer"):
        ((amount, alone),) = sql("SELECT amount, alone FROM kandoo_lot_totals(%s)", few.pk)
        assert amount and alone is None


def test_where_services_are_is_told_inside_alone_and_of_no_apiary(world):
    with world.as_("kuh"):
        assert queries.providers(world.cluster) == []  # the world's laboratory has no site yet
    with world.as_("hamburg"):
        assert queries.providers(world.cluster) == []
