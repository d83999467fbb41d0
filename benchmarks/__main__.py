"""Run one benchmark by name, or all of them; each is a module here with `main(arguments)`."""

import importlib
import sys
from collections.abc import Sequence

NAMES = ("selling", "buying", "sharing", "census", "portfolio")


def main(words: Sequence[str]) -> int:
    if words and words[0] not in NAMES:
        print(f"Unknown benchmark {words[0]!r}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in words[:1] or NAMES:
        importlib.import_module(f"benchmarks.{name}").main(words[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
