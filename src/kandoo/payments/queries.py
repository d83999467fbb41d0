"""Payments as plain values: who can be paid what, the sums of a run, the day money first arrived."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from kandoo.engine import bank_file
from kandoo.engine.sheba import bank_of, is_sheba
from kandoo.ledger.queries import party_balances
from kandoo.payments.models import PayingAccount, PaymentLine, PaymentRun
from kandoo.register.models import Cluster, Enterprise
from kandoo.site.lists import page_language

Status = PaymentLine.Status


@dataclass(frozen=True, slots=True)
class Party:
    """What one party would be paid now: `owed` less `owing`, in rial."""

    enterprise: Enterprise
    owed: int
    owing: int
    sheba: str

    @property
    def amount(self) -> int:
        return self.owed - self.owing


@dataclass(frozen=True, slots=True)
class Payable:
    """The parties owed at least the least amount: to be paid, without an account, already in another run."""

    parties: tuple[Party, ...] = ()
    without_sheba: tuple[Party, ...] = ()
    waiting: tuple[tuple[Party, str], ...] = ()  # with the number of the run they wait in

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.parties)


@dataclass(frozen=True, slots=True)
class Sums:
    """Payments by state: how many, and how much in rial."""

    counts: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)

    def count(self, *states: str) -> int:
        return sum(self.counts.get(each, 0) for each in states)

    def amount(self, *states: str) -> int:
        return sum(self.amounts.get(each, 0) for each in states)


def shebas(cluster_id: int) -> dict[int, str]:
    """Where each party of a cluster is paid, by enterprise; asked for by staff alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT enterprise_id, sheba FROM kandoo_shebas(%s)", [cluster_id])
        return dict(cursor.fetchall())


def people(cluster_id: int) -> dict[int, str]:
    """The names of those who make and approve runs of a cluster, in the language of the page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name_fa, name_en FROM kandoo_payment_people(%s)", [cluster_id])
        first = 1 if page_language() == "fa" else 2
        return {row[0]: row[first] or row[1] for row in cursor.fetchall()}


def parties_owed(cluster: Cluster) -> dict[int, Party]:
    """Every party whose balance a run could pay, by enterprise.

    What is owed to a party in another currency, or beyond its debts as a credit of its receivable,
    is no part of it.
    """
    balances = [(each, each.owed - max(each.owing, 0)) for each in party_balances(cluster)]
    found = {each.enterprise_id: each for each, net in balances if each.owed > 0 and net > 0}
    firms = Enterprise.objects.in_bulk(found)
    accounts = shebas(cluster.pk)
    return {pk: Party(firms[pk], each.owed, max(each.owing, 0), accounts.get(pk, "")) for pk, each in found.items()}


def payable(cluster: Cluster, least: int, *, beside: PaymentRun | None = None) -> Payable:
    """Who would be in a run now; a party that waits in another run than `beside` is left to that one."""
    elsewhere = PaymentLine.objects.filter(cluster=cluster, status=Status.WAITING)
    if beside is not None:
        elsewhere = elsewhere.exclude(run=beside)
    runs = dict(elsewhere.values_list("enterprise_id", "run__number"))
    owed = sorted(parties_owed(cluster).values(), key=lambda each: (each.enterprise.sort_key, each.enterprise.pk))
    enough = [each for each in owed if each.amount >= least]
    free = [each for each in enough if each.enterprise.pk not in runs]
    return Payable(
        parties=tuple(each for each in free if is_sheba(each.sheba)),
        without_sheba=tuple(each for each in free if not is_sheba(each.sheba)),
        waiting=tuple((each, runs[each.enterprise.pk]) for each in enough if each.enterprise.pk in runs),
    )


def sums_of(lines: QuerySet[PaymentLine]) -> Sums:
    """The payments of these lines by state."""
    rows = lines.order_by().values("status").annotate(count=Count("pk"), sum=Sum("amount"))
    found = list(rows)
    return Sums({row["status"]: row["count"] for row in found}, {row["status"]: row["sum"] for row in found})


def changed_accounts(lines: Sequence[PaymentLine]) -> set[int]:
    """The lines whose party was paid into another account the time before."""
    pairs = (
        PaymentLine.objects.filter(enterprise__in=[each.enterprise_id for each in lines], sent_on__isnull=False)
        .order_by("enterprise", "-pk")
        .values_list("enterprise_id", "pk", "sheba")
    )
    earlier: dict[int, list[tuple[int, str]]] = {}
    for enterprise, pk, sheba in pairs:
        earlier.setdefault(enterprise, []).append((pk, sheba))
    changed = set()
    for line in lines:
        before = next((sheba for pk, sheba in earlier.get(line.enterprise_id, []) if pk < line.pk), line.sheba)
        changed |= {line.pk} if before != line.sheba else set()
    return changed


def bank_name(sheba: str) -> str:
    """The bank a Sheba names, in the language of the page; empty where its code is not known."""
    bank = bank_of(sheba)
    return bank.in_language(page_language()) if bank else ""


def account_of(cluster: Cluster) -> PayingAccount | None:
    """The account the cluster pays from, where one is set."""
    return PayingAccount.objects.filter(cluster=cluster).first()


def as_bank_file(run: PaymentRun) -> bank_file.BankFile:
    """An approved run as the value its bank file is written from: always the same."""
    assert run.approved_at is not None, "a file is made of what was approved"
    lines = run.lines.exclude(status__in=[Status.HELD, Status.DROPPED]).order_by("number")
    return bank_file.BankFile(
        reference=run.number,
        made_at=timezone.localtime(run.approved_at),
        executes_on=run.executes_on,
        account=bank_file.Account(run.holder, run.sheba, run.bic),
        transfers=tuple(
            bank_file.Transfer(each.number, each.name, each.sheba, each.amount, run.note) for each in lines
        ),
    )


def first_confirmed_after(enterprise_ids: Collection[int], day_by_enterprise: Mapping[int, date]) -> dict[int, date]:
    """The day of each enterprise's first confirmed payment on or after its own day.

    An enterprise without a day, or not paid since, is left out. A payment that came back does not
    count.
    """
    rows = PaymentLine.objects.filter(
        enterprise__in=[pk for pk in enterprise_ids if pk in day_by_enterprise], status=Status.PAID
    ).values_list("enterprise_id", "paid_on")
    found: dict[int, date] = {}
    for enterprise, day in rows:
        if day is not None and day >= day_by_enterprise[enterprise]:
            found[enterprise] = min(day, found.get(enterprise, day))
    return found
