"""Plan a joint purchase: which supplier brings what where, who gets it and what everybody pays.

    kandoo buy needs.csv quotations.csv -o plan.json [--gap 1e-4]

The files are described in docs/file-formats.md. Exit 0: the plan is written. Exit 2: a file cannot
be used; every fault is on standard error as file:line:column: message, and nothing is written.
"""

import argparse
import json
import sys
from pathlib import Path

from .sell import _not_negative, write_whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("needs", type=Path, metavar="needs.csv")
    parser.add_argument("quotations", type=Path, metavar="quotations.csv")
    parser.add_argument("-o", "--output", required=True, metavar="plan.json",
                        help="where the plan goes; - for standard output")  # fmt: skip
    parser.add_argument("--gap", type=_not_negative, default=1e-4,
                        help="relative gap to stop at (default: 1e-4)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    from kandoo.engine.buying import plan_purchase

    from .buy_files import read_buying
    from .tables import Faulty

    try:
        files = read_buying(arguments.needs, arguments.quotations)
    except Faulty as found:
        print(found, file=sys.stderr)
        return 2
    plan = plan_purchase(files.needs, files.suppliers, gap=arguments.gap)
    text = json.dumps(plan.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if arguments.output == "-":
        sys.stdout.write(text)
        return 0
    try:
        write_whole(Path(arguments.output), text)
    except OSError as problem:
        print(f"{arguments.output}: cannot be written: {problem.strerror}", file=sys.stderr)
        return 2
    print(plan.summary())
    return 0
