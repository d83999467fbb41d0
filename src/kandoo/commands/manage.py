"""Run a Django management command on the site's database, which is started for it if need be.

    kandoo manage [--as-owner] COMMAND [arguments of that command]

Commands that change tables connect as their owner, all others as the application does.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from kandoo.site import database
from kandoo.site.database import Problem, binaries, places, problems
from kandoo.site.database.embedded import Server
from kandoo.site.database.preparation import prepare_elsewhere, prepare_embedded
from kandoo.site.running import folder

OWNERS_COMMANDS = {
    "createcachetable",
    "dbshell",
    "dumpdata",
    "flush",
    "inspectdb",
    "loaddata",
    "makemigrations",
    "migrate",
    "showmigrations",
    "sqlmigrate",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-owner", action="store_true", help="connect as the owner of the tables")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND ...", help="`help` lists them all")


def run(arguments: argparse.Namespace) -> int:
    words = arguments.arguments or ["help"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kandoo.site.settings")
    if arguments.as_owner or words[0] in OWNERS_COMMANDS:
        os.environ["KANDOO_DB_ROLE"] = "owner"
    data = places.data_folder()
    try:
        with _database(data):
            from django.core.management import execute_from_command_line

            execute_from_command_line(["kandoo manage", *words])
            return 0
    except Problem as problem:
        line = str(problem)
    except OSError as error:
        line = str(problems.from_system(error, data))
    except psycopg.Error as error:
        line = str(problems.from_server(error, data))
    print(f"Kandoo: {line}", file=sys.stderr)
    return 1


@contextlib.contextmanager
def _database(data: Path) -> Iterator[None]:
    """The database of a running Kandoo, or one started for the time of the command."""
    if database.url():
        prepare_elsewhere(database.url() or "")
        yield
        return
    folder.claim(data)
    server = Server(data)
    try:
        with folder.held(data, "kandoo manage"):
            try:
                server.start()
                prepare_embedded(server)
                _offer_programs(server)
                yield
            finally:
                server.stop()
    except folder.Held:
        server.start()  # waits until the one that runs answers
        _offer_programs(server)
        yield


def _offer_programs(server: Server) -> None:
    """psql and its kin for `dbshell`, of the same version as the server."""
    programs = binaries.find(server.major()).folder
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
