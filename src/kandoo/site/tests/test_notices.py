"""A notice is read in the words, calendar and digits of its reader."""

import pytest
from django.utils.translation import override

from kandoo.site.models import Notice
from kandoo.site.notices import text_of


@pytest.mark.parametrize("until", ["۱۴۰۵/۰۹/۱۱", "2026-12-02"])
def test_code_and_day_of_a_notice_are_those_of_the_page(until: str) -> None:
    called = Notice(code="lot-called", values={"lot": "L-1405-0001", "until": until})
    with override("fa"):
        words = text_of(called)
        assert "L-۱۴۰۵-۰۰۰۱" in words and "۱۴۰۵/۰۹/۱۱" in words
    with override("en"):
        words = text_of(called)
        assert "L-1405-0001" in words and "2026-12-02" in words
