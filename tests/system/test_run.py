"""`kandoo run` starts once, says what is wrong in one line, survives kills and leaves nothing behind."""

import json
import os
import signal
import socket
from datetime import datetime
from pathlib import Path

import pytest

from kandoo import __version__
from kandoo.site.database import DATABASE, OWNER, accounts
from kandoo.site.database.embedded import Server
from kandoo.site.running import worker
from tests.running import KANDOO, Site, kandoo, wait_for_another, wait_until


def line_of(data: Path, *arguments: str, **environment: str) -> str:
    """The one line with which a start is refused."""
    refused = kandoo("run", *arguments, data=data, **environment)
    assert refused.returncode != 0
    lines = refused.stderr.strip().splitlines()
    assert len(lines) == 1, refused.stderr
    assert "Traceback" not in refused.stdout
    return lines[0]


def processes_with(text: str) -> list[str]:
    """Command lines of living processes that name the text."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line and int(entry.parent.name) != os.getpid():
            found.append(line)
    return found


# ---------------------------------------------------------------------- start and stop


def test_a_first_start_makes_all_that_is_missing(place, make_site):
    site = make_site(place / "data", "--no-demo").ready()
    assert site.is_healthy()
    assert json.loads((site.data / "version").read_text()) == {"kandoo": __version__}


def test_what_lies_in_the_present_folder_is_not_taken_for_a_part_of_it(place, make_site):
    for name in ("django", "kandoo", "psycopg", "numpy", "gunicorn"):
        (place / f"{name}.py").write_text("raise SystemExit('led astray')")
    assert make_site(place / "data", "--no-demo").ready().is_healthy()


def test_the_site_answers_with_its_version_and_the_state_of_its_database(site):
    said = site.health()
    assert (said["status"], said["version"]) == ("ok", __version__)
    assert site.address in site.words()


def test_reminders_go_out_once_a_day_after_seven(site, monkeypatch):
    monkeypatch.setattr(worker, "FIRST_AFTER_SECONDS", 0.0)
    monkeypatch.setenv("KANDOO_DATA", str(site.data))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "kandoo.site.settings")
    daily = worker.Daily(site.data)
    daily.keep(datetime(2026, 11, 22, 6, 59, tzinfo=worker.CLOCK))
    assert not daily.log.exists()
    daily.keep(datetime(2026, 11, 22, 7, 0, tzinfo=worker.CLOCK))
    wait_until(daily.has_ended)
    assert daily.log.read_text() == ""  # no programme is kept here, and nothing went wrong
    daily.keep(datetime(2026, 11, 22, 15, 0, tzinfo=worker.CLOCK))
    assert daily.has_ended()
    daily.keep(datetime(2026, 11, 23, 7, 0, tzinfo=worker.CLOCK))
    assert not daily.has_ended()
    daily.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_and_leaves_no_process(site, number):
    assert processes_with(str(site.data))
    assert site.stop(number) == 0
    assert processes_with(str(site.data)) == []
    assert processes_with(f":{site.port}") == []
    assert not (site.data / "postgres" / "postmaster.pid").exists()


def test_ctrl_c_of_the_terminal_reaches_the_whole_group_and_stops_it_once(site):
    os.killpg(site.process.pid, signal.SIGINT)
    os.killpg(site.process.pid, signal.SIGINT)
    assert site.process.wait(30) == 0
    assert processes_with(str(site.data)) == []
    assert "Traceback" not in site.words()


def test_a_signal_during_the_first_start_leaves_no_process(place, make_site):
    site = make_site(place / "data", "--no-demo")
    wait_until(lambda: (place / "data" / "postgres" / "postmaster.pid").exists())
    assert site.stop() == 0
    assert processes_with(str(site.data)) == []


def test_a_second_start_keeps_the_data(site, make_site):
    _mark(site)
    site.stop()
    again = make_site(site.data, "--no-demo").ready()
    assert _is_marked(again)


def _mark(site: Site) -> None:
    with Server(site.data).connect(OWNER, DATABASE) as owner:
        owner.execute("CREATE TABLE mark ()")


def _is_marked(site: Site) -> bool:
    with Server(site.data).connect(OWNER, DATABASE) as owner:
        return owner.execute("SELECT to_regclass('mark')").fetchone() != (None,)


# ---------------------------------------------------------------------- one clear line


def test_a_taken_port_is_said_first(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert line_of(place / "data", f"--port={port}") == (
            f"Kandoo: Port {port} is taken: choose another with --port, or stop what uses it."
        )
    assert not (place / "data" / "postgres").exists()


def test_a_second_start_on_the_same_data_names_the_first(site):
    assert site.address in line_of(site.data, "--no-demo")


def test_data_of_a_newer_version_are_refused(place):
    (place / "data").mkdir()
    (place / "data" / "version").write_text(json.dumps({"kandoo": "99.1"}))
    assert "was made by Kandoo 99.1" in line_of(place / "data")


def test_a_database_changed_by_a_newer_version_is_refused(site):
    with Server(site.data).connect(OWNER, DATABASE) as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('register', '9999_later', now())")
    site.stop()
    assert "changed by a newer Kandoo (register.9999_later)" in line_of(site.data, "--no-demo")


def test_a_folder_with_other_things_is_not_taken(place):
    (place / "thesis.odt").write_text("years of work")
    assert "holds other things" in line_of(place)
    assert "holds other things" in line_of(place, "--fresh")
    assert (place / "thesis.odt").exists()


def test_a_folder_that_cannot_be_written_is_said(place):
    (place / "data").write_text("a file")
    assert "cannot be written" in line_of(place / "data")


def test_fresh_says_what_it_deletes_and_deletes_only_its_own(site, make_site):
    _mark(site)
    (site.data / "letter.txt").write_text("mine")
    site.stop()
    again = make_site(site.data, "--no-demo", "--fresh").ready()
    assert f"deleting all data in {site.data}" in again.words()
    assert not _is_marked(again)
    assert (site.data / "letter.txt").exists()


# ---------------------------------------------------------------------- kills


def test_a_killed_database_comes_back_by_itself(site):
    server = Server(site.data)
    for _ in range(4):  # also while it is still coming back from the time before
        killed = wait_until(server.pid)
        os.kill(killed, signal.SIGKILL)
        wait_for_another(server, killed)
        wait_until(site.is_healthy)
    assert "starting it again" in site.words()


def test_a_killed_supervisor_is_followed_by_a_start_that_adopts_the_database(site, make_site):
    server = Server(site.data)
    left = server.pid()
    _mark(site)
    site.process.kill()
    site.process.wait()
    wait_until(lambda: not processes_with(f":{site.port}"))  # the web ends with its supervisor
    again = make_site(site.data, "--no-demo").ready()
    assert server.pid() == left
    assert _is_marked(again)


def test_a_web_server_that_ends_ends_all_with_a_reason(site):
    web = _pid_of_web(site)
    os.kill(web, signal.SIGKILL)
    assert site.process.wait(30) == 1
    assert "The web server ended" in site.words()
    wait_until(lambda: processes_with(str(site.data)) == [])


def _pid_of_web(site: Site) -> int:
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text().split()
    return next(int(pid) for pid in children if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes())


# ---------------------------------------------------------------------- management commands


def test_a_management_command_starts_the_database_for_itself(place):
    listed = kandoo("manage", "showmigrations", "register", data=place / "data")
    assert "[ ] 0001_initial" in listed.stdout, listed.stderr
    assert Server(place / "data").pid() is None


def test_a_management_command_uses_the_database_that_runs(site):
    before = Server(site.data).pid()
    assert kandoo("manage", "check", data=site.data).returncode == 0
    assert Server(site.data).pid() == before


# ---------------------------------------------------------------------- an ordinary account


def test_an_ordinary_account_runs_it_as_itself(place, make_site, somebody):
    home = place / "home"
    home.mkdir()
    os.chown(home, somebody.uid, somebody.gid)
    site = make_site(home / "data", "--no-demo", command=_as(somebody)).ready()
    assert site.is_healthy()
    for path in (site.data, site.data / "postgres"):
        assert (path.stat().st_uid, path.stat().st_mode & 0o777) == (somebody.uid, 0o700)
    assert site.stop() == 0
    assert processes_with(str(site.data)) == []


def _as(account: accounts.Account) -> list[str]:
    """Python run by an account, which may pass to where this environment lies and no further."""
    script = (
        "import os, sys; from kandoo.site.database import accounts;"
        f"become = accounts.passing(accounts.Account({account.uid}, {account.gid}))._becoming(); become();"
        f"os.execv(sys.executable, [sys.executable, *{KANDOO[1:]!r}, *sys.argv[1:]])"
    )
    return [KANDOO[0], "-P", "-c", script]
