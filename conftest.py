"""Tests run on a private data folder and, if they touch tables, on a PostgreSQL of their own.

The server starts with the first test that asks for the database. Tests connect as they would in
production: as the owner of the tables who has stepped down to the application's role, so that row
security binds every query. `as_owner` steps up again for a while, to prepare or to inspect.
KANDOO_POSTGRES_BIN chooses the PostgreSQL that the tests run on.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Before anything reads the settings.
DATA = Path(tempfile.mkdtemp(prefix="kandoo-test-")).resolve()
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ.pop("DATABASE_URL", None)
os.environ.pop("KANDOO_DB_ROLE", None)
os.environ.update(KANDOO_DATA=str(DATA), DJANGO_SETTINGS_MODULE="kandoo.site.settings")

import django  # noqa: E402

from kandoo.site import messages  # noqa: E402

messages.compile_all()  # before anything reads a catalogue
django.setup()
# A further test process must not read the settings before its own folder is known.
os.environ.pop("DJANGO_SETTINGS_MODULE")

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402

from kandoo.site.database import APPLICATION, OWNER, embedded, preparation  # noqa: E402

(DATA / "static").mkdir()  # where the web serves from; empty in tests

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# The same examples on every machine, and no fault in a slow one; `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.register_profile(
    "kandoo", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("kandoo")

# Argon2 is slow on purpose; tests make many people.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def database_server() -> Iterator[embedded.Server]:
    """The server under all tests with a database: quick, not durable, gone with the tests."""
    server = embedded.Server(DATA, settings=QUICK, dies_with_parent=True)
    server.start()
    preparation.prepare_embedded(server)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _owner_connects(database_server: embedded.Server) -> None:
    """The test database is made, migrated and dropped by its owner."""
    connection.settings_dict["USER"] = OWNER


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: embedded.Server, _owner_connects: None, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """After pytest-django's own set-up every new connection steps down to the application's role."""
    case: Any = TransactionTestCase
    flush, options = case._fixture_teardown, connection.settings_dict["OPTIONS"]
    case._fixture_teardown = _flushing_as_owner(database_server, flush)
    connection.settings_dict["OPTIONS"] = {**options, "options": f"-c role={APPLICATION}"}
    with django_db_blocker.unblock():
        connection.close()
    yield
    connection.settings_dict["OPTIONS"] = options
    case._fixture_teardown = flush
    with django_db_blocker.unblock():
        connection.close()


def _flushing_as_owner(server: embedded.Server, flush: Callable[[Any], None]) -> Callable[[Any], None]:
    """Emptying tables after a transactional test is no right of the application's.

    The superuser truncates with triggers off, because some tables refuse it; what follows a
    flush (content types, row security) is done by the owner.
    """

    def execute(statements: list[str]) -> None:
        with server.connect(database=connection.settings_dict["NAME"]) as emptying:
            emptying.execute("SET session_replication_role = replica")
            for statement in statements:
                emptying.execute(statement.encode())

    def teardown(case: Any) -> None:
        operations: Any = connection.ops
        operations.execute_sql_flush = execute
        try:
            with _stepping_up():
                flush(case)
        finally:
            del operations.execute_sql_flush

    return teardown


@contextmanager
def _stepping_up() -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {APPLICATION}")


@pytest.fixture
def as_owner(db: None) -> Callable[[], AbstractContextManager[Any]]:
    """`with as_owner() as cursor:` the same connection and transaction, free of row security."""
    return _stepping_up


_KEPT: list[Any] = []  # the world of `made_world`, once there is a database


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    """Before the test's own transaction begins: the world under it, or an empty database."""
    for kept in _KEPT:
        if "made_world" in item.fixturenames:
            kept.have()
        else:
            kept.drop()


@pytest.fixture(scope="session")
def _worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    from tests.kept import Kept

    _KEPT.append(Kept(django_db_blocker, _stepping_up))
    yield _KEPT[0]
    _KEPT.pop().drop()


@pytest.fixture(scope="module")
def _kept_world(_worlds: Any) -> Any:
    """For the first test of a run: of a wider scope than `db`, so that the world is there before it."""
    _worlds.have()
    return _worlds


@pytest.fixture
def made_world(_kept_world: Any, db: None) -> Any:
    """The small world of tests/world.py, taken through to its pay slips; see tests/kept.py."""
    return _kept_world.have()
