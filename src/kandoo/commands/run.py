"""Start the site: database, web and, the first time, the demo cluster.

    kandoo run [--port 8000] [--host 127.0.0.1] [--fresh] [--no-demo]

Ctrl-C stops all of it. The data lie in KANDOO_DATA (default: `data` beside the code).
"""

import argparse
import os
import sys
from pathlib import Path

import psycopg

from kandoo import __version__
from kandoo.site import database
from kandoo.site.database import Problem, places, preparation, problems
from kandoo.site.database.embedded import Server
from kandoo.site.running import folder
from kandoo.site.running.supervisor import Stopped, Supervisor
from kandoo.site.running.web import Web, require_free


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8000, help="port of the site (default: 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: this machine only)")
    parser.add_argument("--fresh", action="store_true", help="delete the data folder's content and start over")
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo cluster")
    parser.add_argument("--yes", action="store_true", help="with --fresh and DATABASE_URL: really empty that database")


def run(arguments: argparse.Namespace) -> int:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    data = places.data_folder()
    web = Web(arguments.host, arguments.port, data)
    try:
        folder.claim(data, afresh=arguments.fresh)
        with folder.held(data, web.address):
            return _serve(arguments, data, web)
    except folder.Held as held:
        return _fail(f"Kandoo already works on {data} ({held}): use that one, or set KANDOO_DATA elsewhere.")
    except Problem as problem:
        return _fail(str(problem))
    except OSError as error:
        return _fail(str(problems.from_system(error, data)))
    except psycopg.Error as error:
        return _fail(str(problems.from_server(error, data)))


def _serve(arguments: argparse.Namespace, data: Path, web: Web) -> int:
    require_free(arguments.host, arguments.port)
    _set_environment(data)
    supervisor = Supervisor(data, web)
    with supervisor.listening():
        try:
            if arguments.fresh:
                _start_over(data, really=arguments.yes)
            supervisor.start_database()
            supervisor.take_steps(demo=not arguments.no_demo)
            folder.record_version(data)
            supervisor.start_web()
            _welcome(web, data, demo=not arguments.no_demo)
            supervisor.watch()
        except Stopped:
            print("Kandoo: stopping …", flush=True)
            return 0
        finally:
            supervisor.stop()
    return 0


def _set_environment(data: Path) -> None:
    """What every process below inherits: the site's settings, and nobody's wish to be the owner."""
    os.environ.pop("KANDOO_DB_ROLE", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kandoo.site.settings"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(data / "numba"))  # the code's own folder may be read-only


def _start_over(data: Path, *, really: bool) -> None:
    """Say what goes, then let it go."""
    if database.url():
        if not really:
            raise Problem("--fresh would empty the database of DATABASE_URL: add --yes if that is meant.")
        print("Kandoo: deleting everything in the database of DATABASE_URL.", flush=True)
        preparation.empty_elsewhere(database.url() or "")
    print(f"Kandoo: deleting all data in {data}.", flush=True)
    Server(data).stop()
    folder.empty(data)


def _welcome(web: Web, data: Path, *, demo: bool) -> None:
    print(f"\nKandoo {__version__} is ready: {web.address}\n")
    if demo:
        rows = _demo_logins()
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        print("Sign in as one of the demo cluster (role, name, password):")
        for row in rows:
            print("  " + "  ".join(part.ljust(width) for part, width in zip(row, widths, strict=True)).rstrip())
        print()
    print(f"Data: {data}   Stop: Ctrl-C", flush=True)


def _demo_logins() -> list[tuple[str, str, str]]:
    from kandoo.demo import logins

    return [(str(role), str(name), str(password)) for role, name, password in logins()]


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port (1 to 65535)")
    return port


def _fail(line: str) -> int:
    print(f"Kandoo: {line}", file=sys.stderr, flush=True)
    return 1
