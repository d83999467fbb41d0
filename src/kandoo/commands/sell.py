"""Plan a joint sale: which drums of which batch go into which order, with proof of the gap.

    kandoo sell batches.csv orders.csv -o plan.json [--gap 0.002] [--seconds 30]

The files are described in docs/file-formats.md. Exit 0: the plan is written. Exit 2: a file cannot
be used; every fault is on standard error as file:line:column: message, and nothing is written.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("batches", type=Path, metavar="batches.csv")
    parser.add_argument("orders", type=Path, metavar="orders.csv")
    parser.add_argument("-o", "--output", required=True, metavar="plan.json",
                        help="where the plan goes; - for standard output")  # fmt: skip
    parser.add_argument("--gap", type=_not_negative, default=0.002,
                        help="relative gap to stop at (default: 0.002)")  # fmt: skip
    parser.add_argument("--seconds", type=_not_negative, default=30.0,
                        help="wall-clock limit on the search (default: 30)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    from kandoo.engine.selling import plan_sale

    from .sale_files import read_sale
    from .tables import Faulty

    try:
        sale = read_sale(arguments.batches, arguments.orders)
    except Faulty as found:
        print(found, file=sys.stderr)
        return 2
    plan = plan_sale(sale.batches, sale.orders, sale.laws, gap=arguments.gap,
                     seconds=arguments.seconds, clock=time.monotonic)  # fmt: skip
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


def write_whole(path: Path, text: str) -> None:
    """Put the text in place at once: a reader sees the old file or the whole new one."""
    if path.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _not_negative(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return value
