"""Who may see what of gauges and self-assessments: whoever reads the file, and nobody else."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Truth = dict[str, list[Row]]
ROLES = {"officer", "auditor", "controller", "supervisor", "committee"}
TABLES = ("partanswer", "assessment", "answer", "evidence", "remark")


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """For each table of maturity whether a person may see one of its rows."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ROLES and r["cluster_id"] in programmes}
    led = {r["cluster_id"] for r in mine if r["role"] == "agent"}

    def seen() -> bool:
        file = next(each for each in truth["programme_clusterfile"] if each["id"] == row["file_id"])
        here = {(file["cluster_id"], ""), (file["cluster_id"], file["province"])}
        return bool(desks & here) or file["tenant_id"] in led

    return dict.fromkeys((f"maturity_{table}" for table in TABLES), seen)
