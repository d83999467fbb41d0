"""Who may see money: agent, auditor and controller all of the cluster's, an enterprise its own legs."""

from kandoo.site.security import Rule, either, firm, holds

_STAFF = holds("agent", "auditor", "controller")
_BOOKING = holds("agent", "controller")
_RATE_READERS = holds("agent", "member", "officer", "auditor", "buyer", "controller")
_EVERYBODY = holds("agent", "member", "supplier", "laboratory", "buyer", "officer", "auditor", "controller")

RULES = [
    Rule(
        "ledger_entry",
        select=either(_STAFF, "EXISTS (SELECT 1 FROM ledger_leg leg WHERE leg.entry_id = ledger_entry.id)"),
        insert=_BOOKING,
    ),
    Rule("ledger_leg", select=either(_STAFF, firm()), insert=_BOOKING),
    Rule("ledger_exchangerate", _RATE_READERS, holds("agent"), holds("agent"), holds("agent")),
    Rule("ledger_periodclose", select=_EVERYBODY, insert=holds("agent")),
    Rule("ledger_voucher", select=either(_STAFF, firm(), firm("supplier_id")), insert=holds("agent")),
]
