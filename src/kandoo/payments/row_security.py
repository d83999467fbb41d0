"""Who may see payments: agent, auditor and controller all of the cluster's, an enterprise its own sent payments.

The run itself (its sum, its other lines) is never an enterprise's to see. Making a run is the
agent's, approving it the controller's; the bank's answer may be taken in by either.
"""

from kandoo.site.security import Rule, either, firm, holds

_STAFF = holds("agent", "auditor", "controller")
_AGENT = holds("agent")
_WRITERS = holds("agent", "controller")
_OWN_SENT = f"{firm()} AND status IN ('sent', 'paid', 'failed', 'returned')"

FUNCTIONS = """
-- The names of those who make and approve runs, now or before: two persons stand behind each, and all three desks may know who.
CREATE OR REPLACE FUNCTION kandoo_payment_people(wanted bigint) RETURNS TABLE (id bigint, name_fa text, name_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT DISTINCT p.id, coalesce(nullif(p.name_fa, ''), p.username)::text, p.name_en::text
   FROM register_role r JOIN register_person p ON p.id = r.person_id
   WHERE r.cluster_id = wanted AND r.role IN ('agent', 'controller')
     AND wanted = ANY (kandoo_clusters('agent', 'auditor', 'controller')) $$;

-- Where the parties of a cluster are paid, for those who make, approve and audit runs; nothing else of their particulars.
CREATE OR REPLACE FUNCTION kandoo_shebas(wanted bigint) RETURNS TABLE (enterprise_id bigint, sheba text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT p.enterprise_id, p.sheba::text FROM register_particulars p
   WHERE p.cluster_id = wanted AND p.sheba <> ''
     AND wanted = ANY (kandoo_clusters('agent', 'auditor', 'controller')) $$;
"""

RULES = [
    Rule("payments_payingaccount", _STAFF, _AGENT, _AGENT),
    Rule("payments_paymentrun", _STAFF, _AGENT, _WRITERS),
    Rule(
        "payments_paymentline",
        either(_STAFF, _OWN_SENT),
        _AGENT,
        _WRITERS,
        f"{_AGENT} AND status IN ('waiting', 'held')",
    ),
    Rule("payments_paymentremark", _STAFF, _WRITERS),
    Rule("payments_bankfile", _STAFF, _WRITERS),
    Rule("payments_bankrow", _STAFF, _WRITERS, _WRITERS),
]
