"""Check a plan against the files it was made from, with code that shares nothing with the planner.

    kandoo check plan.json batches.csv orders.csv

Exit 0: the plan keeps every rule and its figures are right. Exit 1: it does not, and each violation
is printed. Exit 2: a file cannot be used.
"""

import argparse
import csv
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", type=Path, metavar="plan.json")
    parser.add_argument("batches", type=Path, metavar="batches.csv")
    parser.add_argument("orders", type=Path, metavar="orders.csv")


def run(arguments: argparse.Namespace) -> int:
    from kandoo.engine.checks.selling import check_sale

    from .sale_files import read_sale
    from .tables import Faulty

    try:
        laws = read_sale(arguments.batches, arguments.orders).laws
        plan = json.loads(arguments.plan.read_text(encoding="utf-8"))
    except Faulty as found:
        print(found, file=sys.stderr)
        return 2
    except (OSError, ValueError) as problem:
        print(f"{arguments.plan}: cannot be read: {problem}", file=sys.stderr)
        return 2
    violations = check_sale(_raw(arguments.batches), _raw(arguments.orders), plan, laws)
    for violation in violations:
        print(violation)
    if not violations:
        print(f"The plan keeps every rule; objective {plan['objective']}, gap {plan['gap']:.4%}.")
    return 1 if violations else 0


def _raw(path: Path) -> list[dict[str, str]]:
    """The rows as the file has them; the checker parses for itself."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = "\t" if "\t" in file.readline() else ","
        file.seek(0)
        return list(csv.DictReader(file, delimiter=delimiter))
