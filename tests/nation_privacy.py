"""Who may see what of the programme, said once more without the policies' own words."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Truth = dict[str, list[Row]]
ROLES = {"officer", "auditor", "controller", "supervisor", "committee"}


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """For each table of the programme whether a person may see one of its rows."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ROLES and r["cluster_id"] in programmes}
    led = {r["cluster_id"] for r in mine if r["role"] == "agent"}
    inside = row.get("cluster_id") in {programme for programme, _province in desks}

    def at(held: Row) -> bool:
        return bool(desks & {(held["cluster_id"], ""), (held["cluster_id"], held["province"])})

    def seen(file: Row) -> bool:
        return at(file) or file["tenant_id"] in led

    files = {each["id"] for each in truth["programme_clusterfile"] if seen(each)}
    bodies = {b["id"]: b for b in truth["programme_body"]}
    rounds = {r["id"] for r in truth["programme_selectionround"] if at(r)}

    def body_known(body: Row) -> bool:
        return at(body) or body["file_id"] in files

    meetings = {m["id"] for m in truth["programme_meeting"] if body_known(bodies[m["body_id"]])}
    any_file_here = bool(
        files & {f["id"] for f in truth["programme_clusterfile"] if f["cluster_id"] == row.get("cluster_id")}
    )

    def of_file() -> bool:
        return row["file_id"] in files

    items = {each["id"]: each for each in truth["programme_agendaitem"]}

    def item_known(item: Row) -> bool:
        return item["meeting_id"] in meetings or item["file_id"] in files

    return {
        "programme_clusterfile": lambda: seen(row),
        "programme_count": lambda: inside if row["file_id"] is None else of_file(),
        "programme_importedfile": lambda: inside,
        "programme_body": lambda: body_known(row) or (row["province"] == "" and inside),
        "programme_bodymember": lambda: (
            body_known(bodies[row["body_id"]]) or (bodies[row["body_id"]]["province"] == "" and inside)
        ),
        "programme_meeting": lambda: row["id"] in meetings,
        "programme_attendance": lambda: row["meeting_id"] in meetings,
        "programme_agendaitem": lambda: item_known(row),
        "programme_ballot": lambda: item_known(items[row["item_id"]]),
        "programme_selectionround": lambda: row["id"] in rounds,
        **dict.fromkeys(
            ("programme_procedure", "programme_stage", "programme_requiredpaper"), lambda: inside or any_file_here
        ),
        **dict.fromkeys(
            ("programme_criterion", "programme_candidate", "programme_score"), lambda: row["round_id"] in rounds
        ),
        **dict.fromkeys(
            (
                *("programme_stagemark", "programme_agentterm", "programme_paper", "programme_paperedition"),
                *("programme_papercomment", "programme_decision", "programme_condition", "programme_reminder"),
            ),
            of_file,
        ),
    }
