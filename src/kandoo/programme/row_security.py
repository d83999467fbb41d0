"""Who may see and write the programme's file.

An officer, auditor, controller, supervisor or committee member of a province sees that province's files
and all that hangs on them; of the nation, all. The agent of a cluster that works on Kandoo sees the file
of that cluster and brings papers to it. Stage and state of a file are moved by the database alone, when a
decision is written (migration 0002); a decision is written by chair or secretary of the body that meets.
Nobody here reads anything of a cluster's own tables.
"""

from kandoo.site.security import SELF, Rule, desk, either, holds

ROLES = ("officer", "auditor", "controller", "supervisor", "committee")


def files_of(*roles: str, column: str = "file_id") -> str:
    """The row hangs on a file of a province for which the person holds one of these roles."""
    return f"{column} IN (SELECT f.id FROM programme_clusterfile f WHERE {_of('f', *roles)})"


def _of(alias: str, *roles: str) -> str:
    """`desk` for a table under another name."""
    return desk(*roles, column=f"{alias}.province").replace("cluster_id", f"{alias}.cluster_id")


NATION = "(cluster_id || ':') = ANY ((SELECT kandoo_desks('officer'))::text[])"
INSIDE = holds(*ROLES)
_AGENT = "tenant_id = ANY ((SELECT kandoo_clusters('agent'))::bigint[])"
_OFFICER = desk("officer")
_READER = desk(*ROLES)
SEEN = "file_id IN (SELECT id FROM programme_clusterfile)"  # under its own row security
OFFICER_FILE = files_of("officer")
AGENT_FILE = f"file_id IN (SELECT f.id FROM programme_clusterfile f WHERE f.{_AGENT})"
_BODY_SEEN = f"body_id IN (SELECT b.id FROM programme_body b WHERE {_of('b', *ROLES)} OR b.{SEEN})"
_BODY_RUN = f"body_id IN (SELECT b.id FROM programme_body b WHERE {_of('b', 'officer')})"
_LED = "body_id = ANY ((SELECT kandoo_bodies_i_lead())::bigint[])"
_MEETING_SEEN = "meeting_id IN (SELECT id FROM programme_meeting)"
_MEETING_LED = f"meeting_id IN (SELECT m.id FROM programme_meeting m WHERE m.{_LED})"
_MEETING_RUN = f"meeting_id IN (SELECT m.id FROM programme_meeting m WHERE m.{_LED} OR m.{_BODY_RUN})"
_ROUND_SEEN = "round_id IN (SELECT id FROM programme_selectionround)"
_ROUND_RUN = f"round_id IN (SELECT r.id FROM programme_selectionround r WHERE {_of('r', 'officer')})"

FUNCTIONS = """
-- The bodies that the person leads today, as chair or secretary.
CREATE OR REPLACE FUNCTION kandoo_bodies_i_lead() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT m.body_id), '{}') FROM programme_bodymember m
   JOIN register_person p ON p.id = m.person_id AND p.is_active
   WHERE m.person_id = kandoo_person() AND m.post IN ('chair', 'secretary')
     AND m.cluster_id = ANY (kandoo_clusters('officer', 'committee'))
     AND m.from_on <= current_date AND (m.to_on IS NULL OR m.to_on > current_date) $$;

-- The names of those who work on the programme's files: its own people and the agents of its clusters.
CREATE OR REPLACE FUNCTION kandoo_programme_people(wanted bigint)
RETURNS TABLE (id bigint, name_fa text, name_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT DISTINCT p.id, p.name_fa::text, p.name_en::text
   FROM register_person p JOIN register_role r ON r.person_id = p.id
   WHERE (r.cluster_id = wanted
          OR (r.role = 'agent' AND r.cluster_id IN (SELECT f.tenant_id FROM programme_clusterfile f WHERE f.cluster_id = wanted)))
     AND (wanted = ANY (kandoo_clusters('officer', 'auditor', 'controller', 'supervisor', 'committee'))
          OR EXISTS (SELECT 1 FROM programme_clusterfile f
                     WHERE f.cluster_id = wanted AND f.tenant_id = ANY (kandoo_clusters('agent')))) $$;

-- Whom to tell: those who hold a role today for a province or the nation.
CREATE OR REPLACE FUNCTION kandoo_people_for(programme bigint, place text, wanted text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT DISTINCT r.person_id FROM register_role r
   JOIN register_person p ON p.id = r.person_id AND p.is_active
   WHERE r.cluster_id = programme AND r.role = ANY (wanted) AND r.province IN ('', place)
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date)
     AND kandoo_person() IS NOT NULL $$;

-- The provinces of a programme, '7:IR-15', that have an officer of their own today.
CREATE OR REPLACE FUNCTION kandoo_officered() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT r.cluster_id || ':' || r.province), '{}') FROM register_role r
   JOIN register_person p ON p.id = r.person_id AND p.is_active
   WHERE r.cluster_id = ANY (kandoo_clusters('officer', 'supervisor')) AND r.role = 'officer' AND r.province <> ''
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date) $$;

-- A cluster that works on Kandoo, by its code, for an officer who links its file to it.
CREATE OR REPLACE FUNCTION kandoo_tenant(wanted text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.id FROM register_cluster c
   WHERE c.code = wanted AND c.kind = 'cluster' AND cardinality(kandoo_desks('officer')) > 0 $$;

-- What anybody may know: every cluster, its stage, by which definition, since when and by whose word.
CREATE OR REPLACE FUNCTION kandoo_public_clusters()
RETURNS TABLE (programme bigint, id bigint, code text, name_fa text, name_en text, province text, county text,
               product text, stage text, stage_fa text, stage_en text, place smallint, status text, definition text,
               stage_since date, source text, dated date, is_example boolean, sort_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT f.cluster_id, f.id, f.code, f.name_fa, f.name_en, f.province, f.county, f.product, f.stage,
          s.name_fa, s.name_en, s.position, f.status, f.definition, f.stage_since, f.source, f.dated,
          f.is_example, f.sort_key
   FROM programme_clusterfile f
   JOIN programme_stage s ON s.procedure_id = f.procedure_id AND s.code = f.stage $$;

-- Published counts are public as they are.
CREATE OR REPLACE FUNCTION kandoo_public_counts()
RETURNS TABLE (programme bigint, province text, product text, stage text, measure text, value bigint,
               definition text, dated date, source text, is_example boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT c.cluster_id, c.province, c.product, c.stage, c.measure, c.value, c.definition, c.dated, c.source, c.is_example
   FROM programme_count c WHERE c.file_id IS NULL $$;
"""

RULES = [
    Rule("programme_procedure", either(INSIDE, "id IN (SELECT procedure_id FROM programme_clusterfile)"), NATION),
    Rule("programme_stage", "procedure_id IN (SELECT id FROM programme_procedure)", NATION),
    Rule("programme_requiredpaper", "stage_id IN (SELECT id FROM programme_stage)", NATION),
    Rule("programme_clusterfile", either(_READER, _AGENT), _OFFICER, _OFFICER),
    Rule("programme_stagemark", SEEN),
    Rule("programme_agentterm", SEEN, OFFICER_FILE, OFFICER_FILE),
    Rule("programme_count", either(f"file_id IS NULL AND {INSIDE}", SEEN), _OFFICER),
    Rule("programme_importedfile", INSIDE, holds("officer")),
    Rule("programme_paper", SEEN, either(OFFICER_FILE, AGENT_FILE)),
    Rule(
        "programme_paperedition",
        select=SEEN,
        insert=f"prepared_by_id = {SELF} AND ({either(OFFICER_FILE, AGENT_FILE)})",
        update=files_of("officer", "supervisor"),
    ),
    Rule("programme_papercomment", SEEN, f"by_id = {SELF} AND {SEEN}"),
    Rule("programme_body", either(_READER, f"province = '' AND {INSIDE}", SEEN), _OFFICER, _OFFICER),
    Rule("programme_bodymember", "body_id IN (SELECT id FROM programme_body)", _BODY_RUN, _BODY_RUN),
    Rule("programme_meeting", _BODY_SEEN, either(_BODY_RUN, _LED), either(_BODY_RUN, _LED)),
    Rule("programme_attendance", _MEETING_SEEN, _MEETING_LED, None, _MEETING_LED),
    Rule("programme_agendaitem", either(_MEETING_SEEN, SEEN), _MEETING_RUN, None, _MEETING_RUN),
    Rule(
        "programme_ballot",
        "item_id IN (SELECT id FROM programme_agendaitem)",
        f"by_id = {SELF} AND item_id IN (SELECT id FROM programme_agendaitem)",
    ),
    Rule(
        "programme_decision",
        select=SEEN,
        insert=f"by_id = {SELF} AND item_id IN (SELECT i.id FROM programme_agendaitem i WHERE i.{_MEETING_LED})",
    ),
    Rule(
        "programme_condition",
        select=SEEN,
        insert=f"decision_id IN (SELECT d.id FROM programme_decision d WHERE d.by_id = {SELF})",
        update=either(OFFICER_FILE, f"owner_id = {SELF}"),
    ),
    Rule("programme_reminder", SEEN, OFFICER_FILE),
    Rule("programme_selectionround", _READER, _OFFICER, _OFFICER),
    Rule("programme_criterion", _ROUND_SEEN, _ROUND_RUN, _ROUND_RUN, _ROUND_RUN),
    Rule("programme_candidate", _ROUND_SEEN, _ROUND_RUN, None, _ROUND_RUN),
    Rule("programme_score", _ROUND_SEEN, _ROUND_RUN, _ROUND_RUN, _ROUND_RUN),
]
