"""The only writers of the books: each action is one transaction."""

from kandoo.ledger.actions.periods import close_period
from kandoo.ledger.actions.posting import enterprise_of, party_of, post, require_open, reverse
from kandoo.ledger.actions.rates import set_rate
from kandoo.ledger.actions.vouchers import NewVoucher, record_voucher, record_vouchers

__all__ = [
    "NewVoucher",
    "close_period",
    "enterprise_of",
    "party_of",
    "post",
    "record_voucher",
    "record_vouchers",
    "require_open",
    "reverse",
    "set_rate",
]
