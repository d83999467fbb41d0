"""Who may see and write visits: whoever reads the file reads its visits; officers and supervisors of its province plan
them, the supervisor who went reports (migration 0002), and agent, officer or supervisor say what became of an advice."""

from kandoo.programme.row_security import AGENT_FILE, SEEN, files_of
from kandoo.site.security import SELF, Rule, either

_PLANS = files_of("officer", "supervisor")

RULES = [
    Rule("visits_visit", SEEN, f"by_id = {SELF} AND status = 'planned' AND {_PLANS}", _PLANS),
    Rule(
        "visits_advice",
        SEEN,
        f"visit_id IN (SELECT v.id FROM visits_visit v WHERE v.supervisor_id = {SELF}) AND {_PLANS}",
        either(_PLANS, AGENT_FILE),
    ),
]
