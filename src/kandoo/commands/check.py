"""Check an answer against the files it was made from, with code that shares nothing with its maker.

    kandoo check plan.json batches.csv orders.csv
    kandoo check plan.json needs.csv quotations.csv
    kandoo check --shares shares.json needs.csv steps.csv

Exit 0: the answer keeps every rule and its figures are right. Exit 1: it does not, and each violation
is printed. Exit 2: a file cannot be used.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shares", action="store_true", help="check the shares of a joint purchase")
    parser.add_argument("answer", type=Path, metavar="plan.json")
    parser.add_argument("first", type=Path, metavar="batches.csv")
    parser.add_argument("second", type=Path, metavar="orders.csv")


def run(arguments: argparse.Namespace) -> int:
    from .tables import Faulty

    check: Callable[[dict[str, Any], Path, Path], tuple[list[str], str]]
    check = _check_shares if arguments.shares else _check_plan
    try:
        answer = _read_answer(arguments.answer)
        if "suppliers" in answer and not arguments.shares:
            check = _check_purchase
        violations, kept = check(answer, arguments.first, arguments.second)
    except Faulty as found:
        print(found, file=sys.stderr)
        return 2
    except (OSError, ValueError, LookupError, TypeError) as problem:
        print(f"{arguments.answer}: cannot be read: {problem}", file=sys.stderr)
        return 2
    for violation in violations:
        print(violation)
    if not violations:
        print(kept)
    return 1 if violations else 0


def _check_plan(plan: dict[str, Any], batches: Path, orders: Path) -> tuple[list[str], str]:
    from kandoo.engine.checks.selling import check_sale

    from .sale_files import read_sale

    laws = read_sale(batches, orders).laws
    violations = check_sale(_raw(batches), _raw(orders), plan, laws)
    return violations, f"The plan keeps every rule; objective {plan['objective']}, gap {plan['gap']:.4%}."


def _check_purchase(plan: dict[str, Any], needs: Path, quotations: Path) -> tuple[list[str], str]:
    from kandoo.engine.checks.buying import check_purchase

    from .buy_files import read_buying

    read_buying(needs, quotations)
    violations = check_purchase(_raw(needs), _raw(quotations), plan)
    return violations, f"The plan keeps every rule; total cost {plan['total_cost']}, gap {plan['gap']:.4%}."


def _check_shares(shares: dict[str, Any], needs: Path, steps: Path) -> tuple[list[str], str]:
    from kandoo.engine.checks.sharing import faults

    from .share import read_purchase

    read_purchase(needs, steps)
    violations = faults(_raw(needs), _raw(steps), shares)
    return violations, f"The shares are right; {shares['total']} in all, worst temptation {shares['epsilon']:.4%}."


def _read_answer(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError("it is no table of named figures")
    return content


def _raw(path: Path) -> list[dict[str, str]]:
    """The rows as the file has them; the checker parses for itself."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = max(",\t;", key=file.readline().count)
        file.seek(0)
        return list(csv.DictReader(file, delimiter=delimiter))
