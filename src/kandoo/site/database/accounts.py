"""Under which account the server runs.

PostgreSQL refuses to run as root. Started by root, it gets an account of its own; started by
anybody else, it runs as that person. Where root's account of folders (mode 700, say) shuts the
server out, the process keeps one capability to pass through them; no folder is ever opened.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kandoo.site.database.problems import Problem

NAME = "kandoo"
_TEST = shutil.which("test", path="/usr/bin:/bin") or "test"
_SHELLS_OF_NOBODY = ("nologin", "false")
_PASSING = (2, 1)  # CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE: the lesser first
_SET_PARENT_DEATH_SIGNAL, _SET_SECURE_BITS, _AMBIENT, _AMBIENT_RAISE = 1, 28, 47, 2
_NO_SETUID_FIXUP = 1 << 2  # without it access(2), which PostgreSQL asks, takes no notice of capabilities
_CAPABILITY_VERSION = 0x20080522


@dataclass(frozen=True, slots=True)
class Account:
    """The numbers under which a process runs."""

    uid: int
    gid: int


def for_cluster(cluster: Path) -> Account | None:
    """The account that serves a cluster; None: our own."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return Account(owner.st_uid, owner.st_gid)
    return _system_account(NAME) or _made_account() or _system_account("nobody")


def _system_account(name: str) -> Account | None:
    """An account nobody signs in to; a person who happens to be called so does not count."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    if entry.pw_uid == 0 or not entry.pw_shell.endswith(_SHELLS_OF_NOBODY):
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _made_account() -> Account | None:
    for command in (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"],
        ["adduser", "-S", "-D", "-H"],
    ):
        program = shutil.which(command[0], path="/usr/sbin:/sbin:/usr/bin:/bin")
        if program:
            shell = ["--shell" if "useradd" in program else "-s", "/usr/sbin/nologin"]
            subprocess.run([program, *command[1:], *shell, NAME], capture_output=True)
            made = _system_account(NAME)
            if made:
                return made
    return None


@dataclass(frozen=True, slots=True)
class Launcher:
    """Starts programs under an account, in a session of their own, with a plain environment."""

    account: Account | None
    capability: int | None = None
    dies_with_parent: bool = False

    def run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, capture_output=True, text=True, errors="replace", **self._how())

    def start(self, command: Sequence[str], output: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, stdout=output, stderr=output, **self._how())

    def _how(self) -> dict[str, Any]:
        return {
            "stdin": subprocess.DEVNULL,
            "cwd": "/",
            "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": "/"},
            "start_new_session": True,
            "preexec_fn": self._becoming(),
        }

    def _becoming(self) -> Callable[[], None] | None:
        """What the child does before it becomes the program."""
        account, capability, dies = self.account, self.capability, self.dies_with_parent
        linux = sys.platform == "linux"
        if account is None and not (dies and linux):
            return None
        libc = ctypes.CDLL(None, use_errno=True)

        def become() -> None:
            if account is not None:
                if capability is not None and libc.prctl(_SET_SECURE_BITS, _NO_SETUID_FIXUP, 0, 0, 0):
                    raise OSError(ctypes.get_errno(), "the capability could not be kept")
                os.setgroups([])
                os.setgid(account.gid)
                os.setuid(account.uid)
                if capability is not None:
                    _keep_only(libc, capability)
            if dies and linux:
                libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGQUIT, 0, 0, 0)

        return become


def launcher(account: Account | None, folders: Sequence[Path], *, dies_with_parent: bool = False) -> Launcher:
    """A launcher whose programs reach all the folders, by a capability only where nothing less will do."""
    plain = Launcher(account, None, dies_with_parent)
    if account is None or _reaches(plain, folders):
        return plain
    able = passing(account, dies_with_parent=dies_with_parent)
    if _reaches(able, folders):
        return able
    raise Problem(
        f"The database's account cannot reach {folders[-1]}, because a folder above it is closed: "
        "set KANDOO_DATA to a folder such as /var/lib/kandoo, or run Kandoo as an ordinary user."
    )


def passing(account: Account | None, *, dies_with_parent: bool = False) -> Launcher:
    """A launcher whose programs pass closed folders, if this process has the right to hand that on."""
    held = [number for number in _PASSING if sys.platform == "linux" and _holds(number)]
    return Launcher(account, held[0] if account and held else None, dies_with_parent)


def _reaches(by: Launcher, folders: Sequence[Path]) -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return all(by.run([_TEST, "-e", f"{path}/."]).returncode == 0 for path in folders)
    return False


def _holds(capability: int) -> bool:
    status = Path("/proc/self/status").read_text()
    permitted = next(line for line in status.splitlines() if line.startswith("CapPrm:"))
    return bool(int(permitted.split()[1], 16) >> capability & 1)


def _keep_only(libc: ctypes.CDLL, capability: int) -> None:
    """Keep one capability over the change of account and over exec; drop all others."""
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; high halves
    if libc.capset(header, sets) or libc.prctl(_AMBIENT, _AMBIENT_RAISE, capability, 0, 0):
        raise OSError(ctypes.get_errno(), "the capability could not be kept")
