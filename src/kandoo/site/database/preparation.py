"""What must be there before the first migration: database, roles, extensions, default grants.

Every step may be taken again. The embedded server is set up by its superuser; any other server by
the user of DATABASE_URL, who becomes the owner.
"""

import psycopg
from psycopg import sql

from kandoo.site.database import binaries, parse
from kandoo.site.database.embedded import Server
from kandoo.site.database.problems import Problem
from kandoo.site.database.roles import APPLICATION, DATABASE, OWNER

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
_APPLICATION = sql.Identifier(APPLICATION)
_OWNER = sql.Identifier(OWNER)


def prepare_embedded(server: Server) -> None:
    """Roles and database of our own server; new databases are born with extensions and grants."""
    with server.connect() as connection:
        _make_role(connection, OWNER, "LOGIN CREATEDB BYPASSRLS")
        _make_role(connection, APPLICATION, "LOGIN")
        connection.execute(sql.SQL("GRANT {} TO {}").format(_APPLICATION, _OWNER))
        fresh = not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE)
        if fresh:
            with server.connect(database="template1") as template:
                _furnish(template, OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), _OWNER))


def prepare_elsewhere(url: str) -> None:
    """The lesser role and its grants on a server that is not ours."""
    parts = parse(url)
    try:
        connection = psycopg.connect(url, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as problem:
        place = f"{parts.get('host', 'the local socket')}:{parts.get('port', '5432')}"
        raise Problem(f"DATABASE_URL: no connection to {place} ({str(problem).strip().splitlines()[-1]}).") from None
    with connection:
        if connection.info.server_version < binaries.MAJOR_MIN * 10_000:
            found = connection.info.server_version // 10_000
            raise Problem(f"DATABASE_URL leads to PostgreSQL {found}: Kandoo needs {binaries.MAJOR_MIN} or newer.")
        _borrow_role(connection)
        _furnish(connection, connection.info.user)


def empty_elsewhere(url: str) -> None:
    """Delete every table of the owner's database; the caller has asked."""
    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _borrow_role(connection: psycopg.Connection) -> None:
    """The owner must be able to step down to the application's role."""
    user = sql.Identifier(connection.info.user)
    try:
        _make_role(connection, APPLICATION, "NOLOGIN")
        if not _exists(connection, "SELECT 1 WHERE pg_has_role(current_user, %s, 'MEMBER')", APPLICATION):
            connection.execute(sql.SQL("GRANT {} TO {}").format(_APPLICATION, user))
        connection.execute(sql.SQL("SET ROLE {}").format(_APPLICATION))
        connection.execute("RESET ROLE")
    except psycopg.errors.InsufficientPrivilege:
        raise Problem(
            f"DATABASE_URL's user may not make roles: have an administrator run CREATE ROLE {APPLICATION} NOLOGIN; "
            f'GRANT {APPLICATION} TO "{connection.info.user}";'
        ) from None


def _furnish(connection: psycopg.Connection, owner: str) -> None:
    """Extensions, and grants on whatever the owner makes later in this database."""
    for extension in EXTENSIONS:
        try:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported):
            continue  # the migration that needs it will say so
        except psycopg.errors.UndefinedFile:
            continue  # this server was built without it
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(_APPLICATION))
    for rights, things in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}").format(
                sql.Identifier(owner), sql.SQL(rights), sql.SQL(things), _APPLICATION
            )
        )


def _make_role(connection: psycopg.Connection, name: str, rights: str) -> None:
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(name)))


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None
