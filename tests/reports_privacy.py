"""Who may see which reports: whoever reads the file or sits at the place's desk those submitted, of a draft its author alone;
a supervisor's own that supervisor, and submitted the officers and auditors of its province and of the nation."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Truth = dict[str, list[Row]]
ROLES = {"officer", "auditor", "controller", "supervisor", "committee"}


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """Whether a person may see a report."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ROLES and r["cluster_id"] in programmes}
    readers = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ("officer", "auditor")}
    led = {r["cluster_id"] for r in mine if r["role"] == "agent"}

    def seen() -> bool:
        is_open = row["status"] != "draft" or row["by_id"] == person
        if row["supervisor_id"] is not None:
            here = {(row["cluster_id"], ""), (row["cluster_id"], row["province"])}
            return row["supervisor_id"] == person or (row["status"] != "draft" and bool(readers & here))
        if row["file_id"] is None:
            return is_open and bool(desks & {(row["cluster_id"], ""), (row["cluster_id"], row["province"])})
        file = next(each for each in truth["programme_clusterfile"] if each["id"] == row["file_id"])
        here = {(file["cluster_id"], ""), (file["cluster_id"], file["province"])}
        reads = bool(desks & here) or file["tenant_id"] in led
        return reads and is_open

    return {"reports_report": seen}
