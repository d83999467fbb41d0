"""Compile the message catalogues: `.po` files are kept, `.mo` files are made where they run."""

from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def catalogues() -> list[Path]:
    """Every catalogue of the project."""
    return sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Make each `.mo` that is missing or older than its `.po`; return how many were made."""
    stale = [
        po
        for po in catalogues()
        if not (mo := po.with_suffix(".mo")).exists() or mo.stat().st_mtime < po.stat().st_mtime
    ]
    for po in stale:
        target = po.with_suffix(".mo")
        passing = target.with_suffix(".mo.new")
        polib.pofile(str(po)).save_as_mofile(str(passing))
        passing.replace(target)
    return len(stale)
