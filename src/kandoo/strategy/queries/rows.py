"""The rows of a part, whether it hangs on an edition of the diagnosis or on the file's plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from kandoo.credit.models import Activity
from kandoo.programme.models import ClusterFile
from kandoo.results.models import Indicator
from kandoo.strategy.models import Diagnosis
from kandoo.strategy.parts import PARTS, Column, Part

REFERENCES = ("row", "indicator", "activity")


@dataclass(frozen=True, slots=True)
class Holder:
    """What a part hangs on: a file, and for the parts of a study an edition of it."""

    file: ClusterFile
    diagnosis: Diagnosis | None = None

    def place(self, part: Part) -> dict[str, Any]:
        """The columns that every row of a part has here."""
        held: dict[str, Any] = {"cluster_id": self.file.cluster_id, "file": self.file}
        return held if part.of_plan else held | {"diagnosis": self.diagnosis}

    def rows(self, part: Part) -> QuerySet[Any]:
        """The rows of a part in their order."""
        wanted = {"file": self.file} if part.of_plan else {"diagnosis": self.diagnosis}
        others = [each.name for each in part.columns if each.kind in REFERENCES]
        rows: QuerySet[Any] = part.model._default_manager.filter(**wanted)
        return rows.select_related(*others) if others else rows

    def choices(self, column: Column) -> QuerySet[Any]:
        """The rows to which a column may point."""
        if column.kind == "indicator":
            return Indicator.objects.filter(cluster=self.file.cluster_id).order_by("code")
        if column.kind == "activity":
            return Activity.objects.filter(file=self.file).order_by("code")
        return self.rows(PARTS[column.of])

    def row_of_key(self, part: Part, values: dict[str, Any]) -> Any:
        """The row that is known by the key of these values, or None."""
        return self.rows(part).filter(**{name: values[name] for name in part.key}).first()


def as_typed(part: Part, row: Model) -> dict[str, Any]:
    """A row's fields as a table or the trail names them: others by their code, parts of a whole as they are."""
    return {each.name: _typed(each, getattr(row, each.name)) for each in part.columns}


def _typed(column: Column, value: Any) -> Any:
    if column.kind in REFERENCES:
        return "" if value is None else value.code
    return value


def counts(holder: Holder, parts: Sequence[Part]) -> dict[str, int]:
    """How many rows each part has."""
    return {each.code: holder.rows(each).order_by().count() for each in parts}
