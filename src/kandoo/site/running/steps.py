"""What must be done before the first page: messages, tables, files, demo. Each only if it is due.

Runs as a process of its own, first as the owner of the tables, then as the application.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from kandoo import __version__
from kandoo.site import database, messages
from kandoo.site.database import places

PACKAGE = Path(__file__).resolve().parents[2]
NEWER = 3  # exit code: one line was said


def main(demo: bool) -> int:
    _compile_messages()
    os.environ.update(KANDOO_DB_ROLE="owner", DJANGO_SETTINGS_MODULE="kandoo.site.settings")
    django.setup()
    unknown = unknown_migrations()
    if unknown:
        print(
            f"The database was changed by a newer Kandoo ({unknown[0]}), this is {__version__}: "
            "update Kandoo, or use another database.",
            file=sys.stderr,
        )
        return NEWER
    stamp = places.data_folder() / "steps.stamp"
    state = _state()
    if not (stamp.exists() and stamp.read_text() == state) or _migrations_due():
        _say("bringing the database and the files up to date")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(state)
    if demo:
        _load_demo()
    return 0


def _compile_messages() -> None:
    """Where the code's folder is read-only, the catalogues of its last writer must do."""
    try:
        messages.compile_all()
    except PermissionError as problem:
        _say(f"translations are older than the code: {problem.filename} cannot be written")


def unknown_migrations() -> list[str]:
    """Migrations the database has and this code has not: a newer Kandoo was here."""
    loader = MigrationExecutor(connection).loader
    ours = {app for app, _ in loader.disk_migrations or {}}
    replaced = {key for each in loader.replacements.values() for key in each.replaces}
    known = set(loader.disk_migrations or {}) | replaced
    return sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - known if app in ours)


def _migrations_due() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _load_demo() -> None:
    """The owner founds the cluster; all else as the application would, bound by row security."""
    call_command("load_demo", found=True)
    become_application()
    call_command("load_demo")


def become_application() -> None:
    """From here on the connection is the application's."""
    connection.close()
    entry = database.locate(as_owner=False)
    connections["default"].settings_dict.update({name: entry[name] for name in ("USER", "PASSWORD", "OPTIONS")})


def _state() -> str:
    """What the tables and files were made from: it changes when code, files or the server do."""
    digest = hashlib.sha256(repr((__version__, database.url())).encode())
    for path, status in _sources():
        digest.update(repr((path, status.st_mtime_ns, status.st_size)).encode())
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, os.stat_result]]:
    for folder, folders, files in os.walk(PACKAGE):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "tests"))
        for name in sorted(files):
            path = os.path.join(folder, name)
            if name.endswith(".py") or f"{os.sep}static{os.sep}" in path:
                yield path, os.stat(path)


def _say(*words: Any) -> None:
    print("Kandoo:", *words, flush=True)


if __name__ == "__main__":
    sys.exit(main(demo="--demo" in sys.argv))
