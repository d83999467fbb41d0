"""Sealed stays sealed: until a round is closed nobody but its supplier reads a figure of a quotation,
the agent included; afterwards nobody writes one. Tried in SQL, role by role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kandoo.buying.actions import needs, quotations
from kandoo.buying.models import Need, NeedPrice, Quotation, QuotationLine, Round
from kandoo.site.models import AuditRecord, Notice
from tests import buying
from tests.world import NOW, TODAY, World, _add_cast, found

pytestmark = pytest.mark.django_db

TABLES = ("buying_quotation", "buying_quotationline", "buying_quotationplace", "buying_certificate")
OUTSIDERS = ("agent", "auditor", "officer", "controller", "kuh", "bagh", "qand", "lab", "hamburg")
# What no one else may read: prices, least order, deliveries of the world's two quotations, in rial and in toman.
FIGURES = ("581930", "541970", "501910", "113370", "95630", "300000030", "10000070", "2000090")


@pytest.fixture
def world(as_owner: Callable[[], Any]) -> World:
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    buying.buy(world, NOW)
    return world


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


def refused_or_nothing(statement: str, *values: Any) -> bool:
    """Whether the statement is refused outright or touches no row; nothing of it stays."""
    try:
        with transaction.atomic():
            count = ask(statement, *values)[0][0]
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return bool(count == 0)


def keys_of(as_owner: Callable[[], Any], supplier: int, this: Round) -> dict[str, list[int]]:
    """The rows of one supplier's quotation in each table, as the owner of the database reads them."""
    with as_owner() as cursor:
        cursor.execute(
            "SELECT id FROM buying_quotation WHERE enterprise_id = %s AND round_id = %s", [supplier, this.pk]
        )
        quotation = cursor.fetchall()[0][0]
        found = {"buying_quotation": [quotation]}
        for table in TABLES[1:]:
            cursor.execute(f"SELECT id FROM {table} WHERE quotation_id = %s", [quotation])
            found[table] = [row[0] for row in cursor.fetchall()]
    assert all(found.values())
    return found


@pytest.mark.parametrize("name", OUTSIDERS)
def test_a_sealed_quotation_is_its_suppliers_alone(world: World, as_owner: Callable[[], Any], name: str) -> None:
    keys = keys_of(as_owner, world.firms["jars"].pk, world.rounds["sealed"])
    with world.as_(name):
        for table, rows in keys.items():
            assert ask(f"SELECT count(*) FROM {table} WHERE id = ANY (%s)", rows) == [(0,)]
            assert refused_or_nothing(f"UPDATE {table} SET cluster_id = cluster_id WHERE id = ANY (%s)", rows)
            assert refused_or_nothing(f"DELETE FROM {table} WHERE id = ANY (%s)", rows)
        assert not any(figure in str(ask("SELECT * FROM buying_round")) for figure in FIGURES)


@pytest.mark.parametrize("name", [*OUTSIDERS, "jars"])
def test_nobody_writes_into_a_quotation_that_is_not_its_own(
    world: World, as_owner: Callable[[], Any], name: str
) -> None:
    keys = keys_of(as_owner, world.firms["jars"].pk, world.rounds["sealed"])
    with as_owner() as cursor:
        cursor.execute(
            "SELECT round_item_id, brings_id FROM buying_quotationline WHERE id = ANY (%s)", [keys[TABLES[1]]]
        )
        item, brings = cursor.fetchone()
    with world.as_(name):
        # The rival's quotation, and the world's other quotation, which is opened.
        for quotation in (keys["buying_quotation"][0], _billed(world, as_owner)):
            if name == "jars" and quotation == keys["buying_quotation"][0]:
                continue
            assert refused_or_nothing(
                "INSERT INTO buying_quotationline (cluster_id, quotation_id, round_item_id, brings_id, kind, steps, pack)"
                " VALUES (%s, %s, %s, %s, 'all_units', '[[1, 1]]', 1)",
                world.cluster.pk, quotation, item, brings,
            )  # fmt: skip


def _billed(world: World, as_owner: Callable[[], Any]) -> int:
    with as_owner() as cursor:
        cursor.execute("SELECT id FROM buying_quotation WHERE round_id = %s", [world.rounds["billed"].pk])
        return int(cursor.fetchone()[0])


def test_nobody_quotes_in_another_suppliers_name_or_after_closing(world: World) -> None:
    insert = (
        "INSERT INTO buying_quotation (cluster_id, round_id, enterprise_id, minimum_order, delivery_fixed, valid_until,"
        " payment_days, terms, shows_steps, is_withdrawn, at, by_id)"
        " VALUES (%s, %s, %s, 0, 0, '2027-01-01', 0, '', false, false, now(), %s)"
    )
    for name in (*OUTSIDERS, "jars"):
        for firm in ("jars", "qand"):
            for this in world.rounds.values():
                values = (world.cluster.pk, this.pk, world.firms[firm].pk, world.people[name].pk)
                with world.as_(name):
                    assert refused_or_nothing(insert, *values), (name, firm, this)


@pytest.mark.parametrize("name", ["agent", "auditor", "qand"])
def test_an_opened_quotation_is_read_by_the_agent_and_the_auditor_and_written_by_nobody(
    world: World, as_owner: Callable[[], Any], name: str
) -> None:
    quotation = _billed(world, as_owner)
    with world.as_(name):
        assert ask("SELECT minimum_order FROM buying_quotation WHERE id = %s", quotation) == [(0,)]
        for statement in (
            "UPDATE buying_quotation SET minimum_order = 1 WHERE id = %s",
            "DELETE FROM buying_quotation WHERE id = %s",
            "UPDATE buying_quotationline SET capacity = 1 WHERE quotation_id = %s",
            "DELETE FROM buying_quotationline WHERE quotation_id = %s",
            "DELETE FROM buying_quotationplace WHERE quotation_id = %s",
        ):
            assert refused_or_nothing(statement, quotation), statement


def test_not_even_the_owner_of_the_database_rewrites_or_moves_an_opened_quotation(
    world: World, as_owner: Callable[[], Any]
) -> None:
    quotation, sealed = _billed(world, as_owner), world.rounds["sealed"].pk
    with world.as_("jars"):
        other = Quotation.objects.get(round=sealed).pk
    for statement, values in (
        ("UPDATE buying_quotation SET minimum_order = 1 WHERE id = %s", [quotation]),
        ("UPDATE buying_quotation SET round_id = %s WHERE id = %s", [sealed, quotation]),
        ("UPDATE buying_quotation SET round_id = %s WHERE id = %s", [world.rounds["billed"].pk, other]),
        ("UPDATE buying_quotationline SET steps = '[[1, 1]]' WHERE quotation_id = %s", [quotation]),
        ("UPDATE buying_quotationline SET quotation_id = %s WHERE quotation_id = %s", [other, quotation]),
        ("DELETE FROM buying_quotationline WHERE quotation_id = %s", [quotation]),
        ("UPDATE buying_round SET quotes_opened_at = NULL WHERE id = %s", [world.rounds["billed"].pk]),
        ("UPDATE buying_round SET quotes_opened_at = now() WHERE id = %s", [world.rounds["billed"].pk]),
    ):
        with as_owner() as cursor, pytest.raises(DatabaseError, match="opened"), transaction.atomic():
            cursor.execute(statement, values)


def test_the_agent_learns_who_has_answered_and_when_never_what(world: World) -> None:
    sealed = world.rounds["sealed"].pk
    for name, count in (("agent", 2), ("auditor", 2), ("kuh", 0), ("jars", 0), ("officer", 0), ("hamburg", 0)):
        with world.as_(name):
            rows = ask("SELECT * FROM kandoo_sealed_quotations(%s)", sealed)
            assert len(rows) == count, name
            assert all(len(row) == 2 for row in rows)
            trail = str(list(AuditRecord.objects.values_list("detail", flat=True)))
            notices = str(list(Notice.objects.values_list("values", flat=True)))
            assert not any(figure in trail + notices for figure in FIGURES), name


def progress(world: World, name: str) -> dict[int, Any]:
    """Of each item: (units wanted, units to the next step), as this person is told."""
    with world.as_(name):
        rows = ask("SELECT * FROM kandoo_round_progress(%s)", world.rounds["sealed"].pk)
    return {row[0]: (row[2], row[4]) for row in rows}


def test_the_way_to_a_step_is_told_to_members_alone_of_suppliers_who_allow_it(world: World) -> None:
    with world.as_("agent"):
        sugar = world.rounds["sealed"].items.get(item__code="sugar").pk
    assert progress(world, "kuh") == {sugar: (900, 100)}  # six want 150 kg; Qand's next step begins at 1 000
    for name in ("agent", "auditor", "officer", "jars", "qand"):
        assert progress(world, name) == {sugar: (900, None)}, name
    for name in ("hamburg", "lab"):
        assert progress(world, name) == {}, name
    with world.as_("qand"):
        Quotation.objects.filter(round=world.rounds["sealed"]).update(shows_steps=False)
    assert progress(world, "kuh") == {sugar: (900, None)}


def reached(world: World, name: str) -> int | None:
    with world.as_(name):
        found = ask("SELECT kandoo_round_minimum_reached(%s)", world.rounds["sealed"].pk)[0][0]
    return None if found is None else int(found)


def test_the_way_to_a_least_order_is_told_in_whole_tens_of_a_percent_so_that_it_gives_no_price_away(
    world: World,
) -> None:
    for name in ("agent", "auditor", "officer", "jars", "hamburg"):
        assert reached(world, name) is None, name
    assert reached(world, "kuh") == 100  # 900 kg at 581 930 are above 300 000 030
    with world.as_("qand"):
        Quotation.objects.filter(round=world.rounds["sealed"]).update(minimum_order=1_000_000_000)
    assert reached(world, "kuh") == 50
    for quantity in (151, 152, 160):  # a unit more says nothing
        with world.as_("kuh"):
            Need.objects.filter(
                round=world.rounds["sealed"], enterprise=world.firms["kuh"], round_item__item__code="sugar"
            ).update(quantity=quantity, quantity_max=quantity)
        assert reached(world, "kuh") == 50


def test_totals_of_fewer_than_five_or_with_one_above_half_are_not_told(world: World) -> None:
    with world.as_("kuh"):
        assert NeedPrice.objects.filter(enterprise=world.firms["kuh"]).exists()
        need = Need.objects.get(
            round=world.rounds["sealed"], enterprise=world.firms["kuh"], round_item__item__code="sugar"
        )
        Need.objects.filter(pk=need.pk).update(quantity=10_000, quantity_max=10_000)
    assert progress(world, "kuh") == {}
    assert reached(world, "kuh") is None
    with world.as_("kuh"):
        needs.withdraw_need(by=world.people["kuh"], need=need)
    with world.as_("rud"):
        rud = Need.objects.get(round=world.rounds["sealed"], enterprise=world.firms["rud"])
        needs.withdraw_need(by=world.people["rud"], need=rud)
    assert progress(world, "darreh") == {}  # four are left
    assert reached(world, "darreh") is None


def test_opening_is_for_good_and_lets_the_agent_read_at_once(world: World) -> None:
    this = world.rounds["sealed"]
    with world.as_("agent"):
        Round.objects.filter(pk=this.pk).update(quotes_opened_at=NOW)
        assert Quotation.objects.filter(round=this).count() == 2
        assert QuotationLine.objects.filter(quotation__round=this).exists()
    for name in ("kuh", "officer", "controller", "lab"):
        with world.as_(name):
            assert not Quotation.objects.exists(), name
    with world.as_("qand"):
        own = Quotation.objects.get(round=this)
        assert own.enterprise == world.firms["qand"]
        assert refused_or_nothing("UPDATE buying_quotation SET minimum_order = 1 WHERE id = %s", own.pk)
        own.round.refresh_from_db()
        with pytest.raises(quotations.NotPossible):
            quotations.withdraw_quotation(by=world.people["qand"], quotation=own, today=TODAY)
