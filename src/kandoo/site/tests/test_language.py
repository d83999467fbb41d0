"""Persian and English: what people type is understood, what they read is right."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.site import language as lang


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("۱۲", 12),
        ("١٢", 12),
        ("12", 12),
        ("۱۲٬۳۴۵٫۵", Decimal("12345.5")),
        ("12,345.5", Decimal("12345.5")),
        (" ۱۷٫۵ ", Decimal("17.5")),
        ("−3", -3),
        ("\u2066-3\u2069", -3),
    ],
)
def test_numbers_are_read_in_any_of_the_three_digit_sets(typed: str, meant: Decimal) -> None:
    assert lang.parse_decimal(typed) == meant


@pytest.mark.parametrize("typed", ["", "abc", "1,2,3", "nan", "inf", "1e5", "۱۲ کیلو", "--3", "1/2"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        lang.parse_decimal(typed)


@pytest.mark.parametrize("typed", ["1405/09/01", "۱۴۰۵/۹/۱", "١٤٠٥-٠٩-٠١", "2026-11-22", "۲۰۲۶.۱۱.۲۲"])
def test_one_day_is_understood_in_both_calendars(typed: str) -> None:
    assert lang.parse_day(typed) == date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["1405/13/01", "1404/12/30", "2026-02-30", "tomorrow", "1405/9"])
def test_a_day_that_is_not_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        lang.parse_day(typed)


@given(st.dates(min_value=date(1925, 1, 1), max_value=date(2090, 1, 1)))
def test_a_day_shown_in_either_language_is_read_back(day: date) -> None:
    for language in ("fa", "en"):
        assert lang.parse_day(lang.day_for_input(day, language)) == day
        assert lang.parse_day(lang.format_day(day, language, style="short")) == day


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_number_shown_in_either_language_is_read_back(number: int) -> None:
    for language in ("fa", "en"):
        assert lang.parse_decimal(lang.format_number(number, language)) == number


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("L-1405-012", "L-۱۴۰۵-۰۱۲"),
        ("6260000000017", "۶۲۶۰۰۰۰۰۰۰۰۱۷"),
        ("12 زنبورستان، 2.5 کیلوگرم", "۱۲ زنبورستان، ۲.۵ کیلوگرم"),
        ("G7: 3 از 4", "G7: ۳ از ۴"),
        ("IR820540102680020817909002", "IR820540102680020817909002"),
        ("3fa9c01", "3fa9c01"),
    ],
)
def test_numbers_take_the_digits_of_the_page_and_codes_keep_theirs(written: str, shown: str) -> None:
    assert lang.localise_digits(written, "fa") == shown
    assert lang.localise_digits(written, "en") == written


def test_days_and_money_read_as_people_write_them() -> None:
    day = date(2026, 11, 22)
    assert lang.format_day(day, "fa") == "یکشنبه ۱ آذر ۱۴۰۵"
    assert lang.format_day(day, "en") == "Sunday 22 November 2026"
    assert lang.format_toman(124_000_000, "fa") == "۱۲٬۴۰۰٬۰۰۰ تومان"
    assert lang.format_toman(124_000_005, "en") == "12,400,000.5 toman"
    assert lang.format_money(420, "EUR", "fa") == "۴٫۲۰ یورو"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("خرم‌آباد", "خرم آباد"),
        ("كوهدشت", "کوهدشت"),
        ("علي", "علی"),
        ("زنبورستان ۱۲", "زنبورستان 12"),
        ("Kuh-Dasht", "kuh dasht"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_one_name_typed_in_two_ways_is_found_under_one_key(one: str, other: str) -> None:
    assert lang.fold(one) == lang.fold(other)


def test_persian_names_sort_in_the_order_of_the_persian_alphabet() -> None:
    names = [
        "آبان",
        "امید",
        "بهار",
        "پروین",
        "تابان",
        "چمن",
        "خرم",
        "ژاله",
        "سرو",
        "کوه",
        "گلزار",
        "ماه",
        "نور",
        "وفا",
        "هما",
        "یاس",
    ]
    backwards = list(reversed(names))
    assert sorted(backwards, key=lang.sort_key) == names


def test_arabic_and_persian_letters_sort_alike() -> None:
    assert lang.sort_key("كوه") == lang.sort_key("کوه")
    assert lang.sort_key("علي") == lang.sort_key("علی")
