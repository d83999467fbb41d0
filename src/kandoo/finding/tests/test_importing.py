"""A list of sites is read as people bring it, and its faults are named by row and field."""

import re

import pytest
from django.utils.translation import override

from kandoo.finding.importing.checking import Checked, check
from kandoo.finding.importing.columns import BY_PLACE, guess_columns, guess_profile
from kandoo.finding.importing.faults import LIST_TEXTS, REMARKS, TEXTS, Fault, sentence
from kandoo.finding.importing.reading import read_sheet
from kandoo.finding.problems import Unreadable
from kandoo.finding.tests.stage import HEADINGS, as_csv, rows, two_years
from kandoo.finding.words import left_words

MAPPING = {"site": 0, "industry": 1, "lat": 2, "lon": 3, "size": 4, "region": 5}


def checked(table, mapping=MAPPING, **more) -> Checked:
    return check(read_sheet(as_csv(table), "sites.csv"), mapping, "establishments", **more)


def with_fault(place: int, value: str, row: int = 7) -> list[list[str]]:
    table = rows()
    table[row][place] = value
    return table


def test_columns_are_guessed_from_persian_and_english_headings() -> None:
    assert guess_columns(HEADINGS, "establishments") == MAPPING
    english = ["industry", "site_id", "lon", "lat", "employment", "Year"]
    assert guess_columns(english, "establishments") == {
        "industry": 0,
        "site": 1,
        "lon": 2,
        "lat": 3,
        "size": 4,
        "year": 5,
    }
    assert guess_profile(["کد زنبورستان", "شهرستان", "تعداد کلنی", "lat", "lon"]) == "apiary"
    assert guess_profile(english) == "establishments"


def test_a_whole_list_has_no_fault_and_names_its_small_industries() -> None:
    found = checked(rows())
    assert found.faults == []
    assert [each.code for each in found.remarks] == ["lonely"]
    assert "چاپ" in sentence(REMARKS["lonely"], found.remarks[0].values, "fa")


@pytest.mark.parametrize(
    ("place", "value", "column", "code"),
    [
        (0, "", "site", "required"),
        (0, "s001", "site", "doubled"),
        (1, "", "industry", "required"),
        (2, "33°29'", "lat", "minutes"),
        (2, "۳۳:۲۹", "lat", "minutes"),
        (2, "133.5", "lat", "latitude-range"),
        (3, "x", "lon", "not-a-number"),
        (2, "29.2", "lat", "sea"),
        (4, "-3", "size", "negative"),
        (4, "many", "size", "not-a-number"),
        (5, "", "region", "required"),
    ],
)
def test_a_faulty_cell_is_named_with_its_row_and_column(place: int, value: str, column: str, code: str) -> None:
    table = with_fault(place, value)
    if code == "sea":
        table[7][3] = "50.4"  # in the Persian Gulf
        table[7][2] = "27.5"
    found = checked(table)
    assert [(each.line, each.column, each.code) for each in found.faults] == [(9, column, code)]
    assert sentence(TEXTS[code], found.faults[0].values, "fa")


def test_one_swapped_row_is_found_among_the_others() -> None:
    table = rows()
    table[3][2], table[3][3] = table[3][3], table[3][2]
    found = checked(table)
    assert [(each.line, each.code) for each in found.faults] == [(5, "swapped")]


def test_a_place_of_zero_is_said_to_lie_in_the_sea() -> None:
    table = with_fault(2, "0")
    table[7][3] = "0"
    assert [each.code for each in checked(table).faults] == ["nowhere"]


def test_a_whole_list_swapped_or_in_minutes_or_at_one_place_cannot_be_saved_by_leaving_rows_out() -> None:
    swapped = checked(rows(), MAPPING | {"lat": 3, "lon": 2})
    assert [each.code for each in swapped.faults if not each.line] == ["all-swapped"] and swapped.is_whole_at_fault
    minutes = [[*row[:2], f"33.{k % 60:02}", f"48.{k * 7 % 60:02}", *row[4:]] for k, row in enumerate(rows())]
    assert "all-minutes" in {each.code for each in checked(minutes).faults}
    together = [[*row[:2], "33.5", "48.4", *row[4:]] for row in rows()]
    assert [each.code for each in checked(together).faults] == ["one-place"]
    alike = [[row[0], "سنگ", *row[2:]] for row in rows()]
    assert [each.code for each in checked(alike).faults] == ["one-kind"]
    nobody = [[*row[:4], 0, *row[5:]] for row in rows()]
    assert [each.code for each in checked(nobody).faults] == ["nobody"]
    assert all(sentence(LIST_TEXTS[each.code], each.values, "en") for each in swapped.faults if not each.line)


def moved(table, north: float, east: float) -> list[list]:
    return [[*row[:2], f"{float(row[2]) + north:.5f}", f"{float(row[3]) + east:.5f}", *row[4:]] for row in table]


def test_a_list_of_another_country_is_measured_and_what_was_not_looked_at_is_said() -> None:
    found = checked(moved(rows(), 15, -32))
    assert found.faults == [] and [each.code for each in found.remarks] == ["abroad", "lonely"]
    assert all(sentence(REMARKS[each.code], each.values, "fa") for each in found.remarks)


def test_a_list_that_looks_swapped_is_taken_once_it_is_said_to_be_of_another_country() -> None:
    turned = MAPPING | {"lat": 3, "lon": 2}
    assert checked(rows(), turned).is_whole_at_fault
    assert checked(rows(), turned, is_abroad=True).faults == []


def test_a_list_of_which_a_third_lies_in_iran_says_so() -> None:
    table = [[f"x{k}", *row[1:]] for k, row in enumerate([*rows(), *moved([*rows(2), *rows(3)], 2, -6)])]
    found = checked(table)
    assert found.faults == [] and found.remarks[0].code == "partly-abroad"
    assert "260" in sentence(REMARKS["partly-abroad"], found.remarks[0].values, "en")


def test_rows_are_left_out_only_knowingly_and_are_counted() -> None:
    table = with_fault(2, "33°29'")
    table[9][4] = "-1"
    assert len(checked(table).bad_lines) == 2
    rest = checked(table, leaves_out=True)
    assert rest.faults == [] and len(rest.lines) == len(table) - 2
    assert Fault(0, "", "left-out") in rest.remarks


def test_regions_come_from_the_coordinates_when_asked() -> None:
    found = checked(rows(), {**MAPPING, "region": BY_PLACE})
    assert found.faults == []
    assert "ازنا" in found.texts["region"]


def test_a_site_may_stand_once_in_each_year() -> None:
    sheet = read_sheet(two_years(), "sites.csv")
    found = check(sheet, MAPPING | {"year": 6}, "establishments")
    assert found.faults == [] and found.years == [1400, 1404]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"a,b\n", "no-rows"),
        ("a.pdf", b"%PDF", "wrong-type"),
        ("a.xlsx", b"PK\x03\x04 broken", "broken-excel"),
        ("a.csv", b'a,b\n"c,d\n', "broken-csv"),
        ("a.csv", "a,b\nc,d\n".encode("utf-16-le"), "not-text"),
        ("a.csv", b"\xff\xfea", "not-text"),
        ("a.csv", b"a,b\n\xff\0,\0\n", "not-text"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_sheet(content, name)
    assert refused.value.code == code


def test_a_list_that_excel_wrote_on_a_persian_machine_is_read() -> None:
    content = "شناسه;صنعت\n۱;سنگ\n".encode("cp1256", errors="replace")
    assert read_sheet(content, "a.csv").headings == ["شناسه", "صنعت"]


def test_ye_and_kaf_of_either_keyboard_are_the_same_letters() -> None:
    sheet = read_sheet("شناسه,صنعت\n۱,سنگ كاري\n۲,سنگ کاری\n".encode(), "a.csv")
    assert sheet.rows[0][1] == sheet.rows[1][1] == "سنگ کاری"


def test_a_list_that_excel_saved_as_unicode_text_is_read() -> None:
    sheet = read_sheet("شناسه\tصنعت\r\n۱\tسنگ\r\n".encode("utf-16"), "a.txt")
    assert sheet.headings == ["شناسه", "صنعت"] and sheet.rows == [["۱", "سنگ"]]


def test_one_fault_among_very_many_rows_is_found_and_only_that() -> None:
    """The places are looked at too; nothing is asked row by row because of one bad cell."""
    rows = [f"s{k},i{k % 30},{33 + k % 977 / 1000},{48 + k % 991 / 1000},{k % 40}" for k in range(100_000)]
    rows[77_776] = "s77776,i6,33.5,48.5,twelve"
    sheet = read_sheet("\n".join(["site_id,industry,lat,lon,employment", *rows]).encode(), "sites.csv")
    found = check(sheet, guess_columns(sheet.headings, "establishments"), "establishments")
    assert [(each.line, each.column, each.code) for each in found.faults] == [(77_778, "size", "not-a-number")]


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 row was left out knowingly, because of its faults.", "1,200 rows were left out knowingly"),
        ("fa", "۱ ردیف به‌خاطر ایرادش آگاهانه کنار گذاشته شد.", "۱٬۲۰۰ ردیف به‌خاطر ایرادشان آگاهانه کنار گذاشته شدند"),
    ],
)
def test_one_and_many_are_said_as_people_say_them(language: str, one: str, many: str) -> None:
    with override(language):
        assert sentence(REMARKS["left-out"], {"count": 1}, language) == one
        assert sentence(REMARKS["left-out"], {"count": 1200}, language).startswith(many)


@pytest.mark.parametrize(("language", "words"), [("en", "has 1 cell, the heading 7"), ("fa", "۱ خانه دارد")])
def test_a_row_of_one_cell_is_said_so(language: str, words: str) -> None:
    with override(language):
        assert words in sentence(TEXTS["cells"], {"count": 1, "wanted": 7}, language)
        assert not re.search("[0-9]", sentence(TEXTS["cells"], {"count": 1, "wanted": 7}, language)) or language == "en"


@pytest.mark.parametrize(
    ("seconds", "words"), [(61, "about 1 minute left"), (150, "about 2 minutes left"), (7300, "2 hours")]
)
def test_the_time_left_is_said_in_whole_minutes_or_hours(seconds: int, words: str) -> None:
    with override("en"):
        assert words in left_words(seconds)
