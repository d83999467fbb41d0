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
    "purchase_invoiced": _("Invoice for a joint purchase"),
    "purchase_settled": _("Joint purchase settled"),
    "purchase_deposit_received": _("Deposit for a joint purchase"),
    "purchase_deposit_applied": _("Deposit taken off the bill"),
    "purchase_deposit_returned": _("Deposit owed back"),
    **dict(Voucher.Kind.choices),
    "payment_sent": _("Payment sent to the bank"),
    "payment_confirmed": _("Payment made by the bank"),
    "payment_failed": _("Payment refused by the bank"),
    "credit_approved": _("Credit approved"),
    "credit_raised": _("Credit raised by an amendment"),
    "credit_cut": _("Credit cut by an amendment"),
    "credit_allocated": _("Credit allocated"),
    "credit_returned": _("Allocation returned"),
    "credit_committed": _("Budget commitment"),
    "credit_released": _("Budget commitment released"),
    "credit_paid": _("Paid from credit"),
    "credit_refunded": _("Refunded by the payee"),
    "credit_refunded_late": _("Refunded after the year’s end"),
    "credit_lapsed": _("Credit lapsed"),
    "credit_carried_out": _("Commitment carried to the next year"),
    "credit_carried_in": _("Commitment carried from the year before"),
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
