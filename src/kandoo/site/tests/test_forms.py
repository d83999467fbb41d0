"""Form fields read what people type and say plainly what they could not read."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from kandoo.site.forms import DayField, NumberField, TomanField, WholeField


def test_an_amount_is_typed_in_toman_and_kept_in_rial() -> None:
    assert TomanField().clean("۲۵۰٬۰۰۰") == 2_500_000
    assert TomanField().prepare_value(2_500_000) == "250000"


@pytest.mark.parametrize("typed", ["-1", "abc", "0.05", "99999999999999999999"])
def test_an_impossible_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        TomanField().clean(typed)


def test_whole_numbers_refuse_parts() -> None:
    assert WholeField().clean("۱۲") == 12
    with pytest.raises(ValidationError):
        WholeField().clean("12.5")


def test_numbers_keep_their_decimals() -> None:
    assert NumberField().clean("۱۷٫۵") == Decimal("17.5")
    assert NumberField(required=False).clean("") is None


def test_a_day_comes_back_as_it_was_typed() -> None:
    with override("fa"):
        assert DayField().prepare_value(date(2026, 11, 22)) == "1405/09/01"
        assert DayField().prepare_value("فردا") == "فردا"
    assert DayField().clean("۱۴۰۵/۹/۱") == date(2026, 11, 22)


def test_the_word_on_a_wrong_day_is_in_the_readers_language() -> None:
    with override("fa"), pytest.raises(ValidationError) as problem:
        DayField().clean("1405/13/01")
    assert "روز" in problem.value.messages[0]
