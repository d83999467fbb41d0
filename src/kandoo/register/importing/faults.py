"""What can be wrong with a members file, said once in words a person can act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kandoo.site.language import format_number

# Of the file as a whole.
FILE_TEXTS = {
    "empty-file": _("The file is empty. Download the template, fill it in and choose it here."),
    "no-rows": _("The file has headings but no rows under them."),
    "wrong-type": _("This is neither an Excel workbook (.xlsx) nor a CSV file. Save it as one of these and choose it again."),
    "old-excel": _("This is an old kind of Excel file. Open it and save it as “Excel Workbook (.xlsx)”."),
    "protected": _("The file is protected by a password. Save it without one and choose it again."),
    "broken-excel": _("The workbook is damaged and cannot be read. Open it in Excel, save it anew and choose it again."),
    "broken-csv": _("A quotation mark near line %(line)s is not closed, so the rows after it cannot be told apart."),
    "windows-1256": _("The file is written in Windows-1256 (line %(line)s). In Excel choose “Save as: CSV UTF-8”, or use the Excel template."),
    "not-utf-8": _("Line %(line)s holds letters that are not UTF-8. In Excel choose “Save as: CSV UTF-8”, or use the Excel template."),
    "too-many-rows": _("The file has more than %(most)s rows. Divide it and bring the parts in one after the other."),
    "too-large": _("The file is too large for a list of members."),
}  # fmt: skip

# Of a column (line 0) or a cell.
TEXTS = {
    "missing-column": _("This column is missing; every row needs it."),
    "doubled-column": _("This column is there twice (%(places)s). Keep one."),
    "unknown-column": _("No column is called “%(heading)s”. Rename it as in the template or delete it."),
    "no-heading": _("There are values under an empty heading."),
    "formula": _("A formula stands here. Copy the column and paste it as values."),
    "error-value": _("Excel shows an error here. Write the value itself."),
    "required": _("This is needed and is empty."),
    "too-long": _("This is longer than %(most)s letters."),
    "not-a-choice": _("“%(value)s” is not among the choices: %(choices)s."),
    "not-whole": _("“%(value)s” is not a whole number."),
    "negative": _("A number below zero cannot be right here."),
    "too-high": _("%(value)s is too high to be right."),
    "not-a-number": _("“%(value)s” is not a number."),
    "not-a-day": _("“%(value)s” is not a day. Write it as 1405/09/01 or 2026-11-22."),
    "to-come": _("This day is still to come."),
    "too-early": _("This day is too long ago to be right."),
    "shortened": _("Excel has shortened this number to “%(value)s”. Format the column as text and write all digits."),
    "bad-national-id": _("“%(value)s” has neither the 11 digits of a national ID nor the 10 of a national code."),
    "bad-check-digit": _("The check digit of “%(value)s” does not fit; a digit is probably mistyped."),
    "bad-form": _("“%(value)s” does not have the form of this number."),
    "bad-phone": _("“%(value)s” is not a phone number."),
    "leaves-first": _("The day of leaving must be after the day of joining."),
    "leaves-unjoined": _("There is a day of leaving but none of joining."),
    "half-a-place": _("Latitude and longitude belong together; one of them is empty."),
    "no-place": _("A site is named or has hives, but its coordinates are missing."),
    "swapped": _("Latitude and longitude seem to be swapped: %(latitude)s, %(longitude)s lies outside Iran, the other way round inside."),
    "outside": _("The place %(latitude)s, %(longitude)s lies outside Iran."),
    "hives-undated": _("A count of hives needs the day on which it was made."),
    "hives-unsourced": _("A count of hives needs its source, such as “apiary census 1405”."),
}  # fmt: skip


def sentence(text: Any, values: Mapping[str, Any], language: str) -> str:
    """A fault in words: numbers in the language's digits, what was typed isolated in its own direction."""
    shown = {
        name: format_number(value, language) if isinstance(value, int) else f"\u2068{value}\u2069"
        for name, value in values.items()
    }
    return str(text) % shown


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell: the line as Excel counts it (0: the headings), the column, the reason."""

    line: int
    column: str  # code of the column, or its heading when it has none
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    place: int = 0  # the column's place in the file, counted from 1; 0 when it is not there

    def to_json(self) -> list[Any]:
        return [self.line, self.column, self.code, self.values, self.place]

    @classmethod
    def from_json(cls, stored: list[Any]) -> "Fault":
        return cls(*stored)
