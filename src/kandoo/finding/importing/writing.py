"""The checked list as the engine reads it: the file that is really measured."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kandoo.finding.importing.checking import Checked

NAMES = {
    "establishments": {"site": "site_id", "size": "employment"},
    "apiary": {"site": "apiary_id", "size": "colonies", "region": "district"},
}


def write_sites(path: Path, found: Checked, profile: str, years: Sequence[int]) -> int:
    """Write the rows of these years (all without a year) under the engine's headings; returns how many.

    A single year is written without its column, so that the site alone names the row.
    """
    codes = [*found.texts, *(code for code in found.numbers if code != "year" or len(years) > 1)]
    names = [NAMES[profile].get(code, code) for code in codes]
    kept = np.ones(len(found.lines), dtype=bool)
    if "year" in found.numbers and years:
        kept = np.isin(found.numbers["year"], years)
    rows = np.flatnonzero(kept).tolist()
    columns = [
        [found.texts[code][k] for k in rows] if code in found.texts else _plain(found.numbers[code][rows])
        for code in codes
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(zip(*columns, strict=True))
    return len(rows)


def _plain(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[str]:
    return [f"{value:.0f}" if value == int(value) else repr(value) for value in values.tolist()]
