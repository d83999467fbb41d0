"""Divide the bill of a joint purchase: what each member pays, and proof that nobody is worse off.

    kandoo share needs.csv steps.csv -o shares.json [--rule uniform|proportional|equal_gain|fixed]
                 [--weights quantity=700,alone=300] [--reserve 100]

The files are described in docs/file-formats.md. Exit 0: the shares are written. Exit 2: a file or
the rule cannot be used; every fault of a file is on standard error as file:line:column: message, and
nothing is written.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

RULES = ("uniform", "proportional", "equal_gain", "fixed", "quality")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("needs", type=Path, metavar="needs.csv")
    parser.add_argument("steps", type=Path, metavar="steps.csv")
    parser.add_argument("-o", "--output", required=True, metavar="shares.json",
                        help="where the shares go; - for standard output")  # fmt: skip
    parser.add_argument("--rule", choices=RULES, default="uniform", help="how the bill is divided (default: uniform)")
    parser.add_argument("--weights", default="", metavar="BASE=THOUSANDTHS,…",
                        help="the formula of rule fixed: quantity, alone and member, adding up to 1000")  # fmt: skip
    parser.add_argument("--reserve", default="0", metavar="THOUSANDTHS",
                        help="the part of the gain put into the cluster's reserve first (default: 0)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    from kandoo.engine.sharing import share_bill
    from kandoo.engine.sharing_rule import BadRule

    from .sell import write_whole
    from .tables import Faulty

    try:
        rule = read_rule(arguments.rule, arguments.weights, arguments.reserve)
        needs, schedule = read_purchase(arguments.needs, arguments.steps)
    except (Faulty, BadRule) as found:
        print(found, file=sys.stderr)
        return 2
    division = share_bill(needs, schedule, rule)
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
          f"{division.reserve} goes into the reserve; worst temptation to leave {float(division.temptation.epsilon):.4%}.")  # fmt: skip
    return 0


def read_rule(name: str, weights: str, reserve: str) -> Any:
    """The rule as the options say it.

    Raises
    ------
    BadRule
        In one line that names the option.
    """
    from kandoo.engine.sharing.rules import refuse_for_bills
    from kandoo.engine.sharing_rule import BadRule, SharingRule

    try:
        parts = [part.partition("=") for part in weights.split(",") if part.strip()]
        table = {base.strip(): _whole(text, "--weights") for base, _, text in parts}
        if len(table) < len(parts):
            raise BadRule("weight", "--weights: a base is there twice.")
        rule = SharingRule(name, _whole(reserve, "--reserve"), table)  # type: ignore[arg-type]
        refuse_for_bills(rule)
    except BadRule as problem:
        text = str(problem)
        option = "" if text.startswith("--") else "--reserve: " if problem.code == "reserve" else "--rule, --weights: "
        raise BadRule(problem.code, f"{option}{text}") from None
    return rule


def _whole(text: str, option: str) -> int:
    from kandoo.engine.sharing_rule import BadRule

    try:
        return int(text.strip())
    except ValueError:
        raise BadRule("weight", f"{option}: {text.strip()!r} is not a whole number of thousandths.") from None


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
