"""Who may see what of diagnoses and plans, said once more without the policies' own words."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Truth = dict[str, list[Row]]
ROLES = {"officer", "auditor", "controller", "supervisor", "committee"}
TABLES = (
    *("diagnosis", "actor", "actorlink", "chainstage", "swotpoint", "problem", "answer", "importedpart"),
    *("vision", "objective", "serving", "node", "edge"),
)


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """For each table of strategy whether a person may see one of its rows: whoever reads the cluster's file."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ROLES and r["cluster_id"] in programmes}
    led = {r["cluster_id"] for r in mine if r["role"] == "agent"}
    files = {
        each["id"]
        for each in truth["programme_clusterfile"]
        if desks & {(each["cluster_id"], ""), (each["cluster_id"], each["province"])} or each["tenant_id"] in led
    }
    return {f"strategy_{table}": lambda: row["file_id"] in files for table in TABLES}
