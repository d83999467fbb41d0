"""The data folder: whose it is, which version made it, and how it is begun anew."""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from kandoo import __version__
from kandoo.site.database import Problem, embedded

# Everything that Kandoo itself puts there. A folder that holds anything else is somebody's.
OWN_NAMES = {
    "logs",
    "mail",
    "media",
    "numba",
    "postgres",
    "postgres.lock",
    "postgres.log",
    "postgres.log.1",
    "postgres.new",
    "run.lock",
    "secret.key",
    "socket",
    "static",
    "steps.stamp",
    "version",
}


def claim(data: Path, *, afresh: bool = False) -> None:
    """Take the folder into use, unless it is somebody else's or (to be kept) newer than we are."""
    embedded.open_data_folder(data)
    strangers = {entry.name for entry in data.iterdir()} - OWN_NAMES
    if strangers and not (data / "version").exists():
        raise Problem(f"{data} holds other things ({min(strangers)}): set KANDOO_DATA to an empty or new folder.")
    if not afresh:
        refuse_newer(data)


def refuse_newer(data: Path) -> None:
    """Data of a newer Kandoo may mean what this one does not know."""
    made_by = recorded_version(data)
    if made_by and _numbers(made_by) > _numbers(__version__):
        raise Problem(
            f"{data} was made by Kandoo {made_by}, this is {__version__}: update Kandoo, or set KANDOO_DATA elsewhere."
        )


def recorded_version(data: Path) -> str | None:
    try:
        return str(json.loads((data / "version").read_text())["kandoo"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise Problem(f"{data / 'version'} is damaged: restore it from a backup, or use --fresh.") from None


def record_version(data: Path) -> None:
    """Say in the folder which Kandoo used it last."""
    passing = data / "version.new"
    passing.write_text(json.dumps({"kandoo": __version__}) + "\n")
    passing.replace(data / "version")


def empty(data: Path) -> None:
    """Delete what Kandoo made in the folder; whatever else lies there stays."""
    for name in sorted(OWN_NAMES - {"run.lock", "postgres.lock"}):
        path = data / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def held(data: Path, note: str) -> Iterator[None]:
    """Hold the folder alone for a while; `note` tells others who does.

    Raises Held, with the holder's note, when somebody else has it.
    """
    descriptor = os.open(data / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(os.read(descriptor, 1000).decode(errors="replace").strip()) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, note.encode())
        yield
    finally:
        os.close(descriptor)


class Held(Exception):
    """Another Kandoo works on the folder; the text is its note."""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
