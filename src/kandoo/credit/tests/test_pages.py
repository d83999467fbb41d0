"""Pages of money: who may open them, what they say first, what they refuse, files in and out."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from kandoo.credit import actions
from kandoo.credit.models import Activity, Commitment, Contract, CreditLine, FiscalYear, Movement, Payee, PaymentOrder
from kandoo.credit.queries.warnings import warnings_of
from kandoo.ledger.models import Entry, Leg
from kandoo.programme import actions as programme
from kandoo.programme.models import PaperEdition
from kandoo.site.models import AuditRecord
from tests import crediting, nation
from tests.test_pages import ENGLISH, reachable
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
READERS = ("province", "treasurer", "supervisor", "chair", "inspector")


@pytest.fixture
def world(programme: World) -> World:
    crediting.fund(programme, NOW, TODAY)
    return programme


def one(world: World, model: Any, **wanted: Any) -> Any:
    with world.as_("treasurer"):
        return model.objects.filter(**wanted).order_by("pk").first()


@pytest.mark.parametrize("name", READERS)
def test_every_page_of_money_opens_in_persian_with_nothing_left_in_english(world: World, name: str) -> None:
    client = world.client(name)
    seen, left = [], []
    for path, text, reader in reachable(client):
        if path.startswith("/credit/"):
            seen.append(path)
            assert '<html lang="fa" dir="rtl">' in text and reader.inline == [], path
            left += [f"{path}: {words}" for words in reader.words if ENGLISH.search(words)]
    assert len(seen) >= 12, seen
    assert left == [], "\n".join(left)


def test_every_page_of_the_controller_opens_in_english(world: World) -> None:
    client = world.client("treasurer")
    client.cookies["django_language"] = "en"
    for path, text, reader in reachable(client):
        assert '<html lang="en" dir="ltr">' in text and reader.inline == [], path


def test_the_year_says_first_how_much_of_it_is_paid(world: World) -> None:
    text = world.client("province").get("/credit/1405/").content.decode()
    assert "از <strong>۱٬۰۱۲٬۰۰۰٬۰۰۰ تومان</strong> اعتبار مصوب لرستان" in text
    assert "زعفران" not in text


def test_another_provinces_money_is_missing(world: World) -> None:
    client = world.client("elsewhere")
    line = one(world, CreditLine, province="IR-15")
    for path in (
        f"/credit/lines/{line.pk}/",
        f"/credit/commitments/{one(world, Commitment).pk}/",
        f"/credit/orders/{one(world, PaymentOrder).pk}/",
        f"/credit/contracts/{one(world, Contract).pk}/",
        f"/credit/movements/{one(world, Movement, line=line).pk}/",
        f"/credit/lines/{line.pk}/letter.pdf",
    ):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("province", "/credit/1405/lines/import/"),
        ("province", "/credit/lines/{line}/allocate/"),
        ("inspector", "/credit/contracts/new/"),
        ("treasurer", "/credit/activities/new/"),
        ("supervisor", "/credit/payees/"),
        ("agent", "/credit/1405/"),
    ],
)
def test_who_may_read_may_not_do_everything(world: World, name: str, path: str) -> None:
    line = one(world, CreditLine, code="140-15-2")
    assert world.client(name).get(path.format(line=line.pk)).status_code == 403


def test_the_agent_of_the_cluster_sees_its_own_contract_and_nothing_else(world: World) -> None:
    contract = one(world, Contract)
    client = world.client("agent")
    assert client.get(f"/credit/contracts/{contract.pk}/").status_code == 404  # not linked yet
    with world.as_("province"):
        programme.link_tenant(by=world.people["province"], file=world.files["honey"], code=world.cluster.code)
    answer = client.get(f"/credit/contracts/{contract.pk}/")
    assert answer.status_code == 200 and "قرارداد عامل توسعه" in answer.content.decode()
    assert client.get(f"/credit/orders/{one(world, PaymentOrder).pk}/").status_code == 403


def post(client: Client, path: str, **values: Any) -> str:
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_journey_from_allocation_to_a_refusal_over_the_ceiling(world: World) -> None:
    line = one(world, CreditLine, code="140-15-2")
    with world.as_("treasurer"):
        activity, payee = line.commitments.get().activity, line.commitments.get().payee
    client = world.client("treasurer")
    text = post(client, f"/credit/lines/{line.pk}/allocate/", amount="900,000,000", on="1405/09/01", document="نامه ۵")
    assert "بیش از اعتبار مصوب است" in text and "۴۰۰٬۰۰۰٬۰۰۰ تومان" in text
    assert 'value="900,000,000"' in text  # what was typed stays
    text = post(client, f"/credit/lines/{line.pk}/allocate/", amount="100,000,000", on="1405/09/01", document="نامه ۵")
    assert "انجام شد." in text
    commit = {
        "activity": activity.pk, "payee": payee.pk, "title": "دوره تازه", "agency": "401000000", "member": "500000000",
        "on": "1405/09/01", "document": "نامه ۶",
    }  # fmt: skip
    text = post(client, f"/credit/lines/{line.pk}/commit/", **commit)
    assert "سقف هر تعهد" in text and "۴۰۰٬۰۰۰٬۰۰۰ تومان" in text
    text = post(client, f"/credit/lines/{line.pk}/commit/", **commit | {"agency": "50000000"})
    assert "<bdi>دوره تازه</bdi>" in text


def test_an_order_is_prepared_by_one_and_paid_by_another(world: World) -> None:
    commitment = one(world, Commitment, contract=None)
    officer, treasurer = world.client("province"), world.client("treasurer")
    path = f"/credit/commitments/{commitment.pk}/invoice/"
    text = post(officer, path, amount="10000000", number="f1", invoiced_on="1405/08/01")
    assert "پیش‌تر در دستور پرداخت" in text
    post(officer, path, amount="10000000", number="F-9", invoiced_on="1405/08/01")
    order = one(world, PaymentOrder, invoice_number="F-9")
    assert officer.post(f"/credit/orders/{order.pk}/pay/", {"on": "1405/08/20", "document": "x"}).status_code == 403
    text = post(treasurer, f"/credit/orders/{order.pk}/pay/", on="1405/08/20", document="حواله ۹")
    assert "پرداخت شد" in text
    assert one(world, PaymentOrder, pk=order.pk).status == "paid"


def test_the_controller_of_a_province_moves_its_money_and_reads_no_other_entry_of_the_books(world: World) -> None:
    year = one(world, FiscalYear, year=1405)
    elsewhere = crediting.open_line(
        world, year, crediting.MILLION, NOW, code="140-10-9", province="IR-10", file=world.files["saffron"]
    )
    line = one(world, CreditLine, code="140-15-2")
    text = post(
        world.client("bursar"), f"/credit/lines/{line.pk}/allocate/", amount="1000", on="1405/09/01", document="نامه ۶"
    )
    assert "۱٬۰۰۰ تومان" in text
    with world.as_("bursar"):
        read = set(Entry.objects.values_list("pk", flat=True))
        moved = set(Movement.objects.values_list("entry", flat=True))
        assert read == moved == set(Leg.objects.values_list("entry", flat=True))
    with world.as_("treasurer"):
        assert set(Movement.objects.filter(line=elsewhere).values_list("entry", flat=True)).isdisjoint(read)


def test_a_supervisor_confirms_on_the_contracts_page(world: World) -> None:
    contract = one(world, Contract)
    with world.as_("province"):
        phase = contract.phases.get(position=2)
    post(world.client("province"), f"/credit/phases/{phase.pk}/deliver/", on="1405/08/01", document="گزارش ۲")
    supervisor = world.client("supervisor")
    assert "تأیید این فاز" in supervisor.get(f"/credit/contracts/{contract.pk}/").content.decode()
    assert "فاز تأیید شد" in post(supervisor, f"/credit/phases/{phase.pk}/confirm/", remark="خوب")
    text = post(world.client("province"), f"/credit/phases/{phase.pk}/pay/", number="صورت ۲", invoiced_on="1405/08/10")
    assert "۷۲٬۰۰۰٬۰۰۰ تومان" in text  # 90 less its fifth of the advance


def test_a_contract_is_written_with_its_phases_row_by_row(world: World) -> None:
    with world.as_("province"):
        bound = Commitment.objects.filter(contract__isnull=False).first()
        assert bound is not None
    values: dict[str, Any] = {
        "kind": "agent", "activity": bound.activity_id, "title": "قرارداد دوم", "payee": bound.payee_id, "amount": "1000000",
        "signed_on": "1405/01/10", "ends_on": "1406/01/10", "document": "ق/۲",
        "phases-0-title": "شناخت", "phases-0-deliverable": "گزارش شناختی", "phases-0-weight": "۴۰", "phases-0-due_on": "۱۴۰۵/۰۴/۰۱",
        "phases-1-title": "برنامه", "phases-1-deliverable": "برنامه عمل", "phases-1-weight": "50", "phases-1-due_on": "1405/09/01",
    }  # fmt: skip
    client = world.client("province")
    assert "۹۰ درصد" in post(client, "/credit/contracts/new/", **values)
    text = post(client, "/credit/contracts/new/", **values | {"phases-1-weight": "", "phases-1-due_on": "۱۴۰۵/۱۳/۰۱"})
    assert "ردیف ۲، وزن" in text and "ردیف ۲، مهلت" in text and "برنامه عمل" in text
    assert "قرارداد دوم" in post(client, "/credit/contracts/new/", **values | {"phases-0-weight": "۵۰"})


def upload(world: World, rows: str) -> str:
    file = SimpleUploadedFile("lines.csv", rows.encode())
    return post(world.client("treasurer"), "/credit/1405/lines/import/", file=file)


def test_a_table_of_lines_is_taken_whole_or_not_at_all(world: World) -> None:
    with world.as_("nation"):
        code = world.files["stone"].code
    head = "code,name,province,cluster,amount\n"
    text = upload(world, f"{head}X-1,خط یک,لرستان,,۱۰۰۰\nX-1,,گیلان شرقی,ZZ,-5\n")
    for fault in ("دو بار", "هر ردیف عنوان دارد", "نام استان نیست", "پرونده‌ای با شمارهٔ", "مبلغ"):
        assert fault in text
    with world.as_("treasurer"):
        assert not CreditLine.objects.filter(code="X-1").exists()
    good = f"{head}X-1,خط یک,لرستان,,۱۰۰۰\nX-2,خط دو,,{code},2000\n"
    assert "۲ ردیف اعتباری باز شد" in upload(world, good)
    with world.as_("treasurer"):
        assert CreditLine.objects.get(code="X-2").approved == 20_000
        assert CreditLine.objects.get(code="X-2").file_id == world.files["stone"].pk
    assert "دو بار" in upload(world, good)


def test_a_payees_name_and_account_are_corrected_and_the_trail_keeps_both(world: World) -> None:
    payee = one(world, Payee, number="14000000012")
    client, path = world.client("province"), f"/credit/payees/{payee.pk}/edit/"
    assert path in client.get("/credit/payees/").content.decode()
    assert "شبا" in post(client, path, name_fa="آموزشگاه نو", sheba="IR123")
    assert one(world, Payee, pk=payee.pk).name_fa == payee.name_fa
    post(client, path, name_fa="آموزشگاه نو")
    assert one(world, Payee, pk=payee.pk).name_fa == "آموزشگاه نو"
    with world.as_("province"):
        changed = AuditRecord.objects.get(verb="change-payee").detail["changed"]
    assert changed == {"name_fa": [payee.name_fa, "آموزشگاه نو"]}
    assert world.client("treasurer").get(path).status_code == 403


def test_the_day_an_activity_was_done_is_corrected_and_lies_not_ahead(world: World) -> None:
    activity = one(world, Activity, code="A2")
    client, path = world.client("province"), f"/credit/activities/{activity.pk}/done/"
    assert "هنوز نرسیده" in post(client, path, on="1450/01/01")
    for day in (date(2026, 6, 1), date(2026, 6, 2)):
        assert "روز انجام" in post(client, path, on=day.isoformat())
        assert one(world, Activity, code="A2").done_on == day


def test_a_fiscal_year_of_a_mistyped_century_is_refused(world: World) -> None:
    sent = {"number": "ق", "title": "قانون", "dated": "1405/12/20", "source": "روزنامه"}
    assert "بیش از اندازه" in post(world.client("treasurer"), "/credit/years/new/", year="1504", **sent)


def test_lines_leave_as_excel_and_the_letter_as_pdf(world: World) -> None:
    client = world.client("treasurer")
    book = load_workbook(io.BytesIO(client.get("/credit/1404/?form=xlsx").content))
    assert book.active is not None and book.active["F2"].value == 5_000_000_000
    line = one(world, CreditLine, year__year=1404)
    for language in ("fa", "en"):
        client.cookies["django_language"] = language
        letter = client.get(f"/credit/lines/{line.pk}/letter.pdf")
        assert letter.content.startswith(b"%PDF-") and letter["Content-Type"] == "application/pdf"


def test_anybody_reads_the_budget_as_open_data(world: World, client: Client) -> None:
    rows = json.loads(client.get("/open/budget.json").content)["rows"]
    honey = next(row for row in rows if row["year"] == 1404)
    assert (honey["province"], honey["product"], honey["paid"]) == ("IR-15", "عسل", 108 * crediting.MILLION)
    assert {"definition", "date", "source", "stage"} <= honey.keys()
    assert len(rows) == 4  # honey twice, saffron, and what Lorestan has of no cluster
    assert "آموزشگاه" not in client.get("/open/budget.csv").content.decode()


def test_warnings_name_what_is_late_unspent_and_promised(world: World, as_owner: Callable[[], Any]) -> None:
    late = crediting.plan(world, "A9", "training", starts_on=date(2026, 1, 1))
    with world.as_("treasurer"):
        contractor = Contract.objects.get().payee
        agent = Contract.objects.get().activity
    second = crediting.sign(world, agent, contractor, 50 * crediting.MILLION, date(2026, 6, 1), NOW)
    with world.as_("province"):
        found = {each.code: each for each in warnings_of(nation.seat_of(world, "province"), date(2027, 2, 1))}
    assert found["unfunded"].url == f"/credit/activities/{late.pk}/"
    assert found["unallocated"].url == f"/credit/contracts/{second.pk}/"
    assert found["unspent"].file == world.files["honey"].pk
    assert found["unpaid"].province == "IR-15"
    with world.as_("elsewhere"):
        assert warnings_of(nation.seat_of(world, "elsewhere"), date(2027, 2, 1)) == []


def test_from_a_paper_one_walks_to_the_movements_on_it_and_back(world: World) -> None:
    honey = world.files["honey"]
    nation.approve_papers(world, honey, nation.papers_up_to(world, honey, "G0")[:1], NOW)
    with world.as_("treasurer"):
        edition = PaperEdition.objects.get(file=honey)
        line = CreditLine.objects.get(code="140-15-2")
        grounds = actions.Grounds("نامه ۹", paper=edition)
        treasurer = world.people["treasurer"]
        made = actions.allocate(by=treasurer, line=line, amount=crediting.MILLION, on=TODAY, now=NOW, grounds=grounds)
    client = world.client("province")
    text = client.get(f"/credit/movements/{made.pk}/").content.decode()
    assert reverse("programme:edition", args=[edition.pk]) in text
    back = f"/credit/files/{honey.pk}/?paper={edition.pk}"
    assert back in text
    text = client.get(back).content.decode()
    assert f"/credit/movements/{made.pk}/" in text and text.count("/credit/movements/") == 1
    assert world.client("elsewhere").get(back).status_code == 404
