"""The worker in the background: a child of the supervisor, started again when it ends by itself."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kandoo.site.running.web import LOG_BYTES_MAX, dying_with_parent

STOP_SECONDS_MAX = 10
AGAIN_SECONDS = 5.0  # between two starts, so that a worker that cannot live does not keep the machine busy


class Worker:
    """`manage work`, its words in the data folder's logs."""

    def __init__(self, data: Path) -> None:
        self.log = data / "logs" / "work.log"
        self._child: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def start(self) -> None:
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._started = time.monotonic()
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "django", "work"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.log.parent,
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone
                preexec_fn=dying_with_parent(),
            )

    def keep(self) -> None:
        """Start it again when it has ended."""
        has_ended = self._child is not None and self._child.poll() is not None
        if has_ended and time.monotonic() - self._started >= AGAIN_SECONDS:
            self.start()

    def stop(self) -> None:
        """Let it give its work back, then see to it that no process is left."""
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
