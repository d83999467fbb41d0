"""Vouchers from a filled-in file: read whole, every fault with its row, field and reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.ledger.actions import NewVoucher
from kandoo.ledger.actions.vouchers import WITH_SUPPLIER, WITHOUT_PARTY
from kandoo.ledger.models import Voucher
from kandoo.register.models import Enterprise
from kandoo.site import language as lang
from kandoo.site import tables, units
from kandoo.site.lists import page_language

COLUMNS = ("kind", "party", "supplier", "amount_toman", "date", "document", "note")
DOCUMENT_MAX, NOTE_MAX = 160, 300  # letters


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell of the file."""

    line: int
    field: str
    reason: str


def headings() -> dict[str, str]:
    """The heading of each column in the language of the page."""
    return {
        "kind": _("Kind"),
        "party": _("Party"),
        "supplier": _("Supplier"),
        "amount_toman": _("Amount (toman)"),
        "date": _("Date"),
        "document": _("Document"),
        "note": _("Note"),
    }


def read(
    content: bytes, name: str, firms: Sequence[Enterprise], today: date, closed: date | None
) -> tuple[list[NewVoucher], list[Fault]]:
    """The vouchers of a file and its faults; with a fault, nothing of it may be written.

    Raises
    ------
    tables.UnreadableTable
        When it is no table at all.
    """
    rows = tables.read_table(content, name)
    columns = _columns(rows[0][1])
    missing = [column for column in COLUMNS[:-1] if column not in columns and column != "supplier"]
    if missing:
        words = headings()
        return [], [Fault(rows[0][0], words[each], _("This column is missing.")) for each in missing]
    if len(rows) == 1:
        return [], [Fault(rows[0][0], "", _("There is no row under the headings."))]
    reader = _Reader(firms, today, closed)
    found = [
        reader.row(line, {name: cells[place] if place < len(cells) else "" for name, place in columns.items()})
        for line, cells in rows[1:]
    ]
    return [each for each in found if each is not None], reader.faults


def _columns(heads: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its code or its heading in either language."""
    known: dict[str, str] = {}
    for language in ("fa", "en"):
        with translation.override(language):
            known |= {lang.fold(word): code for code, word in headings().items()}
    known |= {lang.fold(code): code for code in COLUMNS}
    return {known[lang.fold(head)]: place for place, head in enumerate(heads) if lang.fold(head) in known}


class _Reader:
    """Reads row by row and collects the faults."""

    def __init__(self, firms: Sequence[Enterprise], today: date, closed: date | None) -> None:
        self.today, self.closed = today, closed
        self.faults: list[Fault] = []
        self.kinds = _kinds()
        self.firms: dict[str, list[Enterprise]] = {}
        for firm in firms:
            for each in {lang.fold(firm.name_fa), lang.fold(firm.name_en)} - {""}:
                self.firms.setdefault(each, []).append(firm)

    def row(self, line: int, cells: Mapping[str, str]) -> NewVoucher | None:
        before = len(self.faults)
        kind = self._cell(line, "kind", cells, self._kind)
        amount = self._cell(line, "amount_toman", cells, _amount)
        on = self._cell(line, "date", cells, self._day)
        document = self._cell(line, "document", cells, _document)
        note = self._cell(line, "note", cells, lambda text: _short(text, NOTE_MAX))
        party = supplier = None
        if kind is not None and kind not in WITHOUT_PARTY:
            party = self._cell(line, "party", cells, self._firm)
        if kind in WITH_SUPPLIER:
            supplier = self._cell(line, "supplier", cells, self._firm)
        if supplier is not None and supplier == party:
            self.faults.append(Fault(line, headings()["supplier"], _("A party does not supply itself.")))
        if len(self.faults) > before or kind is None or amount is None or on is None:
            return None
        return NewVoucher(kind, amount, on, document or "", party, supplier, note or "")

    def _cell(self, line: int, field: str, cells: Mapping[str, str], reading: Callable[[str], Any]) -> Any:
        try:
            return reading(cells.get(field, "").strip())
        except ValueError as problem:
            self.faults.append(Fault(line, headings()[field], str(problem)))
            return None

    def _kind(self, text: str) -> str:
        if (kind := self.kinds.get(lang.fold(text))) is None:
            raise ValueError(_("%(value)s is no kind of voucher.") % {"value": text or "—"})
        return kind

    def _firm(self, text: str) -> Enterprise:
        found = self.firms.get(lang.fold(text), [])
        if not found:
            raise ValueError(_("%(value)s is not in the register.") % {"value": text or "—"})
        if len(found) > 1:
            raise ValueError(_("%(value)s names more than one firm of the register.") % {"value": text})
        return found[0]

    def _day(self, text: str) -> date:
        try:
            day = lang.parse_day(text)
        except ValueError:
            raise ValueError(_("There is no such day. Write it as 1405/09/01 or 2026-11-22.")) from None
        if day > self.today:
            raise ValueError(_("This day lies in the future."))
        if self.closed is not None and day <= self.closed:
            raise ValueError(_("The books are closed on this day."))
        return day


def _kinds() -> dict[str, str]:
    """The kinds by code and by name in either language."""
    known = {lang.fold(code): code for code in Voucher.Kind.values}
    for language in ("fa", "en"):
        with translation.override(language):
            known |= {lang.fold(str(word)): code for code, word in Voucher.Kind.choices}
    return known


def _amount(text: str) -> int:
    try:
        rial = lang.parse_decimal(text) * units.TOMAN.rial
    except ValueError:
        raise ValueError(_("%(value)s is no amount.") % {"value": text or "—"}) from None
    if rial <= 0 or rial != rial.to_integral_value() or rial > 10**17:
        raise ValueError(_("%(value)s is no amount above zero.") % {"value": text})
    return int(rial)


def _document(text: str) -> str:
    if not text:
        raise ValueError(_("Name the document it rests on."))
    return _short(text, DOCUMENT_MAX)


def _short(text: str, letters: int) -> str:
    if len(text) > letters:
        most = lang.format_number(letters, page_language(), 0)
        raise ValueError(_("This is longer than %(n)s letters.") % {"n": most})
    return text
