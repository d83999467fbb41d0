"""The books as plain values."""

from kandoo.ledger.queries.foreign import OpenForeign, open_foreign
from kandoo.ledger.queries.journal import (
    AccountBalance,
    Balances,
    Summary,
    Wanted,
    document_of,
    matching,
    summaries,
    trial_balance,
)
from kandoo.ledger.queries.parties import PartyBalance, Statement, StatementLine, open_items, party_balances, statement
from kandoo.ledger.queries.rates import rate_on

__all__ = [
    "AccountBalance",
    "Balances",
    "OpenForeign",
    "PartyBalance",
    "Statement",
    "StatementLine",
    "Summary",
    "Wanted",
    "document_of",
    "matching",
    "open_foreign",
    "open_items",
    "party_balances",
    "rate_on",
    "statement",
    "summaries",
    "trial_balance",
]
