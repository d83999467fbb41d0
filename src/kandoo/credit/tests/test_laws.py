"""What nobody can do with public money, asked of the actions in words and of the database behind them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kandoo.credit import actions
from kandoo.credit.models import CreditLine, Movement
from kandoo.credit.problems import NotPossible, OverTheCeiling
from kandoo.credit.tests.conftest import ON, Money
from kandoo.credit.tests.helping import by, order_of, refused
from kandoo.engine import posting_rules
from kandoo.engine.budget import CostShares
from kandoo.ledger import actions as ledger
from kandoo.ledger.models import Entry
from tests import crediting
from tests.crediting import LETTER, MILLION
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], Any]


# ---------------------------------------------------------------- ceilings


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((350, 350), None),
        ((400, 300), "350"),  # the programme bears half
        ((401, 500), "400"),  # the ceiling of one commitment
    ],
)
def test_share_and_ceiling_are_checked_before_anything_is_committed(
    money: Money, shares: tuple[int, int], said: str | None
) -> None:
    agency, member = (each * MILLION for each in shares)
    ask = (money.world, money.line, money.training, money.payee, CostShares(agency, member), ON, NOW)
    if said is None:
        crediting.commit(*ask)
        assert money.state() == (1000, 600, 350, 0)
        return
    with pytest.raises(OverTheCeiling) as problem:
        crediting.commit(*ask)
    assert "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in said) + "٬" in str(problem.value)
    assert money.state() == (1000, 600, 0, 0)


def test_commitments_stop_at_the_allocation_and_say_what_is_left(money: Money) -> None:
    money.commit(350)
    with pytest.raises(OverTheCeiling, match="۲۵۰٬۰۰۰٬۰۰۰"):
        money.commit(300)
    assert money.state() == (1000, 600, 350, 0)


def test_allocations_stop_at_what_is_approved(money: Money) -> None:
    with pytest.raises(OverTheCeiling, match="۴۰۰٬۰۰۰٬۰۰۰"):
        crediting.allocate(money.world, money.line, 401 * MILLION, ON, NOW)


def test_a_line_pays_only_for_its_own_cluster(money: Money) -> None:
    stone = crediting.plan(money.world, "S1", "training", file=money.world.files["stone"])
    with pytest.raises(NotPossible, match="خوشه"):
        crediting.commit(money.world, money.line, stone, money.payee, CostShares(MILLION, MILLION), ON, NOW)


def test_without_a_rule_in_force_nothing_is_committed(money: Money) -> None:
    study = crediting.plan(money.world, "A3", "study")
    with pytest.raises(NotPossible, match="سقف"):
        crediting.commit(money.world, money.line, study, money.payee, CostShares(MILLION), ON, NOW)


@pytest.mark.parametrize("on", [date(2026, 3, 20), date(2027, 3, 21)])
def test_nothing_is_allocated_outside_the_fiscal_year(money: Money, on: date) -> None:
    with pytest.raises(NotPossible, match="سال مالی"):
        crediting.allocate(money.world, money.line, MILLION, on, NOW)


def test_a_refused_step_leaves_no_entry_behind(money: Money) -> None:
    with money.world.as_("treasurer"):
        before = Entry.objects.count(), Movement.objects.count()
    with pytest.raises(OverTheCeiling):
        crediting.allocate(money.world, money.line, 401 * MILLION, ON, NOW)
    with money.world.as_("treasurer"):
        assert (Entry.objects.count(), Movement.objects.count()) == before


# ---------------------------------------------------------------- the database behind the actions


def test_nobody_writes_a_total_by_hand(money: Money) -> None:
    refused(
        money, "treasurer", "UPDATE credit_creditline SET allocated = 0 WHERE id = %s", [money.line.pk], "movements"
    )
    refused(money, "treasurer", "UPDATE credit_creditline SET code = 'x' WHERE id = %s", [money.line.pk], "movements")


def _some_entry(money: Money) -> Entry:
    """A booked fact that has nothing to do with any line."""
    value = posting_rules.subsidy_received(source="x", amount=10 * MILLION)
    with money.world.as_("treasurer"):
        return ledger.post(by=money.world.people["treasurer"], cluster_id=money.world.programme.pk, entry=value, on=ON)


def _raw(kind: str, millions: int, entry: int, money: Money) -> tuple[str, list[Any]]:
    return (
        "INSERT INTO credit_movement (cluster_id, line_id, number, kind, amount, \"on\", document, reason, entry_id, by_id, at)"
        " VALUES (%s, %s, 'X-1', %s, %s, %s, 'x', '', %s, %s, now())",
        [
            money.world.programme.pk, money.line.pk, kind, millions * MILLION, ON, entry,
            money.world.people["treasurer"].pk,
        ],
    )  # fmt: skip


def test_the_database_refuses_more_than_is_approved_whatever_the_code_says(money: Money) -> None:
    entry = _some_entry(money)
    refused(money, "treasurer", *_raw("allocated", 401, entry.pk, money), law="allocated_within_approved")
    refused(money, "treasurer", *_raw("returned", 601, entry.pk, money), law="committed_within_allocated")


def test_a_movement_without_its_entry_is_refused(money: Money) -> None:
    entry = _some_entry(money)
    refused(money, "treasurer", *_raw("allocated", 10, entry.pk, money), law="booked as something else")


def test_an_entry_of_public_money_without_a_movement_is_refused(money: Money) -> None:
    refused(
        money,
        "treasurer",
        'INSERT INTO ledger_entry (cluster_id, rule, source, "on", posted_at, posted_by_id, reason)'
        " VALUES (%s, 'credit_paid', 'y', %s, now(), %s, '')",
        [money.world.programme.pk, ON, money.world.people["treasurer"].pk],
        "no line says so",
    )


def test_an_entry_of_public_money_is_not_reversed(money: Money) -> None:
    with money.world.as_("treasurer"):
        entry = Movement.objects.get(kind="allocated").entry
        with pytest.raises(DatabaseError, match="another movement"), transaction.atomic():
            ledger.reverse(by=money.world.people["treasurer"], entry=entry, reason="اشتباه", on=ON)


def test_movements_never_change(money: Money, as_owner: AsOwner) -> None:
    for statement in (
        "UPDATE credit_movement SET amount = 1",
        "DELETE FROM credit_movement",
        "DELETE FROM credit_creditline",
    ):
        with as_owner() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            cursor.execute(statement)


# ---------------------------------------------------------------- money that comes back, and the year's end


def test_what_is_released_or_refunded_can_be_used_again(money: Money) -> None:
    commitment = money.commit(100)
    crediting.pay(money.world, order_of(money, commitment, 60), ON, NOW)
    with money.world.as_("treasurer"):
        actions.refund(commitment=commitment, amount=10 * MILLION, on=ON, grounds=LETTER, **by(money, "treasurer"))
        assert money.state() == (1000, 600, 100, 50)
        actions.release_commitment(
            commitment=commitment, amount=50 * MILLION, on=ON, grounds=LETTER, **by(money, "treasurer")
        )
        actions.return_allocation(
            line=money.line, amount=550 * MILLION, on=ON, grounds=LETTER, **by(money, "treasurer")
        )
    assert money.state() == (1000, 50, 50, 50)
    with money.world.as_("treasurer"), pytest.raises(OverTheCeiling):
        actions.refund(commitment=commitment, amount=51 * MILLION, on=ON, grounds=LETTER, **by(money, "treasurer"))


AFTERWARDS = datetime(2027, 5, 2, 9, tzinfo=UTC)


def close(money: Money, carry: frozenset[int] = frozenset(), on: date = date(2027, 3, 20)) -> None:
    with money.world.as_("treasurer"):
        later = by(money, "treasurer") | {"now": AFTERWARDS}
        actions.close_line(line=money.line, to_carry=carry, on=on, reason="پایان سال", **later)


def test_a_line_closes_on_the_last_day_and_not_while_an_order_waits(money: Money) -> None:
    with pytest.raises(NotPossible, match="پایان"):
        close(money, on=date(2027, 3, 19))
    order_of(money, money.commit(), 10)
    with pytest.raises(NotPossible, match="P-1405-0001"):
        close(money)


def test_no_money_moves_and_no_line_closes_on_a_day_to_come(money: Money) -> None:
    tomorrow, treasurer = TODAY + timedelta(days=1), by(money, "treasurer")
    with pytest.raises(NotPossible, match="نرسیده"):
        crediting.allocate(money.world, money.line, MILLION, tomorrow, NOW)
    order = order_of(money, money.commit(), 10)
    with pytest.raises(NotPossible, match="نرسیده"):
        crediting.pay(money.world, order, tomorrow, NOW)
    with money.world.as_("treasurer"):
        actions.send_order_back(order=order, reason="زود است", **treasurer)
        with pytest.raises(NotPossible, match="نرسیده"):
            actions.close_line(
                line=money.line, to_carry=frozenset(), on=date(2027, 3, 20), reason="پایان سال", **treasurer
            )
    assert money.state() == (1000, 600, 100, 0)


def test_no_more_is_committed_than_the_programme_is_to_bear_of_an_activity(money: Money) -> None:
    money.commit(300)  # of the training's 900 it bears half
    with pytest.raises(OverTheCeiling, match="۱۵۰٬۰۰۰٬۰۰۰"):
        money.commit(151)
    money.commit(150)


def test_what_is_carried_needs_the_next_year(money: Money) -> None:
    commitment = money.commit()
    with pytest.raises(NotPossible, match="1406"):
        close(money, frozenset({commitment.pk}))
    crediting.open_year(money.world, 1406, NOW)
    close(money, frozenset({commitment.pk}))
    with money.world.as_("treasurer"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        following = CreditLine.objects.get(year__year=1406)
        assert (following.approved, following.committed) == (100 * MILLION, 100 * MILLION)


def test_nothing_moves_on_a_closed_line_but_a_late_refund(money: Money) -> None:
    commitment = money.commit(100)
    crediting.pay(money.world, order_of(money, commitment, 60), ON, NOW)
    close(money)
    with pytest.raises(NotPossible, match="بسته"):
        crediting.allocate(money.world, money.line, MILLION, ON, NOW)
    with money.world.as_("treasurer"):
        later = by(money, "treasurer") | {"now": AFTERWARDS}
        actions.refund(commitment=commitment, amount=5 * MILLION, on=date(2027, 5, 1), grounds=LETTER, **later)
        line = CreditLine.objects.get(pk=money.line.pk)
        assert line.state.is_settled and line.paid == 55 * MILLION and line.lapsed == 945 * MILLION


def test_an_amendment_takes_only_what_is_not_allocated(money: Money) -> None:
    treasurer = by(money, "treasurer")
    with money.world.as_("treasurer"):
        law = actions.amend_law(
            year=money.year, law=actions.LawTerms("ا-۱", "اصلاحیه", date(2026, 9, 1), "روزنامه"), **treasurer
        )
        change: dict[str, Any] = {"line": money.line, "law": law, "reason": "کاهش درآمد", **treasurer}
        with pytest.raises(OverTheCeiling, match="۴۰۰٬۰۰۰٬۰۰۰"):
            actions.amend_line(amount=-401 * MILLION, on=date(2026, 9, 5), **change)
        with pytest.raises(NotPossible, match="اصلاحیه"):
            actions.amend_line(amount=MILLION, on=date(2026, 8, 1), **change)
        actions.amend_line(amount=-400 * MILLION, on=date(2026, 9, 5), **change)
    assert money.state() == (600, 600, 0, 0)
