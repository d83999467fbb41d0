"""Two invented lists for finding clusters, marked as examples and measured by the worker once the site runs.

The establishments of Lorestan in two years: workshops gather in towns, and two industries were planted beside
them: stone around Azna, growing, and kilim around Aleshtar, new. The apiary census has the published numbers of
the province, 3,600 apiaries with 441,000 colonies (1404); how they lie is not published and is invented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kandoo.demo import nature
from kandoo.finding import actions
from kandoo.finding.choices import Choices
from kandoo.register.access import seats_of

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

SEED = 1404
YEARS = (1400, 1404)
APIARIES, COLONIES = 3_600, 441_000  # published for Lorestan, 1404
CLOSED, OPENED = 0.06, 0.08  # of an industry's sites between the years
IN_TOWN, TOWN_SPREAD = 0.7, 0.05  # share of workshops near a town, and how near (degrees)
VALLEYS, VALLEY_SPREAD = 5, 0.06  # where apiaries of a county crowd together
IN_VALLEY = 0.6
INDUSTRIES = {
    "مواد غذایی": 420,
    "محصولات فلزی": 380,
    "چوب و مبل": 360,
    "پوشاک": 330,
    "گلیم و فرش": 300,
    "سنگ ساختمانی": 260,
    "مصالح ساختمانی": 240,
    "پلاستیک": 180,
    "کاغذ و چاپ": 120,
    "چرم و کفش": 110,
    "شیمیایی": 90,
    "لوازم برقی": 70,
}
# industry -> where it was planted, and the share of its sites that lie there in each of the years
PLANTED = {"سنگ ساختمانی": ((33.455, 49.455), (0.35, 0.6)), "گلیم و فرش": ((33.865, 48.265), (0.0, 0.5))}
PLANTED_SPREAD = 0.035
Place = tuple[float, float]


def bring(stage: Stage) -> None:
    """The officer of the province brings the establishments, the cluster's agent the apiary census."""
    random = np.random.default_rng(SEED)
    lists = (
        ("lorestan", "کارگاه‌های لرستان ۱۴۰۰ و ۱۴۰۴ (ساختگی)", "establishments.csv", _establishments(random)),
        ("agent", "سرشماری نمونه زنبورستان‌های لرستان", "apiaries.csv", _apiaries(random)),
    )
    for username, title, name, content in lists:
        with stage.played_by(username) as person:
            seat = seats_of(person)[0]
            study = actions.bring_list(
                seat=seat, name=name, content=content, now=stage.now, title=title, is_example=True
            )
            study = actions.confirm_columns(
                seat=seat,
                study=study,
                title=title,
                profile=study.profile,
                mapping=study.mapping,
                choices=Choices(simulations=199),
            )
            actions.ask(seat=seat, study=study, now=stage.now)


def _establishments(random: np.random.Generator) -> bytes:
    counties = nature.counties()
    shares = np.array([each.share for each in counties])
    rows: list[Sequence[Any]] = []
    for industry, number in INDUSTRIES.items():
        for k in range(round(number * (1 + OPENED))):
            county = counties[int(random.choice(len(counties), p=shares / shares.sum()))]
            size = int(np.clip(random.lognormal(1.8, 1.0), 1, 400))
            usual = _near_town(county, random)
            for year, part in zip(YEARS, range(2), strict=True):
                is_there = k < number if year == YEARS[0] else k >= round(number * CLOSED)
                if not is_there:
                    continue
                lat, lon, name = *usual, county.name_fa
                if industry in PLANTED and k < round(number * (CLOSED + PLANTED[industry][1][part])):
                    lat, lon, name = _planted(industry, counties, random)
                grown = max(1, round(size * (1.0 if year == YEARS[0] else random.uniform(0.8, 1.35))))
                rows.append((f"{industry}-{k:03d}", industry, f"{lat:.5f}", f"{lon:.5f}", grown, name, year))
    return _table(("شناسه", "صنعت", "عرض جغرافیایی", "طول جغرافیایی", "تعداد شاغلان", "شهرستان", "سال"), rows)


def _near_town(county: nature.County, random: np.random.Generator) -> Place:
    """Near the middle of the county, or anywhere in it."""
    if random.uniform() > IN_TOWN:
        return nature.place_in(county, random)
    middle = county.polygon.representative_point()  # type: ignore[attr-defined]
    return _within(county, (middle.y, middle.x), TOWN_SPREAD, random)


def _planted(industry: str, counties: list[nature.County], random: np.random.Generator) -> tuple[float, float, str]:
    middle = PLANTED[industry][0]
    county = next(each for each in counties if nature.is_in(each, *middle))
    lat, lon = _within(county, middle, PLANTED_SPREAD, random)
    return lat, lon, county.name_fa


def _within(county: nature.County, middle: Place, spread: float, random: np.random.Generator) -> Place:
    """A place near another, inside the county."""
    while True:
        lat, lon = (float(each) for each in random.normal(middle, spread))
        if nature.is_in(county, lat, lon):
            return lat, lon


def _apiaries(random: np.random.Generator) -> bytes:
    counties = nature.counties()
    shares = np.array([each.share for each in counties]) * random.uniform(0.5, 1.6, len(counties))
    valleys = {each.key: [nature.place_in(each, random) for _k in range(VALLEYS)] for each in counties}
    sizes = _sizes(np.array([nature.hives(random) for _k in range(APIARIES)], dtype=np.float64))
    rows: list[Sequence[Any]] = []
    for number, colonies in enumerate(sizes, start=1):
        county = counties[int(random.choice(len(counties), p=shares / shares.sum()))]
        place = nature.place_in(county, random)
        if random.uniform() < IN_VALLEY:
            place = _within(county, valleys[county.key][int(random.integers(VALLEYS))], VALLEY_SPREAD, random)
        rows.append((f"L{number:04d}", county.name_fa, colonies, f"{place[0]:.5f}", f"{place[1]:.5f}"))
    return _table(("کد زنبورستان", "شهرستان", "تعداد کلنی", "عرض جغرافیایی", "طول جغرافیایی"), rows)


def _sizes(drawn: np.ndarray[Any, np.dtype[np.float64]]) -> list[int]:
    """Whole numbers in the proportion of those drawn that add up to the published number of colonies."""
    exact = drawn * COLONIES / drawn.sum()
    whole = np.floor(exact).astype(int)
    rest = COLONIES - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return [int(each) for each in whole]


def _table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()
