"""Row-level security: who may see or write a row is said once per table, and PostgreSQL holds it.

Each app has a `row_security.py` with `RULES`; `apply` turns them into policies after every migration.
The application connects as `kandoo_app`, which owns nothing; a request opens a transaction and
sets `kandoo.person` in it. With no person set, private tables are empty.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.db import connections, transaction

APP_ROLE = "kandoo_app"
APPS = (
    "register",
    "ledger",
    "selling",
    "buying",
    "trace",
    "payments",
    "sharing",
    "benefit",
    "programme",
    "credit",
    "finding",
    "results",
    "strategy",
    "maturity",
    "reports",
    "tender",
    "visits",
    "site",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions in SQL under which the application may do each thing to a row of a table.

    None: never. An append-only table gives neither `update` nor `delete`.
    """

    table: str
    select: str
    insert: str | None = None
    update: str | None = None
    delete: str | None = None


def holds(*roles: str, column: str = "cluster_id") -> str:
    """The person holds one of these roles in the row's cluster today."""
    names = ", ".join(f"'{role}'" for role in roles)
    return f"{column} = ANY ((SELECT kandoo_clusters({names}))::bigint[])"


def holds_whole(*roles: str, column: str = "cluster_id") -> str:
    """The person holds one of these roles today in the whole of the row's cluster, not for a province of it alone."""
    names = ", ".join(f"'{role}'" for role in roles)
    return f"{column} = ANY ((SELECT kandoo_whole({names}))::bigint[])"


def firm(column: str = "enterprise_id", *roles: str) -> str:
    """The row belongs to an enterprise for which the person acts today."""
    names = ", ".join(f"'{role}'" for role in roles or ("member", "supplier", "laboratory", "buyer"))
    return f"{column} = ANY ((SELECT kandoo_firms({names}))::bigint[])"


def desk(*roles: str, column: str = "province") -> str:
    """The person holds one of these roles today in the row's programme, for the row's province or the nation."""
    names = ", ".join(f"'{role}'" for role in roles)
    keys = f"ARRAY[cluster_id || ':', cluster_id || ':' || {column}]"
    return f"{keys} && (SELECT kandoo_desks({names}))::text[]"


def either(*conditions: str) -> str:
    """One of the conditions holds."""
    return " OR ".join(f"({condition})" for condition in conditions)


SELF = "kandoo_person()"
SIGNED_IN = f"{SELF} IS NOT NULL"
AT_SIGN_IN = "current_setting('kandoo.desk', true) = 'sign-in'"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kandoo_person() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('kandoo.person', true), '')::bigint $$;

CREATE OR REPLACE FUNCTION kandoo_clusters(VARIADIC wanted text[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT r.cluster_id), '{}') FROM register_role r
   JOIN register_person p ON p.id = r.person_id AND p.is_active
   WHERE r.person_id = kandoo_person() AND r.role = ANY (wanted)
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date) $$;

CREATE OR REPLACE FUNCTION kandoo_whole(VARIADIC wanted text[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT r.cluster_id), '{}') FROM register_role r
   JOIN register_person p ON p.id = r.person_id AND p.is_active
   WHERE r.person_id = kandoo_person() AND r.role = ANY (wanted) AND r.province = ''
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date) $$;

CREATE OR REPLACE FUNCTION kandoo_firms(VARIADIC wanted text[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT r.enterprise_id), '{}') FROM register_role r
   JOIN register_person p ON p.id = r.person_id AND p.is_active
   WHERE r.person_id = kandoo_person() AND r.role = ANY (wanted) AND r.enterprise_id IS NOT NULL
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date) $$;

-- For which provinces of which programmes the person holds a role: '7:IR-15', or '7:' for the nation. A policy asks once a query.
CREATE OR REPLACE FUNCTION kandoo_desks(VARIADIC wanted text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT coalesce(array_agg(DISTINCT r.cluster_id || ':' || r.province), '{}') FROM register_role r
   JOIN register_person p ON p.id = r.person_id AND p.is_active
   JOIN register_cluster c ON c.id = r.cluster_id AND c.kind = 'programme'
   WHERE r.person_id = kandoo_person() AND r.role = ANY (wanted)
     AND r.from_on <= current_date AND (r.to_on IS NULL OR r.to_on > current_date) $$;
"""


def apply(using: str = "default") -> None:
    """Make functions, grants and policies anew. Runs as the owner after every migration."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
        cursor.execute(FUNCTIONS)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE}")
        for app in APPS:
            module = import_module(f"kandoo.{app}.row_security")
            cursor.execute(getattr(module, "FUNCTIONS", "") or "SELECT 1")
            for rule in module.RULES:
                _apply_rule(cursor, rule)


def _apply_rule(cursor: Any, rule: Rule) -> None:
    """Put one table under its rule; the owner keeps the whole table for migrations."""
    table = rule.table
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table])
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP POLICY {name} ON {table}")
    cursor.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    for command in ("select", "insert", "update", "delete"):
        condition = getattr(rule, command)
        if condition is None:
            cursor.execute(f"REVOKE {command} ON {table} FROM {APP_ROLE}")
            continue
        clause = {
            "select": f"USING ({condition})",
            "insert": f"WITH CHECK ({condition})",
            "update": f"USING ({condition}) WITH CHECK ({condition})",
            "delete": f"USING ({condition})",
        }[command]
        cursor.execute(f"CREATE POLICY app_{command} ON {table} FOR {command} TO {APP_ROLE} {clause}")


@contextmanager
def acting_as(person_id: int | None, *, desk: str = "") -> Iterator[None]:
    """Open a transaction in which the database takes the given person for the one who asks.

    Inside another such scope, that one's person is back afterwards.
    """
    with transaction.atomic():
        before = _settings()
        set_person(person_id, desk=desk)
        yield
        if not transaction.get_connection().needs_rollback:
            _set(*before)


def set_person(person_id: int | None, *, desk: str = "") -> None:
    """Name the person of the present transaction; gone when it ends."""
    _set("" if person_id is None else str(person_id), desk)


def _set(person: str, desk: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('kandoo.person', %s, true), set_config('kandoo.desk', %s, true)", [person, desk]
        )


def _settings() -> tuple[str, str]:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('kandoo.person', true), ''),"
            " coalesce(current_setting('kandoo.desk', true), '')"
        )
        person, desk = cursor.fetchone()
    return person, desk
