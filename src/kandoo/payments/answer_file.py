"""The bank's answer as a table or as pain.002, read into rows of text; what cannot be read is said in words."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.engine.bank_answer import Answer, AnswerRow, UnreadableAnswer, pain_002
from kandoo.payments.problems import Fault, FaultyFile, NotPossible
from kandoo.site import language as lang
from kandoo.site import tables

SIZE_MAX = 20 * 1024 * 1024
HEADINGS = {
    "end_to_end": gettext_lazy("Payment"),
    "sheba": gettext_lazy("Sheba (IBAN)"),
    "amount": gettext_lazy("Amount (rial)"),
    "currency": gettext_lazy("Currency"),
    "state": gettext_lazy("State"),
    "reference": gettext_lazy("Bank reference"),
    "on": gettext_lazy("Date"),
    "reason": gettext_lazy("Reason"),
}
ALWAYS = ("state", "on")
# What a person writes in the column of the state.
STATES = {
    "paid": gettext_lazy("Paid"),
    "rejected": gettext_lazy("Not paid"),
    "returned": gettext_lazy("Returned"),
    "pending": gettext_lazy("Under way"),
}
_UNREADABLE = {
    "not_xml": gettext_lazy("This is no XML file, or it is cut off."),
    "declares_a_type": gettext_lazy("The file declares entities of its own; a bank's answer never does."),
    "not_pain_002": gettext_lazy("This XML is no answer to a payment file (pain.002.001.03)."),
    "no_transfer": gettext_lazy("The file answers no payment."),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file somebody sent: its name, its checksum, and the rows in it."""

    name: str
    sha256: str
    answer: Answer


def read(name: str, content: bytes) -> Sent:
    """Read a file by what it holds.

    Raises
    ------
    NotPossible
        When it is too large or no answer of a bank.
    FaultyFile
        When a column is missing.
    """
    if len(content) > SIZE_MAX:
        raise too_large()
    sha256 = hashlib.sha256(content).hexdigest()
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if name.lower().endswith(".xml") or start.startswith(b"<"):
        try:
            return Sent(name, sha256, pain_002(content))
        except UnreadableAnswer as problem:
            raise NotPossible(str(_UNREADABLE[problem.fault])) from None
    try:
        return Sent(name, sha256, _table(tables.read_table(content, name)))
    except tables.UnreadableTable as problem:
        raise NotPossible(str(problem)) from None


def too_large() -> NotPossible:
    """Said before anything of the file is read."""
    return NotPossible(_("The file is larger than 20 MB. A bank's answer is not; nothing was read."))


def _table(rows: Sequence[tuple[int, list[str]]]) -> Answer:
    line, heading = rows[0]
    places = _columns(heading)
    missing = [each for each in ALWAYS if each not in places]
    missing += ["end_to_end"] if not {"end_to_end", "sheba"} & places.keys() else []
    if missing:
        raise FaultyFile([Fault(line, str(HEADINGS[each]), _("This column is missing.")) for each in missing])
    words = _folded(STATES)
    read = []
    for line, row in rows[1:]:
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        cells["state"] = words.get(lang.fold(cells["state"]), cells["state"])
        read.append(AnswerRow(line=line, **cells))
    if not read:
        raise NotPossible(str(_UNREADABLE["no_transfer"]))
    return Answer(tuple(read))


def _columns(heading: Sequence[str]) -> dict[str, int]:
    """Where each column stands; its code and its name in either language are understood."""
    names = _folded(HEADINGS)
    places: dict[str, int] = {}
    for place, text in enumerate(heading):
        if code := names.get(lang.fold(text)):
            places.setdefault(code, place)
    return places


def _folded(words: Mapping[str, Any]) -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("fa", "en"):
        with translation.override(language):
            names |= {lang.fold(str(text)): code for code, text in words.items()}
    return names | {lang.fold(code): code for code in words}
