"""Who may see what of public money, said once more without the policies' own words."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Truth = dict[str, list[Row]]
ROLES = {"officer", "auditor", "controller", "supervisor", "committee"}


def answers(truth: Truth, person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """For each table of credit whether a person may see one of its rows."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    desks = {(r["cluster_id"], r["province"]) for r in mine if r["role"] in ROLES and r["cluster_id"] in programmes}
    pays = {r["cluster_id"] for r in mine if r["role"] in {"officer", "controller", "auditor"}}
    led = {r["cluster_id"] for r in mine if r["role"] == "agent"}
    inside = row.get("cluster_id") in {programme for programme, _province in desks}

    def at(held: Row) -> bool:
        return bool(desks & {(held["cluster_id"], ""), (held["cluster_id"], held["province"])})

    files = {each["id"] for each in truth["programme_clusterfile"] if at(each) or each["tenant_id"] in led}

    def placed(held: Row) -> bool:
        return at(held) or held["file_id"] in files

    seen = [each for each in truth["credit_creditline"] if placed(each)]
    lines, years = {each["id"] for each in seen}, {each["year_id"] for each in seen}
    contracts = {each["id"] for each in truth["credit_contract"] if each["file_id"] in files}
    commitments = {each["id"] for each in truth["credit_commitment"] if each["line_id"] in lines}
    return {
        "credit_fiscalyear": lambda: inside or row["id"] in years,
        "credit_budgetlaw": lambda: inside or row["year_id"] in years,
        "credit_costrule": lambda: inside,
        "credit_importedlines": lambda: inside,
        "credit_payee": lambda: row["cluster_id"] in pays and inside,
        "credit_activity": lambda: placed(row),
        "credit_creditline": lambda: placed(row),
        "credit_contract": lambda: row["id"] in contracts,
        "credit_phase": lambda: row["contract_id"] in contracts,
        "credit_paymentorder": lambda: row["commitment_id"] in commitments,
        **dict.fromkeys(("credit_commitment", "credit_movement", "credit_closing"), lambda: row["line_id"] in lines),
    }
