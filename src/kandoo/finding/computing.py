"""A study measured in a process of its own: files in, files out, no database.

    python -m kandoo.finding.computing FOLDER

FOLDER/request.json lists the surveys: each the words of `kandoo census`. Tables come out where those say.
FOLDER/progress.json says how far it is; what is finished lies beside the tables, so that the same request
goes on from there. Exit 0: all tables are there. Exit 3: the engine refused; FOLDER/problem.txt says why.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from kandoo.commands import census
from kandoo.commands.census_crew import Crew, Task
from kandoo.commands.census_files import PROFILES, read_sites
from kandoo.commands.census_work import Survey
from kandoo.commands.progress import Progress
from kandoo.commands.tables import Faulty
from kandoo.engine.census.curves import Curve
from kandoo.finding.choices import REFUSED

NICE = 10  # pages come first
EVERY_SECONDS = 0.3
TOLD_FAULTS = 20
Tell = Callable[[float, str], None]


class Told(Progress):
    """A progress that also tells somebody else."""

    def __init__(self, inner: Progress, tell: Tell) -> None:
        self.inner, self.tell = inner, tell

    def begin(self, doing: str) -> None:
        self.inner.begin(doing)
        self._pass_on()

    def part_of(self, work: float, steps: int) -> Callable[[int], None]:
        tick = self.inner.part_of(work, steps)

        def told(done: int) -> None:
            tick(done)
            self._pass_on()

        return told

    def _pass_on(self) -> None:
        self.tell(min(self.inner.done / self.inner.total, 1.0), self.inner.doing)


class Watched:
    """A crew that tells how far it is."""

    def __init__(self, crew: Crew, tell: Tell) -> None:
        self.crew, self.tell = crew, tell

    def curves(self, tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[Task, Curve]]:
        return self.crew.curves(tasks, Told(progress, self.tell))


class WatchedSurvey(Survey):
    """A survey of the command line whose curves are watched."""

    tell: Tell

    @cached_property
    def crew(self) -> Crew:
        return Watched(super().crew, self.tell)


class Report:
    """Writes progress.json, a few times a second, for `parts` surveys one after the other."""

    def __init__(self, folder: Path, parts: int) -> None:
        self.path, self.parts, self.part = folder / "progress.json", parts, 0
        self.begun, self.shown = time.monotonic(), 0.0

    def tell(self, share: float, doing: str) -> None:
        now = time.monotonic()
        if now - self.shown < EVERY_SECONDS:
            return
        self.shown = now
        whole = (self.part + share) / self.parts
        left = int((now - self.begun) * (1 - whole) / whole) if whole > 0.01 else None
        passing = self.path.with_suffix(".new")
        passing.write_text(json.dumps({"share": whole, "doing": doing, "left": left}), encoding="utf-8")
        passing.replace(self.path)


def measure(words: Sequence[str], tell: Tell) -> None:
    """One survey, as the command would make it.

    Raises
    ------
    Faulty
        When the engine cannot use the sites.
    """
    parser = argparse.ArgumentParser()
    census.add_arguments(parser)
    options = parser.parse_args(list(words))
    options.weighted |= options.profile == "apiary"
    tell(0.0, "read")
    sites = read_sites(options.sites, PROFILES[options.profile], options.country)
    census.refuse_what_cannot_be(options, sites)
    survey = WatchedSurvey(sites, options)
    survey.tell = tell
    tell(0.0, "tables")
    survey.prepare()
    survey.work()


def compute(folder: Path) -> int:
    """All surveys of a folder's request."""
    surveys: list[list[str]] = json.loads((folder / "request.json").read_text(encoding="utf-8"))["surveys"]
    report = Report(folder, len(surveys))
    try:
        for part, words in enumerate(surveys):
            report.part = part
            measure(words, report.tell)
    except Faulty as found:
        problem = "\n".join(f"{each.line}, {each.column}: {each.message}" for each in found.faults[:TOLD_FAULTS])
        (folder / "problem.txt").write_text(problem, encoding="utf-8")
        return REFUSED
    return 0


if __name__ == "__main__":
    os.nice(NICE)
    sys.exit(compute(Path(sys.argv[1])))
