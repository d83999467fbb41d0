"""The web server: gunicorn as a child that does not outlive us."""

import contextlib
import ctypes
import errno
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from kandoo.site.database import Problem

STOP_SECONDS_MAX = 10
LOG_BYTES_MAX = 20 * 1024**2
_SET_PARENT_DEATH_SIGNAL = 1


def require_free(host: str, port: int) -> None:
    """Say that the address cannot be had before anything else is begun."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            tried.listen()
    except PermissionError:
        raise Problem(f"Port {port} needs more rights: choose one above 1023 with --port.") from None
    except socket.gaierror:
        raise Problem(f"{host} is no address of this machine: choose another with --host.") from None
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise Problem(f"Port {port} is taken: choose another with --port, or stop what uses it.") from None
        raise Problem(f"{host}:{port} cannot be served ({problem.strerror}): choose another --host.") from None


class Web:
    """gunicorn with two workers of four threads, its words in the data folder's logs."""

    def __init__(self, host: str, port: int, data: Path) -> None:
        self.host, self.port, self.logs = host, port, data / "logs"
        self.errors = self.logs / "web.log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}"

    def start(self) -> None:
        self.logs.mkdir(mode=0o700, exist_ok=True)
        for log in (self.errors, self.logs / "access.log"):
            if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
                log.replace(log.with_suffix(".log.1"))
        with self.errors.open("ab") as output:
            self._child = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.logs,  # gunicorn reads and imports what lies where it stands
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone
                preexec_fn=dying_with_parent(),
            )

    def _command(self) -> list[str]:
        bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        options = {
            "bind": bind,
            "worker-class": "gthread",
            "workers": "2",
            "threads": "4",
            "timeout": "120",
            "graceful-timeout": "5",
            "keep-alive": "5",
            "access-logfile": str(self.logs / "access.log"),
        }
        flags = [f"--{name}={value}" for name, value in options.items()]
        return [
            *(sys.executable, "-P", "-m", "gunicorn"),
            *flags,
            "--preload",
            "--no-control-socket",
            "kandoo.site.wsgi:application",
        ]

    def ended(self) -> bool:
        return self._child is not None and self._child.poll() is not None

    def last_word(self) -> str:
        """The last line that says why it ended."""
        with contextlib.suppress(OSError):
            lines = self.errors.read_text(errors="replace").splitlines()
            return next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason")
        return "it gave no reason"

    def health(self) -> dict[str, Any] | None:
        """What /healthz says; None while nobody answers, an empty answer when it is no word of ours."""
        host = self.address.removeprefix("http://").rsplit(":", 1)[0].strip("[]")
        asking = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            asking.request("GET", "/healthz", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
            said = json.loads(asking.getresponse().read())
            return said if isinstance(said, dict) else {}
        except (OSError, http.client.HTTPException):
            return None
        except ValueError:
            return {}
        finally:
            asking.close()

    def stop(self) -> None:
        """Let requests end, then see to it that no process is left."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._child.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(STOP_SECONDS_MAX)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._child = None


def dying_with_parent() -> Any:
    """On Linux the kernel ends the child when we are killed; so the port is free again."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
