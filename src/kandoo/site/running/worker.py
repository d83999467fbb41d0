"""Children of the supervisor beside the web: the worker in the background, and what is done once a day."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kandoo.site.running.web import LOG_BYTES_MAX, dying_with_parent

STOP_SECONDS_MAX = 10
AGAIN_SECONDS = 5.0  # between two starts, so that a worker that cannot live does not keep the machine busy
FIRST_AFTER_SECONDS = 60.0  # from the start, so that pages come first
CLOCK = ZoneInfo("Asia/Tehran")  # as the settings have it
FROM_HOUR = 7  # by that clock: nobody is told of anything at night


class Child:
    """A command of `manage`, its words in the data folder's logs."""

    def __init__(self, data: Path, command: str, **environment: str) -> None:
        self.log = data / "logs" / f"{command}.log"
        self._command, self._environment = command, environment
        self._child: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def start(self) -> None:
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._started = time.monotonic()
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "django", self._command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.log.parent,
                env={**os.environ, **self._environment},
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone
                preexec_fn=dying_with_parent(),
            )

    def has_ended(self) -> bool:
        """Whether it was started and has ended since."""
        return self._child is not None and self._child.poll() is not None

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


class Worker(Child):
    """`manage work`, started again when it ends by itself."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, "work")

    def keep(self) -> None:
        """Start it again when it has ended."""
        if self.has_ended() and time.monotonic() - self._started >= AGAIN_SECONDS:
            self.start()


class Daily(Child):
    """`manage remind` once a day. It tells nobody twice in a week, so that another start of the site does no harm."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, "remind", KANDOO_DB_ROLE="owner")
        self._first = time.monotonic() + FIRST_AFTER_SECONDS
        self._done_on: date | None = None

    def keep(self, now: datetime) -> None:
        """Start it when it is due by the local clock."""
        is_due = now.hour >= FROM_HOUR and self._done_on != now.date() and time.monotonic() >= self._first
        if is_due and (self._child is None or self.has_ended()):
            self._done_on = now.date()
            self.start()
