"""A part of a report and what stands in the cells of its table, for page, paper and Excel alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kandoo.site.language import format_day, format_number
from kandoo.site.lists import page_language


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or day as people read it, and as a spreadsheet counts with it; `value` None: nothing is known."""

    text: str
    value: Decimal | int | date | None
    unit: str = ""  # of `value`: money is rial there, whatever the text is written in

    def __str__(self) -> str:
        return self.text


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: what it comes to, then the rows."""

    heading: str
    finding: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)
    notes: Sequence[str] = ()

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Each column, and whether figures stand in it."""
        figures = [any(isinstance(each, Figure) for each in cells) for cells in zip(*self.rows, strict=True)]
        return list(zip(self.columns, figures, strict=True))

    @property
    def lines(self) -> list[list[tuple[str, Cell]]]:
        """Each row's cells, with the column each stands in."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def said(words_kept: str | Mapping[str, str]) -> str:
    """A word that is kept in both languages, in that of the page; a plain text as it is.

    Reports submitted before contents held both keep the words of their author's language.
    """
    return words_kept if isinstance(words_kept, str) else words_kept[page_language()]


def name_of(each: Mapping[str, Any]) -> str:
    """A name that is kept as `name_fa` and `name_en`, in the language of the page."""
    return str((page_language() == "en" and each["name_en"]) or each["name_fa"])


def day_of(text: str | None) -> Figure:
    """A day kept as ISO 8601."""
    if text is None:
        return Figure("—", None)
    day = date.fromisoformat(text)
    return Figure(format_day(day, page_language(), style="short"), day)


def count_of(value: int) -> Figure:
    """A count."""
    return Figure(format_number(value, page_language(), 0), value)
