"""What PostgreSQL refuses, whatever the code above it asks: closed days, crooked reversals, unknown money."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kandoo.engine import posting_rules
from kandoo.ledger import actions, queries
from kandoo.ledger.actions import NewVoucher
from kandoo.ledger.models import Entry, ExchangeRate, Leg, PeriodClose, Voucher
from kandoo.ledger.problems import ClosedPeriod, NotPossible
from kandoo.site import security
from kandoo.trace.tests.conftest import AsOwner
from kandoo.trace.tests.staging import TODAY, Stage

pytestmark = pytest.mark.django_db
CLOSED = TODAY - timedelta(days=30)


def execute(statement: str) -> None:
    """Ask the database, and let it judge as at commit."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def fee(stage: Stage, amount: int = 5_000, on: date = TODAY, firm: str = "member-1") -> Voucher:
    """A member owes a fee."""
    return actions.record_voucher(
        by=stage.people["agent"],
        cluster=stage.cluster,
        new=NewVoucher(Voucher.Kind.FEE, amount, on, "F-1", stage.firms[firm]),
        today=TODAY,
    )


def close(stage: Stage, through: date = CLOSED) -> PeriodClose:
    return actions.close_period(by=stage.people["agent"], cluster=stage.cluster, through=through, today=TODAY)


ENTRY = (
    'INSERT INTO ledger_entry (cluster_id, rule, source, "on", posted_at, posted_by_id, reason, reverses_id)'
    " VALUES (%s, 'fee_charged', 'by/hand', %s, now(), %s, '', %s) RETURNING id"
)
LEG = (
    "INSERT INTO ledger_leg (cluster_id, entry_id, account, enterprise_id, party, amount, currency)"
    " VALUES (%s, %s, %s, %s, '', %s, %s)"
)


def write(stage: Stage, on: date, *legs: tuple[str, int], currency: str = "IRR", reverses: int | None = None) -> None:
    """An entry with its legs, by hand; the database judges it as at commit."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRY, [stage.cluster.pk, on, stage.people["agent"].pk, reverses])
        (pk,) = cursor.fetchone()
        for account, amount in legs:
            party = stage.firms["member-1"].pk if account in ("receivable", "payable") else None
            cursor.execute(LEG, [stage.cluster.pk, pk, account, party, amount, currency])
    execute("SELECT 1")


def test_a_closed_day_takes_nothing_by_action_or_by_hand(stage: Stage) -> None:
    with security.acting_as(stage.people["agent"].pk):
        fee(stage, on=CLOSED)
        close(stage)
        before = Leg.objects.count(), Voucher.objects.count()
        for day in (CLOSED, CLOSED - timedelta(days=400)):
            with pytest.raises(ClosedPeriod, match="آبان ۱۴۰۵"), transaction.atomic():
                fee(stage, on=day)
            with pytest.raises(DatabaseError, match="the books are closed"), transaction.atomic():
                write(stage, day, ("receivable", 5), ("fees", -5))
        assert (Leg.objects.count(), Voucher.objects.count()) == before
        write(stage, CLOSED + timedelta(days=1), ("receivable", 5), ("fees", -5))


def test_a_mistake_in_a_closed_period_is_reversed_in_an_open_one(stage: Stage) -> None:
    agent = stage.people["agent"]
    with security.acting_as(agent.pk):
        entry = fee(stage, on=CLOSED).entry
        close(stage)
        with pytest.raises(ClosedPeriod), transaction.atomic():
            actions.reverse(by=agent, entry=entry, reason="نادرست", on=CLOSED)
        actions.reverse(by=agent, entry=entry, reason="نادرست", on=TODAY)
        assert all(each.balance == 0 for each in queries.trial_balance(Entry.objects.all()).accounts)


def test_a_close_keeps_the_balances_and_comes_after_the_one_before(stage: Stage) -> None:
    with security.acting_as(stage.people["agent"].pk):
        fee(stage, on=CLOSED)
        fee(stage, 700, on=TODAY)
        made = close(stage)
        assert made.entries == 1
        assert made.balances == [["fees", "IRR", 0, 5_000], ["receivable", "IRR", 5_000, 0]]
        for day in (CLOSED, CLOSED - timedelta(days=1)):
            with pytest.raises(NotPossible), transaction.atomic():
                close(stage, day)
            with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
                PeriodClose.objects.create(
                    cluster=stage.cluster, through=day, by=stage.people["agent"], entries=0, balances=[]
                )
        with pytest.raises(NotPossible):
            close(stage, TODAY)  # it has not passed
        close(stage, CLOSED + timedelta(days=1))


@pytest.mark.parametrize("table", ["ledger_periodclose", "ledger_voucher"])
def test_closes_and_vouchers_never_change(stage: Stage, table: str, as_owner: AsOwner) -> None:
    with security.acting_as(stage.people["agent"].pk):
        fee(stage, on=CLOSED)
        close(stage)
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                execute(statement)
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with as_owner() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize(
    "legs",
    [
        (("receivable", -4_000), ("fees", 4_000)),  # a part
        (("receivable", 5_000), ("fees", -5_000)),  # the same again
        (("payable", -5_000), ("fees", 5_000)),  # another account
        (("receivable", -5_000), ("fees", 5_000), ("bank", 1), ("reserve", -1)),  # more
    ],
)
def test_a_reversal_that_does_not_mirror_its_entry_is_refused(stage: Stage, legs: tuple[tuple[str, int], ...]) -> None:
    with security.acting_as(stage.people["agent"].pk):
        entry = fee(stage).entry
        with pytest.raises(DatabaseError, match="no mirror image"), transaction.atomic():
            write(stage, TODAY, *legs, reverses=entry.pk)
        write(stage, TODAY, ("receivable", -5_000), ("fees", 5_000), reverses=entry.pk)


@pytest.mark.parametrize("currency", ["GBP", "irr", ""])
def test_money_of_an_unknown_currency_is_refused(stage: Stage, currency: str) -> None:
    with (
        security.acting_as(stage.people["agent"].pk),
        pytest.raises(DatabaseError, match="leg_in_a_known_currency"),
        transaction.atomic(),
    ):
        write(stage, TODAY, ("bank", 5), ("fees", -5), currency=currency)


@pytest.mark.parametrize("username", ["auditor", "member-1", "buyer"])
def test_nobody_but_the_agent_books_or_closes(stage: Stage, username: str) -> None:
    with security.acting_as(stage.people[username].pk):
        for attempt in (
            lambda: write(stage, TODAY, ("receivable", 5), ("fees", -5)),
            lambda: close(stage),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                attempt()


def owe_abroad(stage: Stage, lot: int, cents: int, rial: int, on: date) -> None:
    """The importer owes euros for a lot's honey."""
    entry = posting_rules.sale_delivered(
        source=f"lot/{lot}/order/9/delivered",
        lot=str(lot),
        buyer=actions.party_of(stage.firms["importer"].pk),
        amount=cents,
        currency="EUR",
        rial=rial,
    )
    actions.post(by=stage.people["agent"], cluster_id=stage.cluster.pk, entry=entry, on=on, lot_id=lot)


def test_what_is_owed_abroad_is_counted_at_the_closing_rate_and_back(settled: Stage) -> None:
    agent, lot = settled.people["agent"], settled.lot
    assert lot is not None
    with security.acting_as(agent.pk):
        owe_abroad(settled, lot.pk, 100_000, 1_250_000_000, CLOSED - timedelta(days=9))
        with pytest.raises(NotPossible, match="EUR"), transaction.atomic():
            close(settled)
        assert not PeriodClose.objects.exists()
        actions.set_rate(by=agent, cluster=settled.cluster, currency="EUR", rial=1_310_000, on=CLOSED, source="سنا")
        made = close(settled)
        assert ["conversion", "IRR", 1_310_000_000, 0] in made.balances
        assert ["exchange_gain_loss", "IRR", 0, 60_000_000] in made.balances
        booked = Entry.objects.get(rule="revalued")
        assert (booked.on, booked.reversed_by.on) == (CLOSED, CLOSED + timedelta(days=1))
        today = {
            (each.account, each.currency): each.balance for each in queries.trial_balance(Entry.objects.all()).accounts
        }
        assert today["exchange_gain_loss", "IRR"] == 0
        assert today["conversion", "IRR"] == 1_250_000_000


def test_a_rate_is_corrected_by_the_agent_alone(stage: Stage) -> None:
    agent = stage.people["agent"]
    with security.acting_as(agent.pk):
        for rial in (1_200_000, 1_210_000):
            actions.set_rate(by=agent, cluster=stage.cluster, currency="EUR", rial=rial, on=CLOSED, source="سنا")
        assert ExchangeRate.objects.get().rial == 1_210_000
        assert queries.rate_on(stage.cluster, "EUR", CLOSED - timedelta(days=1)) is None
        newest = queries.rate_on(stage.cluster, "EUR", TODAY)
        assert newest is not None
        assert newest.on == CLOSED
