"""Who may see the trail, the notices and the tables of sign-in."""

from kandoo.site.security import AT_SIGN_IN, SELF, SIGNED_IN, Rule, desk, either, holds, holds_whole

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kandoo_people(cluster bigint, wanted text[], firms bigint[])
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT DISTINCT r.person_id FROM register_role r
   JOIN register_person p ON p.id = r.person_id AND p.is_active
   WHERE r.cluster_id = cluster AND r.role = ANY (wanted)
     AND (firms IS NULL OR r.enterprise_id = ANY (firms))
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date)
     AND kandoo_person() IS NOT NULL $$;

CREATE OR REPLACE FUNCTION kandoo_next_number(cluster bigint, wanted text) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ INSERT INTO site_counter (cluster_id, series, last) SELECT cluster, wanted, 1
   WHERE cluster = ANY (kandoo_clusters('agent', 'member', 'buyer', 'laboratory', 'officer', 'controller'))
   ON CONFLICT (cluster_id, series) DO UPDATE SET last = site_counter.last + 1 RETURNING last $$;
"""

_OWN_KEYS = either(f"user_id = {SELF}", AT_SIGN_IN)

RULES = [
    Rule("site_counter", select="false"),
    Rule(
        "site_redenomination",
        select=holds("agent", "member", "supplier", "laboratory", "buyer", "officer", "auditor", "controller"),
        insert=holds("agent"),
        delete=f"starts_on > current_date AND {holds('agent')}",  # one that has begun is history
    ),
    Rule(
        "site_auditrecord",
        select=either(holds_whole("agent", "auditor"), desk("auditor"), f"person_id = {SELF}"),
        insert=f"person_id = {SELF}",
    ),
    Rule(
        "site_notice",
        select=f"person_id = {SELF}",
        insert=SIGNED_IN,
        update=f"person_id = {SELF}",
        delete=f"person_id = {SELF}",
    ),
    Rule("account_emailaddress", _OWN_KEYS, _OWN_KEYS, _OWN_KEYS, _OWN_KEYS),
    Rule("account_emailconfirmation", AT_SIGN_IN, AT_SIGN_IN, AT_SIGN_IN, AT_SIGN_IN),
    Rule("mfa_authenticator", _OWN_KEYS, _OWN_KEYS, _OWN_KEYS, _OWN_KEYS),
]
