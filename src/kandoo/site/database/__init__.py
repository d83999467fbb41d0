"""Where the database is: PostgreSQL of our own in the data folder, or any other by DATABASE_URL.

Two roles use it. The owner makes the tables; the application's role owns nothing, so that row
security binds it. `locate` only says where to connect; `embedded.Server` starts what is there.
"""

import os
from typing import Any

from kandoo.site.database.problems import Problem
from kandoo.site.database.roles import APPLICATION, DATABASE, OWNER

__all__ = ["APPLICATION", "DATABASE", "OWNER", "Problem", "locate", "url"]


def url() -> str | None:
    """The server named by DATABASE_URL; None means the embedded one."""
    return os.environ.get("DATABASE_URL") or None


def locate(as_owner: bool = False) -> dict[str, Any]:
    """Django's entry for the database, from the environment alone: nothing is started or asked."""
    given = url()
    return _elsewhere(given, as_owner) if given else _embedded(as_owner)


def _embedded(as_owner: bool) -> dict[str, Any]:
    from kandoo.site.database import places

    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": OWNER if as_owner else APPLICATION,
        "PASSWORD": "",
        "HOST": str(places.socket_folder(places.data_folder())),
        "PORT": places.PORT,
        "OPTIONS": {},
    }


def _elsewhere(given: str, as_owner: bool) -> dict[str, Any]:
    """The user of the URL is the owner; the application takes the lesser role on each connection."""
    parts = parse(given)
    options = {name: value for name, value in parts.items() if name not in _NAMED}
    if not as_owner:
        options["options"] = f"{options.get('options', '')} -c role={APPLICATION}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{key: parts.get(name, "") for name, key in _NAMED.items()},
        "OPTIONS": options,
    }


_NAMED = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def parse(given: str) -> dict[str, str]:
    """The parts of a PostgreSQL address, by the names that libpq gives them."""
    from psycopg import ProgrammingError, conninfo

    try:
        parts = conninfo.conninfo_to_dict(given)
    except ProgrammingError:
        parts = {}
    is_address = given.startswith(("postgres://", "postgresql://"))
    has_numbers = all(port.isdigit() for port in str(parts.get("port") or "0").split(","))
    if not (parts.get("dbname") and is_address and has_numbers):
        raise Problem("DATABASE_URL must read postgresql://user:password@host:port/database.")
    return {name: str(value) for name, value in parts.items() if value is not None}
