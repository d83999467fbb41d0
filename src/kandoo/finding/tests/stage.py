"""Lists of sites for the tests: 260 sites of Lorestan in four industries, stone gathered around Azna."""

import csv
import io
from typing import Any

import numpy as np

HEADINGS = ("شناسه", "صنعت", "عرض جغرافیایی", "طول جغرافیایی", "تعداد کارکنان", "شهرستان")
COUNTIES = {"ازنا": (33.455, 49.46), "خرم‌آباد": (33.49, 48.36), "بروجرد": (33.90, 48.75), "الیگودرز": (33.40, 49.69)}
INDUSTRIES = {"سنگ": 50, "نساجی": 70, "غذا": 90, "چوب": 48, "چاپ": 2}


def rows(seed: int = 1, *, year: int | None = None, stone: float = 0.8) -> list[list[Any]]:
    """Rows under HEADINGS (and the year). stone: the share of stone works that lie around Azna."""
    random = np.random.default_rng(seed)
    made: list[list[Any]] = []
    for industry, number in INDUSTRIES.items():
        for _k in range(number):
            is_planted = industry == "سنگ" and random.uniform() < stone
            county = "ازنا" if is_planted else str(random.choice(list(COUNTIES)))
            lat, lon = random.normal(COUNTIES[county], 0.03 if is_planted else 0.12)
            cells = [f"s{len(made):03}", industry, f"{lat:.5f}", f"{lon:.5f}", int(random.integers(1, 60)), county]
            made.append(cells if year is None else [*cells, year])
    return made


def as_csv(table: list[list[Any]], headings: tuple[str, ...] = HEADINGS) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(table)
    return text.getvalue().encode()


def two_years() -> bytes:
    """The same sites in 1400, spread out, and in 1404, gathered."""
    return as_csv([*rows(2, year=1400, stone=0.0), *rows(3, year=1404)], (*HEADINGS, "سال"))
