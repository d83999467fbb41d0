"""Vouchers on their pages: written down, asked about when doubled, reversed, and read from a file."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from kandoo.ledger import actions
from kandoo.ledger.models import Leg, Voucher
from tests.world import TODAY, World, add_firm, add_person, found

pytestmark = pytest.mark.django_db
HEADS = "kind,party,supplier,amount_toman,date,document,note"
PDF = b"%PDF-1.4 the receipt %%EOF"


@pytest.fixture
def world(as_owner: Callable[[], AbstractContextManager[Any]]) -> World:
    """A cluster with a member and a supplier, the books closed until a month ago."""
    made = found("lorestan", "agent", as_owner)
    with made.as_("agent"):
        for name, stage, role in (("kuh", "beekeeping", "member"), ("jars", "input_supply", "supplier")):
            add_firm(made, name, stage)
            add_person(made, name, role, name)
        add_person(made, "auditor", "auditor")
        actions.close_period(
            by=made.people["agent"], cluster=made.cluster, through=TODAY - timedelta(days=30), today=TODAY
        )
    return made


@pytest.fixture
def agent(world: World) -> Client:
    return world.client("agent")


def typed(world: World, **changed: object) -> dict[str, object]:
    """A fee as the agent types it: in toman, dated as people write."""
    values = {
        "kind": "fee_charged",
        "enterprise": world.firms["kuh"].pk,
        "supplier": "",
        "amount": "۵۰۰٬۰۰۰",
        "on": "1405/08/25",
        "document": "ر-۱۲",
        "note": "",
    }
    return values | changed


def count(world: World) -> tuple[int, int]:
    with world.as_("agent"):
        return Voucher.objects.count(), Leg.objects.count()


def test_a_voucher_is_booked_and_its_parties_alone_see_it(world: World, agent: Client) -> None:
    sugar = typed(world, kind="input_on_credit", supplier=world.firms["jars"].pk)
    page = agent.post("/ledger/vouchers/new/", sugar, follow=True)
    voucher = page.context["voucher"]
    assert (voucher.amount, voucher.number) == (5_000_000, "V-0001")
    with world.as_("agent"):
        legs = set(voucher.entry.legs.values_list("account", "enterprise", "amount"))
    assert legs == {
        ("receivable", world.firms["kuh"].pk, 5_000_000),
        ("payable", world.firms["jars"].pk, -5_000_000),
    }
    for name in ("kuh", "jars", "auditor"):
        assert world.client(name).get(f"/ledger/vouchers/{voucher.pk}/").status_code == 200
    fee = agent.post("/ledger/vouchers/new/", typed(world), follow=True).context["voucher"]
    assert world.client("jars").get(f"/ledger/vouchers/{fee.pk}/").status_code == 404
    listed = world.client("jars").get("/ledger/vouchers/").context["page_obj"]
    assert list(listed) == [voucher]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "half"}, "amount"),
        ({"on": "1405/13/01"}, "on"),
        ({"on": "1410/01/01"}, None),  # in the future
        ({"on": "1405/01/01"}, None),  # closed
        ({"document": " "}, "document"),
        ({"kind": "gift"}, "kind"),
        ({"enterprise": ""}, "enterprise"),
        ({"enterprise": "999999"}, "enterprise"),
        ({"kind": "input_on_credit"}, "supplier"),
    ],
)
def test_a_faulty_voucher_is_refused_and_what_was_typed_is_kept(
    world: World, agent: Client, changed: dict[str, object], field: str | None
) -> None:
    before = count(world)
    page = agent.post("/ledger/vouchers/new/", typed(world, **changed))
    assert page.status_code == 200
    assert page.context["form"].errors[field or "__all__"]
    assert page.context["form"]["note"].value() == ""
    assert count(world) == before


def test_the_closed_day_is_named(world: World, agent: Client) -> None:
    page = agent.post("/ledger/vouchers/new/", typed(world, on="2026-09-01"))
    assert "آبان ۱۴۰۵" in page.context["form"].errors["__all__"][0]


def test_a_document_booked_before_is_asked_about(world: World, agent: Client) -> None:
    agent.post("/ledger/vouchers/new/", typed(world))
    before = count(world)
    page = agent.post("/ledger/vouchers/new/", typed(world))
    assert len(page.context["twins"]) == 1
    assert count(world) == before
    agent.post("/ledger/vouchers/new/", typed(world, confirmed="yes"))
    assert count(world)[0] == before[0] + 1


def test_its_document_comes_along_and_is_kept_while_the_form_is_mended(world: World, agent: Client) -> None:
    scan = SimpleUploadedFile("رسید.pdf", PDF, "application/pdf")
    page = agent.post("/ledger/vouchers/new/", typed(world, document="", scan=scan))
    kept = page.context["form"]["kept"].value()
    assert page.context["form"].kept_name == "رسید.pdf"
    done = agent.post("/ledger/vouchers/new/", typed(world, kept=kept), follow=True)
    voucher = done.context["voucher"]
    assert "رسید.pdf" in done.content.decode()
    shown: Any = world.client("kuh").get(f"/ledger/vouchers/{voucher.pk}/scan/")
    assert b"".join(shown.streaming_content) == PDF
    assert world.client("jars").get(f"/ledger/vouchers/{voucher.pk}/scan/").status_code == 404


@pytest.mark.parametrize("content", [b"MZ a program", b"%PDF-1.4 cut off", b"", b"%PDF-" + b"0" * (21 * 1024 * 1024)])
def test_a_file_that_is_no_document_is_refused(world: World, agent: Client, content: bytes) -> None:
    scan = SimpleUploadedFile("bill.pdf", content, "application/pdf")
    page = agent.post("/ledger/vouchers/new/", typed(world, scan=scan))
    assert page.context["form"].errors["scan"]
    assert count(world) == (0, 0)


def test_a_voucher_without_a_file_has_none_to_show(world: World, agent: Client) -> None:
    voucher = agent.post("/ledger/vouchers/new/", typed(world), follow=True).context["voucher"]
    assert agent.get(f"/ledger/vouchers/{voucher.pk}/scan/").status_code == 404


def test_a_voucher_is_reversed_with_a_reason_from_its_page(world: World, agent: Client) -> None:
    voucher = agent.post("/ledger/vouchers/new/", typed(world), follow=True).context["voucher"]
    assert agent.get(f"/ledger/vouchers/{voucher.pk}/").context["may_reverse"]
    agent.post(f"/ledger/journal/{voucher.entry_id}/reverse/", {"reason": "دو بار نوشته شد"})
    page = agent.get(f"/ledger/vouchers/{voucher.pk}/")
    assert "دو بار نوشته شد" in page.content.decode()
    assert not page.context["may_reverse"]
    again = agent.post("/ledger/vouchers/new/", typed(world), follow=True)  # no doubt about a reversed one
    assert again.context["voucher"].pk != voucher.pk


@pytest.mark.parametrize(
    ("query", "n"),
    [({"q": "V-0002"}, 1), ({"q": "ر-۱۳"}, 1), ({"q": "kuh"}, 2), ({"kind": "deposit_received"}, 1), ({"q": "?"}, 0)],
)
def test_vouchers_are_found(world: World, agent: Client, query: dict[str, str], n: int) -> None:
    agent.post("/ledger/vouchers/new/", typed(world))
    agent.post("/ledger/vouchers/new/", typed(world, kind="deposit_received", document="ر-۱۳"))
    assert len(agent.get("/ledger/vouchers/", query).context["page_obj"]) == n
    journal = agent.get("/ledger/journal/", {"q": "ر-۱۳"})
    assert [row["entry"].rule for row in journal.context["rows"]] == ["deposit_received"]


@pytest.mark.parametrize("name", ["kuh", "jars", "auditor"])
def test_nobody_but_the_agent_writes_one(world: World, name: str) -> None:
    client = world.client(name)
    for address in ("new/", "import/", "template.xlsx"):
        assert client.get(f"/ledger/vouchers/{address}").status_code == 403
        assert client.post(f"/ledger/vouchers/{address}", typed(world)).status_code == 403


def send(client: Client, content: bytes | str, name: str = "vouchers.csv") -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/ledger/vouchers/import/", {"file": SimpleUploadedFile(name, data)}, follow=True)


GOOD = f"""{HEADS}
fee_charged,Firm kuh,,500000,1405/08/25,R-1,
inputs given on credit,بنگاه kuh,Firm jars,۸٬۰۰۰٬۰۰۰,2026-11-20,R-2,شکر
یارانهٔ دولتی دریافت‌شده,,,1,2026-11-20,R-3,
"""


def test_a_right_file_is_booked_whole_and_taken_once(world: World, agent: Client) -> None:
    with world.as_("agent"):
        good = GOOD.replace("یارانهٔ دولتی دریافت‌شده", "subsidy_received")
    send(agent, good)
    assert count(world) == (3, 6)
    again = send(agent, good)
    assert again.context["form"].errors["file"]
    assert count(world) == (3, 6)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("gift,Firm kuh,,5,2026-11-20,R-1,", "kind"),
        ("fee_charged,Firm nobody,,5,2026-11-20,R-1,", "party"),
        ("fee_charged,,,5,2026-11-20,R-1,", "party"),
        ("input_on_credit,Firm kuh,,5,2026-11-20,R-1,", "supplier"),
        ("fee_charged,Firm kuh,,-5,2026-11-20,R-1,", "amount_toman"),
        ("fee_charged,Firm kuh,,1e30,2026-11-20,R-1,", "amount_toman"),
        ("fee_charged,Firm kuh,,nan,2026-11-20,R-1,", "amount_toman"),
        ("fee_charged,Firm kuh,,five,2026-11-20,R-1,", "amount_toman"),
        ("fee_charged,Firm kuh,,5,2026-13-20,R-1,", "date"),
        ("fee_charged,Firm kuh,,5,2099-01-01,R-1,", "date"),
        ("fee_charged,Firm kuh,,5,2026-01-01,R-1,", "date"),  # closed
        ("fee_charged,Firm kuh,,5,2026-11-20,,", "document"),
        ("fee_charged,Firm kuh,,5,2026-11-20", "document"),  # the row ends early
        (f"fee_charged,Firm kuh,,5,2026-11-20,{'R' * 161},", "document"),
        (f"fee_charged,Firm kuh,,5,2026-11-20,R-1,{'n' * 301}", "note"),
        ("input_on_credit,Firm kuh,Firm kuh,5,2026-11-20,R-1,", "supplier"),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_booked(world: World, agent: Client, row: str, field: str) -> None:
    page = send(agent, f"{HEADS}\nfee_charged,Firm kuh,,500000,1405/08/25,R-0,\n{row}\n")
    (fault,) = page.context["faults"]
    words = {
        "kind": "نوع",
        "party": "طرف",
        "supplier": "تأمین",
        "amount_toman": "مبلغ",
        "date": "تاریخ",
        "document": "مدرک",
        "note": "یادآوری",
    }
    assert fault.line == 3
    assert words[field] in fault.field
    assert fault.reason
    assert count(world) == (0, 0)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "vouchers.csv"),
        (b"PK\x03\x04 not a sheet", "vouchers.xlsx"),
        (b"\x00\x01\x02", "vouchers.bin"),
        (b"%PDF-1.4", "vouchers.pdf"),
        (b"0" * (6 * 1024 * 1024), "vouchers.csv"),
    ],
)
def test_a_file_that_is_no_table_is_refused(world: World, agent: Client, content: bytes, name: str) -> None:
    page = send(agent, content, name)
    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert count(world) == (0, 0)


def test_a_file_without_rows_or_columns_is_explained(world: World, agent: Client) -> None:
    assert send(agent, f"{HEADS}\n").context["faults"]
    page = send(agent, "kind,party\nfee_charged,Firm kuh\n")
    assert {fault.line for fault in page.context["faults"]} == {1}
    assert len(page.context["faults"]) == 3  # the columns that are missing
    assert count(world) == (0, 0)


def test_the_template_filled_in_is_read(world: World, agent: Client) -> None:
    book = load_workbook(io.BytesIO(agent.get("/ledger/vouchers/template.xlsx").content))
    sheet: Any = book.active
    sheet.append(["fee_charged", "بنگاه kuh", "", 500_000, "1405/08/25", "R-1", ""])
    passing = io.BytesIO()
    assert isinstance(book, Workbook)
    book.save(passing)
    send(agent, passing.getvalue(), "vouchers.xlsx")
    assert count(world) == (1, 2)
