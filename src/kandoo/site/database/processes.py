"""Which server processes work in a folder? Asked of the system, never of a pid file alone.

A number in a pid file proves nothing: after a crash another process may hold it. A server is known
by two facts together: it is called postgres, and its working folder is the cluster's.
Run as a program, the module prints the answer; so it can be asked under another account.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def servers_in(folder: str) -> list[int]:
    """Numbers of the living processes called postgres that work in the folder.

    Raises PermissionError when such a process does not show us where it works.
    """
    return sorted(_from_proc(folder) if Path("/proc/self/stat").exists() else _from_ps(folder))


def _from_proc(folder: str) -> Iterator[int]:
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            if _is_live_postgres(entry.path) and os.readlink(f"{entry.path}/cwd") == folder:
                yield int(entry.name)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        except PermissionError:
            if os.geteuid() == 0:
                raise
            # an ordinary user's cluster is served under that user's own account


def _is_live_postgres(process: str) -> bool:
    stat = Path(process, "stat").read_text(errors="replace")
    name, state = stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2]
    return name == "postgres" and state not in "ZX"


def _from_ps(folder: str) -> Iterator[int]:
    """The same where there is no /proc (macOS)."""
    listed = subprocess.run(["ps", "-axo", "pid=,state=,comm="], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        pid, state, name = line.split(None, 2)
        if os.path.basename(name) == "postgres" and not state.startswith("Z") and _folder_of(pid) == folder:
            yield int(pid)


def _folder_of(pid: str) -> str:
    said = subprocess.run(["lsof", "-a", "-p", pid, "-d", "cwd", "-Fn"], capture_output=True, text=True).stdout
    return next((line[1:] for line in said.splitlines() if line.startswith("n")), "")


if __name__ == "__main__":
    print(*servers_in(sys.argv[1]))
