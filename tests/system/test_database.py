"""The embedded database starts whatever the last end was, and keeps what it acknowledged."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from kandoo.site.database import APPLICATION, DATABASE, OWNER, Problem, accounts, binaries, embedded, places
from kandoo.site.database.embedded import Server
from kandoo.site.database.preparation import prepare_embedded
from tests.running import wait_until

MakeServer = Callable[[Path], Server]
STAND = "import sys; from tests.system.test_database import stand; stand(sys.argv[1])"


def stand(data: str) -> None:
    """Start a server and wait to be killed; run in a process of its own."""
    server = Server(Path(data), settings={"fsync": "off"})
    server.start()
    print(server.pid(), flush=True)
    sys.stdin.read()


# ---------------------------------------------------------------------- first start


def test_the_application_owns_nothing_and_row_security_binds_it(server):
    prepare_embedded(server)
    with server.connect(OWNER, DATABASE) as owner, server.connect(APPLICATION, DATABASE) as application:
        owner.execute("CREATE TABLE hive (member text); INSERT INTO hive VALUES ('anvil'), ('borer')")
        owner.execute("ALTER TABLE hive ENABLE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY own ON hive USING (member = current_setting('kandoo.member', true))")
        assert application.execute("SELECT * FROM hive").fetchall() == []
        application.execute("SET kandoo.member = 'anvil'")
        assert application.execute("SELECT * FROM hive").fetchall() == [("anvil",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("CREATE TABLE mine ()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("TRUNCATE hive")
        assert owner.execute("SELECT count(*) FROM hive").fetchone() == (2,)


def test_persian_words_are_compared_by_their_letters(server):
    prepare_embedded(server)
    with server.connect(OWNER, DATABASE) as owner:
        assert owner.execute("SELECT similarity('خرم‌آباد', 'خرم آباد')").fetchone() == (1.0,)
        assert owner.execute("SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist'").fetchone() == (1,)


def test_preparing_twice_changes_nothing(server):
    prepare_embedded(server)
    prepare_embedded(server)


def test_no_port_is_opened(server):
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_nobody_else_may_look_into_the_data(server):
    for folder in (server.data, server.cluster, server.socket):
        assert folder.stat().st_mode & 0o067 == 0, folder


def test_a_long_path_gets_its_socket_elsewhere(place, make_server):
    data = place / ("long" * 25) / "data"
    server = make_server(data)
    server.start()
    assert server.socket.parent == Path("/tmp")
    assert len(os.fsencode(server.socket)) <= places.SOCKET_PATH_MAX
    server.stop()
    shutil.rmtree(server.socket)


def test_a_socket_folder_of_somebody_else_is_not_used(place, make_server, root):
    server = make_server(place / ("long" * 25) / "data")
    server.socket.mkdir(mode=0o777)
    os.chown(server.socket, 12345, 12345)
    try:
        with pytest.raises(Problem, match="belongs to somebody else"):
            server.start()
    finally:
        server.socket.rmdir()


def test_an_interrupted_first_start_is_begun_again(place, make_server):
    half = place / "data" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    make_server(place / "data").start()
    assert not half.exists()


# ---------------------------------------------------------------------- after a crash


def test_what_was_acknowledged_survives_a_kill_in_the_middle_of_commits(place):
    server = Server(place / "data")  # durable, as people run it
    server.start()
    with server.connect() as connection:
        connection.execute("CREATE TABLE fact (number int PRIMARY KEY)")
    acknowledged: list[int] = []
    writing = threading.Thread(target=_write, args=(server, acknowledged))
    writing.start()
    wait_until(lambda: len(acknowledged) > 200)
    os.kill(server.pid() or 0, signal.SIGKILL)
    writing.join()

    server.start()
    with server.connect() as connection:
        kept = {number for (number,) in connection.execute("SELECT number FROM fact")}
    server.stop()
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1, "at most the one whose answer was lost"


def _write(server: Server, acknowledged: list[int]) -> None:
    with contextlib.suppress(psycopg.Error), server.connect() as connection:
        for number in range(1_000_000):
            connection.execute("INSERT INTO fact VALUES (%s)", [number])
            acknowledged.append(number)


def test_a_stale_number_that_another_process_holds_does_not_block(server):
    recorded = (server.cluster / "postmaster.pid").read_text()
    server.stop()
    with _other_process() as other:
        (server.cluster / "postmaster.pid").write_text(recorded.replace(recorded.split("\n")[0], str(other), 1))
        assert server.pid() is None
        server.start()
        assert server.pid() not in (None, other)


def test_a_stale_number_that_another_postgres_holds_does_not_block(place, server, make_server):
    other = make_server(place / "other")
    other.start()
    recorded = (server.cluster / "postmaster.pid").read_text()
    server.stop()
    held = other.pid()
    (server.cluster / "postmaster.pid").write_text(recorded.replace(recorded.split("\n")[0], str(held), 1))
    (server.socket / ".s.PGSQL.5432.lock").write_text(f"{held}\n")
    server.start()
    assert server.pid() != held
    assert other.pid() == held


@contextlib.contextmanager
def _other_process() -> Iterator[int]:
    other = subprocess.Popen(["sleep", "60"])
    try:
        yield other.pid
    finally:
        other.kill()
        other.wait()


def test_a_server_whose_starter_was_killed_is_adopted(place, make_server):
    starter = subprocess.Popen(
        [sys.executable, "-c", STAND, str(place / "data")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    left = int(starter.stdout.readline())
    starter.kill()
    starter.communicate()

    server = make_server(place / "data")
    server.start()
    assert server.pid() == left
    server.stop()
    assert server.pid() is None
    assert not server._servers()


def test_stopping_leaves_no_process(server):
    server.stop()
    assert server.status() == "stopped"
    assert not server._servers()
    server.stop()


# ---------------------------------------------------------------------- which programs


def test_programs_of_the_machine_serve_where_there_is_no_wheel(place, make_server, machine_programs, monkeypatch):
    monkeypatch.setattr(binaries, "wheel_folders", lambda: iter(()))
    server = make_server(place / "data")
    server.start()
    prepare_embedded(server)
    with server.connect(OWNER, DATABASE) as connection:
        assert connection.info.server_version // 10_000 == binaries.find().major
        assert connection.execute("SELECT similarity('خرم‌آباد', 'خرم آباد')").fetchone() == (1.0,)
        bin_folder = os.readlink(f"/proc/{server.pid()}/exe") if Path("/proc/self").exists() else ""
    assert bin_folder in ("", str(machine_programs.resolve() / "postgres"))


def test_data_are_served_by_the_version_that_made_them(place, make_server, machine_programs, monkeypatch):
    monkeypatch.setattr(binaries, "wheel_folders", lambda: iter(()))
    server = make_server(place / "data")
    server.start()
    server.stop()
    made_by = server.major()
    monkeypatch.undo()
    server.start()
    with server.connect() as connection:
        assert connection.info.server_version // 10_000 == made_by


def test_data_of_an_unknown_version_are_refused_in_one_line(server):
    server.stop()
    (server.cluster / "PG_VERSION").write_text("99\n")
    with pytest.raises(Problem, match="made by PostgreSQL 99"):
        server.start()


def test_no_programs_at_all_is_said_in_one_line(place, make_server, monkeypatch):
    monkeypatch.setenv("KANDOO_POSTGRES_BIN", str(place))
    with pytest.raises(Problem, match="No PostgreSQL 15 or newer is here"):
        make_server(place / "data").start()


# ---------------------------------------------------------------------- root, folders, disks


def test_data_under_a_folder_closed_to_others_are_served_and_it_stays_closed(place, make_server, root):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    server = make_server(closed / "below" / "data")
    server.start()
    prepare_embedded(server)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert Path(f"/proc/{server.pid()}").stat().st_uid != 0


def test_programs_under_a_folder_closed_to_others_run_too(place, make_server, machine_programs, root, monkeypatch):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    wheel = next(binaries.wheel_folders()).parents[1]
    for folder in (wheel, wheel.parent / f"{wheel.name}.libs"):
        shutil.copytree(folder, closed / folder.name, symlinks=True)
    monkeypatch.setenv("KANDOO_POSTGRES_BIN", str(closed / wheel.name / "pginstall" / "bin"))
    server = make_server(closed / "data")
    server.start()
    assert server.pid()


def test_root_without_rights_is_told_what_to_do(place, root, monkeypatch):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(accounts, "_holds", lambda capability: False)
    with pytest.raises(Problem, match="set KANDOO_DATA to a folder"):
        Server(closed / "data").start()


def test_a_cluster_that_root_copied_is_taken_over(place, make_server, root):
    server = make_server(place / "data")
    server.start()
    server.stop()
    shutil.copytree(server.cluster, place / "copy" / "postgres", symlinks=True)  # all of it root's now
    copied = make_server(place / "copy")
    copied.start()
    assert copied.pid()


def test_a_full_disk_is_said_before_anything_is_written(place, make_server, monkeypatch):
    monkeypatch.setattr(embedded, "NEW_CLUSTER_BYTES", 1 << 60)
    server = make_server(place / "data")
    with pytest.raises(Problem, match="is full"):
        server.start()
    assert not server.cluster.exists()


def test_a_disk_that_fills_during_the_first_start_is_said_in_one_line(small_disk, monkeypatch):
    monkeypatch.setattr(embedded, "NEW_CLUSTER_BYTES", 0)
    with pytest.raises(Problem, match=r"^The disk that holds .* is full: free some space[^\n]*$"):
        Server(small_disk(8) / "data").start()


def test_a_disk_that_is_full_at_a_later_start_loses_nothing(small_disk, make_server):
    disk = small_disk(160)
    server = make_server(disk / "data")
    server.start()
    with server.connect() as connection:
        connection.execute("CREATE TABLE kept (number int); INSERT INTO kept VALUES (7)")
    server.stop()
    _fill(disk / "ballast")
    with pytest.raises(Problem, match="is full"):
        server.start()
    (disk / "ballast").unlink()
    server.start()
    with server.connect() as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def _fill(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"0" * 65536)


@pytest.fixture
def small_disk(place: Path, root: None) -> Iterator[Callable[[int], Path]]:
    """A mounted disk of so many megabytes."""
    disk = place / "disk"
    disk.mkdir()

    def mount(megabytes: int) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(disk)]
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("no disk can be mounted here")
        return disk

    yield mount
    subprocess.run(["umount", "--lazy", str(disk)], capture_output=True)
