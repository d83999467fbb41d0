"""The folder of a report: tables put in place whole, and the pieces of a survey that is not finished.

Pieces lie in .census/ until all are made; `key` there says of which list and which options they and the tables are.
"""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .sell import write_whole

LAST = ("run.json", "report.html")  # there when a survey is finished
TABLES = ("lq.csv", "stars.csv", "shift_share.csv", "eg.csv", "coagglomeration.csv", "kd.csv", "m.csv", "m_density.csv",
          "extents.geojson", "related.csv", "related.json", "priority.csv")  # fmt: skip


class ReportFolder:
    """Where a survey writes to. It never holds tables of two surveys."""

    def __init__(self, path: Path) -> None:
        self.path, self.pieces = path, path / ".census"

    def open(self, key: str) -> None:
        """Make the folder; keep what is of a survey with this key, drop what another left there.

        Raises
        ------
        OSError
            When it cannot be written to.
        """
        self.pieces.mkdir(parents=True, exist_ok=True)
        mark = self.pieces / "key"
        former = mark.read_text(encoding="utf-8") if mark.exists() else None
        if former != key:
            shutil.rmtree(self.pieces)
            self.pieces.mkdir()
            mark.write_text(key, encoding="utf-8")
        if former is not None:
            self._drop(LAST if former == key else LAST + TABLES)

    def close(self) -> None:
        """Everything is in the tables; the pieces go."""
        for piece in self.pieces.glob("*.json"):
            piece.unlink()

    def _drop(self, names: Sequence[str]) -> None:
        for name in names:
            (self.path / name).unlink(missing_ok=True)

    def kept(self, name: str) -> Any | None:
        """A finished piece, or None."""
        path = self._piece(name)
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def keep(self, name: str, piece: Any) -> None:
        write_whole(self._piece(name), json.dumps(piece, ensure_ascii=False, allow_nan=False))

    def _piece(self, name: str) -> Path:
        return self.pieces / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"

    def write_table(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        write_whole(self.path / name, text.getvalue())

    def write_json(self, name: str, value: Any) -> None:
        write_whole(self.path / name, json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n")

    def write_page(self, name: str, text: str) -> None:
        write_whole(self.path / name, text)
