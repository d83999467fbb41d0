"""Law 1, held by the database: every role is tried against every private table, by SQL and by page.

What each role may see is said here once more, row by row and without the policies' own words; the
two must agree. `truth` is what the owner of the database reads.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import get_resolver, reverse

from kandoo.site.security import APPS
from tests import (
    crediting_privacy,
    finding,
    maturity_privacy,
    nation_privacy,
    reports_privacy,
    results_privacy,
    strategy_privacy,
    tender_privacy,
    visits_privacy,
)
from tests.world import World, found

Row = dict[str, Any]
pytestmark = pytest.mark.django_db

# Tables that hold nothing of a cluster's: Django's own and the cache.
OPEN_TABLES = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",  # its keys are unguessable; the rows are signed text
    "register_person_groups",
    "register_person_user_permissions",
    "site_cache",
}


@pytest.fixture
def world(made_world: World, as_owner: Callable[[], Any]) -> World:
    world = made_world
    other = found("stone", "neighbour", as_owner)
    world.people["neighbour"] = other.people["neighbour"]
    return world


@pytest.fixture
def truth(world: World, as_owner: Callable[[], Any]) -> dict[str, list[Row]]:
    """Every row of every private table."""
    with as_owner():
        return {table: rows(table) for table in private_tables()}


def private_tables() -> list[str]:
    return [rule.table for app in APPS for rule in import_module(f"kandoo.{app}.row_security").RULES]


def rows(table: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, each, strict=True)) for each in cursor.fetchall()]


def may_see(world: World, truth: dict[str, list[Row]], name: str, table: str, row: Row) -> bool:
    """What PRODUCT.md promises, in this test's own words."""
    person = world.people[name].pk
    mine = [r for r in truth["register_role"] if r["person_id"] == person]
    cluster = row["id"] if table == "register_cluster" else row.get("cluster_id")
    roles = {r["role"] for r in mine if r["cluster_id"] == cluster}
    programmes = {each["id"] for each in truth["register_cluster"] if each["kind"] == "programme"}
    nations = {
        r["cluster_id"]
        for r in mine
        if r["role"] == "officer" and r["province"] == "" and r["cluster_id"] in programmes
    }
    kept = {r["cluster_id"] for r in mine if r["role"] in ("agent", "auditor")} | nations
    firms = {r["enterprise_id"] for r in mine} - {None}
    is_staff = bool(roles & {"agent", "auditor"})
    own = row.get("enterprise_id") in firms
    inside = bool(roles & {"agent", "auditor", "member", "officer", "supplier", "laboratory", "controller"})
    keeps_books = bool(roles & {"agent", "auditor", "controller"})
    whole = {r["role"] for r in mine if r["cluster_id"] == cluster and r["province"] == ""}
    reads_books = bool(whole & {"agent", "auditor", "controller"})
    audited = {r["province"] for r in mine if r["cluster_id"] == cluster and r["role"] == "auditor"}
    audits_money = bool(roles & {"auditor", "controller"})
    moved = {
        each["entry_id"]
        for each in truth["credit_movement"]
        if audits_money and crediting_privacy.answers(truth, person, each)["credit_movement"]()
    }
    posted = {each["id"] for each in truth["ledger_entry"] if audits_money and each["posted_by_id"] == person}
    order_own = {r["id"] for r in truth["selling_order"] if r["enterprise_id"] in firms}
    lots_own = {r["lot_id"] for r in truth["selling_lotorder"] if r["order_id"] in order_own}
    sampled = {r["batch_id"] for r in truth["selling_sample"] if r["laboratory_id"] in firms and "laboratory" in roles}
    batches = {
        r["id"]
        for r in truth["selling_batch"]
        if is_staff or r["id"] in sampled or ("member" in roles and r["enterprise_id"] in firms)
    }
    reads_lots = bool(roles & {"agent", "auditor", "member", "officer"})
    answers: dict[str, Callable[[], bool]] = {
        "register_person": lambda: (
            row["id"] == person
            or row["added_by_id"] == person
            or any(r["person_id"] == row["id"] and r["cluster_id"] in kept for r in truth["register_role"])
        ),
        "register_cluster": lambda: bool(roles),
        "register_enterprise": lambda: inside or row["id"] in firms,
        "register_membership": lambda: inside or own,
        "register_seasonyield": lambda: inside,
        "register_role": lambda: is_staff or row["cluster_id"] in nations or row["person_id"] == person,
        "register_importdraft": lambda: row["person_id"] == person,
        "selling_batch": lambda: row["id"] in batches,
        "selling_attachment": lambda: row["batch_id"] in batches,
        "selling_sample": lambda: is_staff or row["batch_id"] in batches or row["laboratory_id"] in firms,
        "selling_labresult": lambda: row["batch_id"] in batches,
        "selling_bar": lambda: row["batch_id"] in batches,
        "selling_order": lambda: (
            is_staff
            or row["id"] in order_own
            or (bool(roles & {"member", "officer"}) and row["status"] in ("in_lot", "filled"))
        ),
        "ledger_exchangerate": lambda: bool(roles & {"agent", "auditor", "member", "officer", "buyer", "controller"}),
        "ledger_periodclose": lambda: bool(roles),
        "ledger_voucher": lambda: reads_books or own or row["supplier_id"] in firms,
        "selling_lot": lambda: reads_lots or row["id"] in lots_own,
        "selling_lotorder": lambda: reads_lots or row["order_id"] in order_own,
        "selling_plannedorder": lambda: reads_lots or row["order_id"] in order_own,
        "selling_plan": lambda: is_staff,
        "selling_cost": lambda: is_staff or "member" in roles,
        "selling_receipt": lambda: is_staff or row["order_id"] in order_own,
        "ledger_leg": lambda: reads_books or own or row["entry_id"] in moved | posted,
        "ledger_entry": lambda: (
            reads_books
            or row["posted_by_id"] == person
            or row["id"] in moved
            or any(leg["entry_id"] == row["id"] and leg["enterprise_id"] in firms for leg in truth["ledger_leg"])
        ),
        "benefit_timevalue": lambda: bool(roles & {"agent", "auditor", "member", "officer", "controller"}),
        "benefit_subsidy": lambda: bool(roles & {"agent", "auditor", "member", "officer", "controller"}),
        "payments_payingaccount": lambda: keeps_books,
        "payments_paymentrun": lambda: keeps_books,
        "payments_paymentline": lambda: (
            keeps_books or (own and row["status"] in ("sent", "paid", "failed", "returned"))
        ),
        "payments_paymentremark": lambda: keeps_books,
        "payments_bankfile": lambda: keeps_books,
        "payments_bankrow": lambda: keeps_books,
        "sharing_ruleproposal": lambda: (
            is_staff or own or (row["status"] != "draft" and bool(roles & {"member", "officer"}))
        ),
        "sharing_rulevote": lambda: (
            own
            or (
                "auditor" in roles
                and any(p["id"] == row["proposal_id"] and p["yes"] is not None for p in truth["sharing_ruleproposal"])
            )
        ),
        "trace_tracepage": lambda: True,
        "site_auditrecord": lambda: (
            row["person_id"] == person or row["province"] in audited or bool(whole & {"agent", "auditor"})
        ),
        "site_notice": lambda: row["person_id"] == person,
        "site_counter": lambda: False,
        "site_redenomination": lambda: bool(roles),
        "account_emailaddress": lambda: row["user_id"] == person,
        "account_emailconfirmation": lambda: False,
        "mfa_authenticator": lambda: row["user_id"] == person,
    }
    answers |= buying_answers(truth, person, roles, firms, row)
    answers |= nation_privacy.answers(truth, person, row)
    answers |= crediting_privacy.answers(truth, person, row)
    answers |= finding.answers(truth, person, row)
    answers |= reports_privacy.answers(truth, person, row)
    answers |= results_privacy.answers(truth, person, row)
    answers |= strategy_privacy.answers(truth, person, row)
    answers |= maturity_privacy.answers(truth, person, row)
    answers |= tender_privacy.answers(truth, person, row)
    answers |= visits_privacy.answers(truth, person, row)
    if table in answers:
        return answers[table]()
    return is_staff or own  # the rule for everything that belongs to one firm


def buying_answers(
    truth: dict[str, list[Row]], person: int, roles: set[str], firms: set[int], row: Row
) -> dict[str, Callable[[], bool]]:
    """Who sees what of buying together: a sealed quotation is its supplier's alone."""
    is_staff = bool(roles & {"agent", "auditor"})
    own = row.get("enterprise_id") in firms
    takes_part = bool(roles & {"agent", "auditor", "member", "supplier", "officer", "controller"})
    mine = row.get("by_id") == person
    points = {p["id"] for p in truth["buying_collectionpoint"] if p["keeper_id"] == person}
    kept = row.get("place_id") in {p["id"] for p in truth["buying_roundplace"] if p["point_id"] in points}
    opened = {r["id"] for r in truth["buying_round"] if r["quotes_opened_at"]}
    quotations = {
        q["id"]
        for q in truth["buying_quotation"]
        if ("supplier" in roles and q["enterprise_id"] in firms) or (is_staff and q["round_id"] in opened)
    }
    orders = {o["id"] for o in truth["buying_purchaseorder"] if is_staff or o["enterprise_id"] in firms}
    order_lines = {
        each["id"]
        for each in truth["buying_orderline"]
        if each["order_id"] in orders
        or each["place_id"] in {p["id"] for p in truth["buying_roundplace"] if p["point_id"] in points}
    }
    return {
        "buying_item": lambda: takes_part,
        "buying_collectionpoint": lambda: takes_part,
        "buying_rounditem": lambda: takes_part,
        "buying_substitute": lambda: takes_part,
        "buying_roundplace": lambda: takes_part,
        "buying_round": lambda: takes_part and (roles != {"supplier"} or row["status"] != "called"),
        "buying_need": lambda: is_staff or own or kept,
        "buying_needprice": lambda: is_staff or own or mine,
        "buying_needversion": lambda: is_staff or own or mine,
        "buying_quotation": lambda: row["id"] in quotations,
        "buying_quotationline": lambda: row["quotation_id"] in quotations,
        "buying_quotationplace": lambda: row["quotation_id"] in quotations,
        "buying_certificate": lambda: row["quotation_id"] in quotations,
        "buying_plan": lambda: is_staff,
        "buying_supplierpart": lambda: is_staff,
        "buying_orderline": lambda: row["id"] in order_lines,
        "buying_arrival": lambda: row["line_id"] in order_lines,
        "buying_handout": lambda: is_staff or own or kept,
        "buying_return": lambda: is_staff or own or mine,
    }


def test_every_table_of_a_cluster_is_under_row_security(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        secured = dict(cursor.fetchall())
    assert {table for table, is_on in secured.items() if not is_on} == OPEN_TABLES


def test_the_application_owns_nothing_and_bypasses_nothing(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_every_role_sees_of_every_table_what_it_may_and_no_more(world: World, truth: dict[str, list[Row]]) -> None:
    seen_something: set[str] = set()
    for name in world.people:
        for table, every in truth.items():
            with world.as_(name):
                seen = {row["id"] for row in rows(table)}
            may = {row["id"] for row in every if may_see(world, truth, name, table, row)}
            assert seen == may, f"{name} and {table}"
            seen_something |= {table} if seen else set()
    nothing_there = {
        "register_importdraft",
        "account_emailaddress",
        "account_emailconfirmation",
        "mfa_authenticator",
        "site_counter",
    }
    assert set(truth) - seen_something == nothing_there


def test_a_stranger_sees_only_published_pages(world: World, truth: dict[str, list[Row]]) -> None:
    for table in truth:
        assert bool(rows(table)) == (table == "trace_tracepage"), table


def test_no_role_changes_or_deletes_a_row_it_does_not_see(world: World, truth: dict[str, list[Row]]) -> None:
    for name in world.people:
        for table, every in truth.items():
            hidden = [row["id"] for row in every if not may_see(world, truth, name, table, row)]
            for statement in (
                f"UPDATE {table} SET id = id WHERE id = ANY (%s)",
                f"DELETE FROM {table} WHERE id = ANY (%s)",
            ):
                assert touched_as(world, name, statement, hidden) == 0, f"{name}: {statement}"


def touched_as(world: World, name: str, statement: str, ids: list[int]) -> int:
    """Rows a statement touched; refused outright counts as none. Nothing stays."""
    try:
        with transaction.atomic(), world.as_(name):
            with connection.cursor() as cursor:
                cursor.execute(statement, [ids])
                count = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError:
        return 0
    return count


def test_a_member_cannot_write_in_a_rivals_name(world: World) -> None:
    rival = world.batches["darreh"]
    attempts = [
        (
            "INSERT INTO selling_consent (cluster_id, plan_id, enterprise_id, is_yes, reason, at, by_id)"
            " SELECT %s, id, %s, true, '', now(), %s FROM selling_plannedorder LIMIT 1",
            [world.cluster.pk, rival.enterprise_id, world.people["kuh"].pk],
        ),
        (
            "INSERT INTO selling_offer (cluster_id, lot_id, enterprise_id, batch_id, drums, reserve_per_kg,"
            " transport_per_kg, alone_per_kg, alone_outlet, alone_on, alone_document, at, by_id)"
            " VALUES (%s, %s, %s, %s, 1, 1, 0, 1, '', now(), '', now(), %s)",
            [world.cluster.pk, world.lots["open"].pk, rival.enterprise_id, rival.pk, world.people["kuh"].pk],
        ),
    ]
    for statement, values in attempts:
        with pytest.raises(DatabaseError), transaction.atomic(), world.as_("kuh"), connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_totals_are_told_only_of_five_or_more_none_holding_over_half(world: World) -> None:
    with world.as_("kuh"), connection.cursor() as cursor:
        cursor.execute("SELECT members FROM kandoo_lot_totals(%s)", [world.lots["settled"].pk])
        assert cursor.fetchall() == [(6,)]
        cursor.execute("SELECT * FROM kandoo_lot_totals(%s)", [world.lots["open"].pk])
        assert cursor.fetchall() == []  # one member alone offers there
    with world.as_("neighbour"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_lot_totals(%s)", [world.lots["settled"].pk])
        assert cursor.fetchall() == []


def addresses(world: World, truth: dict[str, list[Row]]) -> Iterator[tuple[str, str, Row, str]]:
    """Pages of single things: (name of the address, table, row, path)."""
    of_table = {
        "selling:batch": "selling_batch",
        "selling:batch_results": "selling_batch",
        "selling:order": "selling_order",
        "selling:lot": "selling_lot",
        "selling:pay_slip": "selling_payslip",
        "ledger:entry": "ledger_entry",
        "ledger:voucher": "ledger_voucher",
        "ledger:period": "ledger_periodclose",
        "payments:run": "payments_paymentrun",
        "payments:line": "payments_paymentline",
        "payments:answer": "payments_bankfile",
        "sharing:proposal": "sharing_ruleproposal",
        "credit:line": "credit_creditline",
        "credit:movement": "credit_movement",
        "credit:commitment": "credit_commitment",
        "credit:order": "credit_paymentorder",
        "credit:contract": "credit_contract",
        "credit:activity": "credit_activity",
        "register:firm": "register_enterprise",
        "programme:file": "programme_clusterfile",
        "programme:edition": "programme_paperedition",
        "programme:meeting": "programme_meeting",
        "programme:round": "programme_selectionround",
        "finding:study": "finding_study",
        "results:file": "programme_clusterfile",
        "reports:file": "programme_clusterfile",
        "reports:report": "reports_report",
        "strategy:file": "programme_clusterfile",
        "tender:call": "tender_call",
        "visits:visit": "visits_visit",
        "visits:file": "programme_clusterfile",
        "strategy:activity": "credit_activity",
    }
    for address, table in of_table.items():
        for row in truth[table]:
            yield address, table, row, reverse(address, args=[row["id"]])


def test_a_page_of_what_one_may_not_see_is_missing(world: World, truth: dict[str, list[Row]]) -> None:
    assert get_resolver().url_patterns
    for name in ("kuh", "darreh", "lab", "jars", "hamburg", "dubai", "officer", "neighbour", "elsewhere", "chair"):
        client = world.client(name)
        for address, table, row, path in addresses(world, truth):
            status = client.get(path).status_code
            if not may_see(world, truth, name, table, row):
                assert status in (403, 404), f"{name} got {status} at {address} {path}"


def test_no_rivals_name_price_or_batch_is_in_a_members_or_buyers_pages(
    world: World, truth: dict[str, list[Row]]
) -> None:
    rival_codes = {row["code"] for row in truth["selling_batch"] if row["enterprise_id"] != world.firms["kuh"].pk}
    lot = reverse("selling:lot", args=[world.lots["settled"].pk])
    for name, pages in {
        "kuh": ["/", lot, "/selling/batches/", "/selling/pay-slips/", "/selling/orders/", "/register/map/"],
        "hamburg": ["/", lot, "/selling/orders/", "/selling/lots/"],
        "officer": ["/", lot, "/register/map/"],
    }.items():
        client = world.client(name)
        for page in pages:
            response = client.get(page)
            if response.status_code != 200:
                continue
            text = response.content.decode()
            assert not any(code in text for code in rival_codes), f"{name} at {page}"
            for firm in ("darreh", "cheshmeh", "bagh", "sang", "rud"):
                assert f"بنگاه {firm}" not in text and f"Firm {firm}" not in text, f"{name} at {page}"


# What a step in the trail of a programme may be on, and the table that knows its province.
SUBJECTS = {
    "file": "programme_clusterfile",
    "cluster-file": "programme_clusterfile",
    "edition": "programme_paperedition",
    "meeting": "programme_meeting",
    "body": "programme_body",
    "selection": "programme_selectionround",
    "count": "programme_count",
    "credit-line": "credit_creditline",
    "credit-activity": "credit_activity",
    "contract": "credit_contract",
    "commitment": "credit_commitment",
    "payment-order": "credit_paymentorder",
    "assessment": "maturity_assessment",
    "diagnosis": "strategy_diagnosis",
    "vision": "strategy_vision",
    "study": "finding_study",
}
WAY = {
    "file_id": "programme_clusterfile",
    "paper_id": "programme_paper",
    "body_id": "programme_body",
    "line_id": "credit_creditline",
    "commitment_id": "credit_commitment",
    "diagnosis_id": "strategy_diagnosis",
}


def test_every_step_of_a_programme_names_the_province_that_it_is_on(world: World, truth: dict[str, list[Row]]) -> None:
    known = {table: {row["id"]: row for row in found} for table, found in truth.items()}

    def province(row: Row) -> str:
        if "province" in row:
            return str(row["province"])
        column = next(name for name in WAY if row.get(name))
        return province(known[WAY[column]][row[column]])

    tried = set()
    for step in truth["site_auditrecord"]:
        kind, _, pk = step["subject"].partition("/")
        if step["cluster_id"] == world.programme.pk and kind in SUBJECTS:
            assert step["province"] == province(known[SUBJECTS[kind]][int(pk)]), step
            tried.add(kind)
    assert tried >= {"file", "edition", "meeting", "credit-line", "contract", "commitment", "payment-order"}
