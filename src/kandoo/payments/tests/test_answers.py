"""The bank's answer: taken in whole or not at all, matched, kept, decided by hand; and the books after any history."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kandoo.engine.bank_answer import NAMESPACE
from kandoo.ledger import actions as ledger
from kandoo.ledger.models import Entry, Leg
from kandoo.ledger.queries import party_balances
from kandoo.payments import actions, answer_file
from kandoo.payments.models import BankFile, BankRow, PaymentLine, PaymentRun
from kandoo.payments.problems import FaultyFile, NotPossible
from kandoo.site.models import Notice
from tests import paying
from tests.world import NOW, TODAY, World, _add_cast, found

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def run(owed: World) -> PaymentRun:
    return paying.run_at_bank(owed, NOW, TODAY)


@pytest.fixture
def lines(owed: World, run: PaymentRun) -> dict[str, PaymentLine]:
    return paying.lines_of(owed, run)


def net(world: World, name: str) -> int:
    with world.as_("agent"):
        return sum(each.net for each in party_balances(world.cluster, world.firms[name].pk))


def bank(world: World, account: str = "bank") -> int:
    with world.as_("agent"):
        return sum(Leg.objects.filter(account=account).values_list("amount", flat=True))


def states(world: World, run: PaymentRun) -> dict[str, str]:
    return {name: each.status for name, each in paying.lines_of(world, run).items()}


def answer(world: World, *rows: dict[str, Any], **more: Any) -> BankFile:
    return paying.take_in(world, paying.answer_csv(rows), LATER, TOMORROW, **more)


def test_paid_is_confirmed_and_failed_is_owed_again(owed, run, lines):
    answer(owed, paying.says(lines["kuh"], "paid", TOMORROW), paying.says(lines["darreh"], "rejected", TOMORROW))
    assert states(owed, run) == {"kuh": "paid", "darreh": "failed", "bagh": "sent", "sang": "sent"}
    assert (bank(owed), bank(owed, "in_transit")) == (-7_000_000, -6_000_000)
    assert (net(owed, "kuh"), net(owed, "darreh")) == (0, 5_000_000)
    with owed.as_("kuh"):
        notice = Notice.objects.get(code="payment-paid")
        assert notice.values["amount"] == 7_000_000
    with owed.as_("darreh"):
        assert Notice.objects.get(code="payment-failed").values["reason"] == "حساب بسته است"
    assert set(paying.lines_of(owed, paying.make_run(owed, TOMORROW))) == {"darreh"}


def test_a_run_whose_last_payment_is_answered_is_done(owed, run, lines):
    answer(owed, *(paying.says(each, "paid", TOMORROW) for each in lines.values()))
    with owed.as_("agent"):
        assert PaymentRun.objects.get(pk=run.pk).status == "answered"
        assert Notice.objects.filter(person=owed.people["agent"], code="run-answered").exists()
    assert bank(owed, "in_transit") == 0


def test_rows_are_matched_by_sheba_and_amount_where_only_one_payment_has_both(owed, run, lines):
    file = answer(owed, paying.says(lines["kuh"], "paid", TOMORROW, end_to_end=""))
    assert states(owed, run)["kuh"] == "paid"
    with owed.as_("agent"):
        assert [each.line for each in file.rows.all()] == [lines["kuh"]]


def test_a_row_of_nobody_is_kept_until_somebody_decides(owed, run, lines):
    stranger = paying.says(lines["bagh"], "paid", TOMORROW, end_to_end="", sheba=paying.sheba_of(777))
    other = paying.says(lines["kuh"], "paid", TOMORROW, end_to_end="X-1", sheba=paying.sheba_of(778), amount=1)
    answer(owed, stranger, other)
    assert set(states(owed, run).values()) == {"sent"}
    with owed.as_("controller"):
        person = owed.people["controller"]
        rows = {each.amount: each for each in BankRow.objects.filter(line=None)}
        decided = {"by": person, "now": LATER}
        with pytest.raises(NotPossible, match=r"amount|مبلغ"):
            actions.decide_row_ours(row=rows[3_000_000], line=lines["kuh"], today=TOMORROW, **decided)
        actions.decide_row_ours(row=rows[3_000_000], line=lines["bagh"], today=TOMORROW, **decided)
        actions.decide_row_strange(row=rows[1], reason="از آنِ تعاونی دیگری است", **decided)
        with pytest.raises(NotPossible):
            actions.decide_row_strange(row=rows[1], reason="باز هم", **decided)
        assert not BankRow.objects.filter(line=None, not_ours="").exists()
    assert states(owed, run)["bagh"] == "paid"
    assert bank(owed) == -3_000_000


def test_a_row_matched_after_its_period_was_closed_is_booked_today(owed, run, lines):
    answer(owed, paying.says(lines["bagh"], "paid", TODAY, end_to_end="", sheba=paying.sheba_of(777)))
    with owed.as_("agent"):
        ledger.close_period(by=owed.people["agent"], cluster=owed.cluster, through=TODAY, today=TOMORROW)
        row = BankRow.objects.get(line=None)
        actions.decide_row_ours(by=owed.people["agent"], row=row, line=lines["bagh"], now=LATER, today=TOMORROW)
        assert Entry.objects.get(source=f"payment/{lines['bagh'].pk}/confirmed").on == TOMORROW
        assert PaymentLine.objects.get(pk=lines["bagh"].pk).paid_on == TODAY


def test_a_confirmed_payment_that_comes_back_is_owed_again_and_paid_by_the_next_run(owed, run, lines):
    answer(owed, paying.says(lines["kuh"], "paid", TODAY))
    with owed.as_("controller"):
        person = owed.people["controller"]
        with pytest.raises(NotPossible):
            actions.return_payment(
                by=person, line=lines["kuh"], on=TODAY - timedelta(days=1), reason="x", today=TOMORROW
            )
        actions.return_payment(by=person, line=lines["kuh"], on=TOMORROW, reason="حساب مسدود بود", today=TOMORROW)
        entry = Entry.objects.get(source=f"payment/{lines['kuh'].pk}/confirmed")
        assert entry.reversed_by.reason == "حساب مسدود بود"
    assert states(owed, run)["kuh"] == "returned"
    assert (net(owed, "kuh"), bank(owed), bank(owed, "in_transit")) == (7_000_000, 0, -11_000_000)
    again = paying.run_at_bank(owed, LATER, TOMORROW)
    assert {name: each.amount for name, each in paying.lines_of(owed, again).items()} == {"kuh": 7_000_000}
    with owed.as_("controller"), pytest.raises(NotPossible):
        actions.return_payment(by=person, line=lines["kuh"], on=TOMORROW, reason="دوباره", today=TOMORROW)


def test_the_bank_may_say_itself_that_a_payment_came_back(owed, run, lines):
    answer(owed, paying.says(lines["kuh"], "paid", TODAY))
    answer(owed, paying.says(lines["kuh"], "returned", TOMORROW, end_to_end=""))
    assert states(owed, run)["kuh"] == "returned"


# Refused whole


def faults(world: World, *rows: dict[str, Any]) -> list[tuple[int, str]]:
    before = snapshot(world)
    with pytest.raises(FaultyFile) as problem:
        answer(world, *rows)
    assert snapshot(world) == before
    return [(each.row, each.text) for each in problem.value.faults]


def snapshot(world: World) -> tuple[int, ...]:
    with world.as_("agent"):
        kinds: tuple[Any, ...] = (Entry, Leg, BankFile, BankRow)
        open_lines = PaymentLine.objects.filter(status="sent").count()
        return (*(each.objects.count() for each in kinds), open_lines)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sheba": paying.sheba_of(777)}, "another Sheba"),
        ({"sheba": "IR00" + "1" * 22}, "no such Sheba"),
        ({"sheba": "DE89370400440532013000"}, "no such Sheba"),
        ({"amount": 6_999_999}, "rial were sent"),
        ({"amount": "7000000.5"}, "no amount of rial"),
        ({"amount": "-7000000"}, "no amount of rial"),
        ({"amount": "seven"}, "no amount of rial"),
        ({"currency": "EUR"}, "in rial"),
        ({"state": "perhaps"}, "none of them"),
        ({"on": "2026-13-40"}, "no such day"),
        ({"on": ""}, "no such day"),
        ({"on": (TODAY - timedelta(days=1)).isoformat()}, "before the payment was approved"),
        ({"on": (TOMORROW + timedelta(days=1)).isoformat()}, "still to come"),
        ({"reference": ""}, "reference"),
        ({"reference": "R" * 61}, "longer than 60 letters"),
        ({"state": "rejected", "reason": ""}, "why it was not paid"),
        ({"end_to_end": "", "sheba": ""}, "names no payment"),
        ({"end_to_end": "UNKNOWN", "amount": ""}, "names no payment"),
        ({"state": "returned", "reason": "x"}, "cannot be true"),
    ],
)
def test_a_file_with_one_wrong_row_changes_nothing_and_says_which(owed, lines, changed, said, in_english):
    good = paying.says(lines["darreh"], "paid", TOMORROW)
    found_faults = faults(owed, good, paying.says(lines["kuh"], "paid", TOMORROW) | changed)
    assert [row for row, _text in found_faults] == [3]
    assert said in found_faults[0][1]


def test_a_payment_is_answered_once_within_a_file_and_over_all_files(owed, lines, in_english):
    paid = paying.says(lines["kuh"], "paid", TOMORROW)
    assert "Row 2 answers this payment already" in faults(owed, paid, paid)[0][1]
    answer(owed, paid)
    assert "“Paid”" in faults(owed, paid | {"reference": "ANOTHER"})[0][1]
    assert "“Paid”" in faults(owed, paying.says(lines["kuh"], "rejected", TOMORROW))[0][1]


def test_a_payment_that_was_never_sent_cannot_be_answered(owed, in_english):
    run = paying.make_run(owed, TODAY)
    line = paying.lines_of(owed, run)["kuh"]
    assert "“Not sent yet”" in faults(owed, paying.says(line, "paid", TOMORROW))[0][1]


def test_the_same_file_is_not_taken_in_twice(owed, lines):
    content = paying.answer_csv([paying.says(lines["kuh"], "paid", TOMORROW)])
    paying.take_in(owed, content, LATER, TOMORROW)
    with pytest.raises(NotPossible):
        paying.take_in(owed, content, LATER, TOMORROW, name="another name.csv")
    with owed.as_("agent"), pytest.raises(DatabaseError), transaction.atomic():
        BankFile.objects.bulk_create(
            BankFile(cluster=each.cluster, name="x", sha256=each.sha256, at=NOW, by=each.by)
            for each in BankFile.objects.all()
        )


def test_a_day_whose_books_are_closed_is_refused(owed, lines, in_english):
    with owed.as_("agent"):
        ledger.close_period(by=owed.people["agent"], cluster=owed.cluster, through=TODAY, today=TOMORROW)
    assert "closed" in faults(owed, paying.says(lines["kuh"], "paid", TODAY))[0][1]


def test_the_answer_stays_as_it_was_read(owed, lines, as_owner):
    answer(owed, paying.says(lines["kuh"], "paid", TOMORROW))
    for statement in (
        "UPDATE payments_bankrow SET amount = 1",
        "UPDATE payments_bankrow SET line_id = NULL",
        "DELETE FROM payments_bankrow",
        "UPDATE payments_bankfile SET name = 'x'",
        "DELETE FROM payments_paymentremark",
    ):
        with as_owner() as cursor:
            if "remark" in statement:
                cursor.execute(
                    "INSERT INTO payments_paymentremark (cluster_id, run_id, kind, text, at, by_id)"
                    " SELECT cluster_id, id, 'remark', 'x', now(), made_by_id FROM payments_paymentrun"
                )
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)


# XML


def report(run: str, *rows: str) -> bytes:
    head = "<GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-11-23T12:00:00</CreDtTm></GrpHdr>"
    group = f"<OrgnlGrpInfAndSts><OrgnlMsgId>{run}</OrgnlMsgId>%s</OrgnlGrpInfAndSts>"
    group = group % ("" if rows else "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>")
    body = f"<OrgnlPmtInfAndSts>{''.join(rows)}</OrgnlPmtInfAndSts>"
    return f'<Document xmlns="{NAMESPACE}"><CstmrPmtStsRpt>{head}{group}{body}</CstmrPmtStsRpt></Document>'.encode()


def transfer(line: PaymentLine, state: str) -> str:
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{line.number}</OrgnlEndToEndId><TxSts>{state}</TxSts>"
        f"<StsRsnInf><AddtlInf>بسته</AddtlInf></StsRsnInf><AcctSvcrRef>R{line.pk}</AcctSvcrRef></TxInfAndSts>"
    )


def test_a_pain_002_confirms_refuses_and_leaves_what_is_under_way(owed, run, lines):
    content = report(
        run.number, transfer(lines["kuh"], "ACSC"), transfer(lines["darreh"], "RJCT"), transfer(lines["bagh"], "PDNG")
    )
    paying.take_in(owed, content, LATER, TOMORROW, name="answer.xml")
    assert states(owed, run) == {"kuh": "paid", "darreh": "failed", "bagh": "sent", "sang": "sent"}


def test_a_run_refused_as_a_whole_is_owed_again(owed, run):
    paying.take_in(owed, report(run.number), LATER, TOMORROW, name="answer.xml")
    assert set(states(owed, run).values()) == {"failed"}
    assert (bank(owed), bank(owed, "in_transit")) == (0, 0)
    with pytest.raises(FaultyFile):
        paying.take_in(owed, report("PR-1405-9999"), LATER, TOMORROW, name="answer.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", b""),
        ("a.xml", b"<a>"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe\x00\x00"),
        ("a.csv", b"state,on,end_to_end\n"),
        ("a.xlsx", b"PK\x03\x04 cut off"),
        ("a.pdf", b"%PDF-1.4"),
        ("a.csv", b"x" * (20 * 1024 * 1024 + 1)),
    ],
)
def test_what_is_no_answer_is_refused_in_words(db, name, content):
    with pytest.raises(NotPossible) as problem:
        answer_file.read(name, content)
    assert len(str(problem.value)) > 10


def test_missing_columns_are_named(db, in_english):
    with pytest.raises(FaultyFile) as problem:
        answer_file.read("a.csv", b"end_to_end,amount\nA,1\n")
    assert [each.field for each in problem.value.faults] == ["State", "Date"]


def test_a_table_in_persian_words_and_digits_is_understood(owed, run, lines):
    row = [lines["kuh"].number, lines["kuh"].sheba, "۷٬۰۰۰٬۰۰۰", "پرداخت شد", "پ۱۲", "۱۴۰۵/۰۹/۰۲", ""]
    heads = ["پرداخت", "شماره شبا", "مبلغ (ریال)", "وضعیت", "شماره پیگیری بانک", "تاریخ", "دلیل"]
    content = "\n".join(",".join(each) for each in (heads, row)).encode("utf-8-sig")
    paying.take_in(owed, content, LATER, TOMORROW)
    assert states(owed, run)["kuh"] == "paid"


# Any history

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["owe", "fee", "run", "paid", "failed", "returned", "cancel"]),
        st.sampled_from(["kuh", "darreh", "bagh"]),
        st.integers(1, 50),
    ),
    max_size=25,
)


@pytest.fixture
def cast(as_owner: Any) -> World:
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    paying.write_account(world)
    return world


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_leaves_under_way_what_is_sent_and_unanswered_and_pays_nobody_more_than_owed(cast, steps):
    point = transaction.savepoint()
    owed_in_all: dict[str, int] = {}
    for number, (step, name, amount) in enumerate(steps):
        try:
            if step in ("owe", "fee"):
                kind = "advance_granted" if step == "owe" else "fee_charged"
                paying.owe(cast, name, amount * 1_000, kind)
                owed_in_all[name] = owed_in_all.get(name, 0) + (amount * 1_000 if step == "owe" else 0)
            elif step == "run":
                paying.run_at_bank(cast, NOW, TODAY)
            elif step == "cancel":
                run = paying.make_run(cast, TODAY)
                with cast.as_("agent"):
                    actions.cancel_run(by=cast.people["agent"], run=run, reason="نه", now=NOW)
            else:
                _answer_one(cast, name, step, number)
        except NotPossible:
            pass
        _holds(cast, owed_in_all)
    transaction.savepoint_rollback(point)


def _answer_one(world: World, name: str, step: str, number: int) -> None:
    with world.as_("controller"):
        wanted = "paid" if step == "returned" else "sent"
        line = PaymentLine.objects.filter(enterprise=world.firms[name], status=wanted).first()
    if line is not None:
        state = {"failed": "rejected"}.get(step, step)
        row = paying.says(line, state, TODAY, reference=f"R{number}", reason=f"دلیل {number}")
        paying.take_in(world, paying.answer_csv([row]), NOW, TODAY)


def _holds(world: World, owed_in_all: dict[str, int]) -> None:
    with world.as_("auditor"):
        lines = list(PaymentLine.objects.all())
        legs = list(Leg.objects.all())
        names = {firm.pk: name for name, firm in world.firms.items()}
    assert sum(leg.amount for leg in legs) == 0
    under_way = sum(each.amount for each in lines if each.status == "sent")
    assert under_way == -sum(leg.amount for leg in legs if leg.account == "in_transit")
    paid = sum(each.amount for each in lines if each.status == "paid")
    assert paid == -sum(leg.amount for leg in legs if leg.account == "bank")
    for pk, name in names.items():
        gone = sum(each.amount for each in lines if each.enterprise_id == pk and each.status in ("sent", "paid"))
        assert gone <= owed_in_all.get(name, 0)
        assert -sum(leg.amount for leg in legs if leg.enterprise_id == pk and leg.account == "payable") >= 0
