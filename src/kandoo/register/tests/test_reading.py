"""A file is read by what it is; what cannot be read is said in one word."""

import pytest

from kandoo.register.importing import reading
from kandoo.register.importing.faults import FILE_TEXTS
from kandoo.register.tests import files


def fault_of(content: bytes) -> str:
    with pytest.raises(reading.BadFile) as caught:
        reading.read(content)
    assert caught.value.code in FILE_TEXTS
    return caught.value.code


@pytest.mark.parametrize("content", [b"", b"  \n\n ", files.csv_file([], headings=[])])
def test_an_empty_file_is_called_empty(content: bytes) -> None:
    assert fault_of(content) == "empty-file"


def test_headings_alone_are_no_members() -> None:
    assert fault_of(files.csv_file([])) == "no-rows"
    assert fault_of(files.xlsx_file([])) == "no-rows"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n....",
        b"\xff\xd8\xff\xe0 jpeg",
        b"plain\x00binary",
        files.zipped("word/document.xml"),
        files.zipped("content.xml"),
    ],
)
def test_another_kind_of_file_is_refused_whatever_its_name(content: bytes) -> None:
    assert fault_of(content) == "wrong-type"


def test_a_protected_an_old_and_a_broken_workbook_are_told_apart() -> None:
    assert fault_of(files.protected_workbook()) == "protected"
    assert fault_of(files.old_workbook()) == "old-excel"
    whole = files.xlsx_file([files.row("علی")])
    assert fault_of(whole[: len(whole) // 2]) == "broken-excel"
    assert fault_of(files.zipped("xl/workbook.xml", b"not xml")) == "broken-excel"


def test_a_workbook_that_unpacks_to_a_flood_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_UNPACKED_MAX", 1000)
    assert fault_of(files.zipped("xl/workbook.xml", b" " * 1001)) == "too-large"


def test_windows_1256_is_named_with_its_line() -> None:
    content = "name_fa,stage\r\nAli,beekeeping\r\nعلي محمدي,beekeeping\r\n".encode("windows-1256")
    with pytest.raises(reading.BadFile) as caught:
        reading.read(content)
    assert (caught.value.code, caught.value.values) == ("windows-1256", {"line": 3})


def test_other_letters_that_are_not_utf_8_are_refused() -> None:
    assert fault_of(b"name_fa,stage\n\x80\x81\xfe\xff,beekeeping\n") in ("not-utf-8", "windows-1256")


def test_more_rows_than_one_file_may_have_are_refused() -> None:
    content = b"name_fa,stage\n" + b"a,b\n" * (reading.ROWS_MAX + 1)
    assert fault_of(content) == "too-many-rows"
    assert len(reading.read(b"name_fa,stage\n" + b"a,b\n" * reading.ROWS_MAX).rows) == reading.ROWS_MAX


def test_an_unclosed_quotation_mark_is_found() -> None:
    assert fault_of(b'name_fa,stage\n"Ali,beekeeping\nReza,packing\n') == "broken-csv"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_unicode_marks_do_not_matter(separator: str, encoding: str) -> None:
    text = files.csv_file([["علی", "packing"]], ["name_fa", "stage"], separator).decode()
    table = reading.read(text.encode(encoding))
    assert table.headings == ("name_fa", "stage")
    assert table.rows == ((2, ("علی", "packing")),)


def test_a_row_keeps_the_line_a_person_sees() -> None:
    table = reading.read(b'name_fa,stage\n\n"two\nlines",packing\n,\nAli,packing\n')
    assert [line for line, _cells in table.rows] == [3, 6]


def test_a_workbook_says_the_same_as_a_csv_file() -> None:
    import datetime

    table = reading.read(
        files.xlsx_file(
            [["علی", 12300000000.0, 40.0, datetime.datetime(2026, 11, 22), 33.5, True, "=A1", "#N/A"]], list("abcdefgh")
        )
    )
    assert table.rows[0][1] == ("علی", 12300000000, 40, "2026-11-22", 33.5, "yes", reading.FORMULA, reading.ERROR)


def test_a_formula_in_a_csv_file_is_not_taken_for_text_but_kept_digits_are() -> None:
    table = reading.read(b'a,b,c\n=1+1,"=""0912""",\'=harmless\n')
    assert table.rows[0][1] == (reading.FORMULA, "0912", "=harmless")
