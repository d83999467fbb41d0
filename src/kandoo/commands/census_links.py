"""Two tables beside a census that say how industries are linked: input-output, and occupations.

Both name pairs, one a row, and are described in docs/file-formats.md. Industries that are not in the census count
in the totals; one of the census that a table does not name is a fault, since it would look unrelated to all.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kandoo.engine.census.links import input_output_links, occupation_links
from kandoo.engine.census.points import Floats
from kandoo.engine.census.sites import Sites

from .tables import Fault, Faulty, Table, number, one_spelling, read_table

FLOWS = ("seller", "buyer", "amount")
PEOPLE = ("industry", "occupation", "employment")
NAMES_MAX = 5_000  # of industries or occupations; tables of them are kept whole


def read_input_output(path: Path, sites: Sites) -> Floats:
    """Links of the census's industries, in its order; 0 for those without jobs.

    Raises
    ------
    Faulty
        With every fault of the table.
    """
    names, values, table = _pairs(path, FLOWS)
    industries = _different(*names)
    flows = np.zeros((len(industries), len(industries)))
    flows[_places(names[0], industries), _places(names[1], industries)] = values
    moving = flows.sum(axis=0) + flows.sum(axis=1)
    _refuse_missing(table, sites, industries, moving, "seller", "neither buys nor sells anything")
    return _of_census(input_output_links(flows), industries, sites)


def read_occupations(path: Path, sites: Sites) -> Floats:
    """As `read_input_output`, from who works where."""
    names, values, table = _pairs(path, PEOPLE)
    industries, occupations = _different(names[0]), _different(names[1])
    if len(occupations) < 2:
        table.refuse(1, "occupation", "there is one occupation alone; nothing tells industries apart")
    people = np.zeros((len(occupations), len(industries)))
    people[_places(names[1], occupations), _places(names[0], industries)] = values
    _refuse_missing(table, sites, industries, people.sum(axis=0), "industry", "employs nobody")
    return _of_census(occupation_links(people), industries, sites)


READERS = {"input-output": read_input_output, "occupations": read_occupations}


def _pairs(path: Path, columns: tuple[str, str, str]) -> tuple[tuple[list[str], list[str]], Floats, Table]:
    """(names of both columns, values, the table), each pair once."""
    table = read_table(path, columns, lambda _name: False)
    one, other = ([one_spelling(name) for name in table.texts(column)] for column in columns[:2])
    values = table.numbers(columns[2], _amount)
    first: dict[tuple[str, str], int] = {}
    for line, pair in zip(table.lines, zip(one, other, strict=True), strict=True):
        if all(pair) and pair in first:
            table.refuse(line, columns[1], f"{pair[0]!r} and {pair[1]!r} are already in line {first[pair]}")
        first.setdefault(pair, line)
    if len({*one, *other}) > NAMES_MAX:
        table.refuse(1, columns[0], f"there are more than {NAMES_MAX:,} different names")
    if table.faults:
        raise Faulty(sorted(table.faults))
    return (one, other), np.array(values, dtype=np.float64), table


def _amount(cell: str) -> float:
    value = float(number(cell))
    if value < 0:
        raise ValueError(f"{cell!r} is below 0")
    return value


def _different(*columns: Sequence[str]) -> dict[str, int]:
    """Each name with its place in the alphabet."""
    return {name: place for place, name in enumerate(sorted(set().union(*columns)))}


def _places(names: Sequence[str], among: dict[str, int]) -> list[int]:
    return [among[name] for name in names]


def _refuse_missing(
    table: Table, sites: Sites, industries: dict[str, int], size: Floats, column: str, nothing: str
) -> None:
    """Industries of the census with jobs that the table does not name, or says nothing about."""
    for name in _with_jobs(sites):
        if name not in industries:
            table.refuse(1, column, f"the industry {name!r} of the census is not in the table")
        elif size[industries[name]] == 0:
            table.refuse(1, column, f"the industry {name!r} {nothing}")
    if table.faults:
        raise Faulty(sorted(table.faults))


def _with_jobs(sites: Sites) -> list[str]:
    jobs = np.bincount(sites.industry, sites.employment, len(sites.industries))
    return [name for name, number_of in zip(sites.industries, jobs, strict=True) if number_of > 0]


def _of_census(links: Floats, industries: dict[str, int], sites: Sites) -> Floats:
    """The census's industries in its own order."""
    found = np.zeros((len(sites.industries),) * 2)
    there = [place for place, name in enumerate(sites.industries) if name in industries]
    chosen = [industries[sites.industries[place]] for place in there]
    found[np.ix_(there, there)] = links[np.ix_(chosen, chosen)]
    return found


def read_links(paths: dict[str, Path], sites: Sites) -> dict[str, Floats]:
    """Every table asked for; the faults of all of them together.

    Raises
    ------
    Faulty
        With every fault.
    """
    found, faults = {}, list[Fault]()
    for name, path in paths.items():
        try:
            found[name] = READERS[name](path, sites)
        except Faulty as faulty:
            faults += faulty.faults
    if faults:
        raise Faulty(faults)
    return found
