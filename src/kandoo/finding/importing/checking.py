"""Every row of a list looked at before anything is computed; a million rows take some seconds.

Columns are converted as a whole, and cell by cell only where a column has a fault.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from kandoo.engine.census_places import Country
from kandoo.finding.importing.columns import BY_PLACE, FIELDS, label_of
from kandoo.finding.importing.faults import Fault
from kandoo.finding.importing.places import (
    country_of,
    doubts_about,
    look_at_places,
    regions_of,
    span_faults,
    whole_list_at_fault,
)
from kandoo.finding.importing.reading import Sheet
from kandoo.finding.importing.values import Floats, numbers_of, places_of, years_of

LEAST_ROWS = 10
LEAST_SITES = 3  # of an industry, to be measured by itself; cells of fewer are hidden
TEXT_MAX = 200
NAMED_MAX = 12


@dataclass(slots=True)
class Checked:
    """The columns of the rows that are good, by field, and what was wrong with the others."""

    lines: list[int] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, Floats] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)

    @property
    def bad_lines(self) -> set[int]:
        return {fault.line for fault in self.faults if fault.line}

    @property
    def is_whole_at_fault(self) -> bool:
        return any(not fault.line for fault in self.faults)

    @property
    def years(self) -> list[int]:
        return sorted({int(each) for each in self.numbers["year"]}) if "year" in self.numbers else []


def check(
    sheet: Sheet, mapping: Mapping[str, int], profile: str, *, leaves_out: bool = False, is_abroad: bool = False
) -> Checked:
    """Look at every row. `leaves_out`: faulty rows are left out and counted; what remains is looked at once more.

    mapping: field → place of its column, or BY_PLACE for the region. is_abroad: sites may lie outside Iran.
    """
    found = Checked(faults=mapping_faults(mapping, profile))
    if found.faults:
        return found
    country = country_of(is_abroad)
    found = _read(sheet, mapping, country)
    if leaves_out and found.bad_lines and not found.is_whole_at_fault:
        bad = found.bad_lines
        kept = [place for place, line in enumerate(sheet.lines) if line not in bad]
        rest = Sheet(sheet.headings, [sheet.rows[k] for k in kept], [sheet.lines[k] for k in kept])
        found = _read(rest, mapping, country)
        found.remarks.append(Fault(0, "", "left-out", {"count": len(bad)}))
    if not found.faults:
        found.remarks += [*doubts_about(found.numbers, country), *_remarks(found, profile)]
    return found


def mapping_faults(mapping: Mapping[str, int], profile: str) -> list[Fault]:
    """What is wrong with the choice of columns."""
    faults = [
        Fault(0, each.code, "missing-column")
        for each in FIELDS[profile]
        if each.is_required and each.code not in mapping
    ]
    seen: dict[int, str] = {}
    for code, place in mapping.items():
        if place in seen and place != BY_PLACE:
            faults.append(Fault(0, code, "column-twice", {"other": label_of(profile, seen[place])}))
        seen.setdefault(place, code)
    has = [sum(code in mapping for code in pair) for pair in (("lat", "lon"), ("x_km", "y_km"))]
    if sum(has) == 0:
        faults.append(Fault(0, "lat", "missing-column"))
    elif 1 in has:
        faults.append(Fault(0, "lat" if has[0] else "x_km", "half-a-place"))
    elif sum(has) == 4:
        faults.append(Fault(0, "x_km", "two-places"))
    return faults


def _read(sheet: Sheet, mapping: Mapping[str, int], country: Country | None) -> Checked:
    found = Checked(lines=sheet.lines)
    width = len(sheet.headings)
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        if len(row) != width:
            found.faults.append(Fault(line, "", "cells", {"count": len(row), "wanted": width}))
    if found.faults:  # no telling which cell belongs to which column
        bad = found.bad_lines
        kept = [k for k, line in enumerate(sheet.lines) if line not in bad]
        sheet = Sheet(sheet.headings, [sheet.rows[k] for k in kept], [sheet.lines[k] for k in kept])
        found.lines = sheet.lines
    if not sheet.rows:
        found.faults.append(Fault(0, "", "few", {"count": 0, "least": LEAST_ROWS}))
        return found
    columns = list(zip(*sheet.rows, strict=True))
    _read_columns(found, {code: columns[place] for code, place in mapping.items() if place != BY_PLACE})
    if not found.faults:
        found.faults += whole_list_at_fault(found.numbers, country)
    found.faults += look_at_places(found.lines, found.numbers, found.bad_lines, country)
    if not found.bad_lines and len(found.lines) < LEAST_ROWS:
        found.faults.append(Fault(0, "", "few", {"count": len(found.lines), "least": LEAST_ROWS}))
    if not found.faults:
        if mapping.get("region") == BY_PLACE:
            found.texts["region"] = regions_of(found.numbers["lat"], found.numbers["lon"])
        found.faults += [*_alike(found), *span_faults(found.numbers)]
    found.faults.sort()
    return found


def _read_columns(found: Checked, cells: Mapping[str, tuple[str, ...]]) -> None:
    lines = found.lines
    for code in ("site", "industry", "region"):
        if code in cells:
            found.texts[code] = list(cells[code])
            found.faults += list(_text_faults(lines, code, cells[code]))
    for code, empty in (("size", None), ("exports", 0.0)):
        if code in cells:
            found.numbers[code] = numbers_of(lines, code, cells[code], found.faults, empty=empty)
    if "year" in cells:
        found.numbers["year"] = years_of(lines, cells["year"], found.faults)
    for code in ("lat", "lon", "x_km", "y_km"):
        if code in cells:
            found.numbers[code] = places_of(lines, code, cells[code], found.faults)
    found.faults += list(_doubled(lines, cells["site"], found.numbers.get("year")))


def _text_faults(lines: list[int], code: str, cells: tuple[str, ...]) -> Iterator[Fault]:
    if all(cells) and max(map(len, cells)) <= TEXT_MAX:
        return
    for line, cell in zip(lines, cells, strict=True):
        if not cell:
            yield Fault(line, code, "required")
        elif len(cell) > TEXT_MAX:
            yield Fault(line, code, "too-long", {"most": TEXT_MAX})


def _doubled(lines: list[int], sites: tuple[str, ...], years: Floats | None) -> Iterator[Fault]:
    if years is None and len(set(sites)) == len(sites):
        return
    first: dict[tuple[str, float], int] = {}
    for place, (line, site) in enumerate(zip(lines, sites, strict=True)):
        year = 0.0 if years is None else float(years[place])
        if site and year == year:
            before = first.setdefault((site, year), line)
            if before != line:
                yield Fault(
                    line, "site", "doubled" if years is None else "doubled-year", {"value": site, "line": before}
                )


def _alike(found: Checked) -> Iterator[Fault]:
    """A list without anything to compare."""
    code = "industry" if "industry" in found.texts else "region"
    kinds = set(found.texts[code])
    if len(kinds) == 1:
        yield Fault(0, code, "one-kind", {"value": kinds.pop()})
    size, years = found.numbers["size"], found.numbers.get("year")
    if any(not size[years == year].any() for year in np.unique(years)) if years is not None else not size.any():
        yield Fault(0, "size", "nobody")


def _remarks(found: Checked, profile: str) -> Iterator[Fault]:
    kinds = found.texts["industry" if profile == "establishments" else "region"]
    years = found.numbers.get("year")
    newest = np.ones(len(kinds), dtype=bool) if years is None else years == years.max()
    names, counts = np.unique(np.array(kinds, dtype=object)[newest].astype(str), return_counts=True)
    lonely = names[counts < LEAST_SITES].tolist()
    if lonely:
        named = "، ".join(lonely[:NAMED_MAX]) + ("، …" if len(lonely) > NAMED_MAX else "")
        yield Fault(0, "industry", "lonely", {"count": len(lonely), "least": LEAST_SITES, "value": named})
    empty = int((found.numbers["size"] == 0).sum())
    if empty:
        yield Fault(0, "size", "no-size", {"count": empty})
    if "region" not in found.texts:
        yield Fault(0, "region", "no-region")
