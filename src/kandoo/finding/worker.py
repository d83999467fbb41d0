"""The worker: takes one study after the other, has it measured by a child process, keeps what comes out.

A child that is killed has left its finished curves in the study's folder; whoever takes the job up again goes
on from there and ends with the same tables. A worker that dies takes its child along, and its job is taken up
again once its heartbeat is SILENT_SECONDS old.
"""

import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django.utils.translation import get_language

from kandoo.finding import actions, results
from kandoo.finding.actions import Beat
from kandoo.finding.choices import CHECKER, CHILD, REFUSED, Choices
from kandoo.finding.importing.checking import check
from kandoo.finding.importing.looked import Looked
from kandoo.finding.importing.writing import write_sites
from kandoo.finding.models import Job, Study
from kandoo.site.running.web import dying_with_parent
from kandoo.site.security import acting_as

log = logging.getLogger("kandoo.work")
LOOK_SECONDS = 1.0  # between two looks for a job
BEAT_SECONDS = 1.0
SILENT_SECONDS = 20.0
CHILD_LOOK_SECONDS = 0.2
STOP_SECONDS_MAX = 5
GONE = (DatabaseError, InterfaceError, OSError)
State = Job.State


@dataclass(frozen=True, slots=True)
class Taken:
    """A job this worker holds: acts as `person` from now on."""

    job: int
    study: int
    person: int


def folder_of(study_id: int) -> Path:
    """Where a study is worked on; kept until it is done, so that another worker goes on from there."""
    return Path(settings.MEDIA_ROOT) / "studies" / "work" / str(study_id)


@dataclass(slots=True)
class Worker:
    """One worker of this machine."""

    name: str = field(default_factory=lambda: f"{socket.gethostname()[:50]}:{os.getpid()}")
    silent_seconds: float = SILENT_SECONDS
    is_stopping: bool = False

    def serve(self) -> None:
        """Work until told to stop; a database that is away for a while is waited for."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)
        while not self.is_stopping:
            try:
                worked = self.work_once()
            except GONE as problem:
                log.warning("the database does not answer: %s", problem)
                connection.close()
                worked = False
            if not worked:
                self._pause(LOOK_SECONDS)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_stopping:
            time.sleep(0.05)

    def work_once(self) -> bool:
        """Take the next job, if there is one, and see it through."""
        taken = self.take()
        if taken is None:
            return False
        try:
            self._see_through(taken)
        except GONE:
            raise
        except Exception:
            log.exception("study %s failed", taken.study)
            self._end(taken, State.FAILED, "broken")
        return True

    def take(self) -> Taken | None:
        """The next waiting job, or one whose worker has fallen silent; no other worker gets it."""
        with acting_as(None, desk="work"), connection.cursor() as cursor:
            cursor.execute(
                "SELECT job, study, person FROM kandoo_claim_study(%s, make_interval(secs => %s))",
                [self.name, self.silent_seconds],
            )
            row = cursor.fetchone()
        return Taken(*row) if row else None

    def _see_through(self, taken: Taken) -> None:
        with acting_as(taken.person):
            job = Job.objects.select_related("study").filter(pk=taken.job).first()
            if job is None:  # who asked no longer may
                return
            is_check = job.kind == Job.Kind.CHECK
            folder = folder_of(taken.study) / "check" if is_check else folder_of(taken.study)
            problem = (prepare_check if is_check else prepare)(job.study, folder)
        if problem:
            return self._end(taken, State.FAILED, problem)
        child = start_child(folder, CHECKER if is_check else CHILD)
        try:
            code = self._watch(taken, child, folder)
        finally:
            end_child(child)
        if code == 0 and is_check:
            self._keep_check(taken, folder)
        elif code == 0:
            self._keep(taken, folder)
        elif code is None:
            self._end(taken, State.WAITING, "")
        else:
            self._end(taken, State.FAILED, problem_of(folder, code))
        if is_check:  # nothing in it is worth going on from
            shutil.rmtree(folder, ignore_errors=True)

    def _watch(self, taken: Taken, child: "subprocess.Popen[bytes]", folder: Path) -> int | None:
        """The exit code of the child; None when it is to be stopped."""
        beaten = 0.0
        while (code := child.poll()) is None:
            if self.is_stopping:
                return None
            if time.monotonic() - beaten >= BEAT_SECONDS:
                beaten = time.monotonic()
                if not self._beat(taken, folder):
                    return None
            time.sleep(CHILD_LOOK_SECONDS)
        return code

    def _beat(self, taken: Taken, folder: Path) -> bool:
        try:
            with acting_as(taken.person):
                return actions.beat(job_id=taken.job, worker=self.name, seen=progress_of(folder), now=timezone.now())
        except GONE as problem:  # the child works on; the next beat may get through
            log.warning("the database does not answer: %s", problem)
            connection.close()
            return True

    def _keep(self, taken: Taken, folder: Path) -> None:
        outputs = results.gather(folder)
        with acting_as(taken.person):
            actions.finish(job_id=taken.job, worker=self.name, outputs=outputs, now=timezone.now())
        shutil.rmtree(folder, ignore_errors=True)

    def _keep_check(self, taken: Taken, folder: Path) -> None:
        found = Looked(**json.loads((folder / "looked.json").read_text(encoding="utf-8")))
        with acting_as(taken.person):
            actions.keep_check(job_id=taken.job, worker=self.name, found=found, now=timezone.now())

    def _end(self, taken: Taken, state: str, problem: str) -> None:
        with acting_as(taken.person):
            actions.end_without(job_id=taken.job, worker=self.name, state=state, problem=problem, now=timezone.now())


def prepare(study: Study, folder: Path) -> str:
    """Write what the child needs; a word for the problem when the list is not whole any more."""
    choices = Choices.from_dict(study.options)
    found = check(
        actions.sheet_of(study),
        study.mapping,
        study.profile,
        leaves_out=study.leaves_out,
        is_abroad=choices.is_abroad,
    )
    if found.faults:
        return "faulty"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "progress.json").unlink(missing_ok=True)
    write_sites(folder / "sites.csv", found, study.profile, choices.years)
    surveys = [choices.words(study.profile, str(folder / "sites.csv"), str(folder / "report"))]
    if choices.before is not None:
        write_sites(folder / "before.csv", found, study.profile, [choices.before])
        surveys.append(choices.words(study.profile, str(folder / "before.csv"), str(folder / "before")))
    (folder / "request.json").write_text(json.dumps({"surveys": surveys}), encoding="utf-8")
    (folder / "summary.json").write_text(results.summary_of(found, study.profile, choices), encoding="utf-8")
    return ""


def prepare_check(study: Study, folder: Path) -> str:
    """Write what the child needs to look at every row."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("progress.json", "looked.json"):
        (folder / name).unlink(missing_ok=True)
    name = f"list{PurePath(study.file.name or '').suffix}"
    with study.file.open("rb") as file:
        (folder / name).write_bytes(file.read())
    asked = {
        "file": name,
        "mapping": study.mapping,
        "profile": study.profile,
        "leaves_out": study.leaves_out,
        "is_abroad": Choices.from_dict(study.options).is_abroad,
        "language": get_language() or "fa",
    }
    (folder / "request.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    return ""


def start_child(folder: Path, module: str) -> "subprocess.Popen[bytes]":
    """The process that measures or looks at rows; it ends when we do."""
    with (folder / "log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=dying_with_parent(),
        )


def end_child(child: "subprocess.Popen[bytes]") -> None:
    """See to it that it has ended: it may keep what is finished, then it must go."""
    if child.poll() is not None:
        return
    stop: Callable[[], None]
    for stop in (child.terminate, child.kill):
        stop()
        try:
            child.wait(STOP_SECONDS_MAX)
            return
        except subprocess.TimeoutExpired:
            continue


def progress_of(folder: Path) -> Beat:
    """What the child said last."""
    try:
        said = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
        return Beat(said["share"], said["doing"], said["left"])
    except (OSError, ValueError, KeyError):
        return Beat()


def problem_of(folder: Path, code: int) -> str:
    """Why the child gave up, as Job.problem keeps it."""
    if code == REFUSED:
        return f"refused\n{(folder / 'problem.txt').read_text(encoding='utf-8')}"
    return "memory" if code == -signal.SIGKILL else "broken"
