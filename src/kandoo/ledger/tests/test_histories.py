"""Laws of the books over random histories: vouchers, sales abroad, payments, reversals and closings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from kandoo.engine import posting_rules
from kandoo.engine.books import Entry as Fact
from kandoo.ledger import actions, queries
from kandoo.ledger.actions import NewVoucher
from kandoo.ledger.actions.vouchers import WITH_SUPPLIER, WITHOUT_PARTY
from kandoo.ledger.models import Entry, Leg, PeriodClose, Voucher
from kandoo.ledger.problems import ClosedPeriod
from kandoo.register.models import Enterprise
from kandoo.site import security
from kandoo.trace.tests.staging import TODAY, Stage

pytestmark = pytest.mark.django_db
FIRST, STEPS = date(2025, 3, 21), 70
SEEDS = range(1, 7)


@dataclass
class History:
    """One cluster's books and what happened in them; every choice comes from the seed."""

    stage: Stage
    random: Random
    closed: date = FIRST - timedelta(days=1)
    owed_abroad: list[tuple[str, int, int]] = field(default_factory=list)  # sale, cents, rial
    under_way: list[tuple[str, int]] = field(default_factory=list)  # party, rial
    facts: int = 0

    def play(self) -> None:
        """So many facts, of which a few are refused because their day is closed."""
        kinds: list[tuple[Callable[[], None], int]] = [
            (self.write_voucher, 8),
            (self.sell_abroad, 2),
            (self.be_paid_from_abroad, 2),
            (self.pay_somebody, 4),
            (self.hear_from_the_bank, 4),
            (self.reverse_something, 3),
            (self.close, 1),
        ]
        for _step in range(STEPS):
            (chosen,) = self.random.choices([each for each, _weight in kinds], [weight for _each, weight in kinds])
            chosen()

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange((TODAY - FIRST).days + 1))

    def amount(self) -> int:
        return self.random.choice([1, 9_999, self.random.randint(1, 10**6), self.random.randint(1, 10**12)])

    def firm(self) -> Enterprise:
        return self.random.choice(list(self.stage.firms.values()))

    def book(self, make: Callable[[str], Fact], lot: int | None = None) -> bool:
        """Post a fact on some day; whether its day was open. On a closed day nothing changes."""
        self.facts += 1
        on, source = self.day(), f"history/{self.facts}"
        agent, cluster = self.stage.people["agent"], self.stage.cluster
        if on > self.closed:
            actions.post(by=agent, cluster_id=cluster.pk, entry=make(source), on=on, lot_id=lot)
            return True
        before = Leg.objects.count()
        with pytest.raises(ClosedPeriod), transaction.atomic():
            actions.post(by=agent, cluster_id=cluster.pk, entry=make(source), on=on, lot_id=lot)
        assert Leg.objects.count() == before
        return False

    def write_voucher(self) -> None:
        kind = self.random.choice(Voucher.Kind.values)
        party, supplier = self.random.sample(list(self.stage.firms.values()), 2)
        new = NewVoucher(
            kind,
            self.amount(),
            max(self.day(), self.closed + timedelta(days=1)),
            "سند",
            None if kind in WITHOUT_PARTY else party,
            supplier if kind in WITH_SUPPLIER else None,
        )
        actions.record_voucher(by=self.stage.people["agent"], cluster=self.stage.cluster, new=new, today=TODAY)

    @property
    def lot(self) -> int:
        assert self.stage.lot is not None
        return self.stage.lot.pk

    @property
    def buyer(self) -> str:
        return actions.party_of(self.stage.firms["importer"].pk)

    def sell_abroad(self) -> None:
        cents = self.random.randint(1, 10**7)
        rial = cents * self.random.randint(900_000, 1_600_000) // 100
        if self.book(
            lambda source: posting_rules.sale_delivered(
                source=source, lot=str(self.lot), buyer=self.buyer, amount=cents, currency="EUR", rial=rial
            ),
            self.lot,
        ):
            self.owed_abroad.append(("EUR", cents, rial))

    def be_paid_from_abroad(self) -> None:
        if not self.owed_abroad:
            return
        currency, owed, booked = sale = self.random.choice(self.owed_abroad)
        paid = self.random.choice([owed, owed * 98 // 100, owed + 10])
        received = paid * self.random.randint(900_000, 1_600_000) // 100
        if self.book(
            lambda source: posting_rules.buyer_paid_abroad(
                source=source,
                lot=str(self.lot),
                buyer=self.buyer,
                currency=currency,
                paid=paid,
                owed=owed,
                received=received,
                booked=booked,
            ),
            self.lot,
        ):
            self.owed_abroad.remove(sale)

    def pay_somebody(self) -> None:
        firm = self.firm()
        balance = next(iter(queries.party_balances(self.stage.cluster, firm.pk)), queries.PartyBalance(firm.pk))
        owed, owing, party = max(balance.owed, 0), max(balance.owing, 0), actions.party_of(firm.pk)
        if owed > owing and self.book(
            lambda source: posting_rules.payment_sent(source=source, party=party, owed=owed, owing=owing)
        ):
            self.under_way.append((party, owed - owing))

    def hear_from_the_bank(self) -> None:
        if not self.under_way:
            return
        payment = self.random.choice(self.under_way)
        rule = self.random.choice([posting_rules.payment_confirmed, posting_rules.payment_failed])
        if self.book(lambda source: rule(source=source, party=payment[0], amount=payment[1])):
            self.under_way.remove(payment)

    def reverse_something(self) -> None:
        entries = Entry.objects.filter(reverses=None, reversed_by=None, rule__in=Voucher.Kind.values).order_by("pk")
        if entries:
            entry = self.random.choice(entries)
            on = max(entry.on, self.closed + timedelta(days=1))
            actions.reverse(by=self.stage.people["agent"], entry=entry, reason="نادرست بود", on=on)

    def close(self) -> None:
        agent, cluster = self.stage.people["agent"], self.stage.cluster
        through = self.closed + timedelta(days=self.random.randint(1, 90))
        if through < TODAY:
            rate = self.random.randint(900_000, 1_600_000)
            actions.set_rate(by=agent, cluster=cluster, currency="EUR", rial=rate, on=through, source="سنا")
            actions.close_period(by=agent, cluster=cluster, through=through, today=TODAY)
            self.closed = through


@pytest.fixture(params=SEEDS)
def history(request: pytest.FixtureRequest, settled: Stage) -> History:
    made = History(settled, Random(request.param))
    with security.acting_as(settled.people["agent"].pk):
        made.play()
    return made


def test_after_any_history_the_books_add_up(history: History) -> None:
    with security.acting_as(history.stage.people["auditor"].pk):
        balances = queries.trial_balance(Entry.objects.all())
        assert balances.is_even
        assert {each.currency for each in balances.totals} <= {"IRR", "EUR"}
        _closes_still_hold()
        _statements_are_the_trial_balance(history, balances)
        _what_is_owed_abroad_is_what_was_not_paid(history, balances)


def test_the_histories_hold_all_that_they_are_about(history: History) -> None:
    with security.acting_as(history.stage.people["auditor"].pk):
        rules = set(Entry.objects.values_list("rule", flat=True))
        assert {"sale_delivered", "payment_sent", "reversal"} <= rules
        assert rules & set(Voucher.Kind.values)
        assert PeriodClose.objects.exists()
        assert Entry.objects.filter(source__startswith="history/").count() < history.facts  # some were refused


def _closes_still_hold() -> None:
    for close in PeriodClose.objects.all():
        entries = Entry.objects.filter(on__lte=close.through)
        now = queries.trial_balance(entries)
        assert close.entries == entries.count()
        assert close.balances == [[each.account, each.currency, each.debit, each.credit] for each in now.accounts]


def _statements_are_the_trial_balance(history: History, balances: queries.Balances) -> None:
    cluster = history.stage.cluster
    items = queries.open_items(cluster)
    middle = history.day()
    closing = 0
    for position in queries.party_balances(cluster):
        firm = Enterprise.objects.get(pk=position.enterprise_id)
        whole = queries.statement(firm)
        before, after = queries.statement(firm, last=middle), queries.statement(firm, first=middle + timedelta(days=1))
        assert whole.closing == position.net == after.closing
        assert before.closing == after.opening
        assert before.lines + after.lines == whole.lines
        assert whole.opening + whole.credited - whole.debited == whole.closing
        assert [line.balance for line in whole.lines][-1:] == [whole.closing][: len(whole.lines)]
        assert sum(item.left for item in items.get(firm.pk, [])) == position.net
        closing += whole.closing
    sums = {(each.account, each.currency): each.balance for each in balances.accounts}
    assert closing == -sums.get(("payable", "IRR"), 0) - sums.get(("receivable", "IRR"), 0)


def _what_is_owed_abroad_is_what_was_not_paid(history: History, balances: queries.Balances) -> None:
    sums = {(each.account, each.currency): each.balance for each in balances.accounts}
    assert sums.get(("receivable", "EUR"), 0) == sum(cents for _currency, cents, _rial in history.owed_abroad)
    assert sums.get(("conversion", "EUR"), 0) == -sums.get(("receivable", "EUR"), 0)
    assert sums.get(("conversion", "IRR"), 0) == sum(rial for _currency, _cents, rial in history.owed_abroad)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_facts_on_a_day_changes_no_balance(stage: Stage, seed: int) -> None:
    agent = stage.people["agent"]
    firms = [actions.party_of(stage.firms[name].pk) for name in ("member-1", "member-2", "laboratory")]
    random = Random(seed)
    facts = [
        posting_rules.input_on_credit(
            source=f"fact/{n}", party=pair[0], supplier=pair[1], amount=random.randint(1, 999)
        )
        for n, pair in enumerate(random.sample(firms, 2) for _each in range(12))
    ]
    results = []
    for _turn in range(2):
        random.shuffle(facts)
        with security.acting_as(agent.pk), transaction.atomic():
            for each in facts:
                actions.post(by=agent, cluster_id=stage.cluster.pk, entry=each, on=TODAY)
            results.append((queries.party_balances(stage.cluster), _open_amounts(stage)))
            transaction.set_rollback(True)
    assert results[0] == results[1]


def _open_amounts(stage: Stage) -> dict[int, list[int]]:
    return {firm: [item.left for item in items] for firm, items in queries.open_items(stage.cluster).items()}
