"""A census measured piece by piece; each industry's curve is kept when it is finished, so that a stopped survey can go on."""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from kandoo.engine.census import (
    STAR_PROFILES,
    Curve,
    Sites,
    Surroundings,
    false_discovery_rates,
    k_density,
    relative_concentration,
    simulate_concentration,
    simulate_density,
    survey,
    usual_reach,
)
from kandoo.engine.census.curves import shared_size
from kandoo.engine.census.points import Floats

from .census_folder import ReportFolder
from .census_report import is_gathered, report_page
from .progress import Progress
from .tables import Fault, Faulty

VERSION = 1  # of what pieces hold
WORK_OF_BANDS = 1e8  # of one curve, whatever its size, in pairs
LEAST = {"kd": 3, "m": 2}  # sites of an industry for a curve


class Stopped(Exception):
    """Ctrl-C was pressed; the message says how to go on."""


class Survey:
    """What is asked of one census, and how far it has come."""

    def __init__(self, sites: Sites, arguments: argparse.Namespace) -> None:
        self.all_years, self.options = sites, arguments
        self.sites = sites.in_year(sites.years[-1]) if len(sites.years) > 1 else sites
        self.wanted: tuple[str, ...] = arguments.industries or sites.industries
        self.folder = ReportFolder(arguments.output)
        self.curve_tables: dict[str, list[survey.Row]] = {}
        self.verdicts: dict[str, dict[str, Any]] = {}
        self.notes: list[str] = []
        self._simulated: dict[tuple[str, int], Floats] = {}

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
        OSError
            When the folder cannot be written to.
        """
        if {"kd", "m"} & set(self.options.measure):
            try:
                _ = self.reach_km
            except ValueError as problem:
                raise Faulty([Fault(str(self.options.sites), 1, "-", f"{problem} Curves need distances.")]) from None
        self.folder.open(self.key)

    @cached_property
    def key(self) -> str:
        """Changes with anything that changes a number."""
        data = hashlib.sha256(self.options.sites.read_bytes()).hexdigest()
        names = (
            "simulations",
            "seed",
            "level",
            "reach_km",
            "weighted",
            "share_bands",
            "stars",
            "least_sites",
            "industries",
        )
        asked = {name: getattr(self.options, name) for name in names}
        return json.dumps([VERSION, data, asked], ensure_ascii=False, sort_keys=True)

    def work(self) -> None:
        """Make every table, the quick ones first.

        Raises
        ------
        Stopped
            By Ctrl-C.
        """
        try:
            for measure in self.options.measure:
                if measure not in LEAST:
                    getattr(self, f"_make_{measure}")()
            self._make_curves()
        except KeyboardInterrupt:
            self._write_curves()
            raise Stopped(
                f"Stopped. What is finished is in {self.folder.path}; the same command goes on from there."
            ) from None
        self._write_curves()
        self._correct()
        account = self._account()
        self.folder.write_json("run.json", account)
        self.folder.write_page("report.html", report_page(self.folder.path, self.sites, account))
        self.folder.close()

    def summary(self) -> Iterator[str]:
        """What came out, in a few lines."""
        yield f"{len(self.sites):,} sites of {len(self.sites.industries)} industries; tables in {self.folder.path}."
        for measure, name in (("kd", "K-density"), ("m", "M")):
            found = {industry: each[measure] for industry, each in self.verdicts.items() if measure in each}
            gathered = sorted(industry for industry, each in found.items() if is_gathered(each))
            if found:
                yield f"{name}: {len(gathered)} of {len(found)} industries gathered more than by chance" + (
                    f": {', '.join(gathered[:12])}{', ...' if len(gathered) > 12 else ''}." if gathered else "."
                )
        yield from self.notes

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
        self._write("eg", survey.concentration_rows(self.sites, self.wanted, self.options.least_sites))

    def _make_extents(self) -> None:
        least = max(5, self.options.least_sites)
        features = [each for name in self.wanted for each in survey.extent_features(self.sites, name, least)]
        kilometres = {"coordinates": "x_km, y_km"} if self.sites.points.metric == "plane" else {}
        self.folder.write_json("extents.geojson", {"type": "FeatureCollection", **kilometres, "features": features})

    def _make_related(self) -> None:
        try:
            found, names = survey.find_related(self.sites, self.options.seed)
        except ValueError as problem:
            self.notes.append(f"related: left out. {problem}")
            return
        rows = zip(names, found.best.labels.tolist(), found.fit.tolist(), strict=True)
        self._write("related", ((name, label, None if np.isnan(fit) else fit) for name, label, fit in rows))
        self.folder.write_json("related.json", {
            "made_by": found.best.made_by,
            "score": found.best.score.total,
            "moved": [
                {"industry": names[each.industry], "from": each.source, "to": each.target,
                 "relatedness_from": each.relatedness_source, "relatedness_to": each.relatedness_target}
                for each in found.moved
            ],
            "alternatives": [
                {"made_by": each.made_by, "score": each.score.total,
                 "clusters": dict(zip(names, each.labels.tolist(), strict=True))}
                for each in found.alternatives
            ],
        })  # fmt: skip

    def _cells(self) -> survey.Cells:
        return survey.Cells.of(self.sites, self.wanted, self.options.least_sites)

    def _make_curves(self) -> None:
        tasks = list(self._tasks())
        progress = Progress(sum(work for _, _, work in tasks), sys.stderr, time.monotonic)
        for measure, industry, work in tasks:
            name = f"{measure}: {industry}"
            piece = self.folder.kept(name)
            if piece is None:
                progress.begin(name)
                curve = self._curve(measure, industry, progress.part_of(work, self.options.simulations))
                piece = _piece_of(industry, curve)
                self.folder.keep(name, piece)
                progress.settle(work)
            else:
                progress.skip(work)
            self._take(measure, piece)
        progress.end()

    def _tasks(self) -> Iterator[tuple[str, str, float]]:
        """(measure, industry, work) of each curve; industries of equal size after one another, to share bands."""
        number = self.located.number
        total = len(self.located)
        names = sorted(self.wanted, key=lambda name: (number[self.sites.industries.index(name)], name))
        for measure in (each for each in self.options.measure if each in LEAST):
            seen = 0
            for name in names:
                size = int(number[self.sites.industries.index(name)])
                reason = self._why_not(measure, name, size, total)
                if reason:
                    self.notes.append(f"{measure}: {name} is left out: {reason}")
                    continue
                drawn = self._size(size)
                pairs = drawn * drawn / (2 if measure == "kd" else 1)
                yield measure, name, pairs * (self.options.simulations if drawn != seen else 1) + WORK_OF_BANDS
                seen = drawn

    def _why_not(self, measure: str, name: str, size: int, total: int) -> str:
        if size < max(LEAST[measure], self.options.least_sites):
            return f"{size} sites are too few."
        if size == total:
            return "it is every site, so there is nothing to compare it with."
        cases = self.located.cases(name)
        own = self.located.points[cases]
        if measure == "kd" and float(own.distances(0).max()) == 0:
            return "all its sites lie at one place."
        if measure == "kd" and size > 90_000:
            return "it has more than 90,000 sites, whose pairs are not counted one by one."
        return ""

    def _curve(self, measure: str, industry: str, tick: Callable[[int], None]) -> Curve:
        options, cases = self.options, self.located.cases(industry)
        weight = self.located.employment if options.weighted else None
        if measure == "kd":

            def simulate(size: int) -> Floats:
                return simulate_density(self.located.points, size, self.reach_km, options.simulations, options.seed,
                                        weight=weight, tick=tick)  # fmt: skip

            return k_density(self.located.points, cases, weight=weight, reach_km=self.reach_km, level=options.level,
                             simulations=options.simulations, simulate=self._sharing(measure, simulate))  # fmt: skip

        def simulate_m(size: int) -> Floats:
            return simulate_concentration(self.surroundings, size, options.simulations, options.seed, tick=tick)

        return relative_concentration(self.surroundings, cases, level=options.level, simulations=options.simulations,
                                      simulate=self._sharing(measure, simulate_m))  # fmt: skip

    def _sharing(self, measure: str, simulate: Callable[[int], Floats]) -> Callable[[int], Floats]:
        """The last simulations are kept for the next industry of the same size."""

        def shared(size: int) -> Floats:
            size = self._size(size)
            if (measure, size) not in self._simulated:
                self._simulated = {(measure, size): simulate(size)}
            return self._simulated[measure, size]

        return shared

    def _size(self, cases: int) -> int:
        return shared_size(cases) if self.options.share_bands else cases

    def _take(self, measure: str, piece: dict[str, Any]) -> None:
        self.curve_tables.setdefault(measure, []).extend(tuple(row) for row in piece["rows"])
        if piece["verdict"]:
            self.verdicts.setdefault(piece["industry"], {})[measure] = piece["verdict"]

    def _write_curves(self) -> None:
        for measure, rows in self.curve_tables.items():
            self._write(measure, sorted(rows, key=lambda row: (row[0], row[1])))

    def _correct(self) -> None:
        """A q-value beside each p-value: false discoveries among the industries of a measure."""
        for measure in LEAST:
            curves = [each[measure] for each in self.verdicts.values() if measure in each]
            p_values = np.array([each["p_value"] for each in curves])
            for curve, q_value in zip(curves, false_discovery_rates(p_values).tolist(), strict=True):
                curve |= {"q_value": q_value, "level": self.options.level}

    def _account(self) -> dict[str, Any]:
        """What was asked, what each industry's curves say, and what was left out."""
        options = self.options
        return {
            "sites": len(self.sites), "industries": len(self.sites.industries), "regions": len(self.sites.regions),
            "years": list(self.all_years.years), "distances": self.sites.points.metric,
            "measures": list(options.measure), "simulations": options.simulations, "seed": options.seed,
            "level": options.level, "weighted": options.weighted, "share_bands": options.share_bands, "least_sites": options.least_sites,
            "reach_km": self.reach_km if {"kd", "m"} & set(options.measure) else None,
            "stars": options.stars, "verdicts": self.verdicts, "notes": self.notes,
        }  # fmt: skip

    def _write(self, measure: str, rows: Iterable[survey.Row], name: str = "") -> None:
        self.folder.write_table(name or f"{measure}.csv", survey.HEADERS[measure], rows)


def _piece_of(industry: str, curve: Curve) -> dict[str, Any]:
    verdict = None
    if curve.bands is not None:
        reach = curve.reach_km
        verdict = {
            "verdict": curve.verdict,
            "p_value": curve.bands.p_value,
            "reach_km": None if np.isnan(reach) else reach,
        }
    return {"industry": industry, "rows": survey.curve_rows(industry, curve), "verdict": verdict}
