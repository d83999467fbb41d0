"""Who may see and write rules, votes and simulations.

A vote is secret. A member sees its own; the agent never sees how anybody voted, before the count or
after, only that somebody has (in the trail) and how many have; the auditor reads all votes once they
are counted. Totals come from `kandoo_votes`, which tells how many have voted while the vote is open
and how they voted only when it is decided; the count itself is made by the database (migration 0002).
A draft is its proposer's and the staff's. A simulated line is its member's and the staff's.
"""

from kandoo.site.security import Rule, either, firm, holds

_AGENT = holds("agent")
_STAFF = holds("agent", "auditor")
_MEMBER = firm("enterprise_id", "member")
_READERS = holds("agent", "auditor", "member", "officer")
_DRAFT = "EXISTS (SELECT 1 FROM sharing_ruleproposal p WHERE p.id = proposal_id AND p.status = 'draft')"
_OPEN = "EXISTS (SELECT 1 FROM sharing_ruleproposal p WHERE p.id = proposal_id AND p.status = 'open')"
_COUNTED = (
    "EXISTS (SELECT 1 FROM sharing_ruleproposal p WHERE p.id = proposal_id AND p.status IN ('adopted', 'rejected'))"
)
_ELECTOR = (
    "EXISTS (SELECT 1 FROM sharing_elector e WHERE e.proposal_id = sharing_rulevote.proposal_id"
    " AND e.enterprise_id = sharing_rulevote.enterprise_id)"
)

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kandoo_votes(wanted bigint)
RETURNS TABLE (votes bigint, yes bigint, no bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ WITH counted AS (
     SELECT DISTINCT ON (v.enterprise_id) v.is_yes FROM sharing_rulevote v
     WHERE v.proposal_id = wanted ORDER BY v.enterprise_id, v.number DESC),
   asked AS (
     SELECT p.status IN ('adopted', 'rejected') AS tells
     FROM sharing_ruleproposal p
     WHERE p.id = wanted AND p.cluster_id = ANY (kandoo_clusters('agent', 'auditor', 'member', 'officer')))
   SELECT (SELECT count(*) FROM counted),
          CASE WHEN asked.tells THEN (SELECT count(*) FROM counted WHERE is_yes) END,
          CASE WHEN asked.tells THEN (SELECT count(*) FROM counted WHERE NOT is_yes) END
   FROM asked $$;
"""

RULES = [
    Rule(
        "sharing_ruleproposal",
        select=either(_STAFF, _MEMBER, f"status <> 'draft' AND {_READERS}"),
        insert=f"({either(_AGENT, _MEMBER)}) AND status = 'draft'",
        update=either(_AGENT, f"{_MEMBER} AND status IN ('draft', 'withdrawn')"),
    ),
    Rule("sharing_elector", select=either(_STAFF, _MEMBER), insert=f"{_AGENT} AND {_DRAFT}"),
    Rule(
        "sharing_rulevote",
        select=either(_MEMBER, f"{holds('auditor')} AND {_COUNTED}"),
        insert=f"{_MEMBER} AND {_OPEN} AND {_ELECTOR}",
    ),
    Rule("sharing_simulatedshare", select=either(_STAFF, _MEMBER), insert=f"{_AGENT} AND {_DRAFT}"),
]
