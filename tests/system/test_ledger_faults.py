"""Whatever dies in the middle of a settlement, the books are whole and nothing is booked twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kandoo.site.database import DATABASE, OWNER
from kandoo.site.database.embedded import Server
from tests.running import Site, wait_for_another, wait_until

PROJECT = Path(__file__).parents[2]
LOTS, PROCESSES, THREADS = 10, 5, 10


def writer(data: Path, *arguments: object) -> "subprocess.Popen[bytes]":
    """A process that writes to the site's database as the application does."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _program(), *map(str, arguments)],
        env={**os.environ, "KANDOO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kandoo.site.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _program() -> str:
    return f"import runpy, sys; sys.path.insert(0, {str(PROJECT)!r}); runpy.run_module('tests.system.writers', run_name='__main__', alter_sys=True)"


def ended_well(process: "subprocess.Popen[bytes]") -> None:
    said, _nothing = process.communicate(timeout=600)
    assert process.returncode == 0, said.decode()


@pytest.fixture
def delivered(site: Site) -> Site:
    """A running site whose cluster has ten delivered lots waiting for settlement."""
    ended_well(writer(site.data, "build", LOTS))
    return site


@pytest.fixture
def ask(site: Site) -> Iterator[Callable[[str], list[Any]]]:
    """The rows that a question gives to the owner of the database."""

    def rows(statement: str) -> list[Any]:
        with Server(site.data).connect(OWNER, DATABASE) as owner:
            return owner.execute(statement.encode()).fetchall()

    yield rows


def assert_books_are_whole(ask: Callable[[str], list[Any]], settled: int) -> None:
    """Every entry balanced with its legs, each fact once, each lot settled once, each member told once."""
    assert ask("SELECT status, count(*) FROM selling_lot WHERE status = 'settled' GROUP BY status") == [
        ("settled", settled)
    ]
    assert ask("SELECT entry_id FROM ledger_leg GROUP BY entry_id, currency HAVING sum(amount) <> 0") == []
    assert (
        ask("SELECT e.id FROM ledger_entry e WHERE (SELECT count(*) FROM ledger_leg l WHERE l.entry_id = e.id) < 2")
        == []
    )
    assert ask("SELECT source FROM ledger_entry GROUP BY cluster_id, source HAVING count(*) > 1") == []
    assert ask("SELECT count(*) FROM ledger_entry WHERE rule = 'lot_settled'") == [(settled,)]
    assert ask("SELECT sum(amount) FROM ledger_leg GROUP BY currency HAVING sum(amount) <> 0") == []
    assert ask("SELECT lot_id FROM selling_payslip GROUP BY lot_id, enterprise_id HAVING count(*) > 1") == []
    owed = "SELECT -coalesce(sum(amount), 0) FROM ledger_leg l JOIN selling_lot t ON t.id = l.lot_id"
    slips = "SELECT coalesce(sum(amount), 0) FROM selling_payslip"
    of_members = "WHERE l.account = 'payable' AND t.status = 'settled'"
    assert ask(f"{owed} {of_members}") == ask(slips)
    told = "SELECT count(*) FROM site_notice WHERE code = 'lot-settled' GROUP BY person_id, url, values HAVING count(*) > 1"
    assert ask(told) == []


def test_fifty_writers_settle_at_once_while_the_database_is_killed(
    delivered: Site, ask: Callable[[str], list[Any]], tmp_path: Path
) -> None:
    start = tmp_path / "go"
    writers = [writer(delivered.data, "settle", THREADS, start) for _ in range(PROCESSES)]
    server = Server(delivered.data)
    time.sleep(3)  # until all stand ready
    start.touch()
    wait_until(lambda: ask("SELECT 1 FROM selling_lot WHERE status = 'settled'"))
    for _ in range(2):  # in the middle, and again while it comes back
        killed = wait_until(server.pid)
        os.kill(killed, signal.SIGKILL)
        wait_for_another(server, killed)
    for each in writers:
        ended_well(each)
    wait_until(delivered.is_healthy)
    assert_books_are_whole(ask, settled=LOTS)


def test_a_process_killed_between_posting_and_notice_leaves_nothing_behind(
    delivered: Site, ask: Callable[[str], list[Any]], tmp_path: Path
) -> None:
    before = ask("SELECT count(*) FROM ledger_entry")
    dying = writer(delivered.data, "die-before-notice", 0)
    dying.communicate(timeout=600)
    assert dying.returncode == -signal.SIGKILL
    wait_until(lambda: ask("SELECT count(*) FROM ledger_entry") == before)
    assert ask("SELECT count(*) FROM site_notice WHERE code = 'lot-settled'") == [(0,)]
    start = tmp_path / "go"
    start.touch()
    ended_well(writer(delivered.data, "settle", LOTS, start))
    assert_books_are_whole(ask, settled=LOTS)
