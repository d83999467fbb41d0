"""What a bank answers to a payment file, as ISO 20022 pain.002.001.03.

The reader gives rows of plain text, each with its place in the file; whether they agree with what was
sent is checked by who knows what was sent. A document type declaration is refused before anything of
it is expanded.

ISO 20022, Payments Initiation, Message Definition Report, edition of 2009 (pain.002.001.03).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET
from xml.parsers import expat

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"
State = Literal["paid", "rejected", "returned", "pending"]
# Accepted and settled, or refused; the rest say that the bank is still at it.
STATES: dict[str, State] = {
    "ACSC": "paid",
    "RJCT": "rejected",
    "ACTC": "pending",
    "ACCP": "pending",
    "ACSP": "pending",
    "ACWC": "pending",
    "RCVD": "pending",
    "PDNG": "pending",
}
Fault = Literal["not_xml", "declares_a_type", "not_pain_002", "no_transfer"]


class UnreadableAnswer(ValueError):
    """The file is no answer we can read; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a bank says of one transfer, as it stands in the file; empty where it says nothing.

    `line` counts rows of a table or transfers of an XML file from 1. `state` is one of `State`, or the
    bank's own word where we do not know it.
    """

    line: int
    end_to_end: str = ""
    sheba: str = ""
    amount: str = ""
    currency: str = ""
    state: str = ""
    reference: str = ""
    on: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a file. `whole_of` names the file that was refused as a whole, its rows unnamed."""

    rows: tuple[AnswerRow, ...]
    whole_of: str = ""
    whole_row: AnswerRow | None = None


def pain_002(content: bytes) -> Answer:
    """Read a bank's answer.

    Raises
    ------
    UnreadableAnswer
        When the bytes are no XML, declare a type, are another message, or answer nothing.
    """
    root = _parsed(content)
    report = root.find(f"{{{NAMESPACE}}}CstmrPmtStsRpt")
    if root.tag != f"{{{NAMESPACE}}}Document" or report is None:
        raise UnreadableAnswer("not_pain_002")
    day = _text(report, "GrpHdr/CreDtTm")[:10]
    rows = tuple(_rows(report, day))
    group = _find(report, "OrgnlGrpInfAndSts")
    if rows or group is None:
        if not rows:
            raise UnreadableAnswer("no_transfer")
        return Answer(rows)
    if STATES.get(_text(group, "GrpSts")) != "rejected":
        raise UnreadableAnswer("no_transfer")
    whole = AnswerRow(1, state="rejected", on=day, reason=_reason(group))
    return Answer((), _text(group, "OrgnlMsgId"), whole)


def _parsed(content: bytes) -> ET.Element:
    """The XML, once it is sure to declare no entities of its own."""
    scout = expat.ParserCreate()

    def refuse(*_given: object) -> None:
        raise UnreadableAnswer("declares_a_type")

    scout.StartDoctypeDeclHandler = refuse
    try:
        scout.Parse(content, True)
        return ET.fromstring(content)
    except (expat.ExpatError, ET.ParseError, LookupError, ValueError) as problem:
        if isinstance(problem, UnreadableAnswer):
            raise
        raise UnreadableAnswer("not_xml") from problem


def _rows(report: ET.Element, day: str) -> Iterator[AnswerRow]:
    for line, row in enumerate(report.iter(f"{{{NAMESPACE}}}TxInfAndSts"), start=1):
        code = _text(row, "TxSts")
        amount = _find(row, "OrgnlTxRef/Amt/InstdAmt")
        yield AnswerRow(
            line=line,
            end_to_end=_text(row, "OrgnlEndToEndId") or _text(row, "OrgnlInstrId"),
            sheba=_text(row, "OrgnlTxRef/CdtrAcct/Id/IBAN"),
            amount="" if amount is None else (amount.text or "").strip(),
            currency="" if amount is None else amount.get("Ccy", ""),
            state=STATES.get(code, code),
            reference=_text(row, "AcctSvcrRef") or _text(row, "ClrSysRef") or _text(row, "StsId"),
            on=_text(row, "AccptncDtTm")[:10] or day,
            reason=_reason(row),
        )


def _reason(row: ET.Element) -> str:
    """The bank's words, or its code where it has none."""
    info = _find(row, "StsRsnInf")
    if info is None:
        return ""
    words = " ".join((each.text or "").strip() for each in info.findall(f"{{{NAMESPACE}}}AddtlInf"))
    code = _text(info, "Rsn/Cd") or _text(info, "Rsn/Prtry")
    return " · ".join(each for each in (code, words) if each)


def _find(parent: ET.Element, path: str) -> ET.Element | None:
    return parent.find("/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/")))


def _text(parent: ET.Element, path: str) -> str:
    found = _find(parent, path)
    return "" if found is None else (found.text or "").strip()
