"""Accounts of the parties: one balance each, statements that add up, what is open by age; role by role."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db.models import Sum
from openpyxl import load_workbook
from pypdf import PdfReader

from kandoo.buying.models import Bill
from kandoo.ledger import actions, queries
from kandoo.ledger.actions import NewVoucher
from kandoo.ledger.forms import DaysForm
from kandoo.ledger.models import Leg, Voucher
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db
STAFF = ("agent", "auditor", "controller")
PARTIES = ("kuh", "jars", "lab")
FEE, SUGAR = 5_000_000, 80_000_000


@pytest.fixture
def world(made_world: World) -> World:
    """A settled lot, its first payment run, and then a fee and sugar that Kuh owes; Jars supplied it."""
    made = made_world
    with made.as_("agent"):
        write(made, Voucher.Kind.FEE, FEE, TODAY - timedelta(days=70))
        write(made, Voucher.Kind.INPUT, SUGAR, TODAY - timedelta(days=40), supplier="jars")
    return made


def write(world: World, kind: str, amount: int, on: date, *, firm: str = "kuh", supplier: str = "") -> Voucher:
    new = NewVoucher(kind, amount, on, "F-12", world.firms[firm], world.firms.get(supplier))
    return actions.record_voucher(by=world.people["agent"], cluster=world.cluster, new=new, today=TODAY)


def net(world: World, firm: str) -> int:
    (balance,) = queries.party_balances(world.cluster, world.firms[firm].pk)
    return balance.net


def test_one_balance_over_all_joint_actions(world: World) -> None:
    with world.as_("agent"):
        legs = Leg.objects.filter(enterprise=world.firms["kuh"], account__in=["payable", "receivable"])
        bill = Bill.objects.get(enterprise=world.firms["kuh"]).due
        owing = FEE + SUGAR + bill  # the lot's share was paid
        assert net(world, "kuh") == -legs.aggregate(sum=Sum("amount"))["sum"] == -owing
        assert net(world, "jars") == SUGAR
        (kuh,) = queries.party_balances(world.cluster, world.firms["kuh"].pk)
        assert (kuh.owed, kuh.owing, kuh.deposits, kuh.advances) == (0, owing, 9_000_000, 0)


def test_the_staff_finds_a_party_and_reads_its_account(world: World) -> None:
    for name in STAFF:
        client = world.client(name)
        page = client.get("/ledger/parties/", {"q": "kuh"})
        assert [row["firm"] for row in page.context["page_obj"]] == [world.firms["kuh"]]
        shown = client.get(f"/ledger/parties/{world.firms['kuh'].pk}/")
        with world.as_("agent"):
            assert shown.context["position"].net == net(world, "kuh")
            statement = shown.context["statement"]
            assert statement.closing == net(world, "kuh") == sum(line.amount for line in statement.lines)


def test_parties_are_filtered_by_their_side(world: World) -> None:
    client = world.client("agent")
    with world.as_("agent"):
        signs = {each.enterprise_id: each.net for each in queries.party_balances(world.cluster)}
    sides: dict[str, tuple[set[str], Callable[[int], bool]]] = {
        "owing": ({"kuh", "sang"}, lambda amount: amount < 0),
        "owed": ({"jars"}, lambda amount: amount > 0),
        "even": ({"hamburg", "lab"}, lambda amount: amount == 0),
    }
    for side, (names, belongs) in sides.items():
        page = client.get("/ledger/parties/", {"side": side}).context["page_obj"]
        found = {row["firm"].pk for row in page.paginator.object_list}
        assert {world.firms[name].pk for name in names} <= found
        assert found == {pk for pk, amount in signs.items() if belongs(amount)}


@pytest.mark.parametrize("name", PARTIES)
def test_a_party_reads_its_own_account_and_nobody_elses(world: World, name: str) -> None:
    client = world.client(name)
    page = client.get("/ledger/statement/")
    with world.as_(name):
        assert page.context["statement"].closing == net(world, name)
    assert page.context["rows"]
    for line, _fact, _reason in page.context["rows"]:
        assert client.get(f"/ledger/journal/{line.entry_id}/").status_code == 200
    own, other = world.firms[name].pk, world.firms["darreh"].pk
    for address in ("statement-fa.pdf", "statement.xlsx", "statement.csv"):
        assert client.get(f"/ledger/parties/{own}/{address}").status_code == 200
        assert client.get(f"/ledger/parties/{other}/{address}").status_code == 404
    for address in ("", f"{own}/", f"{other}/"):
        assert client.get(f"/ledger/parties/{address}").status_code == 403


def test_a_buyer_and_an_officer_have_no_account_here(world: World) -> None:
    for name in ("hamburg", "officer"):
        client = world.client(name)
        for address in ("statement/", "parties/", "open-items/", "trial-balance/", "vouchers/", "periods/"):
            assert client.get(f"/ledger/{address}").status_code == 403


def test_every_line_opens_to_its_reason(world: World) -> None:
    client = world.client("kuh")
    rows = client.get("/ledger/statement/").context["rows"]
    reasons = {line.rule: reason.url for line, _fact, reason in rows}
    selling, buying = {"first_payment", "lot_settled"}, {"purchase_settled", "purchase_deposit_applied"}
    assert selling | buying | {"fee_charged", "input_on_credit", "payment_sent"} == reasons.keys()
    for rule, url in reasons.items():
        assert ("pay-slips" in url) == (rule in selling), rule
        assert ("bills" in url) == (rule in buying), rule
        assert ("vouchers" in url) == (rule in Voucher.Kind.values), rule
        assert ("payments" in url) == (rule == "payment_sent"), rule
        assert client.get(url).status_code == 200, rule


def test_a_statement_of_some_days_opens_with_what_was_before(world: World) -> None:
    client, kuh = world.client("auditor"), world.firms["kuh"].pk
    middle = TODAY - timedelta(days=50)
    page = client.get(f"/ledger/parties/{kuh}/", {"first": middle.isoformat(), "last": TODAY.isoformat()})
    statement = page.context["statement"]
    assert statement.opening == -FEE
    with world.as_("agent"):
        assert statement.closing == net(world, "kuh")
    before = client.get(f"/ledger/parties/{kuh}/", {"last": (middle - timedelta(days=1)).isoformat()})
    assert before.context["statement"].closing == -FEE


def test_a_season_is_a_jalali_year_unless_days_are_typed() -> None:
    assert DaysForm({"season": "1405"}).days() == (date(2026, 3, 21), date(2027, 3, 20))
    assert DaysForm({"season": "1405", "last": "1405/02/01"}).days() == (None, date(2026, 4, 21))
    assert DaysForm({"season": "yesterday"}).days() == (None, None)


def test_a_statement_as_a_sheet_adds_up_to_the_balance(world: World) -> None:
    answer = world.client("kuh").get(f"/ledger/parties/{world.firms['kuh'].pk}/statement.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]
    opening, *lines, closing = rows
    assert int(str(opening[5])) + sum(int(str(row[3])) - int(str(row[4])) for row in lines) == int(str(closing[5]))
    with world.as_("kuh"):
        assert int(str(closing[5])) == net(world, "kuh")


def test_a_statement_as_a_paper(world: World) -> None:
    client, address = world.client("kuh"), f"/ledger/parties/{world.firms['kuh'].pk}/statement"
    assert client.get(f"{address}-fa.pdf")["Content-Type"] == "application/pdf"
    text = PdfReader(io.BytesIO(client.get(f"{address}-en.pdf").content)).pages[0].extract_text()
    for words in ("Statement of account", "Firm kuh", "500,000"):  # the fee in toman
        assert words in text


def test_open_items_by_age_are_the_net_balances(world: World) -> None:
    client = world.client("controller")
    page = client.get("/ledger/open-items/")
    rows = {row["firm"].pk: row for row in page.context["page_obj"].paginator.object_list}
    assert rows[world.firms["jars"].pk]["ages"][1] == SUGAR  # 31 to 60 days
    with world.as_("agent"):
        balances = {each.enterprise_id: each.net for each in queries.party_balances(world.cluster)}
    for pk, row in rows.items():
        assert row["left"] == sum(row["ages"]) == balances[pk]
    assert page.context["total"] == sum(balances.values())
    text = client.get("/ledger/open-items/export.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == len(rows) + 1


def test_every_list_can_be_taken_away(world: World) -> None:
    client = world.client("controller")
    for address in ("parties", "open-items", "trial-balance", "vouchers", "journal"):
        for form in ("xlsx", "csv"):
            assert client.get(f"/ledger/{address}/export.{form}").status_code == 200
        assert client.get(f"/ledger/{address}/export.doc").status_code == 404


def test_the_trial_balance_of_a_day_opens_to_its_entries(world: World) -> None:
    for name in STAFF:
        client = world.client(name)
        page = client.get("/ledger/trial-balance/", {"last": (TODAY - timedelta(days=50)).isoformat()})
        sums = {each.account: each.balance for each in page.context["balances"].accounts}
        assert sums == {"receivable": FEE, "fees": -FEE}
        whole = client.get("/ledger/trial-balance/")
        assert whole.context["balances"].is_even
        found = client.get("/ledger/journal/", {"account": "fees", "last": TODAY.isoformat()})
        assert {row["entry"].rule for row in found.context["rows"]} == {"fee_charged"}
        assert client.get("/ledger/journal/").status_code == 200
