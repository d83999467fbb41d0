"""What is written to the ledger? Every fact becomes balanced legs here, and nowhere else.

A rule is a function from a fact to one `Entry`; `RULES` lists them by name and `EXAMPLES` shows
each with figures, which a test holds it to. An entry refuses to exist unbalanced (the database
refuses it again at commit). Amounts are whole units of the currency, debit above zero, credit
below. A mistake is not changed: its `reversal` is booked, with a reason.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kandoo.engine.product import Name

AccountType = Literal["asset", "liability", "clearing", "income", "expense", "equity"]


@dataclass(frozen=True, slots=True)
class Account:
    """`has_party`: every leg names whose it is. `has_lot`: every leg names the lot it concerns."""

    code: str
    name: Name
    type: AccountType
    has_party: bool = False
    has_lot: bool = False


CHART: tuple[Account, ...] = (
    Account("bank", Name("بانک", "Bank"), "asset"),
    Account("receivable", Name("دریافتنی", "Receivable"), "asset", has_party=True),
    Account("advances", Name("پیش‌پرداخت", "Advances paid"), "asset", has_party=True),
    Account("payable", Name("پرداختنی", "Payable"), "liability", has_party=True),
    Account("deposits", Name("سپرده", "Deposits held"), "liability", has_party=True),
    Account("pool_proceeds", Name("عواید فروش مشترک", "Pool proceeds"), "clearing", has_lot=True),
    Account("shared_costs", Name("هزینه‌های مشترک", "Shared costs"), "clearing", has_lot=True),
    Account("reserve", Name("اندوخته", "Reserve"), "equity"),
    Account("fees", Name("کارمزد", "Fees"), "income"),
    Account("subsidy", Name("یارانه", "Subsidy"), "income"),
    Account("rounding", Name("گرد کردن", "Rounding"), "expense"),
    Account("exchange_gain_loss", Name("سود و زیان تسعیر", "Exchange gain or loss"), "expense"),
)
ACCOUNTS: dict[str, Account] = {account.code: account for account in CHART}


class Unbalanced(ValueError):
    """Legs that do not add up to zero in each currency."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: debit above zero, credit below. `party` and `lot` may be empty."""

    account: str
    party: str
    amount: int
    currency: str
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact's legs. `source` names the fact (`lot/7/settled`) and can be booked once."""

    rule: str
    source: str
    legs: tuple[Leg, ...]
    memo_code: str
    reverses: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError(f"{self.rule}: an entry names the fact it comes from.")
        if not self.legs:
            raise ValueError(f"{self.source}: an entry has legs.")
        sums: dict[str, int] = defaultdict(int)
        for leg in self.legs:
            _check_leg(self.source, leg)
            sums[leg.currency] += leg.amount
        if wrong := {currency: total for currency, total in sums.items() if total}:
            raise Unbalanced(f"{self.source}: legs add up to {wrong}, not to zero.")


def _check_leg(source: str, leg: Leg) -> None:
    account = ACCOUNTS.get(leg.account)
    if account is None:
        raise ValueError(f"{source}: there is no account {leg.account!r}.")
    if type(leg.amount) is not int or leg.amount == 0:
        raise ValueError(f"{source}: a leg is a whole amount, not zero; {leg.amount!r} is not.")
    if len(leg.currency) != 3 or not leg.currency.isupper():
        raise ValueError(f"{source}: {leg.currency!r} is no currency code.")
    if account.has_party and not leg.party:
        raise ValueError(f"{source}: {leg.account} needs a party.")
    if account.has_lot and not leg.lot:
        raise ValueError(f"{source}: {leg.account} needs a lot.")


Rule = Callable[..., Entry]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Register a posting rule under its own name."""
    RULES[function.__name__] = function
    return function


def _refuse_below_zero(source: str, *amounts: int) -> None:
    """A fact's own amounts are never negative; what undoes a fact is its reversal."""
    if any(amount < 0 for amount in amounts):
        raise ValueError(f"{source}: an amount is negative.")


def _entry(name: str, source: str, *legs: Leg) -> Entry:
    """An entry without its empty legs."""
    return Entry(name, source, tuple(leg for leg in legs if leg.amount), memo_code=name)


@rule
def sale_delivered(*, source: str, lot: str, buyer: str, amount: int, currency: str = "IRR") -> Entry:
    """The buyer owes the contract sum of what was delivered; the lot has earned it."""
    _refuse_below_zero(source, amount)
    return _entry(
        "sale_delivered",
        source,
        Leg("receivable", buyer, amount, currency, lot),
        Leg("pool_proceeds", "", -amount, currency, lot),
    )


@rule
def lot_cost(*, source: str, lot: str, supplier: str, amount: int, currency: str = "IRR") -> Entry:
    """A cost shared by the lot is owed to whoever provided it."""
    _refuse_below_zero(source, amount)
    return _entry(
        "lot_cost",
        source,
        Leg("shared_costs", "", amount, currency, lot),
        Leg("payable", supplier, -amount, currency, lot),
    )


@rule
def supplier_paid(*, source: str, lot: str, supplier: str, amount: int, currency: str = "IRR") -> Entry:
    """The cluster pays what a lot owes to a provider."""
    _refuse_below_zero(source, amount)
    return _entry(
        "supplier_paid",
        source,
        Leg("payable", supplier, amount, currency, lot),
        Leg("bank", "", -amount, currency, lot),
    )


@rule
def buyer_paid(
    *,
    source: str,
    lot: str,
    buyer: str,
    received: int,
    owed: int | None = None,
    currency: str = "IRR",
) -> Entry:
    """The buyer pays. What it pays less or more than `owed` (a claim, the rate) is the lot's."""
    owed = received if owed is None else owed
    _refuse_below_zero(source, received, owed)
    return _entry(
        "buyer_paid",
        source,
        Leg("bank", "", received, currency, lot),
        Leg("receivable", buyer, -owed, currency, lot),
        Leg("pool_proceeds", "", owed - received, currency, lot),
    )


@rule
def first_payment(*, source: str, lot: str, payments: Mapping[str, int], currency: str = "IRR") -> Entry:
    """Members are paid in advance of the settlement: owed to each, then paid from the bank."""
    _refuse_below_zero(source, *payments.values())
    return _entry(
        "first_payment",
        source,
        *(Leg("advances", member, paid, currency, lot) for member, paid in payments.items()),
        *(Leg("payable", member, -paid, currency, lot) for member, paid in payments.items()),
        *(Leg("payable", member, paid, currency, lot) for member, paid in payments.items()),
        Leg("bank", "", -sum(payments.values()), currency, lot),
    )


@rule
def lot_settled(
    *,
    source: str,
    lot: str,
    received: int,
    costs: int,
    shares: Mapping[str, int],
    first_payments: Mapping[str, int] | None = None,
    currency: str = "IRR",
) -> Entry:
    """Proceeds less costs become what is owed to each member; advances are netted.

    A member advanced more than its share owes the rest (a debit of its payable). What the shares
    leave over goes to the rounding account, and may not reach one unit a member.
    """
    first = first_payments or {}
    if strangers := sorted(first.keys() - shares.keys()):
        raise ValueError(f"{source}: {strangers[0]} was paid in advance and has no share.")
    left = received - costs - sum(shares.values())
    if abs(left) >= max(len(shares), 1):
        raise Unbalanced(f"{source}: the shares miss proceeds less costs by {left}.")
    return _entry(
        "lot_settled",
        source,
        Leg("pool_proceeds", "", received, currency, lot),
        Leg("shared_costs", "", -costs, currency, lot),
        *(Leg("advances", member, -paid, currency, lot) for member, paid in first.items()),
        *(Leg("payable", member, first.get(member, 0) - share, currency, lot) for member, share in shares.items()),
        Leg("rounding", "", -left, currency, lot),
    )


@rule
def final_payment(*, source: str, lot: str, payments: Mapping[str, int], currency: str = "IRR") -> Entry:
    """Members are paid what the settlement left owed to them."""
    _refuse_below_zero(source, *payments.values())
    return _entry(
        "final_payment",
        source,
        *(Leg("payable", member, paid, currency, lot) for member, paid in payments.items()),
        Leg("bank", "", -sum(payments.values()), currency, lot),
    )


@rule
def reversal(entry: Entry, reason: str) -> Entry:
    """Undo an entry by its mirror image, linked to it and explained."""
    if not reason.strip():
        raise ValueError(f"{entry.source}: a reversal needs a reason.")
    if entry.reverses:
        raise ValueError(f"{entry.source}: a reversal is not reversed; book the fact again.")
    return Entry(
        rule="reversal",
        source=f"{entry.source}/reversed",
        legs=tuple(Leg(leg.account, leg.party, -leg.amount, leg.currency, leg.lot) for leg in entry.legs),
        memo_code="reversal",
        reverses=entry.source,
        reason=reason,
    )


@dataclass(frozen=True, slots=True)
class Example:
    """A fact with figures and the legs its rule must give: (account, party, amount)."""

    tells: str
    arguments: Mapping[str, Any]
    legs: tuple[tuple[str, str, int], ...]


EXAMPLES: dict[str, Example] = {
    "sale_delivered": Example(
        "20,300 kg at 1,900,000 rial are delivered to the importer.",
        {
            "source": "lot/7/order/3/delivered",
            "lot": "7",
            "buyer": "importer",
            "amount": 38_570_000_000,
        },
        (
            ("receivable", "importer", 38_570_000_000),
            ("pool_proceeds", "", -38_570_000_000),
        ),
    ),
    "lot_cost": Example(
        "The laboratory bills 18 samples.",
        {"source": "lot/7/cost/12", "lot": "7", "supplier": "laboratory", "amount": 540_000_000},
        (("shared_costs", "", 540_000_000), ("payable", "laboratory", -540_000_000)),
    ),
    "supplier_paid": Example(
        "The laboratory is paid.",
        {
            "source": "lot/7/cost/12/paid",
            "lot": "7",
            "supplier": "laboratory",
            "amount": 540_000_000,
        },
        (("payable", "laboratory", 540_000_000), ("bank", "", -540_000_000)),
    ),
    "buyer_paid": Example(
        "The importer pays, less a claim of 70,000,000 that the lot accepts.",
        {
            "source": "lot/7/order/3/paid",
            "lot": "7",
            "buyer": "importer",
            "received": 38_500_000_000,
            "owed": 38_570_000_000,
        },
        (
            ("bank", "", 38_500_000_000),
            ("receivable", "importer", -38_570_000_000),
            ("pool_proceeds", "", 70_000_000),
        ),
    ),
    "first_payment": Example(
        "Two members get a first payment.",
        {"source": "lot/7/first", "lot": "7", "payments": {"darreh": 600, "kuh": 400}},
        (
            ("advances", "darreh", 600),
            ("advances", "kuh", 400),
            ("payable", "darreh", -600),
            ("payable", "kuh", -400),
            ("payable", "darreh", 600),
            ("payable", "kuh", 400),
            ("bank", "", -1_000),
        ),
    ),
    "lot_settled": Example(
        "1,700 received less 100 of costs is shared; first payments are taken off.",
        {
            "source": "lot/7/settled",
            "lot": "7",
            "received": 1_700,
            "costs": 100,
            "shares": {"darreh": 950, "kuh": 650},
            "first_payments": {"darreh": 600, "kuh": 400},
        },
        (
            ("pool_proceeds", "", 1_700),
            ("shared_costs", "", -100),
            ("advances", "darreh", -600),
            ("advances", "kuh", -400),
            ("payable", "darreh", -350),
            ("payable", "kuh", -250),
        ),
    ),
    "final_payment": Example(
        "The rest is paid.",
        {"source": "lot/7/final", "lot": "7", "payments": {"darreh": 350, "kuh": 250}},
        (("payable", "darreh", 350), ("payable", "kuh", 250), ("bank", "", -600)),
    ),
    "reversal": Example(
        "A bill was booked for the wrong lot.",
        {
            "entry": lot_cost(source="lot/7/cost/13", lot="7", supplier="carrier", amount=90),
            "reason": "The bill belongs to lot 8.",
        },
        (("shared_costs", "", -90), ("payable", "carrier", 90)),
    ),
}
