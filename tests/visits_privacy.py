"""Who may see which visits: whoever reads the cluster's file."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Truth = dict[str, list[Row]]
ROLES = {"officer", "auditor", "controller", "supervisor", "committee"}


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """Whether a person may see a row of each table."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ROLES and r["cluster_id"] in programmes}
    led = {r["cluster_id"] for r in mine if r["role"] == "agent"}

    def of_file() -> bool:
        file = next(each for each in truth["programme_clusterfile"] if each["id"] == row["file_id"])
        return (
            bool(desks & {(file["cluster_id"], ""), (file["cluster_id"], file["province"])}) or file["tenant_id"] in led
        )

    return {"visits_visit": of_file, "visits_advice": of_file}
