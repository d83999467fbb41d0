"""Divide the bill of a joint purchase: what each member pays, and proof that nobody is worse off.

    kandoo share needs.csv steps.csv -o shares.json [--rule uniform|proportional|equal_gain]

The files are described in docs/file-formats.md. Exit 0: the shares are written. Exit 2: a file
cannot be used; every fault is on standard error as file:line:column: message, and nothing is written.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

RULES = ("uniform", "proportional", "equal_gain")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("needs", type=Path, metavar="needs.csv")
    parser.add_argument("steps", type=Path, metavar="steps.csv")
    parser.add_argument("-o", "--output", required=True, metavar="shares.json",
                        help="where the shares go; - for standard output")  # fmt: skip
    parser.add_argument("--rule", choices=RULES, default="uniform", help="how the bill is divided (default: uniform)")


def run(arguments: argparse.Namespace) -> int:
    from kandoo.engine.sharing import share_bill

    from .sell import write_whole
    from .tables import Faulty

    try:
        needs, schedule = read_purchase(arguments.needs, arguments.steps)
    except Faulty as found:
        print(found, file=sys.stderr)
        return 2
    division = share_bill(needs, schedule, arguments.rule)
    text = json.dumps(division.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if arguments.output == "-":
        sys.stdout.write(text)
        return 0
    try:
        write_whole(Path(arguments.output), text)
    except OSError as problem:
        print(f"{arguments.output}: cannot be written: {problem.strerror}", file=sys.stderr)
        return 2
    saved = sum(share.gain for share in division.shares)
    print(f"{len(needs)} members pay {division.total}, {saved} less than alone; {len(division.outside)} stay outside; "
          f"worst temptation to leave {float(division.temptation.epsilon):.4%}.")  # fmt: skip
    return 0


def read_purchase(needs: Path, steps: Path) -> tuple[Any, Any]:
    """Both files as the engine's needs and schedule.

    Raises
    ------
    Faulty
        With every fault of both files.
    """
    from .tables import Faulty

    faults: list[Any] = []
    built = []
    for read, path in ((_read_needs, needs), (_read_steps, steps)):
        try:
            built.append(read(path))
        except Faulty as found:
            faults.extend(found.faults)
    if faults:
        raise Faulty(faults)
    return built[0], built[1]


def _read_needs(path: Path) -> Any:
    from kandoo.engine.sharing import Need

    from .tables import Faulty, read_table, whole

    table = read_table(path, ("member_id", "quantity", "alone_price"), lambda column: False)
    members = table.identities("member_id")
    quantities = table.numbers("quantity", whole(1, 10**9))
    prices = table.numbers("alone_price", whole(0), empty=-1)
    if table.faults:
        raise Faulty(sorted(table.faults))
    return [
        Need(member, int(quantity), None if price < 0 else int(price))
        for member, quantity, price in zip(members, quantities, prices, strict=True)
    ]


def _read_steps(path: Path) -> Any:
    from kandoo.engine.sharing import KINDS, Schedule, Step

    from .tables import Faulty, read_table, whole

    table = read_table(path, ("quantity_from", "unit_price", "kind"), lambda column: False)
    quantities = table.numbers("quantity_from", whole(0))
    prices = table.numbers("unit_price", whole(0))
    kinds = table.texts("kind")
    for line, kind in zip(table.lines, kinds, strict=True):
        if kind and kind not in KINDS:
            table.refuse(line, "kind", f"{kind!r} is neither all_units nor incremental")
        elif kind and kind != kinds[0] and kinds[0] in KINDS:
            table.refuse(line, "kind", f"{kind!r} differs from {kinds[0]!r} in line {table.lines[0]}")
    if not table.faults:
        for place in range(1, len(table)):
            if quantities[place] <= quantities[place - 1]:
                table.refuse(table.lines[place], "quantity_from",
                             f"{quantities[place]} does not rise above {quantities[place - 1]}")  # fmt: skip
    if table.faults:
        raise Faulty(sorted(table.faults))
    steps = [Step(int(quantity), int(price)) for quantity, price in zip(quantities, prices, strict=True)]
    return Schedule(steps, kinds[0])  # type: ignore[arg-type]
