"""The bank file and the bank's answer: sums, sameness, and what is refused before a bank would."""

from dataclasses import replace
from datetime import date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine.bank_answer import NAMESPACE as ANSWER
from kandoo.engine.bank_answer import AnswerRow, UnreadableAnswer, pain_002
from kandoo.engine.bank_file import (
    NAMESPACE,
    TABLE_COLUMNS,
    Account,
    BadBankFile,
    BankFile,
    Transfer,
    pain_001,
    table_rows,
)
from kandoo.engine.sheba import bank_of, ending, is_sheba

MELLI, MELLAT = "IR110170000000123456789001", "IR360120000000000987654321"
HUB = Account("تعاونی کندو", MELLI)
NOON = datetime(2026, 11, 22, 12, 30, 5, 999)


def sheba(account: int) -> str:
    """A right Sheba for any account number."""
    body = f"017{account:019d}"
    return f"IR{98 - int(f'{body}182700') % 97:02d}{body}"


def transfers() -> st.SearchStrategy[tuple[Transfer, ...]]:
    one = st.tuples(
        st.integers(0, 10**18),
        st.integers(1, 10**14),
        st.text(min_size=1).map(lambda name: f"ک{name}"),
        st.text(max_size=200),
    )
    return st.lists(one, min_size=1, max_size=12).map(
        lambda rows: tuple(
            Transfer(f"PR-1405-0001-{place:05d}", name, sheba(account), amount, note)
            for place, (account, amount, name, note) in enumerate(rows)
        )
    )


def file_of(rows: tuple[Transfer, ...]) -> BankFile:
    return BankFile("PR-1405-0001", NOON, date(2026, 11, 23), HUB, rows)


def every(root: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in root.iter(f"{{{NAMESPACE}}}{name}")]


@given(rows=transfers())
def test_the_sum_of_the_file_is_the_sum_of_its_lines(rows):
    root = ET.fromstring(pain_001(file_of(rows)))
    total = sum(each.amount for each in rows)
    assert sum(map(int, every(root, "InstdAmt"))) == total
    assert every(root, "CtrlSum") == [str(total)] * 2
    assert every(root, "NbOfTxs") == [str(len(rows))] * 2
    assert every(root, "EndToEndId") == [each.end_to_end for each in rows]
    assert every(root, "IBAN") == [HUB.sheba, *(each.sheba for each in rows)]


@given(rows=transfers())
def test_equal_input_gives_equal_bytes_and_the_table_says_the_same(rows):
    file = file_of(rows)
    assert pain_001(file) == pain_001(file_of(rows))
    table = table_rows(file)
    assert sum(int(str(row[TABLE_COLUMNS.index("amount")])) for row in table) == file.control_sum
    assert [row[0] for row in table] == [each.end_to_end for each in rows]


def test_the_order_of_the_parts_is_that_of_the_standard():
    batch = ET.fromstring(pain_001(file_of((Transfer("A-1", "کوه", MELLAT, 5, "عسل"),)))).find(
        f".//{{{NAMESPACE}}}PmtInf"
    )
    assert batch is not None
    names = [each.tag.rpartition("}")[2] for each in batch]
    assert names == [
        "PmtInfId",
        "PmtMtd",
        "NbOfTxs",
        "CtrlSum",
        "ReqdExctnDt",
        "Dbtr",
        "DbtrAcct",
        "DbtrAgt",
        "CdtTrfTxInf",
    ]
    assert [each.tag.rpartition("}")[2] for each in batch[-1]] == ["PmtId", "Amt", "Cdtr", "CdtrAcct", "RmtInf"]


@pytest.mark.parametrize(
    "change",
    [
        {"sheba": MELLI[:-1] + "2"},
        {"amount": 0},
        {"amount": -5},
        {"amount": 10**17},
        {"end_to_end": "x" * 36},
        {"end_to_end": ""},
        {"name": "  "},
    ],
)
def test_a_transfer_no_bank_could_carry_out_is_refused(change):
    with pytest.raises(BadBankFile):
        replace(Transfer("A-1", "کوه", MELLAT, 5), **change)


def test_a_file_without_payments_or_with_one_twice_is_refused():
    one = Transfer("A-1", "کوه", MELLAT, 5)
    with pytest.raises(BadBankFile, match="nobody"):
        file_of(())
    with pytest.raises(BadBankFile, match="twice"):
        file_of((one, one))
    with pytest.raises(BadBankFile):
        Account("کندو", MELLI, "BAD")
    assert b"<BIC>BKMNIRTH</BIC>" in pain_001(replace(file_of((one,)), account=Account("کندو", MELLI, "BKMNIRTH")))


@given(account=st.integers(0, 10**18), place=st.integers(2, 25), digit=st.integers(0, 9))
def test_one_wrong_digit_of_a_sheba_is_always_found(account, place, digit):
    right = sheba(account)
    wrong = f"{right[:place]}{digit}{right[place + 1 :]}"
    assert is_sheba(right)
    assert is_sheba(wrong) == (wrong == right)


def test_a_sheba_names_its_bank_and_shows_its_end_alone():
    bank = bank_of(MELLAT)
    assert bank is not None
    assert bank.fa == "بانک ملت"
    assert bank_of("IR999") is None
    assert ending(MELLI) == "9001"


# The answer

ROW = """<TxInfAndSts><StsId>S-{n}</StsId><OrgnlEndToEndId>A-{n}</OrgnlEndToEndId><TxSts>{state}</TxSts>
<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>بسته است</AddtlInf></StsRsnInf>
<AccptncDtTm>2026-11-22T10:00:00</AccptncDtTm>
<OrgnlTxRef><Amt><InstdAmt Ccy="IRR">500</InstdAmt></Amt><CdtrAcct><Id><IBAN>{sheba}</IBAN></Id></CdtrAcct></OrgnlTxRef>
</TxInfAndSts>"""


def report(*rows: str, group: str = "") -> bytes:
    head = "<GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-11-22T12:00:00</CreDtTm></GrpHdr>"
    group = group or "<OrgnlGrpInfAndSts><OrgnlMsgId>PR-1</OrgnlMsgId></OrgnlGrpInfAndSts>"
    batch = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>PR-1</OrgnlPmtInfId>{''.join(rows)}</OrgnlPmtInfAndSts>"
    return f'<Document xmlns="{ANSWER}"><CstmrPmtStsRpt>{head}{group}{batch}</CstmrPmtStsRpt></Document>'.encode()


def test_each_transfer_of_an_answer_becomes_a_row():
    answer = pain_002(report(ROW.format(n=1, state="ACSC", sheba=MELLI), ROW.format(n=2, state="RJCT", sheba=MELLAT)))
    assert answer.rows[0] == AnswerRow(1, "A-1", MELLI, "500", "IRR", "paid", "S-1", "2026-11-22", "AC04 · بسته است")
    assert [each.state for each in answer.rows] == ["paid", "rejected"]
    assert pain_002(report(ROW.format(n=1, state="PDNG", sheba=MELLI))).rows[0].state == "pending"
    assert pain_002(report(ROW.format(n=1, state="WHAT", sheba=MELLI))).rows[0].state == "WHAT"


def test_a_file_refused_as_a_whole_names_the_run():
    group = (
        "<OrgnlGrpInfAndSts><OrgnlMsgId>PR-1</OrgnlMsgId><GrpSts>RJCT</GrpSts>"
        "<StsRsnInf><AddtlInf>موجودی کافی نیست</AddtlInf></StsRsnInf></OrgnlGrpInfAndSts>"
    )
    answer = pain_002(report(group=group))
    assert (answer.rows, answer.whole_of) == ((), "PR-1")
    assert answer.whole_row == AnswerRow(1, state="rejected", on="2026-11-22", reason="موجودی کافی نیست")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "not_xml"),
        (b"\x00\x01\x02", "not_xml"),
        (b"PK\x03\x04", "not_xml"),
        (b"<Document", "not_xml"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "not_xml"),
        (b"<Document/>", "not_pain_002"),
        (pain_001(file_of((Transfer("A-1", "x", MELLI, 5),))), "not_pain_002"),
        (report(), "no_transfer"),
        (b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', "declares_a_type"),
        (
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'.encode("utf-16"),
            "declares_a_type",
        ),
    ],
)
def test_what_is_no_answer_is_refused_by_its_reason(content, fault):
    with pytest.raises(UnreadableAnswer) as problem:
        pain_002(content)
    assert problem.value.fault == fault


@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    with pytest.raises(UnreadableAnswer):
        pain_002(content)
