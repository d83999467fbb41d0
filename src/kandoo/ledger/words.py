"""The books in words: accounts by the chart, and the fact behind each posting rule."""

from django.utils.translation import gettext_lazy as _

from kandoo.engine.books import ACCOUNTS, CHART
from kandoo.ledger.models import Voucher
from kandoo.selling.queries import page_language

FACTS = {
    "sale_delivered": _("Sale delivered"),
    "lot_cost": _("Cost of a lot"),
    "buyer_paid": _("Buyer paid"),
    "buyer_paid_abroad": _("Buyer paid in foreign money"),
    "revalued": _("Foreign money counted at the closing rate"),
    "first_payment": _("First payment to members"),
    "lot_settled": _("Lot settled"),
    **dict(Voucher.Kind.choices),
    "payment_sent": _("Payment sent to the bank"),
    "payment_confirmed": _("Payment made by the bank"),
    "payment_failed": _("Payment refused by the bank"),
    "reversal": _("Reversal"),
}


def fact_of(rule: str) -> str:
    """The fact a rule books, in the language of the page."""
    return str(FACTS.get(rule, rule))


def account_name(code: str) -> str:
    """An account's name in the language of the page; its code where the chart lacks it."""
    account = ACCOUNTS.get(code)
    return account.name.in_language(page_language()) if account else code


def accounts() -> list[tuple[str, str]]:
    """The whole chart as choices."""
    return [(each.code, each.name.in_language(page_language())) for each in CHART]
