"""What stops the database, said in one line that tells the reader what to do."""

import errno


class Problem(Exception):
    """One clear line for the person at the terminal; no traceback belongs under it."""


def disk_full(folder: object) -> Problem:
    """The line for a disk on which nothing more can be written."""
    return Problem(f"The disk that holds {folder} is full: free some space, or set KANDOO_DATA to another disk.")


def from_system(error: OSError, folder: object) -> Problem:
    """What the system refused, in one line."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    return Problem(f"{error.filename or folder}: {error.strerror or error}.")


def from_server(error: Exception, folder: object) -> Problem:
    """What the database refused, in one line."""
    if getattr(error, "sqlstate", None) == "53100":
        return disk_full(folder)
    lines = str(error).strip().splitlines()
    return Problem(f"The database said: {lines[0] if lines else type(error).__name__}.")
