"""The journal as plain values: which entries are wanted, their sums, the trial balance."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from kandoo.buying.models import Deposit, Invoice
from kandoo.ledger.models import Entry, Leg
from kandoo.selling.models import Cost, Receipt
from kandoo.site import language as lang

_DEBIT = Sum("amount", filter=Q(amount__gt=0), default=0)
_CREDIT = Sum("amount", filter=Q(amount__lt=0), default=0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the journal is searched for; empty means all. Amounts in rial."""

    text: str = ""
    account: str = ""
    enterprise: int | None = None
    lot: int | None = None
    round: int | None = None
    first: date | None = None
    last: date | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One line of the trial balance; `balance` is debit less credit."""

    account: str
    currency: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Balances:
    """The trial balance and its proof."""

    accounts: tuple[AccountBalance, ...]

    @property
    def totals(self) -> list[AccountBalance]:
        """Debits and credits of each currency."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for each in self.accounts:
            sums[each.currency][0] += each.debit
            sums[each.currency][1] += each.credit
        return [AccountBalance("", currency, *sides) for currency, sides in sorted(sums.items())]

    @property
    def is_even(self) -> bool:
        """Whether debits and credits are equal in every currency."""
        return all(each.balance == 0 for each in self.totals)


@dataclass(frozen=True, slots=True)
class Summary:
    """One entry in one line: its sum by currency, and the accounts on either side."""

    sums: tuple[tuple[str, int], ...]
    debited: tuple[str, ...]
    credited: tuple[str, ...]
    lots: tuple[int, ...]
    rounds: tuple[int, ...]
    legs: int


def matching(entries: QuerySet[Entry], wanted: Wanted) -> QuerySet[Entry]:
    """The entries that have what is wanted; account, enterprise, lot, round and amount on one and the same leg."""
    legs = _leg_conditions(wanted)
    if legs:
        entries = entries.filter(pk__in=Leg.objects.filter(legs).values("entry"))
    if wanted.first:
        entries = entries.filter(on__gte=wanted.first)
    if wanted.last:
        entries = entries.filter(on__lte=wanted.last)
    return entries.filter(_text_condition(wanted.text.strip())) if wanted.text.strip() else entries


def _leg_conditions(wanted: Wanted) -> Q:
    conditions = Q()
    if wanted.account:
        conditions &= Q(account=wanted.account)
    if wanted.enterprise is not None:
        conditions &= Q(enterprise=wanted.enterprise)
    if wanted.lot is not None:
        conditions &= Q(lot=wanted.lot)
    if wanted.round is not None:
        conditions &= Q(round=wanted.round)
    if wanted.amount is not None:
        conditions &= Q(amount__in=[wanted.amount, -wanted.amount])
    return conditions


def _text_condition(text: str) -> Q:
    """Words of a party, a source, a lot's code, a reason, a document; or an amount in toman or rial."""
    plain, key = lang.latin_digits(text), lang.fold(text)
    conditions = Q(source__icontains=plain) | Q(reason__icontains=text) | Q(source__in=_sources_with(text))
    conditions |= Q(voucher__document__icontains=text)
    legs = Q(lot__code__icontains=plain) | Q(round__code__icontains=plain)
    legs |= Q(enterprise__search_key__contains=key) if key else Q()
    try:
        amount = int(lang.parse_decimal(text))
    except ValueError:
        pass
    else:
        if 0 < amount < 10**17:
            legs |= Q(amount__in=[amount, -amount, 10 * amount, -10 * amount])
    return conditions | Q(pk__in=Leg.objects.filter(legs).values("entry"))


def _sources_with(text: str) -> list[str]:
    """The sources of the facts whose document holds these words."""
    costs = Cost.objects.filter(document__icontains=text).values_list("lot", "pk")[:200]
    receipts = Receipt.objects.filter(document__icontains=text).values_list("lot", "order")[:200]
    invoices = Invoice.objects.filter(number__icontains=text).values_list("order__round", "pk")[:200]
    deposits = Deposit.objects.filter(document__icontains=text).values_list("round", "pk")[:200]
    return [
        *(f"lot/{lot}/cost/{pk}" for lot, pk in costs),
        *(f"lot/{lot}/order/{order}/paid" for lot, order in receipts),
        *(f"round/{this}/invoice/{pk}" for this, pk in invoices),
        *(f"round/{this}/deposit/{pk}" for this, pk in deposits),
    ]


def document_of(source: str) -> str:
    """The document of a fact, where it has one."""
    match source.removesuffix("/reversed").split("/"):
        case ["lot", lot, "cost", cost]:
            found: Any = Cost.objects.filter(pk=int(cost), lot=int(lot))
        case ["lot", lot, "order", order, "paid"]:
            found = Receipt.objects.filter(lot=int(lot), order=int(order))
        case ["round", this, "invoice", invoice]:
            invoices = Invoice.objects.filter(pk=int(invoice), order__round=int(this))
            return invoices.values_list("number", flat=True).first() or ""
        case ["round", this, "deposit", deposit]:
            found = Deposit.objects.filter(pk=int(deposit), round=int(this))
        case _:
            return ""
    return found.values_list("document", flat=True).first() or ""


def trial_balance(entries: QuerySet[Entry]) -> Balances:
    """Debits and credits of each account over these entries."""
    rows = (
        Leg.objects.filter(entry__in=entries.order_by().values("pk"))
        .values("account", "currency")
        .annotate(debit=_DEBIT, credit=_CREDIT)
        .order_by("account", "currency")
    )
    return Balances(
        tuple(AccountBalance(row["account"], row["currency"], row["debit"], -row["credit"]) for row in rows)
    )


def summaries(entries: Iterable[Entry]) -> dict[int, Summary]:
    """Each entry in one line, with one question to the database."""
    rows = (
        Leg.objects.filter(entry__in=[each.pk for each in entries])
        .values("entry", "account", "currency", "lot", "round")
        .annotate(debit=_DEBIT, credit=_CREDIT, legs=Count("pk"))
        .order_by("account")
    )
    by_entry: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_entry[row["entry"]].append(row)
    return {pk: _summary(mine) for pk, mine in by_entry.items()}


def _summary(rows: Sequence[Any]) -> Summary:
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row["currency"]] += row["debit"]
    return Summary(
        sums=tuple(sorted(sums.items())),
        debited=tuple(dict.fromkeys(row["account"] for row in rows if row["debit"])),
        credited=tuple(dict.fromkeys(row["account"] for row in rows if row["credit"])),
        lots=tuple(sorted({row["lot"] for row in rows if row["lot"]})),
        rounds=tuple(sorted({row["round"] for row in rows if row["round"]})),
        legs=sum(row["legs"] for row in rows),
    )
