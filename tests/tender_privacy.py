"""Who may see which calls: desks of the province those published, officers the drafts too; a mark its writer until all are in."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Truth = dict[str, list[Row]]
ROLES = {"officer", "auditor", "controller", "supervisor", "committee"}


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """Whether a person may see a row of each table."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"], r["role"]) for r in mine if r["cluster_id"] in programmes}
    calls = {each["id"]: each for each in truth["tender_call"]}

    def call_seen(call: Row) -> bool:
        file = next(each for each in truth["programme_clusterfile"] if each["id"] == call["file_id"])
        held = {
            role for cluster, place, role in desks if cluster == file["cluster_id"] and place in ("", file["province"])
        }
        return "officer" in held or (call["published_at"] is not None and bool(held & ROLES))

    def of_call() -> bool:
        return call_seen(calls[row["call_id"]])

    def mark_seen() -> bool:
        is_in = calls[row["call_id"]]["status"] in ("marked", "opened", "awarded")
        return row["by_id"] == person or (is_in and of_call())

    return {
        "tender_call": lambda: call_seen(row),
        "tender_criterion": of_call,
        "tender_offer": of_call,
        "tender_award": of_call,
        "tender_mark": mark_seen,
    }
