"""The rows of a long list looked at in a process of its own: files in, a file out, no database.

    python -m kandoo.finding.looking FOLDER

FOLDER/request.json says which file, what its columns mean, and in which language regions are named. What was found
comes out as FOLDER/looked.json; FOLDER/progress.json says how far it is.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

NICE = 10  # pages come first


def look(folder: Path) -> None:
    """Read the list, look at every row, write down what is wrong."""
    from django.utils.translation import override

    from kandoo.finding.importing.checking import check
    from kandoo.finding.importing.looked import Looked
    from kandoo.finding.importing.reading import read_sheet

    asked = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    _tell(folder, 0.1, "read")
    sheet = read_sheet((folder / asked["file"]).read_bytes(), asked["file"])
    _tell(folder, 0.4, "rows")
    with override(asked["language"]):
        found = check(
            sheet, asked["mapping"], asked["profile"], leaves_out=asked["leaves_out"], is_abroad=asked["is_abroad"]
        )
    passing = folder / "looked.new"
    passing.write_text(json.dumps(asdict(Looked.of(found)), ensure_ascii=False), encoding="utf-8")
    passing.replace(folder / "looked.json")


def _tell(folder: Path, share: float, doing: str) -> None:
    passing = folder / "progress.new"
    passing.write_text(json.dumps({"share": share, "doing": doing, "left": None}), encoding="utf-8")
    passing.replace(folder / "progress.json")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kandoo.site.settings")
    django.setup()
    os.nice(NICE)
    look(Path(sys.argv[1]))
