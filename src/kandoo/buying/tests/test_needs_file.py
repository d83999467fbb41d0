"""Needs as a file: written out, taken in whole or not at all, every fault by row and column."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kandoo.buying.models import Need, NeedPrice, NeedVersion, Round
from kandoo.buying.tests import stage as st
from kandoo.commands.buy_files import NEED_COLUMNS
from kandoo.commands.tables import read_table
from kandoo.site.models import Notice

pytestmark = pytest.mark.django_db

HEAD = "member,item,quantity,quantity_max,point,latest_date,highest_price,alone_price,alone_from,alone_date"


@pytest.fixture
def stage(as_owner: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> st.Stage:
    st.fix_the_day(monkeypatch)
    return st.staged(as_owner)


@pytest.fixture
def this(stage: st.Stage) -> Round:
    return st.opened(stage)


def sent(client: Any, this: Round, text: str | bytes, name: str = "needs.csv", **more: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    data = {"file": SimpleUploadedFile(name, content), **more}
    return client.post(f"/buying/rounds/{this.pk}/needs/import/", data)


def rows(*lines: str, head: str = HEAD) -> str:
    return "\n".join([head, *lines]) + "\n"


def quantities(stage: st.Stage) -> dict[tuple[str, str], int]:
    with stage.as_("agent"):
        live = Need.objects.filter(is_withdrawn=False).select_related("enterprise", "round_item__item")
        return {(each.enterprise.name_en, each.round_item.item.code): each.quantity for each in live}


def test_a_file_of_many_is_written_whole_and_its_members_asked(stage: st.Stage, this: Round, as_owner: Any) -> None:
    client = st.signed_in(stage, "agent", as_owner)
    text = rows(
        "Firm kuh,sugar,۱۲۰,150,shahr,1405/10/15,62000,,,",
        "بنگاه darreh,شکر,80,,انبار شهر,2027-01-05,,60000,بقالی,۱۴۰۵/۰۸/۲۰",
        "41100000002,jar,240,,roosta,,12000,,,",
        "Firm rud,wax,,,shahr,,,,,",
    )
    answer = sent(client, this, text)
    assert answer.status_code == 302
    assert quantities(stage) == {
        ("Firm kuh", "sugar"): 120,
        ("Firm darreh", "sugar"): 80,
        ("Firm cheshmeh", "jar"): 240,
    }
    with stage.as_("agent"):
        assert set(Need.objects.values_list("confirmed", flat=True)) == {""}
        price = NeedPrice.objects.get(need__enterprise=stage.firms["kuh"])
        assert (price.highest, price.alone) == (620_000, None)
    with stage.as_("darreh"):
        assert Notice.objects.filter(code="needs-imported").count() == 1
        assert NeedPrice.objects.get().alone == 600_000


def test_a_doubled_file_changes_nothing(stage: st.Stage, this: Round, as_owner: Any) -> None:
    client = st.signed_in(stage, "agent", as_owner)
    text = rows("Firm kuh,sugar,120,150,shahr,,62000,,,", "Firm sang,jar,48,,shahr,,,12000,x,2026-11-01")
    sent(client, this, text)
    answer = sent(client, this, text)
    assert answer.status_code == 302
    with stage.as_("agent"):
        assert NeedVersion.objects.count() == 2
        assert Notice.objects.filter(code="needs-imported").count() == 0
    with stage.as_("kuh"):
        assert Notice.objects.filter(code="needs-imported").count() == 1


def test_what_members_wrote_themselves_is_asked_about_first(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.entered(stage, this, "kuh", "sugar", 120)
    client = st.signed_in(stage, "agent", as_owner)
    text = rows("Firm kuh,sugar,90,,shahr,,62000,,,", "Firm rud,sugar,10,,shahr,,62000,,,")
    page = st.text_of(sent(client, this, text))
    assert "changes what the member entered itself" in page
    assert quantities(stage) == {("Firm kuh", "sugar"): 120}
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    answer = client.post(f"/buying/rounds/{this.pk}/needs/import/", {"kept": kept, "agreed": "on", "on_paper": "on"})
    assert answer.status_code == 302
    assert quantities(stage) == {("Firm kuh", "sugar"): 90, ("Firm rud", "sugar"): 10}
    with stage.as_("agent"):
        assert set(Need.objects.values_list("confirmed", flat=True)) == {"paper"}


FAULTS = {
    "Nobody,sugar,1,,shahr,,1,,,": "is no member’s name or number",
    ",sugar,1,,shahr,,1,,,": "Name the member",
    "Firm kuh,salt,1,,shahr,,1,,,": "Its items: sugar, jar, wax",
    "Firm kuh,sugar,many,,shahr,,1,,,": "is not a number",
    "Firm kuh,sugar,1.5,,shahr,,1,,,": "Write a whole number",
    "Firm kuh,sugar,-4,,shahr,,1,,,": "The quantity is out of range.",
    "Firm kuh,sugar,99999999999,,shahr,,1,,,": "The quantity is out of range.",
    "Firm kuh,sugar,4,3,shahr,,1,,,": "This is below the quantity",
    "Firm kuh,sugar,4,,,,1,,,": "Say at which point",
    "Firm kuh,sugar,4,,moon,,1,,,": "is no point that you enter for",
    "Firm kuh,sugar,4,,shahr,1405/13/41,1,,,": "There is no such day",
    "Firm kuh,sugar,4,,shahr,1404/01/01,1,,,": "This day has passed.",
    "Firm kuh,sugar,4,,shahr,2026-11-23,1,,,": "Goods are handed out here on",
    "Firm kuh,sugar,4,,shahr,,,,,": "Write the highest price",
    "Firm kuh,sugar,4,,shahr,,0,,,": "A price is out of range.",
    "Firm kuh,sugar,4,,shahr,,0.01,,,": "A price is out of range.",
    "Firm kuh,sugar,4,,shahr,,9999999999999,,,": "A price is out of range.",
    f"Firm kuh,sugar,4,,shahr,,,60000,{'x' * 161},2026-11-20": "This is longer than 160 letters.",
    "Firm kuh,sugar,4,,shahr,,,60000,x,2026-12-30": "This day lies in the future.",
}


def test_every_fault_is_named_by_row_and_column_and_nothing_is_written(
    stage: st.Stage, this: Round, as_owner: Any
) -> None:
    client = st.signed_in(stage, "agent", as_owner)
    text = rows("Firm rud,sugar,10,,shahr,,60000,,,", *FAULTS, "Firm rud,sugar,11,,shahr,,60000,,,")
    page = st.text_of(sent(client, this, text)).replace("&#x27;", "'")
    for fault in [*FAULTS.values(), "stand in row 2 already"]:
        assert fault in page, fault
    assert f">{len(FAULTS) + 3}</th>" in page, "the last row is named"
    assert quantities(stage) == {}
    in_persian = st.text_of(sent(st.signed_in(stage, "agent", as_owner, language="fa"), this, text))
    assert "ایراد پیدا شد" in in_persian
    assert "عدد نیست" in in_persian


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"", "needs.csv", "empty"),
        (b"\x00\x01\x02", "needs.pdf", "Excel file"),
        (b"PK\x03\x04broken", "needs.xlsx", "cannot be read"),
        (HEAD.encode(), "needs.csv", "No row has a quantity."),
        (b"member,item\nFirm kuh,sugar\n", "needs.csv", "This column is missing."),
        ((HEAD + ",item\n").encode(), "needs.csv", "This column is there twice."),
        ((HEAD + ",colour\n").encode(), "needs.csv", "This column is not known."),
        (b"\xff\xfe\x00" * 50, "needs.csv", "cannot be read"),
        (rows("Firm kuh\0,sugar,4,,shahr,,1,,,").encode(), "needs.csv", "cannot be read"),
    ],
)
def test_a_broken_file_is_refused_in_words(
    stage: st.Stage, this: Round, as_owner: Any, content: bytes, name: str, fault: str
) -> None:
    answer = sent(st.signed_in(stage, "agent", as_owner), this, content, name)
    assert answer.status_code == 200
    assert fault in st.text_of(answer)
    assert quantities(stage) == {}


def test_rial_in_a_heading_is_rial(stage: st.Stage, this: Round, as_owner: Any) -> None:
    head = "عضو,کالا,مقدار,محل تحویل,بالاترین قیمت (ریال),قیمت به‌تنهایی (تومان)"
    sent(st.signed_in(stage, "agent", as_owner), this, rows("Firm kuh,sugar,5,shahr,620000,61000", head=head))
    with stage.as_("agent"):
        price = NeedPrice.objects.get()
        assert (price.highest, price.alone) == (620_000, 610_000)


def test_what_is_written_out_comes_back_unchanged(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.with_needs(stage, this)
    st.entered(
        stage, this, "kuh", "sugar", 30, place="roosta", highest=612_345, latest_on=this.closes_on + timedelta(days=60)
    )
    for language in ("fa", "en"):
        client = st.signed_in(stage, "agent", as_owner, language=language)
        for form in ("xlsx", "csv"):
            file = client.get(f"/buying/rounds/{this.pk}/needs/export.{form}").content
            assert sent(client, this, file, f"needs.{form}").status_code == 302
    with stage.as_("agent"):
        assert NeedVersion.objects.count() == Need.objects.count() == 17
    template = client.get(f"/buying/rounds/{this.pk}/needs/template.xlsx").content
    assert len(st.rows_of(template)) == 1 + 6 * 3
    assert "No row has a quantity." in st.text_of(sent(client, this, template, "needs.xlsx"))


def test_a_keeper_takes_in_needs_of_its_own_point_alone(stage: st.Stage, this: Round, as_owner: Any) -> None:
    st.entered(stage, this, "kuh", "sugar", 120, alone=612_340)
    client = st.signed_in(stage, "bagh", as_owner)
    refused = sent(client, this, rows("Firm rud,sugar,10,,roosta,,60000,,,"))
    assert "is no point that you enter for" in st.text_of(refused)
    unnamed = rows("Firm rud,sugar,10,,,,60000,,,")
    assert sent(client, this, unnamed).status_code == 302, "the one point need not be named"
    page = st.text_of(sent(client, this, rows("Firm kuh,sugar,100,,shahr,,,,,")))
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    client.post(f"/buying/rounds/{this.pk}/needs/import/", {"kept": kept, "agreed": "on", "on_paper": "on"})
    assert quantities(stage) == {("Firm kuh", "sugar"): 100, ("Firm rud", "sugar"): 10}
    with stage.as_("kuh"):
        assert NeedPrice.objects.get().alone == 612_340
        assert Need.objects.get().confirmed == "", "a keeper cannot say that it was signed"


def test_the_plan_s_own_file_has_exactly_its_columns(
    stage: st.Stage, this: Round, as_owner: Any, tmp_path: Path
) -> None:
    st.with_needs(stage, this)
    st.entered(stage, this, "kuh", "sugar", 130, by="agent")
    client = st.signed_in(stage, "agent", as_owner)
    address = f"/buying/rounds/{this.pk}/needs/plan/needs.csv"
    assert client.get(address).status_code == 404, "not while the round is open"
    with as_owner():
        Round.objects.filter(pk=this.pk).update(status="planned", quotes_opened_at="2026-12-03T00:00Z")
    content = client.get(address).content
    (tmp_path / "needs.csv").write_bytes(content)
    read_table(tmp_path / "needs.csv", NEED_COLUMNS, lambda column: False)
    table = list(csv.DictReader(io.StringIO(content.decode())))
    assert tuple(table[0]) == NEED_COLUMNS
    assert len(table) == 15, "what is not confirmed is left out"
    mine = [each for each in table if each["member_id"] == str(stage.firms["rud"].pk) and each["item"] == "sugar"]
    assert mine[0] | {"latest_date": ""} == {
        "member_id": str(stage.firms["rud"].pk), "item": "sugar", "quantity": "180", "quantity_max": "180",
        "place": "shahr", "latest_date": "", "alone_price": "600000",
    }  # fmt: skip
    assert st.signed_in(stage, "bagh", as_owner).get(address).status_code == 403


def test_a_round_that_is_closed_takes_no_file(stage: st.Stage, as_owner: Any) -> None:
    this = st.called(stage)
    answer = sent(st.signed_in(stage, "agent", as_owner), this, rows("Firm rud,sugar,10,,shahr,,60000,,,"))
    assert "does not take needs now" in st.text_of(answer)
    assert quantities(stage) == {}
