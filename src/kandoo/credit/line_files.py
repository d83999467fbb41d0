"""Approved lines from a filled-in table: read whole, every fault with its row, field and reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.credit.actions import LineTerms
from kandoo.programme.models import ClusterFile
from kandoo.register import places
from kandoo.site import language as lang
from kandoo.site import tables, units
from kandoo.site.lists import page_language

COLUMNS = ("code", "name", "province", "cluster", "amount")
NEEDED = ("code", "name", "amount")
CODE_MAX, NAME_MAX = 24, 160  # letters
RIAL_MAX = 10**17


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell of the table."""

    line: int
    field: str
    reason: str


def headings() -> dict[str, str]:
    """The heading of each column in the language of the page."""
    return {
        "code": _("Code of the line"),
        "name": _("Title"),
        "province": _("Province"),
        "cluster": _("Number of the cluster’s file"),
        "amount": _("Approved (toman)"),
    }


def read(
    content: bytes, name: str, files: Sequence[ClusterFile], taken: frozenset[str]
) -> tuple[list[LineTerms], list[Fault]]:
    """The lines of a table and its faults; with a fault, nothing of it may be written.

    `taken`: codes of the year that are there already. Raises tables.UnreadableTable when it is no table.
    """
    rows = tables.read_table(content, name)
    columns = _columns(rows[0][1])
    words = headings()
    if missing := [each for each in NEEDED if each not in columns]:
        return [], [Fault(rows[0][0], words[each], _("This column is missing.")) for each in missing]
    if len(rows) == 1:
        return [], [Fault(rows[0][0], "", _("There is no row under the headings."))]
    reader = _Reader(files, set(taken))
    found = [
        reader.row(line, {code: cells[place] if place < len(cells) else "" for code, place in columns.items()})
        for line, cells in rows[1:]
    ]
    return [each for each in found if each is not None], reader.faults


def _columns(heads: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its code or its heading in either language."""
    known = {lang.fold(code): code for code in COLUMNS}
    for language in ("fa", "en"):
        with translation.override(language):
            known |= {lang.fold(word): code for code, word in headings().items()}
    return {known[lang.fold(head)]: place for place, head in enumerate(heads) if lang.fold(head) in known}


class _Reader:
    """Reads row by row and collects the faults."""

    def __init__(self, files: Sequence[ClusterFile], taken: set[str]) -> None:
        self.files = {lang.fold(each.code): each for each in files}
        self.taken = taken
        self.faults: list[Fault] = []
        self.provinces: dict[str, str] = {}
        for each in places.provinces():
            for word in (each.code, places.name_of(each.code, "fa"), places.name_of(each.code, "en")):
                self.provinces[lang.fold(word)] = each.code

    def row(self, line: int, cells: Mapping[str, str]) -> LineTerms | None:
        before = len(self.faults)
        code = self._cell(line, "code", cells, self._code)
        name = self._cell(line, "name", cells, _name)
        province = self._cell(line, "province", cells, self._province)
        file: ClusterFile | None = self._cell(line, "cluster", cells, self._file)
        amount = self._cell(line, "amount", cells, _amount)
        if file is not None and province and file.province != province:
            self.faults.append(Fault(line, headings()["cluster"], _("The cluster lies in another province.")))
        if len(self.faults) > before or code is None or name is None or amount is None:
            return None
        return LineTerms(code, name, amount, province=file.province if file else province or "", file=file)

    def _cell(self, line: int, field: str, cells: Mapping[str, str], reading: Callable[[str], Any]) -> Any:
        try:
            return reading(cells.get(field, "").strip())
        except ValueError as problem:
            self.faults.append(Fault(line, headings()[field], str(problem)))
            return None

    def _code(self, text: str) -> str:
        plain = _short(lang.latin_digits(text), CODE_MAX)
        if not plain:
            raise ValueError(_("Every line has a code."))
        if plain in self.taken:
            raise ValueError(_("Line %(code)s is there already, or twice in the table.") % {"code": plain})
        self.taken.add(plain)
        return plain

    def _province(self, text: str) -> str:
        if not text:
            return ""
        code = self.provinces.get(lang.fold(text))
        if code is None:
            raise ValueError(_("%(value)s is no province.") % {"value": text})
        return code

    def _file(self, text: str) -> ClusterFile | None:
        if not text:
            return None
        file = self.files.get(lang.fold(text))
        if file is None:
            raise ValueError(_("There is no file with the number %(value)s.") % {"value": text})
        return file


def _name(text: str) -> str:
    if not text:
        raise ValueError(_("Every line has a title."))
    return _short(text, NAME_MAX)


def _short(text: str, letters: int) -> str:
    if len(text) > letters:
        raise ValueError(
            _("This is longer than %(n)s letters.") % {"n": lang.format_number(letters, page_language(), 0)}
        )
    return text


def _amount(text: str) -> int:
    try:
        rial = lang.parse_decimal(text) * units.TOMAN.rial
    except ValueError:
        raise ValueError(_("%(value)s is no amount.") % {"value": text or "—"}) from None
    if rial <= 0 or rial != rial.to_integral_value():
        raise ValueError(_("%(value)s is no amount above zero.") % {"value": text})
    if rial > RIAL_MAX:
        raise ValueError(_("%(value)s is too large an amount.") % {"value": text})
    return int(rial)
