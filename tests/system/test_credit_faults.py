"""Twenty writers at once, and a database killed among them, never bring a credit line above what holds it."""

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
from tests.crediting import MILLION
from tests.running import Site, wait_for_another, wait_until

PROJECT = Path(__file__).parents[2]
PROCESSES, THREADS = 4, 5
Ask = Callable[[str], list[Any]]
ABOVE = (
    "SELECT code FROM credit_creditline WHERE NOT (0 <= paid AND paid <= committed AND committed <= allocated"
    " AND allocated <= approved)"
)


def writer(data: Path, *arguments: object) -> "subprocess.Popen[bytes]":
    """A process that writes to the site's database as the application does."""
    program = f"import runpy, sys; sys.path.insert(0, {str(PROJECT)!r}); runpy.run_module('tests.system.credit_writers', run_name='__main__', alter_sys=True)"
    return subprocess.Popen(
        [sys.executable, "-P", "-c", program, *map(str, arguments)],
        env={**os.environ, "KANDOO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kandoo.site.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ended_well(process: "subprocess.Popen[bytes]") -> None:
    said, _nothing = process.communicate(timeout=600)
    assert process.returncode == 0, said.decode()


@pytest.fixture
def funded(site: Site) -> Site:
    """A running site with a line of which 500 of 600 million toman can still be committed."""
    ended_well(writer(site.data, "build"))
    return site


@pytest.fixture
def ask(site: Site) -> Iterator[Ask]:
    """The rows that a question gives to the owner of the database."""

    def rows(statement: str) -> list[Any]:
        with Server(site.data).connect(OWNER, DATABASE) as owner:
            return owner.execute(statement.encode()).fetchall()

    yield rows


def watch(writers: "list[subprocess.Popen[bytes]]", ask: Ask) -> None:
    """At no moment is a line above what holds it."""
    while any(each.poll() is None for each in writers):
        assert ask(ABOVE) == []
        time.sleep(0.05)


def begin(funded: Site, work: str, start: Path) -> "list[subprocess.Popen[bytes]]":
    """Twenty writers, all at once."""
    writers = [writer(funded.data, work, THREADS, start) for _ in range(PROCESSES)]
    time.sleep(4)  # until all stand ready
    start.touch()
    return writers


def assert_line_is_full_and_books_agree(ask: Ask) -> None:
    """All that was allocated is committed, to the rial; lines, commitments, movements and ledger say the same."""
    assert ask("SELECT allocated, committed FROM credit_creditline") == [(600 * MILLION, 600 * MILLION)]
    assert ask("SELECT sum(committed) FROM credit_commitment") == [(600 * MILLION,)]
    assert ask("SELECT sum(amount) FROM credit_movement WHERE kind = 'committed'") == [(600 * MILLION,)]
    assert ask("SELECT sum(amount) FROM ledger_leg WHERE account = 'credit_committed'") == [(600 * MILLION,)]
    assert ask("SELECT entry_id FROM ledger_leg GROUP BY entry_id HAVING sum(amount) <> 0") == []
    assert ask("SELECT count(*) FROM ledger_entry WHERE rule LIKE 'credit%'") == ask(
        "SELECT count(*) FROM credit_movement"
    )
    assert ask("SELECT number FROM credit_commitment GROUP BY number HAVING count(*) > 1") == []


@pytest.mark.parametrize("work", ["commit", "blind"])
def test_twenty_writers_commit_at_once_and_stop_at_the_allocation(
    funded: Site, ask: Ask, tmp_path: Path, work: str
) -> None:
    writers = begin(funded, work, tmp_path / "go")
    watch(writers, ask)
    for each in writers:
        ended_well(each)
    assert_line_is_full_and_books_agree(ask)


def test_the_line_is_right_when_the_database_is_killed_among_twenty_writers(
    funded: Site, ask: Ask, tmp_path: Path
) -> None:
    writers = begin(funded, "commit", tmp_path / "go")
    server = Server(funded.data)
    wait_until(lambda: ask("SELECT 1 FROM credit_movement WHERE kind = 'committed' OFFSET 3"))
    killed = wait_until(server.pid)
    os.kill(killed, signal.SIGKILL)
    wait_for_another(server, killed)
    for each in writers:
        ended_well(each)
    assert_line_is_full_and_books_agree(ask)


def test_twenty_officers_use_one_invoice_once_and_twenty_controllers_pay_one_order_once(
    funded: Site, ask: Ask, tmp_path: Path
) -> None:
    for each in begin(funded, "invoice", tmp_path / "go"):
        ended_well(each)
    assert ask("SELECT count(*) FROM credit_paymentorder WHERE invoice_number = 'W-1'") == [(1,)]
    for each in begin(funded, "pay", tmp_path / "pay"):
        ended_well(each)
    assert ask("SELECT paid FROM credit_creditline") == [(20 * MILLION,)]
    assert ask("SELECT count(*) FROM credit_movement WHERE kind = 'paid'") == [(1,)]
