"""The values of double entry: the chart of accounts, legs, and entries that refuse to exist unbalanced.

Amounts are whole units of the currency, debit above zero, credit below.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from kandoo.engine.product import Name

AccountType = Literal["asset", "liability", "clearing", "income", "expense", "equity"]


@dataclass(frozen=True, slots=True)
class Account:
    """`has_party`: every leg names whose it is. `has_lot`: every leg names the lot or the round it concerns."""

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
    Account("purchases", Name("خریدهای مشترک تسویه‌نشده", "Joint purchases not settled"), "clearing", has_lot=True),
    Account("reserve", Name("اندوخته", "Reserve"), "equity"),
    Account("fees", Name("کارمزد", "Fees"), "income"),
    Account("subsidy", Name("یارانه", "Subsidy"), "income"),
    Account("rounding", Name("گرد کردن", "Rounding"), "expense"),
    Account("exchange_gain_loss", Name("سود و زیان تسعیر", "Exchange gain or loss"), "expense"),
    Account("conversion", Name("تبدیل ارز", "Conversion of currency"), "clearing"),
    Account("in_transit", Name("پرداخت‌های در راه", "Payments under way"), "clearing", has_party=True),
    Account(
        "credit_appropriation", Name("اختیار قانون بودجه", "Authority of the budget law"), "clearing", has_party=True
    ),
    Account("credit_approved", Name("اعتبار مصوب تخصیص‌نیافته", "Approved, not allocated"), "clearing", has_party=True),
    Account("credit_allocated", Name("تخصیص تعهدنشده", "Allocated, not committed"), "clearing", has_party=True),
    Account("credit_committed", Name("تعهد بودجه‌ای پرداخت‌نشده", "Committed, not paid"), "clearing", has_party=True),
    Account("credit_paid", Name("پرداخت از اعتبار", "Paid from credit"), "clearing", has_party=True),
    Account("credit_lapsed", Name("اعتبار سوخت‌شده", "Lapsed credit"), "clearing", has_party=True),
    Account("credit_carried", Name("اعتبار انتقالی به سال بعد", "Credit carried over"), "clearing", has_party=True),
)
CURRENCIES = ("IRR", "EUR", "USD", "AED", "CNY")
ACCOUNTS: dict[str, Account] = {account.code: account for account in CHART}


class Unbalanced(ValueError):
    """Legs that do not add up to zero in each currency."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: debit above zero, credit below. `party` and `lot` (or a round) may be empty."""

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
    if leg.currency not in CURRENCIES:
        raise ValueError(f"{source}: {leg.currency!r} is no currency of the books.")
    if account.has_party and not leg.party:
        raise ValueError(f"{source}: {leg.account} needs a party.")
    if account.has_lot and not leg.lot:
        raise ValueError(f"{source}: {leg.account} needs a lot.")
