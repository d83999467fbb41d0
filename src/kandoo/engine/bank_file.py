"""The file that tells a bank whom to pay: ISO 20022 pain.001.001.03, or the same rows for a table.

Deterministic: equal input gives equal bytes, so that the checksum taken at approval holds for every
later copy. Amounts are whole rial; the end-to-end id of each transfer comes back in the bank's answer.
Iranian group transfers (PAYA) are given in this form; what an account's bank asks beyond the standard
(a BIC of its own, a ceiling for one transfer) differs from bank to bank.

ISO 20022, Payments Initiation, Message Definition Report, edition of 2009 (pain.001.001.03).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree import ElementTree as ET

from kandoo.engine.sheba import is_sheba

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
CURRENCY = "IRR"
ID_MAX, NAME_MAX, NOTE_MAX = 35, 140, 140
AMOUNT_MAX = 10**17  # the standard allows eighteen digits in all
_BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
TABLE_COLUMNS = ("end_to_end", "name", "sheba", "amount", "currency", "executes_on", "note")


class BadBankFile(ValueError):
    """A transfer that no bank could carry out; the text names which, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account is debited: its holder, its Sheba, and its bank's BIC where that is known."""

    holder: str
    sheba: str
    bic: str = ""

    def __post_init__(self) -> None:
        if not _plain(self.holder, NAME_MAX):
            raise BadBankFile("The paying account has no holder.")
        if not is_sheba(self.sheba):
            raise BadBankFile(f"The paying account's Sheba {self.sheba!r} cannot be right.")
        if self.bic and not _BIC.fullmatch(self.bic):
            raise BadBankFile(f"{self.bic!r} is no BIC.")


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment: `end_to_end` is ours (at most 35 characters), `amount` in rial, above zero."""

    end_to_end: str
    name: str
    sheba: str
    amount: int
    note: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.end_to_end) <= ID_MAX or not self.end_to_end.isascii():
            raise BadBankFile(f"{self.end_to_end!r} is no end-to-end id.")
        if not _plain(self.name, NAME_MAX):
            raise BadBankFile(f"{self.end_to_end}: the receiver has no name.")
        if not is_sheba(self.sheba):
            raise BadBankFile(f"{self.end_to_end}: the Sheba {self.sheba!r} cannot be right.")
        if type(self.amount) is not int or not 0 < self.amount < AMOUNT_MAX:
            raise BadBankFile(f"{self.end_to_end}: {self.amount!r} rial cannot be paid.")


@dataclass(frozen=True, slots=True)
class BankFile:
    """What one approved run asks of the bank. `reference` names the file, at most 35 characters."""

    reference: str
    made_at: datetime
    executes_on: date
    account: Account
    transfers: tuple[Transfer, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.reference) <= ID_MAX or not self.reference.isascii():
            raise BadBankFile(f"{self.reference!r} is no reference of a file.")
        if not self.transfers:
            raise BadBankFile(f"{self.reference}: there is nobody to pay.")
        seen: set[str] = set()
        for each in self.transfers:
            if each.end_to_end in seen:
                raise BadBankFile(f"{each.end_to_end} stands twice in {self.reference}.")
            seen.add(each.end_to_end)

    @property
    def control_sum(self) -> int:
        """The sum of all transfers, rial."""
        return sum(each.amount for each in self.transfers)


def pain_001(file: BankFile) -> bytes:
    """The file as XML, UTF-8, with one batch and one control sum said in both headers."""
    root = ET.Element("Document", xmlns=NAMESPACE)
    message = ET.SubElement(root, "CstmrCdtTrfInitn")
    _header(message, file)
    batch = ET.SubElement(message, "PmtInf")
    _put(batch, "PmtInfId", file.reference)
    _put(batch, "PmtMtd", "TRF")
    _counts(batch, file)
    _put(batch, "ReqdExctnDt", file.executes_on.isoformat())
    _put(batch, "Dbtr/Nm", _plain(file.account.holder, NAME_MAX))
    _put(batch, "DbtrAcct/Id/IBAN", file.account.sheba)
    if file.account.bic:
        _put(batch, "DbtrAgt/FinInstnId/BIC", file.account.bic)
    else:
        _put(batch, "DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    for each in file.transfers:
        _transfer(batch, each)
    ET.indent(root)
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _header(message: ET.Element, file: BankFile) -> None:
    header = ET.SubElement(message, "GrpHdr")
    _put(header, "MsgId", file.reference)
    _put(header, "CreDtTm", file.made_at.replace(microsecond=0, tzinfo=None).isoformat())
    _counts(header, file)
    _put(header, "InitgPty/Nm", _plain(file.account.holder, NAME_MAX))


def _counts(parent: ET.Element, file: BankFile) -> None:
    _put(parent, "NbOfTxs", str(len(file.transfers)))
    _put(parent, "CtrlSum", str(file.control_sum))


def _transfer(batch: ET.Element, transfer: Transfer) -> None:
    row = ET.SubElement(batch, "CdtTrfTxInf")
    ids = ET.SubElement(row, "PmtId")
    _put(ids, "InstrId", transfer.end_to_end)
    _put(ids, "EndToEndId", transfer.end_to_end)
    _put(row, "Amt/InstdAmt", str(transfer.amount)).set("Ccy", CURRENCY)
    _put(row, "Cdtr/Nm", _plain(transfer.name, NAME_MAX))
    _put(row, "CdtrAcct/Id/IBAN", transfer.sheba)
    if transfer.note:
        _put(row, "RmtInf/Ustrd", _plain(transfer.note, NOTE_MAX))


def _put(parent: ET.Element, path: str, text: str) -> ET.Element:
    """A chain of elements with a text in the last."""
    for name in path.split("/"):
        parent = ET.SubElement(parent, name)
    parent.text = text
    return parent


def _plain(text: str, most: int) -> str:
    """A text as XML can hold it, no longer than the standard allows."""
    return _FORBIDDEN.sub(" ", text).strip()[:most]


def table_rows(file: BankFile) -> Sequence[tuple[str | int | date, ...]]:
    """The same transfers for a table, in the order of `TABLE_COLUMNS`; amounts in rial."""
    return [
        (each.end_to_end, each.name, each.sheba, each.amount, CURRENCY, file.executes_on, each.note)
        for each in file.transfers
    ]
