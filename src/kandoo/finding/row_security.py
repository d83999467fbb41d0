"""Who may see and write studies.

A list of sites names firms with their size and place, so it is for those who keep the programme: the agent
and auditor, and the officers of the desk that asked (those of a province see its own studies and the
nation's). A study of the cluster's own apiaries stands on members' rows; officers, who may not read those,
do not see it. What hangs on a study is seen by those who see the study.

A worker has no person of its own. At its desk (`kandoo.desk` = work) it may take the next waiting job,
learn who asked for it, and from then on acts as that person.
"""

from kandoo.site.security import Rule, desk, either, holds


def _at(*roles: str, alias: str = "") -> str:
    """Holds a role at the desk of the study; a blank province is everybody's of the tenant."""
    name = f"{alias}." if alias else ""
    own = desk(*roles, column=f"{name}province").replace("cluster_id", f"{name}cluster_id")
    return f"{holds(*roles, column=f'{name}cluster_id')} AND ({name}province = '' OR {own})"


def _writers(alias: str = "") -> str:
    name = f"{alias}." if alias else ""
    return either(
        holds("agent", column=f"{name}cluster_id"), f"{name}source <> 'register' AND {_at('officer', alias=alias)}"
    )


_SEEN = "study_id IN (SELECT id FROM finding_study)"  # under its own row security
_WRITTEN = f"study_id IN (SELECT s.id FROM finding_study s WHERE {_writers('s')})"

FUNCTIONS = """
-- The next job to work on: a waiting one, or one whose worker has fallen silent. After three tries it has failed.
CREATE OR REPLACE FUNCTION kandoo_claim_study(who text, silent interval)
RETURNS TABLE (job bigint, study bigint, person bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF current_setting('kandoo.desk', true) IS DISTINCT FROM 'work' THEN
    RETURN;
  END IF;
  UPDATE finding_job SET state = 'failed', problem = 'lost', ended_at = clock_timestamp()
  WHERE state = 'running' AND beat_at < clock_timestamp() - silent AND attempts >= 3;
  RETURN QUERY
  UPDATE finding_job j SET state = 'running', worker = who, beat_at = clock_timestamp(), attempts = j.attempts + 1,
         begun_at = coalesce(j.begun_at, clock_timestamp())
  WHERE j.id = (SELECT w.id FROM finding_job w
                WHERE w.state = 'waiting' OR (w.state = 'running' AND w.beat_at < clock_timestamp() - silent)
                ORDER BY w.asked_at, w.id FOR UPDATE SKIP LOCKED LIMIT 1)
  RETURNING j.id, j.study_id, j.person_id;
END $$;
"""

RULES = [
    Rule(
        "finding_study",
        select=either(_writers(), _at("auditor")),
        insert=f"({_writers()}) AND person_id = kandoo_person()",
        update=_writers(),
        delete=_writers(),
    ),
    Rule(
        "finding_job",
        select=_SEEN,
        insert=f"{_WRITTEN} AND person_id = kandoo_person()",
        update=_WRITTEN,
        delete=_WRITTEN,
    ),
    Rule("finding_output", select=_SEEN, insert=_WRITTEN, delete=_WRITTEN),
    Rule("finding_proposed", select=_SEEN, insert=_WRITTEN),
]
