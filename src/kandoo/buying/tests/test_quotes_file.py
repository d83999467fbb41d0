"""A quotation as a file: the template, a filled one read back and given, every fault by row and column."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from kandoo.buying.models import Quotation, Round
from kandoo.buying.tests import stage as st
from kandoo.buying.tests.stage import rows_of, signed_in, text_of

pytestmark = pytest.mark.django_db

HEADS = ["item", "kind", "quantity_from", "unit_price", "capacity", "pack", "minimum_order", "delivery_fixed", "places", "deliver_by"]  # fmt: skip
SUGAR = [
    "sugar",
    "all_units",
    "1",
    "58,000",
    "40000",
    "50",
    "30000000",
    "",
    "shahr=250000; Village store",
    "1405/09/28",
]


@pytest.fixture
def stage(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> st.Stage:
    st.fix_the_day(monkeypatch)
    return st.staged(as_owner)


@pytest.fixture
def this(stage: st.Stage) -> Round:
    return st.opened(stage)


def as_csv(rows: list[list[str]]) -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return SimpleUploadedFile("quotation.csv", out.getvalue().encode())


def send(client: Any, this: Round, file: SimpleUploadedFile) -> str:
    return text_of(client.post(f"/buying/rounds/{this.pk}/quote/file/", {"file": file}))


def hidden(page: str) -> dict[str, str]:
    """What the page would send: its hidden fields."""
    import re
    from html import unescape

    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page)}


def quotations(stage: st.Stage) -> list[Quotation]:
    with stage.as_("jars"):
        return list(Quotation.objects.prefetch_related("lines", "places__place__point"))


def test_the_template_holds_the_rounds_items_and_the_amounts_say_their_unit(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    rows = rows_of(client.get(f"/buying/rounds/{this.pk}/quote/template.xlsx").content)
    assert rows[0][4] == "Price of a unit (toman)"
    assert {row[0] for row in rows[1:]} == {"sugar", "wax", "jar"}
    page = send(
        client, this, SimpleUploadedFile("q.csv", client.get(f"/buying/rounds/{this.pk}/quote/template.csv").content)
    )
    assert "No row has a price." in page


def test_a_filled_file_is_read_back_and_given_like_a_typed_one(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    page = send(
        client,
        this,
        as_csv([HEADS, SUGAR, ["sugar", "", "۱۰۰۰", "۵۰٬۰۰۰"], ["jar", "incremental", "", "11000"], ["wax"]]),
    )
    assert "1 to 999 kg: 58,000 toman each" in page
    assert quotations(stage) == []
    answer = client.post(f"/buying/rounds/{this.pk}/quote/", {**hidden(page), "step": "send"})
    assert answer.status_code == 302
    [found] = quotations(stage)
    lines = {each.round_item.item.code: each for each in found.lines.all()}
    assert lines["sugar"].steps == [[1, 580_000], [1_000, 500_000]]
    assert (lines["sugar"].capacity, lines["jar"].kind, lines["jar"].pack) == (40_000, "incremental", 24)
    assert found.minimum_order == 300_000_000
    assert {each.place.point.code: each.delivery for each in found.places.all()} == {"shahr": 2_500_000, "roosta": 0}
    again = client.get(f"/buying/rounds/{this.pk}/quote/template.csv").content
    assert "58,000 toman each" in send(
        client, this, SimpleUploadedFile("q.csv", again)
    )  # what left comes back the same


def test_persian_headings_in_an_excel_file_are_understood(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner, "fa")
    heads = rows_of(client.get(f"/buying/rounds/{this.pk}/quote/template.xlsx").content)[0]
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.append(list(heads))
    sheet.append(["شکر", None, "افزایشی", 1, 58_000, None, None, None, None, None, None])
    book.save(out)
    page = send(client, this, SimpleUploadedFile("پیشنهاد.xlsx", out.getvalue()))
    assert "۵۸٬۰۰۰ تومان" in page and "k-note-error" not in page


def test_every_fault_is_named_by_row_and_column_and_nothing_is_given(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    page = send(
        client,
        this,
        as_csv(
            [
                HEADS,
                SUGAR,
                ["sugar", "incremental", "1", "57000", "", "", "31000000"],
                ["honey", "", "1", "10"],
                ["jar", "half", "ten", "cheap", "0", "-3", "", "", "Paris", "soon"],
                ["wax", "", "1", "0", "", "", "", "12.55"],
            ]
        ),
    )
    for words in (
        "13 faults were found in the file",
        "Row 2 says something else of Sugar.",
        "Row 2 says something else of the quotation.",
        "This step stands in row 2 already.",
        "This is no item of the round.",
        "Write “all units” or “incremental”.",
        "Write a whole number from 1 to 1,000,000,000.",
        "Write an amount in toman, such as 250,000.",
        "“Paris” is no point of the round.",
        "There is no such day.",
        "A price is above zero.",
    ):
        assert words in page, words
    assert quotations(stage) == []


def test_a_line_that_cannot_be_quoted_is_refused_at_its_row(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    page = send(client, this, as_csv([HEADS, ["jar", "", "100", "11000", "50"]]))
    assert "The most you can deliver is below the first step." in page
    rows = [[*HEADS, "brings"], ["jar", "", "1", "11000", *[""] * 6, "sugar"]]
    assert "This is no substitute that the round allows." in send(client, this, as_csv(rows))


def test_what_is_no_table_is_refused_with_words(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    for name, content, words in (
        ("a.xlsx", b"PK\x03\x04 broken", "cannot be read"),
        ("a.csv", b"", "The submitted file is empty."),
        ("a.csv", b"\n,,\n", "The file is empty."),
        ("a.pdf", b"%PDF", "Send an Excel file"),
        ("a.csv", b"price,item\n1,2\n", "This column is missing."),
        ("a.csv", b"\xff\xfe\x00\x01", "cannot be read"),
    ):
        assert words in send(client, this, SimpleUploadedFile(name, content)), name
    assert quotations(stage) == []


def test_a_file_is_not_taken_by_others_or_after_the_last_day(stage, this, as_owner, monkeypatch):
    assert signed_in(stage, "agent", as_owner).post(f"/buying/rounds/{this.pk}/quote/file/").status_code == 403
    client = signed_in(stage, "jars", as_owner)
    from kandoo.buying.views import quotes

    late = st.CLOSES.replace(day=st.CLOSES.day + 1)
    monkeypatch.setattr(quotes.timezone, "localdate", lambda *_arguments: late)
    answer = client.post(f"/buying/rounds/{this.pk}/quote/file/", {"file": as_csv([HEADS, SUGAR])}, follow=True)
    assert "no longer taken" in text_of(answer)
    assert quotations(stage) == []
