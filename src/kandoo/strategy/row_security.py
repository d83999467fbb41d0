"""Who may see and write diagnosis and plan.

Who reads a cluster's file reads its diagnosis and plan; the officer of its province or the nation and the agent of
the cluster write them. A supervisor confirms a diagnosis or sends it back; what is confirmed never changes
(migration 0002). A vision is never changed either: a further one takes its place.
"""

from kandoo.programme.row_security import AGENT_FILE, OFFICER_FILE, SEEN, files_of
from kandoo.site.security import SELF, Rule, either

_WRITERS = either(OFFICER_FILE, AGENT_FILE)
_WRITTEN = (
    *("actor", "actorlink", "chainstage", "swotpoint", "problem", "answer"),
    *("objective", "serving", "node", "edge"),
)

RULES = [
    Rule(
        "strategy_diagnosis",
        select=SEEN,
        insert=f"opened_by_id = {SELF} AND ({_WRITERS})",
        update=either(files_of("officer", "supervisor"), AGENT_FILE),
    ),
    *(Rule(f"strategy_{table}", SEEN, _WRITERS, _WRITERS, _WRITERS) for table in _WRITTEN),
    Rule("strategy_vision", SEEN, f"by_id = {SELF} AND ({_WRITERS})"),
    Rule("strategy_importedpart", SEEN, f"by_id = {SELF} AND ({_WRITERS})"),
]
