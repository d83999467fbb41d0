"""Who may see money: the agent, the auditor and the controller all of the cluster's, an enterprise its own legs."""

from kandoo.site.security import Rule, either, firm, holds

_STAFF = holds("agent", "auditor", "controller")

RULES = [
    Rule(
        "ledger_entry",
        select=either(_STAFF, "EXISTS (SELECT 1 FROM ledger_leg leg WHERE leg.entry_id = ledger_entry.id)"),
        insert=holds("agent"),
    ),
    Rule("ledger_leg", select=either(_STAFF, firm()), insert=holds("agent")),
]
