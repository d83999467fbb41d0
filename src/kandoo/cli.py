"""The command `kandoo`: one word for each thing that can be done without opening a page.

To add a command, write `kandoo/commands/<name>.py` with `add_arguments(parser)` and
`run(arguments) -> int`, and put its name in COMMANDS. The first line of its docstring is its help.
A module is imported only when its command runs.
"""

import argparse
import ast
import importlib
import sys
from collections.abc import Sequence
from importlib.resources import files

COMMANDS = ("run", "manage", "sell", "buy", "check", "share", "census")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; 0 is success, 2 input that cannot be used."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = next((word for word in words if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(prog="kandoo", description="Software of an industrial cluster.")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command, help=_first_line(command), description=_purpose(command),
                                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
        if command == name:
            importlib.import_module(f"kandoo.commands.{command}").add_arguments(sub)
    parsed = parser.parse_args(words)
    return int(importlib.import_module(f"kandoo.commands.{parsed.command}").run(parsed))


def _purpose(command: str) -> str:
    """The docstring of a command's module, read without importing it."""
    source = files("kandoo.commands").joinpath(f"{command}.py")
    if not source.is_file():
        return ""
    return ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""


def _first_line(command: str) -> str:
    return _purpose(command).partition("\n")[0].replace("%", "%%")


if __name__ == "__main__":
    sys.exit(main())
