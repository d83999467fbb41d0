"""Every fault of a file is found by row and column, and nothing else is."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from kandoo import profiles
from kandoo.register.importing import reading
from kandoo.register.importing.checking import Checked, check, fault_words
from kandoo.register.importing.columns import columns
from kandoo.register.importing.faults import FILE_TEXTS, TEXTS, sentence
from kandoo.register.tests import files

HONEY = profiles.load("honey")


def checked(rows: list[list[Any]], headings: Any = files.HEADINGS, workbook: bool = False) -> Checked:
    make = files.xlsx_file if workbook else files.csv_file
    return check(reading.read(make(rows, headings)), HONEY, files.A_DAY)


def faults(rows: list[list[Any]], headings: Any = files.HEADINGS, workbook: bool = False) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.code) for each in checked(rows, headings, workbook).faults]


def cell(column: str, value: Any, **others: Any) -> list[tuple[int, str, str]]:
    """The faults of a file of one row whose other cells are right."""
    cells = {"name_fa": "علی", "stage": "beekeeping", **others, column: value}
    return faults([list(cells.values())], list(cells), workbook=True)


def test_a_right_row_becomes_values() -> None:
    (row,) = checked([files.row("علي رضايي", 123456789)]).rows
    assert (row.name_fa, row.stage, row.joined_on, row.county) == (
        "علي رضايي",
        "beekeeping",
        date(2024, 4, 20),
        "Khorramabad",
    )
    assert (row.latitude, row.hives, row.hives_on) == (Decimal("33.48780"), 40, date(2026, 10, 2))
    assert row.identifiers == {"natural_person": files.national_code(123456789)}


@pytest.mark.parametrize("headings", [("نام", "مرحله زنجیره ارزش"), ("Name in Persian", "Stage of the value chain"), ("NAME_FA", "stage"), ("نام (name_fa)", "مرحله (stage)")])  # fmt: skip
def test_headings_may_be_persian_english_or_codes_in_any_order(headings: tuple[str, str]) -> None:
    assert faults([["علی", "زنبورداری"]], headings) == []
    assert faults([["زنبورداری", "علی"]], headings[::-1]) == []


def test_what_is_wrong_with_the_headings_is_said_before_any_row() -> None:
    assert faults([["علی"]], ["name_fa"]) == [(0, "stage", "missing-column")]
    doubled = faults([["علی", "packing", "رضا"]], ["name_fa", "stage", "نام"])
    assert doubled == [(0, "name_fa", "doubled-column")]
    assert faults([["علی", "packing", "1"]], ["name_fa", "stage", "hivs"]) == [(0, "hivs", "unknown-column")]


def test_values_under_no_heading_are_not_lost_in_silence() -> None:
    assert faults([["علی", "packing", "", "12"]], ["name_fa", "stage"]) == [(2, "", "no-heading")]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("name_fa", None, "required"),
        ("name_fa", "ن" * 161, "too-long"),
        ("name_fa", "=A1", "formula"),
        ("stage", "#REF!", "error-value"),
        ("stage", "زنبورداری عسل", "not-a-choice"),
        ("form", "گروه", "not-a-choice"),
        ("commercial", "شاید", "not-a-choice"),
        ("workers", "دو", "not-whole"),
        ("workers", 2.5, "not-whole"),
        ("workers", -1, "negative"),
        ("workers", 10**7, "too-high"),
        ("national_id", "1.23E+10", "shortened"),
        ("national_id", 1234567890.5, "shortened"),
        ("national_id", "12345", "bad-national-id"),
        ("national_id", "1234567890", "bad-check-digit"),
        ("national_id", "10380284791", "bad-check-digit"),
        ("apiary_code", "کد", "bad-form"),
        ("gln", "6260000000001", "bad-check-digit"),
        ("phone", "abc", "bad-phone"),
        ("phone", "9.16E+9", "shortened"),
        ("joined_on", "1403/13/01", "not-a-day"),
        ("joined_on", "سال گذشته", "not-a-day"),
        ("joined_on", files.A_DAY + timedelta(days=1), "to-come"),
        ("joined_on", "1299/12/29", "too-early"),
        ("site_name", "کوه", "no-place"),
    ],
)
def test_a_bad_cell_is_named_with_its_reason(column: str, value: Any, code: str) -> None:
    found = cell(column, value)
    assert [each[2] for each in found] == [code]
    assert found[0][0] == 2
    assert found[0][1] in (column, "latitude")


def test_cells_that_belong_together_are_asked_for_together() -> None:
    place = {"latitude": 33.4878, "longitude": 48.3558}
    assert cell("latitude", 33.4878) == [(2, "longitude", "half-a-place")]
    assert [each[2] for each in cell("hives", 12, **place)] == ["hives-undated", "hives-unsourced"]
    assert cell("left_on", "1404/01/01") == [(2, "joined_on", "leaves-unjoined")]
    assert cell("left_on", "1403/01/01", joined_on="1404/01/01") == [(2, "left_on", "leaves-first")]


def test_swapped_coordinates_are_told_from_a_place_outside_iran() -> None:
    assert cell("latitude", 48.3558, longitude=33.4878) == [(2, "latitude", "swapped")]
    assert cell("latitude", 48.2, longitude=16.4) == [(2, "latitude", "outside")]
    assert cell("latitude", "35.70", longitude="51.40") == []  # Tehran is far, but it is Iran


def test_every_fault_of_the_file_is_listed_in_its_order() -> None:
    rows = [
        files.row("علی"),
        files.row(""),
        files.row("رضا", hives="چهل"),
        files.row("کریم", place=files.KHORRAMABAD[::-1]),
    ]
    assert faults(rows) == [(3, "name_fa", "required"), (4, "hives", "not-whole"), (5, "latitude", "swapped")]


@pytest.mark.parametrize("typed", ["۱۴۰۵/۰۷/۱۰", "١٤٠٥/٧/١٠", "1405-7-10", "2026-10-02", date(2026, 10, 2)])
def test_days_are_read_as_people_write_them(typed: Any) -> None:
    cells = {"name_fa": "علی", "stage": "packing", "joined_on": typed}
    (row,) = checked([list(cells.values())], list(cells), workbook=True).rows
    assert row.joined_on == date(2026, 10, 2)


@pytest.mark.parametrize("typed", ["0084575948", "۰۰۸۴۵۷۵۹۴۸", "008-4575-948", 84575948, "84575948"])
def test_a_national_code_gets_back_the_zeros_a_spreadsheet_took(typed: Any) -> None:
    cells = {"name_fa": "علی", "stage": "packing", "national_id": typed}
    (row,) = checked([list(cells.values())], list(cells), workbook=True).rows
    assert row.identifiers == {"natural_person": "0084575948"}


def test_an_institution_is_not_for_profit_unless_it_says_so() -> None:
    rows = [["الف", "support", "نهاد", ""], ["ب", "support", "institution", "بله"], ["پ", "packing", "", ""]]
    found = checked(rows, ["name_fa", "stage", "form", "commercial"]).rows
    assert [(row.form, row.is_commercial) for row in found] == [
        ("institution", False),
        ("institution", True),
        ("firm", True),
    ]


def test_every_fault_has_its_sentence_in_both_languages() -> None:
    known = columns(HONEY)
    result = checked([files.row(""), files.row("ب", hives="x"), ["پ", "نیست", "1", "دیروز", "1", "2", "-3"]])
    assert result.faults
    for language in ("fa", "en"):
        with translation.override(language):
            for fault in result.faults:
                said = sentence(TEXTS[fault.code], fault_words(fault, HONEY, language), language)
                assert "%(" not in said
                assert known[fault.column].label(language)
            for text in FILE_TEXTS.values():
                assert "%(" not in sentence(text, {"line": 3, "most": 20_000}, language)
