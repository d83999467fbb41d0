"""Where things lie: the data folder, the cluster in it and the socket folder."""

import hashlib
import os
from pathlib import Path

PORT = "5432"  # no TCP port: it only names the socket file
SOCKET_PATH_MAX = 90  # characters; the system takes about 107 with the file's name

PROJECT = Path(__file__).resolve().parents[4]


def data_folder() -> Path:
    """KANDOO_DATA, or `data` beside the code."""
    return Path(os.environ.get("KANDOO_DATA") or PROJECT / "data").resolve()


def cluster(data: Path) -> Path:
    """The folder that PostgreSQL calls its data directory."""
    return data / "postgres"


def socket_folder(data: Path) -> Path:
    """Where the server listens: a function of the data folder alone, so that both sides find it."""
    inside = data / "socket"
    if len(os.fsencode(inside)) <= SOCKET_PATH_MAX:
        return inside
    return Path("/tmp") / f"kandoo-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
