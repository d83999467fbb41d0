"""Who may see and write the register.

The directory of firms is open to the cluster's own people; sites, hive counts, numbers, phones and
bank accounts are the firm's and the agent's. A buyer sees no list of members. An agent keeps the
record of people who work for firms of its clusters alone, never that of another agent, an officer
or an auditor; of a person it added, until that person has signed in.

A programme has no agent: its officers of the nation keep its people, all but one another, auditors and controllers.
"""

from kandoo.site.security import AT_SIGN_IN, SELF, Rule, either, firm, holds

_AGENT = holds("agent")
_NATION = "cluster_id = ANY ((SELECT kandoo_nations())::bigint[])"
_STAFF = holds("agent", "auditor")
_EVERY_ROLE = (
    *("agent", "member", "supplier", "laboratory", "buyer", "officer", "auditor", "controller"),
    *("supervisor", "committee"),
)
_INSIDE = holds("agent", "member", "supplier", "laboratory", "officer", "auditor", "controller")
_OWN = firm()
_PERSON_OF_MY_CLUSTER = "id = ANY ((SELECT kandoo_people_i_keep())::bigint[])"
_PERSON_I_RUN = "id = ANY ((SELECT kandoo_people_i_run())::bigint[])"
_MEMBER_OWN = firm("enterprise_id", "member")

FUNCTIONS = """
-- The programmes of which the person is an officer of the whole nation.
CREATE OR REPLACE FUNCTION kandoo_nations() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(c.id), '{}') FROM register_cluster c
   WHERE c.kind = 'programme' AND c.id || ':' = ANY (kandoo_desks('officer')) $$;

CREATE OR REPLACE FUNCTION kandoo_people_i_keep() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT r.person_id), '{}') FROM register_role r
   WHERE r.cluster_id = ANY (kandoo_clusters('agent', 'auditor')) OR r.cluster_id = ANY (kandoo_nations()) $$;

CREATE OR REPLACE FUNCTION kandoo_people_i_run() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH mine AS (SELECT kandoo_clusters('agent') AS clusters, kandoo_nations() AS nations)
   SELECT coalesce(array_agg(p.id), '{}') FROM register_person p, mine
   WHERE cardinality(mine.clusters || mine.nations) > 0 AND (
     (p.added_by_id = kandoo_person() AND p.last_login IS NULL)
     OR (EXISTS (SELECT 1 FROM register_role r WHERE r.person_id = p.id AND r.cluster_id = ANY (mine.clusters))
         AND NOT EXISTS (
           SELECT 1 FROM register_role r WHERE r.person_id = p.id
             AND (r.to_on IS NULL OR r.to_on > current_date)
             AND (r.enterprise_id IS NULL OR NOT r.cluster_id = ANY (mine.clusters))))
     OR (EXISTS (SELECT 1 FROM register_role r WHERE r.person_id = p.id AND r.cluster_id = ANY (mine.nations))
         AND NOT EXISTS (
           SELECT 1 FROM register_role r WHERE r.person_id = p.id
             AND (r.to_on IS NULL OR r.to_on > current_date)
             AND (NOT r.cluster_id = ANY (mine.nations) OR r.role IN ('auditor', 'controller')
                  OR (r.role = 'officer' AND r.province = ''))))) $$;

-- Who leads a cluster, by name: everybody in it knows.
CREATE OR REPLACE FUNCTION kandoo_agents(wanted bigint) RETURNS TABLE (name_fa text, name_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT p.name_fa::text, p.name_en::text FROM register_role r JOIN register_person p ON p.id = r.person_id AND p.is_active
   WHERE r.cluster_id = wanted AND r.role = 'agent'
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date)
     AND wanted = ANY (kandoo_clusters('agent', 'member', 'supplier', 'laboratory', 'buyer', 'officer', 'auditor', 'controller'))
   ORDER BY r.from_on, p.id $$;

-- Firms and hives by county for those who may not see sites: nothing of fewer than five members,
-- no hives where one firm holds over half of them.
CREATE OR REPLACE FUNCTION kandoo_county_counts(wanted bigint)
RETURNS TABLE (county text, enterprises bigint, hives bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH held AS (
     SELECT s.county, s.enterprise_id, coalesce(sum(s.hives), 0)::bigint AS hives
     FROM register_site s
     WHERE s.cluster_id = wanted AND s.county <> ''
       AND wanted = ANY (kandoo_clusters('agent', 'member', 'officer', 'auditor'))
       AND EXISTS (SELECT 1 FROM register_membership m WHERE m.enterprise_id = s.enterprise_id
                   AND m.joined_on <= current_date AND (m.left_on IS NULL OR m.left_on > current_date))
     GROUP BY s.county, s.enterprise_id)
   SELECT held.county::text, count(*),
          (CASE WHEN count(*) FILTER (WHERE held.hives > 0) >= 5 AND 2 * max(held.hives) <= sum(held.hives)
                THEN sum(held.hives) END)::bigint
   FROM held GROUP BY held.county HAVING count(*) >= 5 $$;
"""

RULES = [
    Rule(
        "register_person",
        select=either(f"id = {SELF}", AT_SIGN_IN, _PERSON_OF_MY_CLUSTER, f"added_by_id = {SELF}"),
        insert=f"added_by_id = {SELF} AND cardinality(kandoo_clusters('agent') || kandoo_nations()) > 0",
        update=either(f"id = {SELF}", AT_SIGN_IN, _PERSON_I_RUN),
    ),
    Rule("register_cluster", select=holds(*_EVERY_ROLE, column="id"), update=holds("agent", column="id")),
    Rule("register_enterprise", either(_INSIDE, firm("id")), _AGENT, either(_AGENT, firm("id", "member")), _AGENT),
    Rule(
        "register_particulars",
        select=either(_STAFF, _OWN),
        insert=either(_AGENT, _MEMBER_OWN),
        update=either(_AGENT, _MEMBER_OWN),
        delete=_AGENT,
    ),
    Rule("register_identifier", either(_STAFF, _OWN), _AGENT, _AGENT, _AGENT),
    Rule("register_site", either(_STAFF, _OWN), either(_AGENT, _MEMBER_OWN), either(_AGENT, _MEMBER_OWN), _AGENT),
    Rule("register_membership", either(_INSIDE, _OWN), _AGENT, _AGENT, _AGENT),
    Rule(
        "register_role",
        select=either(_STAFF, _NATION, f"person_id = {SELF}"),
        insert=either(_AGENT, _NATION),
        update=either(_AGENT, _NATION),
        delete=either(_AGENT, _NATION),
    ),
    Rule("register_seasonyield", _INSIDE, _AGENT, _AGENT, _AGENT),
    Rule("register_importdraft", f"person_id = {SELF}", _AGENT, f"person_id = {SELF}", f"person_id = {SELF}"),
]
