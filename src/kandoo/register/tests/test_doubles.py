"""Likely doubles: by number, by name however it is spelled, by a close name in the same county."""

import pytest

from kandoo.register.importing.doubles import Candidate, Doubles


def firm(name: str, county: str = "Dorud", name_en: str = "", pk: int = 1, **numbers: str) -> Candidate:
    return Candidate(name, name_en, numbers, frozenset(filter(None, [county])), firm=pk)


def reason(known: Candidate, asked: Candidate) -> str:
    double = Doubles([known]).find(asked)
    return double.reason if double else ""


@pytest.mark.parametrize("spelled", ["علی کریمی", "علي كريمي", "علی‌کریمی", " علی   کریمی ", "عـلی کریمی"])
def test_the_spelling_of_a_name_does_not_hide_a_double(spelled: str) -> None:
    assert reason(firm("علی کریمی"), firm(spelled, county="Azna")) == "name"


@pytest.mark.parametrize("close", ["علی‌رضا محمدیپور", "علی رضا محمد پوور", "محمد پور علی رضا", "سید علی رضا محمد پور"])
def test_a_letter_or_a_word_more_is_close_in_the_same_county_alone(close: str) -> None:
    known = firm("علی رضا محمد پور")
    assert reason(known, firm(close)) in ("close", "name")
    if reason(known, firm(close)) == "close":
        assert reason(known, firm(close, county="Azna")) == ""


def test_a_firm_without_a_county_is_compared_with_all() -> None:
    assert reason(firm("منصور حسین نوری"), firm("منصور حسن نوری", county="")) == "close"
    assert reason(firm("منصور حسین نوری", county=""), firm("منصور حسن نوری")) == "close"


@pytest.mark.parametrize("other", ["احمد رضایی", "علی محمدی", "زهرا کریمی", "شرکت نمونه"])
def test_different_people_are_not_called_doubles(other: str) -> None:
    assert reason(firm("علی احمدی"), firm(other)) == ""


def test_numbered_names_are_different_firms() -> None:
    assert reason(firm("زنبورداری نمونه ۱۲"), firm("زنبورداری نمونه ۱۳")) == ""
    assert reason(firm("زنبورداری نمونه ۱۲"), firm("زنبورداري نمونه 12")) == "name"


def test_the_same_number_is_a_double_whatever_the_name() -> None:
    assert reason(firm("الف", natural_person="0084575948"), firm("ب", natural_person="0084575948")) == "number"


def test_two_national_numbers_that_differ_are_two_people_of_one_name() -> None:
    assert reason(firm("علی کریمی", natural_person="0084575948"), firm("علی کریمی", natural_person="1111111119")) == ""
    assert reason(firm("علی کریمی", natural_person="0084575948"), firm("علی کریمی")) == "name"


def test_the_english_name_is_compared_too() -> None:
    assert reason(firm("شرکت زاگرس", name_en="Zagros Honey"), firm("زاگرس", name_en="ZAGROS honey")) == "name"


def test_a_number_outweighs_a_name() -> None:
    index = Doubles([firm("علی کریمی", pk=1), firm("دیگری", pk=2, apiary_code="LO-1")])
    double = index.find(firm("علی کریمی", apiary_code="LO-1"))
    assert double is not None
    assert (double.reason, double.other.firm) == ("number", 2)


def test_numbers_of_two_firms_in_one_row_can_be_neither() -> None:
    index = Doubles([firm("الف", pk=1, natural_person="0084575948"), firm("ب", pk=2, apiary_code="LO-1")])
    double = index.find(firm("پ", natural_person="0084575948", apiary_code="LO-1"))
    assert double is not None
    assert double.is_torn


def test_all_doubles_are_found_each_once() -> None:
    index = Doubles([firm("علی کریمی", pk=1, apiary_code="LO-1"), firm("علی کریمی", pk=2)])
    found = list(index.all(firm("علی کریمی", apiary_code="LO-1")))
    assert [(each.other.firm, each.reason) for each in found] == [(1, "number"), (2, "name")]
