"""sites.csv or sites.parquet as the engine's columns, with every fault by line and column.

The format is described in docs/file-formats.md. A million rows take a few seconds: cells are
converted by the column, and looked at one by one only in a column that has a fault.
"""

import csv
import gc
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kandoo.engine.census.points import Floats
from kandoo.engine.census.sites import Sites
from kandoo.engine.census_places import Country, doubts, odd_as_a_whole, odd_rows

from .census_ground import country_of
from .tables import Fault, Faulty, Table, delimiter_of, number, one_spelling, text_of, whole

EARTH, PLANE = ("lat", "lon"), ("x_km", "y_km")
FAULTS_SHOWN = 1000
MINUTES = re.compile(r"""^\s*\d{1,3}\s*(°|d|:|\s)\s*\d{1,2}(\.\d+)?\s*(['′’:]|\s|$)""")


ABROAD = "if the list is of another country, or goes beyond Iran, say --country other"
WHOLE = {
    "one-place": "all sites lie at one place",
    "all-minutes": "every value has two decimals at most and none from .60 on: degrees and minutes written as a decimal? "
                   "33.29 for 33°29′ should be 33.4833",
    "all-swapped": "lat and lon are swapped in the whole list: {count} of {all} sites lie in Iran only the other way "
                   f"round; {ABROAD}",
}  # fmt: skip
ROWS = {
    "nowhere": "0, 0 lies in the sea off Africa; leave out sites whose place is not known",
    "swapped": "{place} lies far from the others, but among them with lat and lon swapped",
    "sea": f"{{place}} lies in the sea or in another country, while the other sites are in Iran; {ABROAD}",
    "far": f"{{place}} lies far from all the others; {ABROAD}",
}
DOUBTS = {
    "abroad": "No site lies in Iran, so it was not looked whether sites lie in the sea, or all are swapped.",
    "partly-abroad": "Only {count} of {all} sites lie in Iran, so it was not looked whether sites lie in the sea.",
    "maybe-swapped": "{count} of {all} sites would lie in Iran if lat and lon were exchanged: are they swapped?",
    "some-far": "{count} of {all} sites lie far from where most are.",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """What the columns are called that say which site, of what kind, how large and in which region.

    kind : None when sites are all of one kind; then those of each region are compared with all.
    """

    site: str
    kind: str | None
    size: str
    region: str
    others: tuple[str, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        return self.site, self.kind or self.region, self.size

    @property
    def optional(self) -> tuple[str, ...]:
        return self.region, "year", *self.others


ESTABLISHMENTS = Profile("site_id", "industry", "employment", "region", ("sales", "exports"))
APIARIES = Profile("apiary_id", None, "colonies", "district", ("honey_kg",))
PROFILES = {"establishments": ESTABLISHMENTS, "apiary": APIARIES}


def read_sites(path: Path, profile: Profile = ESTABLISHMENTS, country: str = "IR") -> Sites:
    """Read and check a census. country: of which sites are expected; "other" for a list of any.

    Raises
    ------
    Faulty
        With every fault, the first thousand of them.
    """
    with _rubbish_kept():
        table = read_columns(path, profile)
    is_earth = "lat" in table.columns
    years = _numbers(table, "year", whole(1000, 3000), 1000, 3000, empty=None) if "year" in table.columns else None
    ids = _texts(table, profile.site)
    _refuse_doubled(table, profile.site, ids, years)
    industries = _texts(table, profile.kind or profile.region)
    regions = _texts(table, profile.region) if profile.kind and profile.region in table.columns else None
    employment = _numbers(table, profile.size, _count, 0, 1e9, empty=None)
    money = {
        column: _numbers(table, column, _amount, 0, 1e15, empty=0.0)
        for column in profile.others
        if column in table.columns
    }
    first, second = (_coordinate(table, column) for column in (EARTH if is_earth else PLANE))
    if not table.faults:
        _refuse_nobody(table, profile.size, employment, years)
        _refuse_places(table, first, second, country_of(country), is_earth)
    if table.faults:
        raise Faulty(_first_thousand(table))
    places = {"lat": first, "lon": second} if is_earth else {"x_km": first, "y_km": second}
    try:
        return Sites.build(
            ids, industries, employment, region=regions, year=years, exports=money.get("exports"), **places
        )
    except ValueError as problem:  # the sites span too much of the earth
        raise Faulty([Fault(table.file, 1, "-", str(problem))]) from None


def read_columns(path: Path, profile: Profile = ESTABLISHMENTS) -> Table:
    """The cells by column, unparsed; of a Parquet file as text, line 2 being its first row.

    Raises
    ------
    Faulty
        When the file cannot be read, or its header or the shape of its rows is wrong.
    """
    name = str(path)
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path, name, profile)
    reader = _reader(one_spelling(text_of(path, name)))
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if "".join(row).strip():  # Excel ends many a file with rows of commas
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as problem:
        raise Faulty([Fault(name, line, "-", f"is not a well-formed table: {problem}")]) from None
    if not rows:
        raise Faulty([Fault(name, 1, "-", "the file is empty")])
    header = [cell.strip() for cell in rows.pop(0)]
    faults = _header_faults(name, lines.pop(0), header, profile)
    faults += [
        Fault(name, line, "-", f"the row has {len(row)} cells, the header {len(header)}")
        for line, row in zip(lines, rows, strict=True)
        if len(row) != len(header)
    ][:FAULTS_SHOWN]
    if not rows:
        faults.append(Fault(name, 1, "-", "there are no rows under the header"))
    if faults:
        raise Faulty(faults)
    columns = {
        column: [cell.strip() for cell in cells] for column, cells in zip(header, zip(*rows, strict=True), strict=True)
    }
    return Table(name, columns, lines)


def _read_parquet(path: Path, name: str, profile: Profile) -> Table:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise Faulty([Fault(name, 1, "-", "Parquet needs pyarrow: install kandoo[census]")]) from None
    try:
        found = parquet.read_table(path)
    except (OSError, ArrowException) as problem:
        reason = str(problem).partition("\n")[0]
        raise Faulty([Fault(name, 1, "-", f"is not a Parquet file that can be read: {reason}")]) from None
    faults = _header_faults(name, 1, found.column_names, profile)
    if not len(found):
        faults.append(Fault(name, 1, "-", "there are no rows"))
    if faults:
        raise Faulty(faults)
    columns = {column: [_shown(cell) for cell in found[column].to_pylist()] for column in found.column_names}
    return Table(name, columns, list(range(2, len(found) + 2)))


def _shown(cell: object) -> str:
    """A cell as a text file would have it."""
    if isinstance(cell, str):
        return one_spelling(cell).strip()
    return "" if cell is None else str(cell)


@contextmanager
def _rubbish_kept() -> Iterator[None]:
    """Millions of new lists, none of them rubbish: looking for some takes longer than reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _texts(table: Table, column: str) -> list[str]:
    cells = table.cells(column)
    return cells if all(cells) else table.texts(column)


def _reader(text: str) -> "csv._reader":  # type: ignore[name-defined]
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)


def _header_faults(name: str, line: int, header: list[str], profile: Profile) -> list[Fault]:
    has = [any(column in header for column in pair) for pair in (EARTH, PLANE)]
    if all(has):
        return [Fault(name, line, "-", "has both lat, lon and x_km, y_km: one of the two pairs says where a site is")]
    needed = (*profile.needed, *(PLANE if has[1] else EARTH))
    faults = [Fault(name, line, column, "the column is missing") for column in needed if column not in header]
    for place, column in enumerate(header, start=1):
        if not column:
            faults.append(Fault(name, line, "-", f"column {place} has no name"))
        elif header.index(column) != place - 1:
            faults.append(Fault(name, line, column, "the column is there twice"))
        elif column not in (*needed, *profile.optional):
            faults.append(Fault(name, line, column, "is not a known column"))
    return faults


def _numbers(
    table: Table, column: str, parse: Callable[[str], float], least: float, most: float, *, empty: float | None
) -> Floats:
    """A column of numbers; at once when all are good, cell by cell when one is not."""
    cells = table.cells(column)
    try:
        values = np.array(list(map(float, cells)))
        good = (values >= least) & (values <= most) & ((column != "year") | (values == np.rint(values)))
        if good.all() and not any("_" in cell for cell in cells):
            return values
    except ValueError:
        pass
    return np.array(table.numbers(column, parse, empty=empty), dtype=np.float64)


def _count(cell: str) -> float:
    value = _amount(cell)
    if value > 1e9:
        raise ValueError(f"{cell!r} is above 1000000000")
    return value


def _amount(cell: str) -> float:
    value = float(number(cell))
    if value < 0:
        raise ValueError(f"{cell!r} is below 0")
    return value


def _coordinate(table: Table, column: str) -> Floats:
    most = {"lat": 90.0, "lon": 180.0}.get(column, 1e5)
    return _numbers(table, column, _place(column, most), -most, most, empty=None)


def _place(column: str, most: float) -> Callable[[str], float]:
    def parse(cell: str) -> float:
        if MINUTES.match(cell):
            raise ValueError(f"{cell!r} is in degrees and minutes; write decimal degrees, 33.4833 for 33°29′")
        value = float(number(cell))
        if abs(value) <= most:
            return value
        if column == "lat" and abs(value) <= 180:
            raise ValueError(f"{cell!r} is not between -90 and 90; are lat and lon swapped?")
        raise ValueError(f"{cell!r} is not between {-most:g} and {most:g}")

    return parse


def _refuse_doubled(table: Table, column: str, ids: list[str], years: Floats | None) -> None:
    if years is None and len(set(ids)) == len(ids):
        return
    first: dict[tuple[str, float], int] = {}
    for place, (line, site) in enumerate(zip(table.lines, ids, strict=True)):
        key = (site, 0.0 if years is None else float(years[place]))
        if site and key in first:
            when = "" if years is None else f" for the year {key[1]:.0f}"
            table.refuse(line, column, f"{site!r} is already in line {first[key]}{when}")
        first.setdefault(key, line)


def _refuse_nobody(table: Table, column: str, employment: Floats, years: Floats | None) -> None:
    """A census, or a year of it, in which nobody works: no share can be taken of nothing."""
    for year in [None] if years is None else np.unique(years):
        if not employment[slice(None) if year is None else years == year].any():
            table.refuse(1, column, "is 0 at every site" + (f" of {year:g}" if year is not None else ""))


def _refuse_places(table: Table, first: Floats, second: Floats, country: Country | None, is_earth: bool) -> None:
    """Places that are numbers but cannot be meant."""
    for odd in odd_as_a_whole(first, second, country, is_earth=is_earth):
        table.refuse(1, odd.column, WHOLE[odd.code].format(count=odd.count, all=len(first)))
    if not is_earth:
        return
    for odd in odd_rows(first, second, country):
        row = odd.row or 0
        table.refuse(table.lines[row], "lat", ROWS[odd.code].format(place=f"{first[row]:g}, {second[row]:g}"))


def doubts_of(sites: Sites, country: str) -> list[str]:
    """What is said beside the results of a list whose places may be right."""
    if sites.points.metric == "plane":
        return []
    found = doubts(sites.second, sites.first, country_of(country))
    return [DOUBTS[each.code].format(count=each.count, all=len(sites)) for each in found]


def _first_thousand(table: Table) -> list[Fault]:
    faults = sorted(table.faults)
    if len(faults) <= FAULTS_SHOWN:
        return faults
    rest = len(faults) - FAULTS_SHOWN
    return [*faults[:FAULTS_SHOWN], Fault(table.file, faults[FAULTS_SHOWN].line, "-", f"and {rest} more faults")]
