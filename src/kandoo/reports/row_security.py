"""Who may see and write reports.

Whoever reads a cluster's file reads its submitted reports, whoever sits at a desk of a province that province's, of the
nation all; a draft is its author's alone, until the author holds no role that writes. Agent and officer write a cluster's, officers a province's and the nation's.

A technical supervisor's own report is written and read by that supervisor; submitted, it is read by the officers and
auditors of its province and of the nation, and received or sent back by officers of its province,
of the nation where the province has none. Nobody else sees it.
"""

from kandoo.programme.row_security import AGENT_FILE, OFFICER_FILE, ROLES, SEEN, files_of
from kandoo.site.security import SELF, Rule, desk, either


def _here(role: str) -> str:
    """The person holds a role for the very place of the row: its province, or the nation where it names none."""
    return f"(cluster_id || ':' || province) = ANY ((SELECT kandoo_desks('{role}'))::text[])"


_PLACE = "file_id IS NULL AND supervisor_id IS NULL"
_OWN = f"supervisor_id = {SELF} AND {_here('supervisor')}"
_READ = either(
    f"file_id IS NOT NULL AND {SEEN}",
    f"{_PLACE} AND {desk(*ROLES)}",
    _OWN,
    f"supervisor_id IS NOT NULL AND {desk('officer', 'auditor')}",
)
_WRITE = either(
    f"file_id IS NOT NULL AND ({either(OFFICER_FILE, AGENT_FILE)})", f"{_PLACE} AND {desk('officer')}", _OWN
)
_LEFT = f"status = 'draft' AND kandoo_writes_no_more(by_id) AND ({_WRITE})"  # whoever may write it takes it over
_OPEN = f"(status <> 'draft' OR by_id = {SELF} OR ({_LEFT}))"
_NATION = "(cluster_id || ':') = ANY ((SELECT kandoo_desks('officer'))::text[])"
_OFFICERED = "(cluster_id || ':' || province) = ANY ((SELECT kandoo_officered())::text[])"
_STEP = either(
    f"file_id IS NOT NULL AND {files_of('officer', 'supervisor')}",
    f"{_PLACE} AND {_NATION}",
    f"supervisor_id IS NOT NULL AND ({either(_here('officer'), f'{_NATION} AND NOT {_OFFICERED}')})",
)

FUNCTIONS = """
-- Whether a person no longer holds a role that writes reports, so that a draft of theirs waits for nobody.
CREATE OR REPLACE FUNCTION kandoo_writes_no_more(who bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT NOT EXISTS (SELECT 1 FROM register_role r JOIN register_person p ON p.id = r.person_id AND p.is_active
     WHERE r.person_id = who AND r.role IN ('agent', 'officer', 'supervisor')
       AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date)) $$;

-- The phases that a supervisor sent back in a time, which the trail alone keeps: for that person, and for the officers
-- and auditors of the file's province and of the nation, who read its report.
CREATE OR REPLACE FUNCTION kandoo_phases_sent_back(who bigint, since timestamptz, until timestamptz)
RETURNS TABLE (file bigint, at timestamptz, what text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.file_id, a.at, c.number || ' · ' || p.title
   FROM site_auditrecord a
   JOIN credit_contract c ON a.subject = 'contract/' || c.id AND c.cluster_id = a.cluster_id
   JOIN credit_phase p ON p.contract_id = c.id AND p.position = (a.detail ->> 'phase')::int
   JOIN programme_clusterfile f ON f.id = c.file_id
   WHERE a.verb = 'send-phase-back' AND a.person_id = who AND a.at >= since AND a.at < until
     AND (who = kandoo_person() OR ARRAY[f.cluster_id || ':', f.cluster_id || ':' || f.province] && (kandoo_desks('officer') || kandoo_desks('auditor')))
   ORDER BY a.at, a.id $$;
"""

RULES = [
    Rule(
        "reports_report",
        select=f"{_OPEN} AND ({_READ})",
        insert=f"by_id = {SELF} AND status = 'draft' AND ({_WRITE})",
        update=either(f"by_id = {SELF} AND ({_WRITE})", f"status <> 'draft' AND ({_STEP})"),
        delete=either(f"by_id = {SELF} AND status = 'draft'", _LEFT),
    )
]
