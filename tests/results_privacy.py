"""Who may see what of the results, said once more without the policies' own words."""

from collections.abc import Callable
from typing import Any

from tests.nation_privacy import ROLES

Row = dict[str, Any]
Truth = dict[str, list[Row]]


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """For each table of results whether a person may see one of its rows."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ROLES and r["cluster_id"] in programmes}
    led = {r["cluster_id"] for r in mine if r["role"] == "agent"}
    files = [
        each
        for each in truth["programme_clusterfile"]
        if desks & {(each["cluster_id"], ""), (each["cluster_id"], each["province"])} or each["tenant_id"] in led
    ]
    inside = {programme for programme, _province in desks} | {each["cluster_id"] for each in files}
    seen = {each["id"] for each in files}
    of_file = ("results_target", "results_value", "results_lock", "results_frozen", "results_importedvalues")
    return {
        "results_indicator": lambda: row["cluster_id"] in inside,
        **dict.fromkeys(of_file, lambda: row["file_id"] in seen),
    }
