"""The only writers of the account: evidence before, what counted at agreement, gains at settlement."""

from kandoo.benefit.actions.counting import (
    correct_gain,
    fix_alone,
    fix_alone_round,
    record_gains,
    record_gains_round,
)
from kandoo.benefit.actions.evidence import (
    EvidenceTerms,
    add_evidence,
    keep_with_need,
    keep_with_offer,
    remove_evidence,
    say_own_time,
    use_median,
)
from kandoo.benefit.actions.values import add_subsidy, remove_subsidy, set_time_value

__all__ = [
    "EvidenceTerms",
    "add_evidence",
    "add_subsidy",
    "correct_gain",
    "fix_alone",
    "fix_alone_round",
    "keep_with_need",
    "keep_with_offer",
    "record_gains",
    "record_gains_round",
    "remove_evidence",
    "remove_subsidy",
    "say_own_time",
    "set_time_value",
    "use_median",
]
