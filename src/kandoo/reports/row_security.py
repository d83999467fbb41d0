"""Who may see and write reports.

Whoever reads a cluster's file reads its submitted reports, whoever sits at a desk of a province that province's, of the
nation all; a draft is its author's alone. Agent and officer write a cluster's, officers a province's and the nation's.
"""

from kandoo.programme.row_security import AGENT_FILE, OFFICER_FILE, ROLES, SEEN, files_of
from kandoo.site.security import SELF, Rule, desk, either

_OPEN = f"(status <> 'draft' OR by_id = {SELF})"
_READ = either(f"file_id IS NOT NULL AND {SEEN}", f"file_id IS NULL AND {desk(*ROLES)}")
_WRITE = either(
    f"file_id IS NOT NULL AND ({either(OFFICER_FILE, AGENT_FILE)})", f"file_id IS NULL AND {desk('officer')}"
)
_NATION = "(cluster_id || ':') = ANY ((SELECT kandoo_desks('officer'))::text[])"
_STEP = either(f"file_id IS NOT NULL AND {files_of('officer', 'supervisor')}", f"file_id IS NULL AND {_NATION}")

RULES = [
    Rule(
        "reports_report",
        select=f"{_OPEN} AND ({_READ})",
        insert=f"by_id = {SELF} AND status = 'draft' AND ({_WRITE})",
        update=either(f"by_id = {SELF} AND ({_WRITE})", f"status <> 'draft' AND ({_STEP})"),
        delete=f"by_id = {SELF} AND status = 'draft'",
    )
]
