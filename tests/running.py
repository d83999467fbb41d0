"""A real `kandoo run` for tests: started, asked and stopped like any process."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kandoo.site.database.embedded import Server

KANDOO = [sys.executable, "-P", "-c", "import sys; from kandoo.cli import main; sys.exit(main())"]
READY_SECONDS_MAX = 300
WAIT_SECONDS_MAX = 180  # a busy machine is slow, and what never comes true fails all the same


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_until(holds: Callable[[], Any], seconds: float = WAIT_SECONDS_MAX) -> Any:
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := holds():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{holds} did not come true within {seconds} s")


def wait_for_another(server: Server, killed: int) -> None:
    """Its absence may be too short to be seen: what counts is that another one runs."""
    wait_until(lambda: server.pid() not in (None, killed))


def kandoo(*arguments: str, data: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command of Kandoo that ends by itself."""
    return subprocess.run(
        [*KANDOO, *arguments], env=_environment(data, environment), capture_output=True, text=True, timeout=300
    )


def _environment(data: Path, more: Mapping[str, str]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KANDOO_DB_ROLE")}
    return {**clean, "KANDOO_DATA": str(data), "PYTHONUNBUFFERED": "1", **more}


class Site:
    """`kandoo run` on a free port. What it says is in `words()`."""

    def __init__(self, data: Path, *arguments: str, command: list[str] = KANDOO, **environment: str) -> None:
        self.data, self.port = data, free_port()
        self._output = data.parent / f"said-{self.port}.txt"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "run", f"--port={self.port}", *arguments],
                env=_environment(data, environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=data.parent,
                start_new_session=True,
            )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def words(self) -> str:
        return self._output.read_text()

    def ready(self) -> "Site":
        wait_until(lambda: "is ready" in self.words() or self.process.poll() is not None, READY_SECONDS_MAX)
        assert self.process.poll() is None, self.words()
        return self

    def health(self) -> dict[str, Any]:
        """What /healthz says; empty while nobody answers."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            asking.request("GET", "/healthz")
            return dict(json.loads(asking.getresponse().read()))
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            asking.close()

    def is_healthy(self) -> bool:
        return self.health().get("status") == "ok"

    def logins(self) -> dict[str, tuple[str, str]]:
        """Name and password by role, as printed."""
        rows = re.findall(r"^  (\S.*?)  +(\S+)  +(\S+)$", self.words(), re.MULTILINE)
        return {role: (name, password) for role, name, password in rows}

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it in order and return its exit code; None is left running."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
