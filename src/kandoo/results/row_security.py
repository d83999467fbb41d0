"""Who may see and write indicators and their figures.

Whoever reads a cluster's file reads its figures. Indicators are kept by officers of the nation; targets and
values are written by the officer of the file's province and by the cluster's own agent, periods are closed
by officers. Nothing here reads a member's rows: figures of a cluster's own records come from functions that
sum over five or more firms of which none holds over half, and answer no other sum (`measures_sql`).
"""

from kandoo.programme.row_security import AGENT_FILE, NATION, OFFICER_FILE, ROLES, SEEN
from kandoo.results.measures_sql import FUNCTIONS
from kandoo.site.security import SELF, Rule, either, holds

__all__ = ["FUNCTIONS", "RULES"]

_INSIDE = holds(*ROLES)
_OF_MY_FILE = "cluster_id IN (SELECT f.cluster_id FROM programme_clusterfile f)"
_WRITER = f"by_id = {SELF} AND ({either(OFFICER_FILE, AGENT_FILE)})"
_OFFICER = f"by_id = {SELF} AND {OFFICER_FILE}"

RULES = [
    Rule("results_indicator", either(_INSIDE, _OF_MY_FILE), NATION, NATION),
    Rule("results_target", SEEN, _WRITER),
    Rule("results_value", SEEN, _WRITER),
    Rule("results_lock", SEEN, _OFFICER),
    Rule("results_frozen", SEEN, OFFICER_FILE),
    Rule("results_importedvalues", SEEN, _WRITER),
]
