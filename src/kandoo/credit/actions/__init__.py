"""The only writers of public money: each action is one transaction and leaves a line in the trail."""

from kandoo.credit.actions.closing import close_line
from kandoo.credit.actions.commitments import CommitTerms, commit_credit, release_commitment
from kandoo.credit.actions.contracts import (
    ContractTerms,
    PhaseTerms,
    confirm_phase,
    deliver_phase,
    make_contract,
    send_phase_back,
)
from kandoo.credit.actions.lines import (
    LineTerms,
    allocate,
    amend_line,
    import_lines,
    open_line,
    return_allocation,
)
from kandoo.credit.actions.moving import Grounds
from kandoo.credit.actions.orders import (
    Invoice,
    pay_order,
    prepare_advance,
    prepare_invoice,
    prepare_phase,
    refund,
    send_order_back,
)
from kandoo.credit.actions.plans import (
    ActivityTerms,
    add_payee,
    change_activity,
    change_payee,
    check_shares,
    finish_activity,
    plan_activity,
)
from kandoo.credit.actions.years import LawTerms, RuleTerms, amend_law, open_year, set_cost_rule
from kandoo.credit.problems import NotPossible, OverTheCeiling

__all__ = [
    "ActivityTerms",
    "CommitTerms",
    "ContractTerms",
    "Grounds",
    "Invoice",
    "LawTerms",
    "LineTerms",
    "NotPossible",
    "OverTheCeiling",
    "PhaseTerms",
    "RuleTerms",
    "add_payee",
    "allocate",
    "amend_law",
    "amend_line",
    "change_activity",
    "change_payee",
    "check_shares",
    "close_line",
    "commit_credit",
    "confirm_phase",
    "deliver_phase",
    "finish_activity",
    "import_lines",
    "make_contract",
    "open_line",
    "open_year",
    "pay_order",
    "plan_activity",
    "prepare_advance",
    "prepare_invoice",
    "prepare_phase",
    "refund",
    "release_commitment",
    "return_allocation",
    "send_order_back",
    "send_phase_back",
    "set_cost_rule",
]
