"""What can be wrong with a list of sites, said once in words a person can act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy as _n

from kandoo.site.language import format_number, localise_digits

# Of the file before its columns are known.
FILE_TEXTS = {
    "empty": _("The file is empty."),
    "no-rows": _("The file has headings but no rows under them."),
    "wrong-type": _("This is neither a CSV file nor an Excel workbook (.xlsx). Save it as one of these and choose it again."),
    "broken-excel": _("The workbook cannot be read. Open it in Excel, save it anew as .xlsx and choose it again."),
    "broken-csv": _("A quotation mark near line %(line)s is not closed, so the rows after it cannot be told apart."),
    "not-text": _("Line %(line)s holds letters that cannot be read. In Excel choose “Save as: CSV UTF-8”."),
    "too-many-rows": _("The file has more than %(most)s rows. Measure a list of this size with the command “kandoo census”."),
    "too-many-sheet-rows": _("The sheet has more than %(most)s rows. Save it as CSV, which is read far faster."),
    "too-large": _("The file is larger than %(most)s MB."),
}  # fmt: skip

# Of the list as a whole (line 0).
LIST_TEXTS = {
    "missing-column": _("No column says it. Choose one, or add it to the file."),
    "column-twice": _("The same column was chosen for “%(other)s” too."),
    "half-a-place": _("Latitude and longitude belong together, and so do the two kilometres on a map."),
    "two-places": _("Choose either latitude and longitude or the two kilometres on a map, not both."),
    "few": _n("There is only %(count)s row; at least %(least)s sites are needed.", "There are only %(count)s rows; at least %(least)s sites are needed.", "count"),
    "one-kind": _("All sites are of one kind, “%(value)s”, so there is nothing to compare them with."),
    "one-place": _("All sites lie at one place."),
    "nobody": _("Every site has size 0, in the whole list or in one of its years, so no share can be taken."),
    "all-swapped": _("Latitude and longitude are swapped in the whole list: the places lie outside Iran, the other way round inside. Exchange the two columns, or say with them that the list is of another country."),
    "all-minutes": _("Every value has two decimals at most and none from .60 on: these are degrees and minutes written as a decimal. 33.29 for 33°29′ should be 33.4833."),
    "too-wide": _("The sites span more than %(most)s degrees; curves of distances need one region of the earth."),
}  # fmt: skip

# Of a row.
TEXTS = {
    "cells": _n("The row has %(count)s cell, the heading %(wanted)s.", "The row has %(count)s cells, the heading %(wanted)s.", "count"),
    "required": _("This is needed and is empty."),
    "too-long": _("This is longer than %(most)s letters."),
    "not-a-number": _("“%(value)s” is not a number."),
    "negative": _("A number below zero cannot be right here."),
    "too-high": _("%(value)s is too high to be right."),
    "not-a-year": _("“%(value)s” is not a year."),
    "doubled": _("“%(value)s” is in row %(line)s already."),
    "doubled-year": _("“%(value)s” is in row %(line)s already, for the same year."),
    "minutes": _("“%(value)s” is in degrees and minutes. Write decimal degrees: 33.4833 for 33°29′."),
    "latitude-range": _("%(value)s is no latitude: it lies between −90 and 90. Are latitude and longitude swapped?"),
    "longitude-range": _("%(value)s is no longitude: it lies between −180 and 180."),
    "nowhere": _("0, 0 lies in the sea off Africa. Leave out sites whose place is not known."),
    "swapped": _("Latitude and longitude seem to be swapped: %(value)s lies far from the others, the other way round among them."),
    "sea": _("%(value)s lies in the sea or in another country, while the other sites are in Iran. If it is meant so, say with the columns that the list goes beyond Iran."),
    "far": _("%(value)s lies far from all the others. If it is meant so, say with the columns that the list goes beyond Iran."),
}  # fmt: skip

# Said beside the result; they do not stop it.
REMARKS = {
    "lonely": _n("%(count)s industry has fewer than %(least)s sites. It counts among all sites, but is not measured by itself: %(value)s", "%(count)s industries have fewer than %(least)s sites. They count among all sites, but are not measured by themselves: %(value)s", "count"),
    "no-size": _n("%(count)s site has size 0. It counts as a place, not as jobs.", "%(count)s sites have size 0. They count as places, not as jobs.", "count"),
    "no-region": _("No column says the region, so location quotients, stars and related industries are left out."),
    "abroad": _("No site lies in Iran, so it was not looked whether sites lie in the sea, or latitude and longitude are swapped in all."),
    "partly-abroad": _n("Only %(count)s of %(all)s sites lies in Iran, so it was not looked whether sites lie in the sea.", "Only %(count)s of %(all)s sites lie in Iran, so it was not looked whether sites lie in the sea.", "count"),
    "maybe-swapped": _n("%(count)s of %(all)s sites would lie in Iran if its latitude and longitude were exchanged. Are they swapped?", "%(count)s of %(all)s sites would lie in Iran if latitude and longitude were exchanged. Are they swapped?", "count"),
    "some-far": _n("%(count)s of %(all)s sites lies far from where most are.", "%(count)s of %(all)s sites lie far from where most are.", "count"),
    "left-out": _n("%(count)s row was left out knowingly, because of its faults.", "%(count)s rows were left out knowingly, because of their faults.", "count"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault in row `line` (1 is the heading, 0 the list as a whole); `column`: code of the field it is about."""

    line: int
    column: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def to_json(self) -> list[Any]:
        return [self.line, self.column, self.code, dict(self.values)]

    @staticmethod
    def from_json(row: list[Any]) -> "Fault":
        return Fault(*row)


class _Shown(int):
    """A whole number that chooses between one and many, and is shown in the reader's digits."""

    text: str

    def __str__(self) -> str:
        return self.text


def sentence(text: Any, values: Mapping[str, Any], language: str) -> str:
    """A text with its values in the reader's digits. language: the one that is active."""
    return localise_digits(str(text % {name: _shown(value, language) for name, value in values.items()}), language)


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, int):
        number = _Shown(value)
        number.text = format_number(value, language)
        return number
    return format_number(value, language) if isinstance(value, float) else str(value)
