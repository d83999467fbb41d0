"""What a study brought, from its tables: per industry the curves, quotients, stars, concentration and groups.

The tables are those that leave as files, so a page shows nothing that they hide.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kandoo.finding.choices import Choices
from kandoo.finding.importing.checking import LEAST_SITES, Checked
from kandoo.finding.models import Output, Study
from kandoo.finding.related import Related
from kandoo.register import places

Row = dict[str, str]
Floats = np.ndarray[Any, np.dtype[np.float64]]
CURVES = ("kd", "m")
BEFORE = "before/"
LEFT_BEHIND = ("report.html",)  # the command's own, in English; ours is made anew in both languages
GATHERED, SCATTERED, CHANCE = "gathered", "scattered", "as chance"
DENSE = 1.5  # times its share of all sites, for a group to be called a concentration


# ---------------------------------------------------------------------------- made once, when a study is measured


def gather(folder: Path) -> dict[str, bytes]:
    """The tables of a finished study by name; those of the year before under before/."""
    found = {"summary.json": (folder / "summary.json").read_bytes()}
    for prefix, part in (("", "report"), (BEFORE, "before")):
        for path in sorted((folder / part).glob("*.*")) if (folder / part).is_dir() else ():
            if path.is_file() and path.name not in LEFT_BEHIND:
                found[prefix + path.name] = path.read_bytes()
    return found


def summary_of(found: Checked, profile: str, choices: Choices) -> str:
    """Sites and sizes by industry, and where each region lies, as JSON."""
    kinds = np.array(found.texts["industry" if profile == "establishments" else "region"], dtype=object)
    years = found.numbers.get("year")

    def counted(year: int | None) -> dict[str, list[float]]:
        rows = np.ones(len(kinds), dtype=bool) if years is None or year is None else years == year
        sites = Counter(kinds[rows].tolist())
        sizes: Counter[str] = Counter()
        for kind, size in zip(kinds[rows].tolist(), found.numbers["size"][rows].tolist(), strict=True):
            sizes[kind] += size
        return {kind: [sites[kind], sizes[kind]] for kind in sorted(sites)}

    said = {
        "profile": profile,
        "is_earth": "lat" in found.numbers,
        "industries": counted(choices.year),
        "before": counted(choices.before) if choices.before is not None else {},
        "regions": _where(found, found.texts.get("region")),
        "places": _where(found, kinds.tolist()),
        "box": _box(found),
    }
    return json.dumps(said, ensure_ascii=False)


def _where(found: Checked, names: list[str] | None) -> dict[str, list[str]]:
    """Province and county in which most sites of each name lie; nothing for a map in kilometres."""
    if names is None or "lat" not in found.numbers:
        return {}
    lat, lon = found.numbers["lat"].tolist(), found.numbers["lon"].tolist()
    areas = zip(places.provinces_of(lat, lon), places.counties_of(lat, lon), strict=True)
    seen: dict[str, Counter[tuple[str, str]]] = {}
    for name, area in zip(names, areas, strict=True):
        seen.setdefault(name, Counter())[area] += 1
    return {name: list(each.most_common(1)[0][0]) for name, each in seen.items()}


def _box(found: Checked) -> list[float]:
    first, second = (found.numbers[name] for name in (("lon", "lat") if "lat" in found.numbers else ("x_km", "y_km")))
    return [float(each) for each in (first.min(), second.min(), first.max(), second.max())]


# ---------------------------------------------------------------------------- read for a page


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a curve says: gathered, scattered or as chance, up to a distance, and how sure."""

    verdict: str
    p_value: float
    q_value: float
    level: float
    reach_km: float | None

    @property
    def is_sure(self) -> bool:
        """Also after so many industries have been looked at."""
        return self.q_value <= self.level

    @property
    def is_gathered(self) -> bool:
        return self.verdict == GATHERED and self.is_sure


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry of a study; `place` is its number in the alphabet, and so its address."""

    place: int
    name: str
    sites: int
    size: float
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def main(self) -> Verdict | None:
        """The verdict of the distances; of the neighbourhood where there is no curve of distances."""
        return self.verdicts.get("kd") or self.verdicts.get("m")

    @property
    def is_gathered(self) -> bool:
        return self.main is not None and self.main.is_gathered

    @property
    def is_few(self) -> bool:
        return self.sites < LEAST_SITES


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve over its bands, arrays of shape (n,); bands are NaN without simulations."""

    distance: Floats
    value: Floats
    bands: tuple[Floats, Floats, Floats, Floats]  # low, high, global low, global high


class Tables:
    """The tables of a study, each read when it is asked for."""

    def __init__(self, study: Study, outputs: Mapping[str, bytes] | None = None) -> None:
        self.study, self.given = study, outputs
        self.choices = Choices.from_dict(study.options)

    @cached_property
    def names(self) -> list[str]:
        if self.given is not None:
            return sorted(self.given)
        return list(Output.objects.filter(study=self.study).order_by("name").values_list("name", flat=True))

    def data(self, name: str) -> bytes:
        if self.given is not None:
            return self.given.get(name, b"")
        found = Output.objects.filter(study=self.study, name=name).first()
        return found.data if found else b""

    @cached_property
    def summary(self) -> dict[str, Any]:
        return dict(json.loads(self.data("summary.json") or b"{}"))

    @cached_property
    def account(self) -> dict[str, Any]:
        return dict(json.loads(self.data("run.json") or b"{}"))

    @cached_property
    def account_before(self) -> dict[str, Any]:
        return dict(json.loads(self.data(BEFORE + "run.json") or b"{}"))

    @property
    def has_before(self) -> bool:
        return bool(self.summary.get("before"))

    @cached_property
    def industries(self) -> list[Industry]:
        """All industries, the surest gathered first, those too small for a curve last."""
        found = list(self._lines(self.summary.get("industries", {}), self.account))
        return sorted(found, key=_rank)

    @cached_property
    def before(self) -> dict[str, Industry]:
        """The same by name, of the year compared with."""
        return {each.name: each for each in self._lines(self.summary.get("before", {}), self.account_before)}

    def _lines(self, counts: Mapping[str, list[float]], account: Mapping[str, Any]) -> Iterator[Industry]:
        verdicts = account.get("verdicts", {})
        for place, (name, (sites, size)) in enumerate(sorted(counts.items()), start=1):
            own = {
                measure: Verdict(each["verdict"], each["p_value"], each["q_value"], each["level"], each["reach_km"])
                for measure, each in verdicts.get(name, {}).items()
            }
            yield Industry(place, name, int(sites), size, own)

    def industry(self, place: int) -> Industry | None:
        return next((each for each in self.industries if each.place == place), None)

    def comparable(self, industry: Industry) -> Industry | None:
        """Of the others with a curve the one with most nearly as many sites."""
        others = [each for each in self.industries if each.main is not None and each.name != industry.name]
        return min(others, key=lambda each: (abs(each.sites - industry.sites), each.name), default=None)

    def rows(self, name: str, industry: str = "") -> list[Row]:
        """A CSV table, of one industry or of all."""
        text = self.data(name).decode("utf-8-sig")
        return [row for row in csv.DictReader(io.StringIO(text)) if not industry or row["industry"] == industry]

    @cached_property
    def related(self) -> Related | None:
        """Sets of related industries; None where there are none."""
        return Related.read(self.rows("related.csv"), self.data("related.json"))

    def curve(self, measure: str, industry: str, *, before: bool = False) -> Curve | None:
        rows = [row for row in self.rows(f"{BEFORE if before else ''}{measure}.csv", industry) if row["value"]]
        if not rows:
            return None
        columns = {
            name: np.array([float(row[name] or "nan") for row in rows])
            for name in ("distance_km", "value", "low", "high", "global_low", "global_high")
        }
        bands = (columns["low"], columns["high"], columns["global_low"], columns["global_high"])
        return Curve(columns["distance_km"], columns["value"], bands)

    def groups(self, industry: str = "") -> list[dict[str, Any]]:
        """GeoJSON features of the groups that have an outline, densest first."""
        document = json.loads(self.data("extents.geojson") or b'{"features": []}')
        found = [
            each
            for each in document["features"]
            if each["geometry"]["type"] == "Polygon" and (not industry or each["properties"]["industry"] == industry)
        ]
        return sorted(found, key=lambda each: (-each["properties"]["quotient"], each["id"]))

    def quotients(self, industry: str) -> list[Row]:
        """Regions of an industry with quotient, interval and stars, the surest first; hidden cells are left out."""
        stars = {row["region"]: row for row in self.rows("stars.csv", industry)}
        rows = [row | {"stars": stars.get(row["region"], {}).get("stars", "")} for row in self.rows("lq.csv", industry)]
        return sorted((row for row in rows if row["lq"]), key=lambda row: (-float(row["low"]), row["region"]))

    def quotients_before(self, industry: str) -> dict[str, Row]:
        return {row["region"]: row for row in self.rows(BEFORE + "lq.csv", industry) if row["lq"]}

    def concentration(self, industry: str) -> Row | None:
        """Ellison and Glaeser's gamma, with G, H and its p-value."""
        return next((row for row in self.rows("eg.csv", industry) if row["gamma"]), None)


def _rank(industry: Industry) -> tuple[int, int, int, float, str]:
    """Those surely gathered first, by both curves before by one, the surest before the others."""
    curves = list(industry.verdicts.values())
    surest = min((each.p_value for each in curves), default=2.0)
    both = sum(each.is_gathered for each in curves)
    return (0 if curves else 1), -industry.is_gathered, -both, surest, industry.name
