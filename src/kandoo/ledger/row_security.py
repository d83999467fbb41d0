"""Who may see money: agent, auditor and controller all of the cluster's, an enterprise its own legs.

In a programme a controller or auditor of one province reads the entries of that province's movements and of
nobody else's; who posts an entry reads it.
"""

from kandoo.site.security import SELF, Rule, either, firm, holds, holds_whole

_STAFF = holds_whole("agent", "auditor", "controller")
_PROVINCE = holds("auditor", "controller")
_MOVED = "(SELECT entry_id FROM credit_movement)"  # under its own row security
_BOOKING = holds("agent", "controller")
_RATE_READERS = holds("agent", "member", "officer", "auditor", "buyer", "controller")
_EVERYBODY = holds("agent", "member", "supplier", "laboratory", "buyer", "officer", "auditor", "controller")

FUNCTIONS = """
-- Whether the person posted an entry; a policy on legs cannot ask the entries, whose policy asks the legs.
CREATE OR REPLACE FUNCTION kandoo_posted_by_me(wanted bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = wanted AND e.posted_by_id = kandoo_person()) $$;
"""

RULES = [
    Rule(
        "ledger_entry",
        select=either(
            _STAFF,
            f"posted_by_id = {SELF}",
            f"{_PROVINCE} AND id IN {_MOVED}",
            "EXISTS (SELECT 1 FROM ledger_leg leg WHERE leg.entry_id = ledger_entry.id)",
        ),
        insert=_BOOKING,
    ),
    Rule(
        "ledger_leg",
        select=either(_STAFF, firm(), f"{_PROVINCE} AND (entry_id IN {_MOVED} OR kandoo_posted_by_me(entry_id))"),
        insert=_BOOKING,
    ),
    Rule("ledger_exchangerate", _RATE_READERS, holds("agent"), holds("agent"), holds("agent")),
    Rule("ledger_periodclose", select=_EVERYBODY, insert=holds("agent")),
    Rule("ledger_voucher", select=either(_STAFF, firm(), firm("supplier_id")), insert=holds("agent")),
]
