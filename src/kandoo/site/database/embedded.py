"""The PostgreSQL of our own: made, started and stopped in the data folder, on a socket alone.

A server counts as alive only if the recorded number is a living `postgres` whose working folder is
the cluster. Anything else that a crash left behind is waited out or removed before the next start.
"""

import contextlib
import errno
import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg

from kandoo.site.database import accounts, binaries, places, processes, roles
from kandoo.site.database.problems import Problem, disk_full

START_SECONDS_MAX = 120  # recovery of a big database after a crash
STOP_SECONDS_MAX = 60
NEW_CLUSTER_BYTES = 100 * 1024**2
RUNNING_BYTES = 24 * 1024**2  # one segment of the write-ahead log and some air
LOG_BYTES_MAX = 10 * 1024**2
LETTERS = ("C.UTF-8", "en_US.UTF-8", "C")  # the first that the system has

Waiting = Callable[[float], None]  # called again and again with the seconds waited; may raise to give up


def _patiently(seconds: float) -> None:
    """Wait without a word."""


class Server:
    """The server of one data folder. `start` adopts one that runs already."""

    def __init__(
        self, data: Path, *, settings: Mapping[str, str] | None = None, dies_with_parent: bool = False
    ) -> None:
        self.data = data
        self.cluster = places.cluster(data)
        self.socket = places.socket_folder(data)
        self.log = data / "postgres.log"
        self._settings = dict(settings or {})
        self._dies_with_parent = dies_with_parent
        self._child: subprocess.Popen[bytes] | None = None
        self._log_from = 0

    # ------------------------------------------------------------------ what is so

    def pid(self) -> int | None:
        """The number of the living server, None when there is none."""
        if self._child is not None:
            self._child.poll()  # lets an ended child go, so that it is no zombie below
        recorded = self._recorded_pid()
        return recorded if recorded in self._servers() else None

    def status(self) -> str:
        """One word and the number, for people."""
        pid = self.pid()
        return f"running ({pid})" if pid else "stopped"

    def connect(self, user: str = roles.SUPERUSER, database: str = "postgres") -> psycopg.Connection:
        """A connection in autocommit, for setting up."""
        return psycopg.connect(
            host=str(self.socket), port=places.PORT, user=user, dbname=database, connect_timeout=10, autocommit=True
        )

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _servers(self) -> list[int]:
        try:
            return processes.servers_in(str(self.cluster))
        except PermissionError:  # root without the right to look at another account's processes
            asking = accounts.passing(accounts.for_cluster(self.cluster))
            command = [os.path.realpath(sys.executable), "-I", "-S", processes.__file__, str(self.cluster)]
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                said = asking.run(command)
                if said.returncode == 0:
                    return [int(number) for number in said.stdout.split()]
            raise Problem("Root is too confined here to look after a database: run Kandoo as a user.") from None

    # ------------------------------------------------------------------ start

    def start(self, waiting: Waiting = _patiently) -> None:
        """Have the server answer: make its cluster if there is none, adopt it if it runs."""
        open_data_folder(self.data)
        with self._alone(), _told_when_full(self.data):
            if self.pid() is None:
                self._wait_until(lambda: not self._servers(), waiting, STOP_SECONDS_MAX, "an old server does not end")
                programs = binaries.find(self.major())
                launcher = self._launcher(programs.folder)
                if not self.cluster.exists():
                    self._make_cluster(programs, launcher)
                self._clear_leftovers()
                self._launch(programs, launcher)
            self._wait_until(self._answers, waiting, START_SECONDS_MAX, "it does not answer")

    def major(self) -> int | None:
        """The PostgreSQL version that made the cluster; None before there is one."""
        try:
            return int((self.cluster / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _launcher(self, programs: Path) -> accounts.Launcher:
        account = accounts.for_cluster(self.cluster)
        if os.geteuid() == 0 and account is None:
            raise Problem("No account for the database could be made: run Kandoo as an ordinary user.")
        _let_in(self.data, account)
        return accounts.launcher(account, [programs, self.data], dies_with_parent=self._dies_with_parent)

    def _make_cluster(self, programs: binaries.Binaries, launcher: accounts.Launcher) -> None:
        """initdb beside the final place, so that an interrupted one leaves nothing half made."""
        require_space(self.data, NEW_CLUSTER_BYTES)
        making = self.data / "postgres.new"
        for letters in LETTERS:
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(mode=0o700)
            _hand_over(making, launcher.account)
            options = self._initdb_options(programs.major, letters)
            done = launcher.run([programs.program("initdb"), f"--pgdata={making}", *options])
            if "invalid locale" not in done.stderr:
                break
        if done.returncode:
            raise _failure(done.stderr, self.data)
        making.rename(self.cluster)

    def _initdb_options(self, major: int, letters: str) -> list[str]:
        """Order by code point whatever the system's C library says; letters are those of Unicode."""
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        return [
            f"--username={roles.SUPERUSER}",
            "--encoding=UTF8",
            "--data-checksums",
            "--auth-local=trust",  # the folder of the socket is the guard
            "--auth-host=scram-sha-256",
            *builtin,
            "--locale=C",
            f"--lc-ctype={letters}",  # pg_trgm takes its word for what a letter is
            *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
        ]

    def _clear_leftovers(self) -> None:
        """Remove what a dead server left; that it is dead was made sure before."""
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        if self.socket.is_dir():
            for left in self.socket.glob(".s.PGSQL.*"):
                left.unlink(missing_ok=True)

    def _launch(self, programs: binaries.Binaries, launcher: accounts.Launcher) -> None:
        require_space(self.data, RUNNING_BYTES)
        _own_cluster(self.cluster, launcher.account)
        _make_private(self.socket, launcher.account)
        settings = {
            "listen_addresses": "",
            "port": places.PORT,
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "cluster_name": "kandoo",
        } | self._settings
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        output = self._open_log()
        try:
            self._child = launcher.start([programs.program("postgres"), "-D", str(self.cluster), *options], output)
        finally:
            os.close(output)

    def _open_log(self) -> int:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        output = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._log_from = os.fstat(output).st_size
        return output

    def _answers(self) -> bool:
        if self._child is not None and self._child.poll() is not None:
            raise _failure(self._log_since_start(), self.data)
        try:
            self.connect().close()
        except psycopg.OperationalError:
            if self._child is None and self.pid() is None:
                raise Problem("The database server ended while it was waited for: start Kandoo again.") from None
            return False
        return True

    def _log_since_start(self) -> str:
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(self._log_from)
            return log.read(100_000).decode(errors="replace")
        return ""

    def _wait_until(self, holds: Callable[[], bool], waiting: Waiting, seconds_max: float, otherwise: str) -> None:
        begun = time.monotonic()
        while not holds():
            waited = time.monotonic() - begun
            if waited > seconds_max:
                raise Problem(f"The database gave no answer for {seconds_max} s ({otherwise}): read {self.log}.")
            waiting(waited)
            time.sleep(0.05)

    # ------------------------------------------------------------------ stop

    def stop(self) -> None:
        """End the server, and come back when no process of it is left."""
        if not self.cluster.exists():
            return
        with self._alone():
            for number, seconds_max in ((signal.SIGINT, STOP_SECONDS_MAX), (signal.SIGQUIT, 10)):
                pid = self.pid()
                if pid is not None:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
                if self._ended_within(seconds_max):
                    break
            else:
                raise Problem(f"The database does not stop: read {self.log}.")
            if self._child is not None:
                self._child.wait()
                self._child = None

    def _ended_within(self, seconds_max: float) -> bool:
        deadline = time.monotonic() + seconds_max
        while self.pid() is not None or self._servers():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Start and stop one at a time, whoever asks."""
        descriptor = os.open(self.data / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


# ---------------------------------------------------------------------- folders


def open_data_folder(data: Path) -> None:
    """Make the data folder if it is missing; nobody else may look into it."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if data.stat().st_uid == os.geteuid():
            data.chmod(data.stat().st_mode & 0o710 | 0o700)
        if not os.access(data, os.W_OK | os.X_OK):
            raise PermissionError
    except (PermissionError, FileExistsError, NotADirectoryError):
        raise Problem(f"{data} cannot be written to by this account: set KANDOO_DATA to a folder that can.") from None


def require_space(folder: Path, bytes_min: int) -> None:
    """Say that the disk is full before something breaks on it."""
    if shutil.disk_usage(folder).free < bytes_min:
        raise disk_full(folder)


def _let_in(data: Path, account: accounts.Account | None) -> None:
    """Root's data folder lets the server's account pass, and nobody else."""
    if account is not None and data.stat().st_uid == 0:
        os.chown(data, 0, account.gid)
        data.chmod(0o710)


def _make_private(folder: Path, account: accounts.Account | None) -> None:
    """Make the socket folder, or take an old one only if it is really ours."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        _hand_over(folder, account)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != (account.uid if account else os.geteuid()):
        raise Problem(f"{folder} belongs to somebody else: remove it, or set KANDOO_DATA to a shorter path.")
    folder.chmod(0o700)


def _own_cluster(cluster: Path, account: accounts.Account | None) -> None:
    """A cluster that root copied here belongs to root; the server needs it as its own."""
    if account is None or cluster.stat().st_uid != 0:
        return
    _hand_over(cluster, account)
    for folder, folders, files in os.walk(cluster):
        for name in (*folders, *files):
            os.chown(os.path.join(folder, name), account.uid, account.gid, follow_symlinks=False)


def _hand_over(path: Path, account: accounts.Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


# ---------------------------------------------------------------------- failures


@contextlib.contextmanager
def _told_when_full(data: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(data) from None
        raise


def _failure(said: str, data: Path) -> Problem:
    """The server's own last word in one line."""
    if "No space left on device" in said or shutil.disk_usage(data).free < 1024**2:
        return disk_full(data)
    lines = [line for line in said.splitlines() if any(mark in line for mark in ("FATAL", "PANIC", "error:"))]
    reason = lines[-1].split(": ", 1)[-1].strip() if lines else "it gave no reason"
    return Problem(f"The database did not start: {reason} (more in {data / 'postgres.log'}).")
