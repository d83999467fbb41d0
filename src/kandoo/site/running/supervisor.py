"""One process that looks after three: it starts the database, the web and the worker, and ends them all.

Signals only leave a mark; the waiting loops look at it, so that nothing is torn in the middle.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import FrameType

from kandoo.site import database
from kandoo.site.database import Problem
from kandoo.site.database.embedded import RUNNING_BYTES, Server, require_space
from kandoo.site.database.preparation import prepare_elsewhere, prepare_embedded
from kandoo.site.database.problems import disk_full
from kandoo.site.running import steps
from kandoo.site.running.web import Web
from kandoo.site.running.worker import CLOCK, Daily, Worker

READY_SECONDS_MAX = 120
BROKEN_SECONDS_MAX = 5
LOOK_SECONDS = 0.5


class Stopped(Exception):
    """Ctrl-C or SIGTERM: end in order."""


class Supervisor:
    """Start in order, watch, stop in the opposite order."""

    def __init__(self, data: Path, web: Web) -> None:
        self.data, self.web, self.worker, self.daily = data, web, Worker(data), Daily(data)
        self.server = None if database.url() else Server(data)
        self._stopping = False
        self._patience = 5.0  # seconds until the first word about waiting

    # ------------------------------------------------------------------ signals

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Take note of signals instead of dying of them."""
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it stays ignored
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, self._note) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def look_up(self, waited: float = 0.0) -> None:
        """Called from every waiting loop: give up when asked to, say that it takes long."""
        if self._stopping:
            raise Stopped
        if waited > self._patience:
            self._patience = waited + 10
            print(f"Kandoo: the database is recovering, {waited:.0f} s so far …", flush=True)

    def pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.look_up()
            time.sleep(0.05)

    # ------------------------------------------------------------------ up

    def start_database(self) -> None:
        require_space(self.data, RUNNING_BYTES)
        if self.server is None:
            prepare_elsewhere(database.url() or "")
            return
        self.server.start(self.look_up)
        prepare_embedded(self.server)

    def take_steps(self, *, demo: bool) -> None:
        """Migrate and the like, in a process that a signal can end between two statements."""
        command = [sys.executable, "-P", "-m", steps.__name__, *(["--demo"] if demo else [])]
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        try:
            said = self._words_of(child)
        except Stopped:
            child.terminate()
            child.wait()
            raise
        if child.returncode == steps.NEWER:
            raise Problem(said.strip().splitlines()[-1])
        if child.returncode:
            raise self._broken("The database could not be brought up to date", said)

    def _words_of(self, child: "subprocess.Popen[bytes]") -> str:
        assert child.stderr is not None
        os.set_blocking(child.stderr.fileno(), False)
        said = b""
        while child.poll() is None:
            said += child.stderr.read() or b""
            self.pause(0.05)
        return (said + (child.stderr.read() or b"")).decode(errors="replace")

    def _broken(self, what: str, said: str) -> Problem:
        """Keep the whole story in the log, show its last line."""
        if "No space left on device" in said:
            return disk_full(self.data)
        log = self.data / "logs" / "start.log"
        with contextlib.suppress(OSError):
            log.parent.mkdir(mode=0o700, exist_ok=True)
            log.write_text(said)
        require_space(self.data, RUNNING_BYTES)
        lines = said.strip().splitlines()
        return Problem(f"{what}: {lines[-1] if lines else 'no reason given'} (more in {log}).")

    def start_web(self) -> None:
        self.web.start()
        begun = time.monotonic()
        while (said := self.web.health()) is None or said.get("status") != "ok":
            if self.web.ended():
                raise Problem(f"The web server ended: {self.web.last_word()} (more in {self.web.errors}).")
            waited = time.monotonic() - begun
            if said == {} and waited > BROKEN_SECONDS_MAX:
                raise Problem(f"The site is broken: {self.web.last_word()} (more in {self.web.errors}).")
            if waited > READY_SECONDS_MAX:
                raise Problem(f"The site did not get ready in {READY_SECONDS_MAX} s: read {self.web.errors}.")
            self.pause(0.1)

    # ------------------------------------------------------------------ watch and stop

    def watch(self) -> None:
        """Until told to stop: bring a dead database or worker back, end if the web has ended."""
        self.worker.start()
        while True:
            self.pause(LOOK_SECONDS)
            if self.web.ended():
                raise Problem(f"The web server ended: {self.web.last_word()} (more in {self.web.errors}).")
            self.worker.keep()
            self.daily.keep(datetime.now(CLOCK))
            if self.server is not None and self.server.pid() is None:
                print("Kandoo: the database ended by itself; starting it again.", flush=True)
                self._bring_back(self.server)

    def _bring_back(self, server: Server) -> None:
        """Try again a few times: what killed it once may kill it once more."""
        for seconds in (1, 3, None):
            try:
                return server.start(self.look_up)
            except Problem:
                if seconds is None:
                    raise
                self.pause(seconds)

    def stop(self) -> None:
        try:
            self.daily.stop()
            self.worker.stop()
            self.web.stop()
        finally:
            if self.server is not None:
                self.server.stop()
