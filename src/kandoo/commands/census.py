"""Find clusters in a census: which industries gather where, more than chance would have it.

    kandoo census sites.csv -o report/ [--measure lq,stars,eg,kd,m,...] [--simulations 1000] [--seed 0]

The files are described in docs/file-formats.md. Exit 0: the tables are in the folder. Exit 2: the file
cannot be used; every fault is on standard error as file:line:column: message, and nothing is written.
Exit 130: stopped by Ctrl-C; what was finished is kept, and the same command goes on from there.
"""

import _thread
import argparse
import csv
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kandoo.engine.census.sites import Sites

    from .tables import Fault

CURVES = ("kd", "m", "m-density")  # measures with bands
MEASURES = ("lq", "stars", "shift", "eg", "coagglomeration", "kd", "m", "m-density", "extents", "related", "priority")
ON_DEMAND = ("m-density",)  # measures that are only made when asked for
OF_REGIONS = ("lq", "stars", "shift", "eg", "coagglomeration", "related", "priority")
PROFILES = ("observatory-2007", "small-regions")
COUNTRIES = ("IR", "other")
AGAIN_SECONDS = 0.1  # until a lost Ctrl-C is pressed once more
CRITERIA = ("firms", "jobs", "specialisation", "focus", "small_firms", "exports", "growth")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sites", type=Path, metavar="sites.csv")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="report/", help="folder for the tables")
    parser.add_argument("--measure", type=_measures, metavar="LIST",
                        help=f"some of {','.join(MEASURES)} (default: all that the columns allow)")  # fmt: skip
    parser.add_argument(
        "--industries",
        type=_list,
        metavar="LIST",
        help='only these, compared with all (default: every one); a name with a comma as "food, drinks"',
    )
    parser.add_argument(
        "--simulations", type=_whole, default=1000, help="random industries for the bands (default: 1000)"
    )
    parser.add_argument("--seed", type=_whole, default=0, help="of the random industries (default: 0)")
    parser.add_argument("--level", type=_part, default=0.05, help="what intervals and bands leave out (default: 0.05)")
    parser.add_argument("--reach-km", type=_positive, help="last distance of the curves (default: the median distance)")
    parser.add_argument("--weighted", action="store_true", help="count employment, not sites, in kd and m")
    parser.add_argument("--share-bands", action="store_true",
                        help="industries of nearly equal size share their bands: for a large census")  # fmt: skip
    parser.add_argument("--fast", action="store_true",
                        help="simulate industries of 4,000 sites and more on a grid; run.json has the error")  # fmt: skip
    parser.add_argument("--workers", metavar="ADDRESS",
                        help="a Dask scheduler, as tcp://host:8786, whose workers make the curves (default: this machine)")  # fmt: skip
    parser.add_argument("--stars", choices=PROFILES, default="small-regions", help="thresholds of the star method")
    parser.add_argument("--profile", choices=("establishments", "apiary"), default="establishments",
                        help="what the columns are called; apiary: apiary_id, district, colonies")  # fmt: skip
    parser.add_argument("--input-output", type=Path, metavar="FILE",
                        help="for related: seller, buyer, amount; what industries sell to each other")  # fmt: skip
    parser.add_argument("--occupations", type=Path, metavar="FILE",
                        help="for related: industry, occupation, employment; who works in which industry")  # fmt: skip
    parser.add_argument("--country", choices=COUNTRIES, default=COUNTRIES[0],
                        help="where sites are expected; other: anywhere, so none is refused for lying outside Iran")  # fmt: skip
    parser.add_argument("--published", type=Path, metavar="FILE",
                        help="a census whose tables are out: hide what subtracting the two would give away")  # fmt: skip
    parser.add_argument("--weights", type=_weights, default=dict.fromkeys(CRITERIA, 1.0), metavar="NAME=NUMBER,...",
                        help=f"of the criteria of priority: {','.join(CRITERIA)} (default: all alike)")  # fmt: skip
    parser.add_argument("--least-sites", type=_whole, default=3,
                        help="hide cells of fewer sites, and what would give them away (default: 3; 0 hides none)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    from .tables import Faulty

    try:
        with no_key_is_lost():
            return measure(arguments)
    except Faulty as found:
        print(found, file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"{arguments.output}: cannot be written: {problem.strerror or problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


@contextmanager
def no_key_is_lost() -> Iterator[None]:
    """Ctrl-C while Python throws an object away is swallowed there with a warning: here it comes once more a moment later."""
    usual = sys.unraisablehook
    waiting: list[threading.Timer] = []

    def again(lost: "sys.UnraisableHookArgs") -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            usual(lost)
            return
        waiting.append(threading.Timer(AGAIN_SECONDS, _thread.interrupt_main))
        waiting[-1].start()

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = usual
        for each in waiting:
            each.cancel()


def measure(arguments: argparse.Namespace) -> int:
    """All that is asked, into the folder.

    Raises
    ------
    Faulty
        When the file cannot be used.
    OSError
        When the folder cannot be written to; what is finished is kept there.
    """
    from .census_crew import CrewFailed
    from .census_files import PROFILES as COLUMNS
    from .census_files import read_sites
    from .census_links import read_links
    from .census_work import Stopped, Survey

    columns = COLUMNS[arguments.profile]
    arguments.weighted |= arguments.profile == "apiary"  # colonies are what is looked at
    sites = read_sites(arguments.sites, columns, arguments.country)
    published = read_sites(arguments.published, columns, arguments.country) if arguments.published else None
    refuse_what_cannot_be(arguments, sites, published)
    survey = Survey(sites, arguments, published)
    survey.links = read_links(links_asked(arguments), survey.sites)
    try:
        survey.prepare()
    except CrewFailed as problem:
        print(f"kandoo census: {problem}", file=sys.stderr)
        return 2
    try:
        survey.work()
    except Stopped as stopped:
        print(f"\n{stopped}", file=sys.stderr)
        return 130
    for line in survey.summary():
        print(line)
    return 0


def refuse_what_cannot_be(arguments: argparse.Namespace, sites: "Sites", published: "Sites | None" = None) -> None:
    """Settle which measures are made.

    Raises
    ------
    Faulty
        When a column is missing that a measure asked for needs, an industry is not in the file, or a table would
        take a file's place.
    """
    from .tables import Fault, Faulty, one_spelling

    file, asked = str(arguments.sites), arguments.measure or ()
    faults = list(overwritten(arguments))
    for measure in asked:
        if measure in OF_REGIONS and sites.region is None:
            faults.append(Fault(file, 1, "region", f"the column is missing; {measure} compares regions and needs it"))
        elif measure == "shift" and len(sites.years) < 2:
            faults.append(Fault(file, 1, "year", "shift compares two years and needs a column year with two or more"))
    if published is not None and (published.region is None or len(published.years) > 1 or len(sites.years) > 1):
        faults.append(
            Fault(str(arguments.published), 1, "region", "two censuses are compared by region, each of one year")
        )
    arguments.industries = tuple(map(one_spelling, arguments.industries or ())) or None
    for name in arguments.industries or ():
        if name not in sites.industries:
            faults.append(Fault(file, 1, "industry", f"no site is of the industry {name!r}"))
    has_bands = arguments.simulations and (not asked or set(CURVES) & set(asked))
    if has_bands and int(arguments.level / 2 * (arguments.simulations + 1) + 1e-9) < 1:
        faults.append(Fault(file, 1, "-", f"bands at level {arguments.level:g} need at least "
                            f"{-int(-2 // arguments.level) - 1} simulations"))  # fmt: skip
    for name, path in links_asked(arguments).items():
        if (asked and "related" not in asked) or sites.region is None:
            faults.append(Fault(str(path), 1, "-", f"--{name} is of use for related alone, which is not measured"))
    if faults:
        raise Faulty(faults)
    if not asked:
        arguments.measure = tuple(
            each for each in MEASURES
            if each not in ON_DEMAND and (each not in OF_REGIONS or sites.region is not None) and (each != "shift" or len(sites.years) > 1)
        )  # fmt: skip
        if sites.region is None and arguments.profile == "establishments":
            print(f"{file}: there is no column region, so {', '.join(OF_REGIONS)} are left out.", file=sys.stderr)


def overwritten(arguments: argparse.Namespace) -> "Iterator[Fault]":
    """Files that are read and whose names are those of tables, in the very folder of the tables."""
    from .census_folder import LAST, TABLES
    from .tables import Fault

    for path in (arguments.sites, arguments.published, *links_asked(arguments).values()):
        if path is not None and path.name in LAST + TABLES and path.resolve().parent == arguments.output.resolve():
            yield Fault(str(path), 1, "-", "a table would take its place; choose another folder for the report")


def links_asked(arguments: argparse.Namespace) -> dict[str, Path]:
    """The tables of links between industries, by name."""
    paths = {"input-output": arguments.input_output, "occupations": arguments.occupations}
    return {name: path for name, path in paths.items() if path is not None}


def _list(text: str) -> tuple[str, ...]:
    """The names between commas; one with a comma of its own stands in quotation marks, as in a CSV."""
    cells = next(csv.reader([text], skipinitialspace=True), [])
    names = tuple(dict.fromkeys(each.strip() for each in cells if each.strip()))
    if not names:
        raise argparse.ArgumentTypeError("nothing is named")
    return names


def _measures(text: str) -> tuple[str, ...]:
    asked = _list(text)
    unknown = [each for each in asked if each not in MEASURES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is not among {', '.join(MEASURES)}")
    return tuple(each for each in MEASURES if each in asked)


def _weights(text: str) -> dict[str, float]:
    weights = {}
    for each in _list(text):
        name, _, weight = each.partition("=")
        try:
            weights[name] = float(weight)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{each}: a weight is written name=number") from None
        if name not in CRITERIA or not 0 <= weights[name] < 1e9:
            raise argparse.ArgumentTypeError(f"{each}: weights are at least 0, of {', '.join(CRITERIA)}")
    if not any(weights.values()):
        raise argparse.ArgumentTypeError("at least one weight is above 0")
    return weights


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 0")
    return int(text)


def _part(text: str) -> float:
    value = _number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _positive(text: str) -> float:
    value = _number(text)
    if not 0 < value < 1e5:
        raise argparse.ArgumentTypeError(f"{text} is not a distance in km")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None
