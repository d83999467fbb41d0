"""A census measured piece by piece; each industry's curve is kept when it is finished, so that a stopped survey can go on."""

import argparse
import dataclasses
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from kandoo.engine.census import (
    STAR_PROFILES,
    Curve,
    Sites,
    Surroundings,
    false_discovery_rates,
    survey,
    usual_reach,
)
from kandoo.engine.census.density import CASES_MAX, CASES_MAX_FAST
from kandoo.engine.census.points import Floats
from kandoo.engine.census.related import cluster_numbers
from kandoo.engine.census.tasks import VERSION, Concentrations, Densities, Maker, RelativeDensities, size_drawn

from .census_crew import Crew, CrewFailed, Dask, Here, Task
from .census_files import doubts_of
from .census_folder import ReportFolder
from .census_report import is_gathered, report_page
from .census_words import counted, too_few
from .progress import Progress
from .tables import Fault, Faulty

WORK_OF_BANDS = 1e8  # of one curve, whatever its size, in pairs
NOTES = {
    "apiary": ["Each district's apiaries are compared with all apiaries. A compact district is gathered by its borders "
               "alone: what counts is how far it is so, and where its groups lie."],
}  # fmt: skip
SURE = 1 + 1e-9  # what rounding may take away
NOTES_SHOWN = 20  # on the screen
ERROR_NOTED = 1e-3  # of bands made on a grid
OF_NO_NUMBER = (  # options that change none, and files, whose content counts
    "command", "sites", "output", "measure", "workers", "published", "input_output", "occupations"
)  # fmt: skip
LEAST = {"kd": 3, "m": 2, "m-density": 2}  # sites of an industry for a curve


class Stopped(Exception):
    """Ctrl-C was pressed, or the workers were lost; the message says how to go on."""


class Survey:
    """What is asked of one census, and how far it has come."""

    def __init__(self, sites: Sites, arguments: argparse.Namespace, published: Sites | None = None) -> None:
        self.all_years, self.options, self.published = sites, arguments, published
        self.links: Mapping[str, Floats] = {}
        self.sites = sites.in_year(sites.years[-1]) if len(sites.years) > 1 else sites
        self.wanted: tuple[str, ...] = arguments.industries or sites.industries
        self.folder = ReportFolder(arguments.output)
        self.curve_tables: dict[str, list[survey.Row]] = {}
        self.verdicts: dict[str, dict[str, Any]] = {}
        self.notes: list[str] = [*NOTES.get(arguments.profile, ()), *doubts_of(sites, arguments.country)]

    @cached_property
    def located(self) -> Sites:
        """The sites that curves are made of: with weights those with employment, else all."""
        return self.sites.only(self.sites.employment > 0) if self.options.weighted else self.sites

    @cached_property
    def reach_km(self) -> float:
        return float(self.options.reach_km or usual_reach(self.located.points))

    @cached_property
    def surroundings(self) -> Surroundings:
        weight = self.located.employment if self.options.weighted else None
        return Surroundings.usual(self.located.points, weight, self.reach_km)

    def prepare(self) -> None:
        """Refuse what no curve can be made of; keep pieces of this very survey, drop those of another.

        Raises
        ------
        Faulty
            When most sites lie at one place.
        CrewFailed
            When the workers asked for cannot be used.
        OSError
            When the folder cannot be written to.
        """
        if set(LEAST) & set(self.options.measure):
            try:
                _ = self.reach_km
            except ValueError as problem:
                raise Faulty([Fault(str(self.options.sites), 1, "-", f"{problem} Curves need distances.")]) from None
            _ = self.crew
        self.folder.open(self.key)

    @cached_property
    def key(self) -> str:
        """Changes with anything that changes a number."""
        lists = [None if each is None else each.checksum for each in (self.all_years, self.published)]
        links = {name: hashlib.sha256(each.tobytes()).hexdigest() for name, each in self.links.items()}
        asked = {name: value for name, value in vars(self.options).items() if name not in OF_NO_NUMBER}
        return json.dumps([VERSION, lists, links, asked], ensure_ascii=False, sort_keys=True)

    def work(self) -> None:
        """Make every table, the quick ones first.

        Raises
        ------
        Stopped
            By Ctrl-C, or when the workers are lost.
        """
        try:
            for measure in self.options.measure:
                if measure not in LEAST:
                    getattr(self, f"_make_{measure}")()
            self._make_curves()
        except (KeyboardInterrupt, CrewFailed, SystemError) as reason:
            if isinstance(reason, SystemError) and not _is_key(reason):
                raise
            self._write_curves()
            said = str(reason) if isinstance(reason, CrewFailed) else "Stopped."
            raise Stopped(
                f"{said} What is finished is in {self.folder.path}; the same command goes on from there."
            ) from None
        self._write_curves()
        self._correct()
        account = self._account()
        self.folder.write_json("run.json", account)
        self.folder.write_page("report.html", report_page(self.folder.path, self.sites, account))
        self.folder.close()

    def summary(self) -> Iterator[str]:
        """What came out, in a few lines."""
        sites, kinds = counted(len(self.sites), "sites"), counted(len(self.sites.industries), "industries")
        yield f"{sites} of {kinds}; tables in {self.folder.path}."
        for measure, name in (("kd", "K-density"), ("m", "M"), ("m-density", "m")):
            found = {industry: each[measure] for industry, each in self.verdicts.items() if measure in each}
            gathered = sorted(industry for industry, each in found.items() if is_gathered(each))
            if found:
                yield f"{name}: {len(gathered)} of {counted(len(found), 'industries')} gathered more than by chance" + (
                    f": {', '.join(gathered[:12])}{', ...' if len(gathered) > 12 else ''}." if gathered else "."
                )
        yield from self.notes[:NOTES_SHOWN]
        if len(self.notes) > NOTES_SHOWN:
            yield f"{len(self.notes) - NOTES_SHOWN:,} more notes are in {self.folder.path / 'run.json'}."

    def _make_lq(self) -> None:
        self._write("lq", survey.quotient_rows(self.sites, self._cells(), self.options.level))

    def _make_stars(self) -> None:
        self._write("stars", survey.star_rows(self.sites, self._cells(), STAR_PROFILES[self.options.stars]))

    def _make_shift(self) -> None:
        years = self.all_years.years
        before, after = self.all_years.in_year(years[0]), self.all_years.in_year(years[-1])
        rows = survey.shift_rows(before, after, self.wanted, self.options.least_sites)
        self._write("shift", rows, "shift_share.csv")

    def _make_eg(self) -> None:
        self._write("eg", survey.concentration_rows(self.sites, self.wanted, self.options.least_sites, self.published))

    def _make_coagglomeration(self) -> None:
        rows = survey.coagglomeration_rows(self.sites, self.wanted, self.options.least_sites)
        self._write("coagglomeration", rows)

    def _make_priority(self) -> None:
        years = self.all_years.years
        before = self.all_years.in_year(years[0]) if len(years) > 1 else None
        rows = survey.priority_rows(
            self.sites, self._cells(), self.options.weights, before, least_sites=self.options.least_sites,
            seed=self.options.seed,
        )  # fmt: skip
        self._write("priority", rows)

    def _make_extents(self) -> None:
        least = max(5, self.options.least_sites)
        features = [each for name in self.wanted for each in survey.extent_features(self.sites, name, least)]
        kilometres = {"coordinates": "x_km, y_km"} if self.sites.points.metric == "plane" else {}
        self.folder.write_json("extents.geojson", {"type": "FeatureCollection", **kilometres, "features": features})

    def _make_related(self) -> None:
        numbers = len(cluster_numbers(int(np.count_nonzero(self.sites.jobs.sum(axis=0)))))
        progress = Progress(numbers, sys.stderr, time.monotonic)
        progress.begin("related industries")
        try:
            found, names = survey.find_related(self.sites, self.options.seed, self.links, progress.add)
        except ValueError as problem:
            self.notes.append(f"related: left out. {problem}")
            return
        finally:
            progress.end()
        self._write("related", survey.related_rows(found, names))
        self.folder.write_json("related.json", {
            "matrices": [name for name in found.similarity if name != "all"],
            "made_by": found.best.made_by,
            "score": found.best.score.total,
            "scores": dataclasses.asdict(found.best.score),
            "moved": [
                {"industry": names[each.industry], "from": each.source, "to": each.target,
                 "relatedness_from": each.relatedness_source, "relatedness_to": each.relatedness_target,
                 "reasons": {name: list(both) for name, both in each.reasons.items()}}
                for each in found.moved
            ],
            "alternatives": [
                {"made_by": each.made_by, "score": each.score.total, "scores": dataclasses.asdict(each.score),
                 "clusters": dict(zip(names, each.labels.tolist(), strict=True))}
                for each in found.alternatives
            ],
        })  # fmt: skip

    def _cells(self) -> survey.Cells:
        return survey.Cells.of(self.sites, self.wanted, self.options.least_sites, self.published)

    def _make_curves(self) -> None:
        tasks = list(self._tasks())
        progress = Progress(sum(task.work for task in tasks), sys.stderr, time.monotonic)
        left = []
        for task in tasks:
            piece = self.folder.kept(task.name)
            if piece is None:
                left.append(task)
            else:
                progress.skip(task.work)
                self._take(task.measure, piece)
        for task, curve in self.crew.curves(left, progress) if left else ():
            piece = _piece_of(task.industry, curve)
            self.folder.keep(task.name, piece)
            self._take(task.measure, piece)
            progress.settle(task.work)
        progress.end()

    @cached_property
    def crew(self) -> Crew:
        """Who makes the curves."""
        options = self.options
        if options.workers:
            return Dask(options.workers, self.makers, options.simulations, options.level)
        return Here(self.makers, options.simulations, options.level)

    @cached_property
    def makers(self) -> dict[str, Maker]:
        """What makes the curves of each measure asked for."""
        points, seed = self.located.points, self.options.seed
        weight = self.located.employment if self.options.weighted else None
        ways: dict[str, Callable[[], Maker]] = {
            "kd": lambda: Densities(points, weight, self.reach_km, seed, self.options.fast),
            "m": lambda: Concentrations(self.surroundings, seed),
            "m-density": lambda: RelativeDensities(self.surroundings, seed),
        }
        return {measure: way() for measure, way in ways.items() if measure in self.options.measure}

    def _tasks(self) -> Iterator[Task]:
        """The curves to make; industries of equal size after one another, to share bands."""
        number = self.located.number
        total = len(self.located)
        names = sorted(self.wanted, key=lambda name: (number[self.sites.industries.index(name)], name))
        for measure, maker in self.makers.items():
            seen = 0
            for name in names:
                size = int(number[self.sites.industries.index(name)])
                reason = self._why_not(measure, name, size, total)
                if reason:
                    self.notes.append(f"{measure}: {name} is left out: {reason}")
                    continue
                drawn = size_drawn(size, self.options.share_bands)
                work = maker.pairs(drawn) * (self.options.simulations if drawn != seen else 1) + WORK_OF_BANDS
                yield Task(measure, name, self.located.cases(name), drawn, work)
                seen = drawn

    def _why_not(self, measure: str, name: str, size: int, total: int) -> str:
        if size < max(LEAST[measure], self.options.least_sites):
            return too_few(size)
        if size == total:
            return "it is every site, so there is nothing to compare it with."
        cases = self.located.cases(name)
        own = self.located.points[cases]
        if measure == "kd" and float(own.distances(0).max()) == 0:
            return "all its sites lie at one place."
        most = CASES_MAX_FAST if self.options.fast else CASES_MAX
        if measure == "kd" and size > most:
            advice = "" if self.options.fast else " --fast can."
            return f"it has more than {most:,} sites, whose pairs are not counted one by one.{advice}"
        return ""

    def _take(self, measure: str, piece: dict[str, Any]) -> None:
        self.curve_tables.setdefault(measure, []).extend(tuple(row) for row in piece["rows"])
        if piece["verdict"]:
            error = piece["verdict"].get("band_error", 0.0)
            if error > ERROR_NOTED:
                self.notes.append(
                    f"{measure}: the fast bands of {piece['industry']} are off by {error:.1%} of the top."
                )
            self.verdicts.setdefault(piece["industry"], {})[measure] = piece["verdict"]

    def _write_curves(self) -> None:
        for measure, rows in self.curve_tables.items():
            self._write(measure, sorted(rows, key=lambda row: (row[0], row[1])))

    def _correct(self) -> None:
        """A q-value beside each p-value: false discoveries among the industries of a measure.

        Verdicts in the order of names, whoever was finished first.
        """
        self.verdicts = {
            name: {measure: curves[measure] for measure in LEAST if measure in curves}
            for name, curves in sorted(self.verdicts.items())
        }
        for measure in LEAST:
            curves = [each[measure] for each in self.verdicts.values() if measure in each]
            p_values = np.array([each["p_value"] for each in curves])
            for curve, q_value in zip(curves, false_discovery_rates(p_values).tolist(), strict=True):
                curve |= {"q_value": q_value, "level": self.options.level}
            if len(curves) > self.options.level * (self.options.simulations + 1) * SURE:
                self.notes.append(self._too_few_simulations(measure, len(curves)))

    def _too_few_simulations(self, measure: str, curves: int) -> str:
        least, enough = curves / (self.options.simulations + 1), int(np.ceil(curves / self.options.level / SURE)) - 1
        return (f"{measure}: {self.options.simulations:,} simulations are few for {counted(curves, 'industries')}: one that is "
                f"gathered alone stays at q = {min(least, 1.0):.2g}. {enough:,} could tell it.")  # fmt: skip

    def _account(self) -> dict[str, Any]:
        """What was asked, what each industry's curves say, and what was left out."""
        options = self.options
        return {
            "sites": len(self.sites), "industries": len(self.sites.industries), "regions": len(self.sites.regions),
            "years": list(self.all_years.years), "distances": self.sites.points.metric,
            "measures": list(options.measure), "simulations": options.simulations, "seed": options.seed,
            "level": options.level, "weighted": options.weighted, "share_bands": options.share_bands,
            "fast": options.fast, "profile": options.profile, "weights": options.weights, "least_sites": options.least_sites,
            "reach_km": self.reach_km if set(LEAST) & set(options.measure) else None,
            "stars": options.stars, "country": options.country, "links": list(self.links), "verdicts": self.verdicts, "notes": self.notes,
        }  # fmt: skip

    def _write(self, measure: str, rows: Iterable[survey.Row], name: str = "") -> None:
        name = name or f"{measure.replace('-', '_')}.csv"
        self.folder.write_table(name, survey.HEADERS[measure], rows)


def _is_key(problem: SystemError) -> bool:
    """Whether it is Ctrl-C, pressed while a compiled loop was begun: what comes back wraps it, once or more."""
    cause: BaseException | None = problem
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _piece_of(industry: str, curve: Curve) -> dict[str, Any]:
    verdict = None
    if curve.bands is not None:
        reach = curve.reach_km
        verdict = {
            "verdict": curve.verdict,
            "p_value": curve.bands.p_value,
            "reach_km": None if np.isnan(reach) else reach,
        }
        if curve.error is not None:
            verdict["band_error"] = curve.error
    return {"industry": industry, "rows": survey.curve_rows(industry, curve), "verdict": verdict}
