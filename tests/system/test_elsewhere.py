"""DATABASE_URL: any PostgreSQL 15 or newer instead of our own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from kandoo.site import database
from kandoo.site.database import Problem, binaries, preparation
from kandoo.site.database.embedded import Server
from tests.running import kandoo


@dataclass(frozen=True)
class Elsewhere:
    """A server that is not Kandoo's, run from the machine's own programs."""

    server: Server

    def url(self, user: str) -> str:
        return f"postgresql://{user}@/cooperative?host={quote(str(self.server.socket), safe='')}"


@pytest.fixture
def elsewhere(
    place: Path, make_server: Callable[[Path], Server], machine_programs: Path, monkeypatch: pytest.MonkeyPatch
) -> Elsewhere:
    monkeypatch.setenv("KANDOO_POSTGRES_BIN", str(machine_programs))
    server = make_server(place / "elsewhere")
    server.start()
    monkeypatch.delenv("KANDOO_POSTGRES_BIN")
    with server.connect() as connection:
        connection.execute("CREATE ROLE keeper LOGIN CREATEROLE")
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("CREATE DATABASE cooperative OWNER keeper")
    return Elsewhere(server)


def test_the_site_runs_on_it_and_the_application_takes_the_lesser_role(elsewhere, place, make_site, monkeypatch):
    url = elsewhere.url("keeper")
    site = make_site(place / "data", "--no-demo", DATABASE_URL=url).ready()
    assert site.is_healthy()
    assert not (place / "data" / "postgres").exists()

    monkeypatch.setenv("DATABASE_URL", url)
    assert _who(database.locate(as_owner=True)) == "keeper"
    assert _who(database.locate()) == "kandoo_app"
    with psycopg.connect(url) as owner:
        bound = owner.execute("SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname = 'site_auditrecord'")
        assert bound.fetchone() == (True,)
    assert site.stop() == 0
    assert elsewhere.server.pid()


def _who(entry: dict[str, object]) -> object:
    options = entry["OPTIONS"]
    assert isinstance(options, dict)
    with psycopg.connect(
        host=str(entry["HOST"]), user=str(entry["USER"]), dbname=str(entry["NAME"]), **options
    ) as connection:
        row = connection.execute("SELECT current_user").fetchone()
        return row and row[0]


def test_fresh_empties_it_only_when_that_is_said_twice(elsewhere, place, make_site):
    url = elsewhere.url("keeper")
    preparation.prepare_elsewhere(url)
    with psycopg.connect(url) as owner:
        owner.execute("CREATE TABLE mark ()")
    refused = kandoo("run", "--fresh", data=place / "data", DATABASE_URL=url)
    assert refused.returncode == 1
    assert "add --yes" in refused.stderr
    assert _has_mark(url)
    make_site(place / "data", "--fresh", "--yes", "--no-demo", DATABASE_URL=url).ready()
    assert not _has_mark(url)


def _has_mark(url: str) -> bool:
    with psycopg.connect(url) as owner:
        return owner.execute("SELECT to_regclass('mark')").fetchone() != (None,)


def test_a_user_who_may_not_make_roles_is_told_what_to_ask_for(elsewhere):
    with pytest.raises(Problem, match="CREATE ROLE kandoo_app NOLOGIN; GRANT kandoo_app"):
        preparation.prepare_elsewhere(elsewhere.url("guest"))
    with elsewhere.server.connect() as administrator:
        administrator.execute("CREATE ROLE kandoo_app NOLOGIN; GRANT kandoo_app TO keeper")
        administrator.execute("ALTER ROLE keeper NOCREATEROLE")
    preparation.prepare_elsewhere(elsewhere.url("keeper"))


def test_too_old_a_server_is_said_in_one_line(elsewhere, monkeypatch):
    monkeypatch.setattr(binaries, "MAJOR_MIN", 99)
    with pytest.raises(Problem, match="Kandoo needs 99 or newer"):
        preparation.prepare_elsewhere(elsewhere.url("keeper"))


def test_no_server_there_is_said_in_one_line(place):
    refused = kandoo("run", data=place / "data", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert refused.returncode == 1
    assert "no connection to 127.0.0.1:1" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("broken", ["mysql://x@y/z", "postgresql://host", "postgresql://u@h:p:q/d", "kandoo"])
def test_a_broken_address_is_said_in_one_line(broken, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", broken)
    with pytest.raises(Problem, match="DATABASE_URL must read"):
        database.locate()


def test_everything_in_the_address_is_kept(monkeypatch):
    monkeypatch.setenv(
        "DATABASE_URL", "postgres://ann:s%40crët@db.example:6543/hives?sslmode=require&options=-c%20a.b%3D1"
    )
    entry = database.locate()
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("ann", "s@crët", "db.example", "6543")
    assert entry["OPTIONS"] == {"sslmode": "require", "options": "-c a.b=1 -c role=kandoo_app"}
    assert "role" not in str(database.locate(as_owner=True))
