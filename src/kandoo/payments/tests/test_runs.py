"""A run from balances to the bank: who is in it, two persons, what moved meanwhile, never twice."""

import hashlib
import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from kandoo.engine.bank_file import pain_001
from kandoo.ledger import actions as ledger
from kandoo.ledger.models import Entry, Leg
from kandoo.ledger.queries import party_balances
from kandoo.payments import actions, queries
from kandoo.payments.models import PaymentLine, PaymentRun
from kandoo.payments.problems import BalancesChanged, NotPossible
from kandoo.register import actions as register
from kandoo.register.models import Particulars, Role
from kandoo.site.models import AuditRecord, Notice
from tests import paying
from tests.world import NOW, TODAY, World, _add_cast, found

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def world(as_owner: Any) -> World:
    """The cast, three of whom are owed something; rud has no Sheba."""
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    paying.write_account(world)
    paying.owe(world, "kuh", 9_000_000)
    paying.owe(world, "kuh", 2_000_000, "fee_charged")
    paying.owe(world, "darreh", 5_000_000)
    paying.owe(world, "rud", 4_000_000)
    return world


def second_agent(world: World) -> None:
    with world.as_("agent"):
        person = register.add_person(
            by=world.people["agent"], cluster=world.cluster, username="agent2", password="sarv-o-chenar", name_fa="دوم"
        )
        world.people["agent2"] = person
        for role in ("agent", "controller"):
            register.give_role(
                by=world.people["agent"],
                cluster=world.cluster,
                person=person,
                role=role,
                enterprise=None,
                from_on=date(2025, 1, 1),
            )


def balance(world: World, account: str, name: str = "") -> int:
    """Debit less credit of an account, of one party if named."""
    with world.as_("agent"):
        legs = Leg.objects.filter(account=account)
        legs = legs.filter(enterprise=world.firms[name]) if name else legs
        return sum(legs.values_list("amount", flat=True))


def test_a_run_nets_one_payment_a_party_and_leaves_out_who_has_no_sheba(world):
    run = paying.make_run(world, TODAY)
    lines = paying.lines_of(world, run)
    assert {name: (each.owed, each.owing, each.amount) for name, each in lines.items()} == {
        "kuh": (9_000_000, 2_000_000, 7_000_000),
        "darreh": (5_000_000, 0, 5_000_000),
    }
    assert run.number == "PR-1405-0001"
    assert sorted(each.number for each in lines.values()) == ["PR-1405-0001-00001", "PR-1405-0001-00002"]
    with world.as_("agent"):
        left = queries.payable(world.cluster, 1)
    assert [each.enterprise for each in left.without_sheba] == [world.firms["rud"]]
    assert {(each.enterprise, number) for each, number in left.waiting} == {
        (world.firms["kuh"], run.number),
        (world.firms["darreh"], run.number),
    }


def test_small_balances_wait_and_some_are_held_back_with_a_reason(world):
    run = paying.make_run(world, TODAY, least=6_000_000, held={world.firms["kuh"].pk: "تأیید حساب"})
    lines = paying.lines_of(world, run)
    assert {name: (each.status, each.reason) for name, each in lines.items()} == {"kuh": ("held", "تأیید حساب")}
    with pytest.raises(NotPossible, match=r"held back|نگه"):
        paying.propose(world, run, NOW)
    with world.as_("agent"):
        actions.release_payment(by=world.people["agent"], line=lines["kuh"])
        with pytest.raises(NotPossible):
            actions.hold_payment(by=world.people["agent"], line=lines["kuh"], reason="  ")
    assert paying.lines_of(world, run)["kuh"].status == "waiting"


def test_a_party_waits_in_one_run_only(world):
    paying.make_run(world, TODAY)
    with pytest.raises(NotPossible):
        paying.make_run(world, TODAY)
    paying.owe(world, "bagh", 3_000_000)
    second = paying.make_run(world, TODAY)
    assert set(paying.lines_of(world, second)) == {"bagh"}


def test_an_approved_run_is_booked_line_by_line_and_its_file_never_changes(world):
    run = paying.run_at_bank(world, NOW, TODAY)
    assert (run.status, run.approved_by) == ("approved", world.people["controller"])
    assert balance(world, "payable", "kuh") == balance(world, "receivable", "kuh") == 0
    assert balance(world, "in_transit") == -12_000_000
    assert balance(world, "bank") == 0
    with world.as_("auditor"):
        line = PaymentLine.objects.get(run=run, enterprise=world.firms["kuh"])
        assert Entry.objects.get(source=f"payment/{line.pk}/sent").posted_by_id == world.people["controller"].pk
        file = queries.as_bank_file(PaymentRun.objects.get(pk=run.pk))
    assert hashlib.sha256(pain_001(file)).hexdigest() == run.sha256
    assert file.control_sum == 12_000_000
    with world.as_("agent"):
        assert Notice.objects.filter(person=world.people["agent"], code="run-approved").exists()
    with world.as_("auditor"):
        verbs = set(AuditRecord.objects.filter(subject=f"run/{run.pk}").values_list("verb", flat=True))
    assert verbs == {"make-run", "propose-run", "approve-run"}


def test_a_balance_or_account_that_moved_stops_the_approval_and_a_refresh_mends_it(world):
    run = paying.propose(world, paying.make_run(world, TODAY), NOW)
    paying.owe(world, "kuh", 1_000_000, "fee_charged")
    with world.as_("darreh"):
        Particulars.objects.filter(enterprise=world.firms["darreh"]).update(sheba=paying.sheba_of(4242))
    with pytest.raises(BalancesChanged) as problem:
        paying.approve(world, run, NOW, TODAY)
    assert {each.name for each in problem.value.changes} == {"بنگاه kuh", "بنگاه darreh"}
    assert balance(world, "in_transit") == 0
    with world.as_("controller"):
        actions.send_run_back(by=world.people["controller"], run=run, reason="تازه شود")
    with world.as_("agent"):
        actions.refresh_run(by=world.people["agent"], run=run, executes_on=TOMORROW, today=TODAY)
    run = paying.approve(world, paying.propose(world, run, NOW), NOW, TODAY)
    lines = paying.lines_of(world, run)
    assert (lines["kuh"].amount, lines["darreh"].sheba) == (6_000_000, paying.sheba_of(4242))
    assert run.executes_on == TOMORROW


def test_refreshing_lets_parties_come_and_go_and_keeps_what_is_held(world):
    run = paying.make_run(world, TODAY, held={world.firms["darreh"].pk: "صبر"})
    paying.owe(world, "kuh", 7_000_000, "fee_charged")
    paying.owe(world, "sang", 8_000_000)
    with world.as_("agent"):
        actions.refresh_run(by=world.people["agent"], run=run, executes_on=TODAY, today=TODAY)
    lines = paying.lines_of(world, run)
    assert {name: each.status for name, each in lines.items()} == {"darreh": "held", "sang": "waiting"}
    assert lines["sang"].number == "PR-1405-0001-00002"


# Two persons


def test_who_made_a_run_never_approves_it(world):
    second_agent(world)
    run = paying.propose(world, paying.make_run(world, TODAY, by="agent2"), NOW, by="agent2")
    with pytest.raises(NotPossible, match=r"another person|شخص دیگری"):
        paying.approve(world, run, NOW, TODAY, by="agent2")
    with pytest.raises(NotPossible, match=r"controller|ذی‌حساب"):
        paying.approve(world, run, NOW, TODAY, by="agent")
    paying.approve(world, run, NOW, TODAY)


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        ("agent2", "UPDATE payments_paymentrun SET status='approved', approved_by_id=made_by_id, approved_at=now(), sha256='x'"),
        ("agent2", "UPDATE payments_paymentrun SET status='approved', approved_by_id={controller}, approved_at=now(), sha256='x'"),
        ("agent", "UPDATE payments_paymentrun SET status='approved', approved_by_id={agent}, approved_at=now(), sha256='x'"),
        ("agent", "UPDATE payments_paymentrun SET made_by_id={agent}"),
        ("controller", "UPDATE payments_paymentrun SET made_by_id={agent}, status='approved', approved_by_id={agent2}, approved_at=now(), sha256='x'"),
        ("agent", "UPDATE payments_paymentrun SET status='answered', approved_by_id={controller}, approved_at=now(), sha256='x'"),
        ("agent", "UPDATE payments_paymentline SET amount = amount + 1, owed = owed + 1"),
        ("controller", "UPDATE payments_paymentline SET sheba = 'IR110170000000123456789001'"),
        ("controller", "UPDATE payments_paymentline SET status = 'paid', paid_on = current_date"),
        ("agent", "UPDATE payments_paymentline SET status = 'held', reason = 'x'"),
        ("agent", "DELETE FROM payments_paymentline"),
        ("agent2", "DELETE FROM payments_paymentline"),
    ],
)  # fmt: skip
def test_the_database_itself_wants_two_persons_and_no_change_after_proposing(world, as_owner, who, statement):
    second_agent(world)
    run = paying.propose(world, paying.make_run(world, TODAY, by="agent2"), NOW, by="agent2")
    people = {name: person.pk for name, person in world.people.items()}
    with pytest.raises(DatabaseError), transaction.atomic(), world.as_(who), connection.cursor() as cursor:
        cursor.execute(statement.format(**people))
    with pytest.raises(DatabaseError), transaction.atomic(), as_owner() as cursor:
        cursor.execute(statement.format(**people))
    paying.approve(world, run, NOW, TODAY)


def test_only_its_maker_changes_a_draft_and_another_may_cancel_it(world):
    second_agent(world)
    run = paying.make_run(world, TODAY)
    line = paying.lines_of(world, run)["kuh"]
    with world.as_("agent2"):
        with pytest.raises(NotPossible):
            actions.hold_payment(by=world.people["agent2"], line=line, reason="نه")
        with pytest.raises(NotPossible):
            actions.refresh_run(by=world.people["agent2"], run=run, executes_on=TODAY, today=TODAY)
        with pytest.raises(DatabaseError), transaction.atomic():
            PaymentLine.objects.filter(pk=line.pk).update(owed=1, owing=0, amount=1)
        actions.cancel_run(by=world.people["agent2"], run=run, reason="اشتباه", now=NOW)
    assert {each.status for each in paying.lines_of(world, run).values()} == {"dropped"}
    assert set(paying.lines_of(world, paying.make_run(world, TODAY))) == {"kuh", "darreh"}


def test_a_run_nobody_else_could_approve_is_not_proposed(world):
    with world.as_("agent"):
        Role.objects.filter(role="controller").update(to_on=TODAY)
    with pytest.raises(NotPossible, match=r"No other person|شخص دیگری"):
        paying.propose(world, paying.make_run(world, TODAY), NOW)


def test_an_approved_run_does_not_change_and_no_run_is_deleted(world, as_owner):
    run = paying.run_at_bank(world, NOW, TODAY)
    for statement in (
        "UPDATE payments_paymentrun SET executes_on = current_date + 9",
        "UPDATE payments_paymentrun SET status = 'cancelled', approved_by_id = NULL, approved_at = NULL",
        "DELETE FROM payments_paymentrun",
        "UPDATE payments_paymentline SET amount = amount - 1, owed = owed - 1",
        "UPDATE payments_paymentline SET status = 'waiting'",
        "DELETE FROM payments_paymentline",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), as_owner() as cursor:
            cursor.execute(statement)
    with world.as_("agent"), pytest.raises(NotPossible):
        actions.cancel_run(by=world.people["agent"], run=run, reason="پشیمان", now=NOW)


def test_the_entries_of_a_payment_are_not_reversed_from_the_journal(world):
    run = paying.run_at_bank(world, NOW, TODAY)
    line = paying.lines_of(world, run)["kuh"]
    with world.as_("agent"):
        entry = Entry.objects.get(source=f"payment/{line.pk}/sent")
        with pytest.raises((DatabaseError, NotPossible)), transaction.atomic():
            ledger.reverse(by=world.people["agent"], entry=entry, reason="نه", on=TODAY)


def test_a_run_made_while_the_period_of_today_is_closed_is_not_approved(world):
    run = paying.propose(world, paying.make_run(world, TODAY), NOW)
    with world.as_("agent"):
        ledger.close_period(
            by=world.people["agent"], cluster=world.cluster, through=TODAY - timedelta(days=1), today=TODAY
        )
    with pytest.raises(NotPossible):
        paying.approve(world, run, NOW, TODAY - timedelta(days=1))
    assert balance(world, "in_transit") == 0


def test_the_account_of_the_cluster_has_a_right_sheba(world):
    with world.as_("agent"), pytest.raises(NotPossible):
        actions.set_paying_account(
            by=world.people["agent"], cluster=world.cluster, holder="x", bank="y", sheba="IR" + "1" * 24
        )


# At once


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_do_not_take_the_same_balance(as_owner):
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    paying.write_account(world)
    paying.owe(world, "kuh", 9_000_000)
    barrier, made, refused = threading.Barrier(2), [], []

    def make() -> None:
        try:
            barrier.wait(60)
            made.append(paying.make_run(world, TODAY))
        except (NotPossible, IntegrityError) as problem:
            refused.append(problem)
        finally:
            connection.close()

    _both(make)
    assert (len(made), len(refused)) == (1, 1)
    assert isinstance(refused[0], NotPossible)


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_pay_once(as_owner):
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    second_agent(world)
    paying.write_account(world)
    paying.owe(world, "kuh", 9_000_000)
    run = paying.propose(world, paying.make_run(world, TODAY), NOW)
    barrier, done, refused = threading.Barrier(2), [], []

    def approve(who: str) -> None:
        try:
            barrier.wait(60)
            done.append(paying.approve(world, run, NOW, TODAY, by=who))
        except NotPossible as problem:
            refused.append(problem)
        finally:
            connection.close()

    _both(approve, ("controller",), ("agent2",))
    assert (len(done), len(refused)) == (1, 1)
    assert balance(world, "in_transit", "kuh") == -9_000_000
    with world.as_("agent"):
        assert [each.owed for each in party_balances(world.cluster, world.firms["kuh"].pk)] == [0]


def _both(work: Any, *arguments: tuple[Any, ...]) -> None:
    threads = [threading.Thread(target=work, args=each) for each in (arguments or ((), ()))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)


def test_the_first_payment_after_a_day_is_the_first_confirmed_one(world):
    first = paying.run_at_bank(world, NOW, TODAY)
    lines = paying.lines_of(world, first)
    later = datetime.combine(TOMORROW, NOW.timetz())
    rows = [paying.says(lines["kuh"], "paid", TOMORROW), paying.says(lines["darreh"], "rejected", TOMORROW)]
    paying.take_in(world, paying.answer_csv(rows), later, TOMORROW)
    firms = [world.firms[name].pk for name in ("kuh", "darreh", "rud")]
    with world.as_("agent"):
        found_days = queries.first_confirmed_after(firms, dict.fromkeys(firms, TODAY))
        assert found_days == {world.firms["kuh"].pk: TOMORROW}
        assert queries.first_confirmed_after(firms, dict.fromkeys(firms, TOMORROW + timedelta(days=1))) == {}
        assert queries.first_confirmed_after(firms, {}) == {}
