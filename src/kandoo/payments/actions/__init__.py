"""Everything that writes payments; one transaction each."""

from kandoo.payments.actions.accounts import set_paying_account
from kandoo.payments.actions.answers import decide_row_ours, decide_row_strange, import_answer, return_payment
from kandoo.payments.actions.approval import approve_run
from kandoo.payments.actions.runs import (
    cancel_run,
    hold_payment,
    make_run,
    propose_run,
    refresh_run,
    release_payment,
    remark_on_run,
    send_run_back,
)

__all__ = [
    "approve_run",
    "cancel_run",
    "decide_row_ours",
    "decide_row_strange",
    "hold_payment",
    "import_answer",
    "make_run",
    "propose_run",
    "refresh_run",
    "release_payment",
    "remark_on_run",
    "return_payment",
    "send_run_back",
    "set_paying_account",
]
