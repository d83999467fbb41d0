"""The journal's pages: found by party, lot, document and amount; open to the agent and the auditor."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from kandoo.ledger.models import Entry
from kandoo.site import security
from kandoo.trace.tests.staging import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[[Stage, str], Client]


def found(client: Client, **query: str | int) -> set[str]:
    response = client.get("/ledger/journal/", query)
    assert response.status_code == 200
    return {row["entry"].rule for row in response.context["rows"]}


def test_the_agent_reads_first_that_the_books_balance(settled: Stage, signed_in: SignIn) -> None:
    response = signed_in(settled, "agent").get("/ledger/journal/", {"language": "en"})
    assert "The books balance" in response.content.decode()
    newest = [row["entry"].pk for row in response.context["rows"]]
    assert newest == sorted(newest, reverse=True)
    assert len(newest) == 5


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ({"q": "INV-12"}, {"lot_cost"}),  # a document
        ({"q": "۵٬۴۳۲٬۱۰۰"}, {"lot_cost", "lot_settled"}),  # an amount in toman, in Persian digits
        ({"amount": "5432100"}, {"lot_cost", "lot_settled"}),
        ({"q": "Hamburg"}, {"sale_delivered", "buyer_paid"}),  # a party
        ({"account": "advances"}, {"first_payment", "lot_settled"}),
        ({"first": "1405/09/02"}, set()),  # the day after
        ({"last": "1405/09/01", "account": "receivable"}, {"sale_delivered", "buyer_paid"}),
        ({"q": "nothing like it"}, set()),
    ],
)
def test_entries_are_found(settled: Stage, signed_in: SignIn, query: dict[str, str], rules: set[str]) -> None:
    assert found(signed_in(settled, "auditor"), **query) == rules


def test_a_mistyped_day_is_named_and_the_rest_still_shown(settled: Stage, signed_in: SignIn) -> None:
    response = signed_in(settled, "agent").get("/ledger/journal/", {"first": "1405/13/40"})
    assert response.status_code == 200
    assert response.context["form"].errors["first"]
    assert response.context["rows"]


def test_of_a_party_only_its_own_entries(settled: Stage, signed_in: SignIn) -> None:
    client = signed_in(settled, "agent")
    assert found(client, firm=settled.firms["laboratory"].pk) == {"lot_cost"}


def test_the_export_holds_every_leg_and_balances(settled: Stage, signed_in: SignIn) -> None:
    client = signed_in(settled, "auditor")
    book = load_workbook(io.BytesIO(client.get("/ledger/journal/export.xlsx").content))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]
    debit, credit = sum(int(str(row[7])) for row in rows), sum(int(str(row[8])) for row in rows)
    assert debit == credit > 0
    text = client.get("/ledger/journal/export.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == len(rows) + 1
    assert client.get("/ledger/journal/export.pdf").status_code == 404


def test_the_agent_reverses_with_a_reason(settled: Stage, signed_in: SignIn) -> None:
    with security.acting_as(settled.people["agent"].pk):
        entry = Entry.objects.get(rule="lot_cost")
    client = signed_in(settled, "agent")
    refused = client.post(f"/ledger/journal/{entry.pk}/reverse/", {"reason": ""})
    assert refused.status_code == 200
    assert refused.context["form"].errors
    done = client.post(f"/ledger/journal/{entry.pk}/reverse/", {"reason": "محمولهٔ دیگر"}, follow=True)
    twin = done.context["entry"]
    assert twin.reverses == entry
    assert "محمولهٔ دیگر" in done.content.decode()
    shown = client.get(f"/ledger/journal/{entry.pk}/")
    assert shown.context["twin"] == twin
    assert not shown.context["may_reverse"]
    repeated = client.post(f"/ledger/journal/{entry.pk}/reverse/", {"reason": "دوباره"})
    assert repeated.headers["Location"] == f"/ledger/journal/{twin.pk}/"


def test_the_auditor_reads_and_does_not_reverse(settled: Stage, signed_in: SignIn) -> None:
    with security.acting_as(settled.people["agent"].pk):
        entry = Entry.objects.get(rule="lot_cost")
    client = signed_in(settled, "auditor")
    shown = client.get(f"/ledger/journal/{entry.pk}/")
    assert shown.context["document"] == "INV-12"
    assert not shown.context["may_reverse"]
    assert client.post(f"/ledger/journal/{entry.pk}/reverse/", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("username", ["member-1", "buyer"])
def test_nobody_else_opens_the_books(settled: Stage, signed_in: SignIn, username: str) -> None:
    client = signed_in(settled, username)
    for address in ("/ledger/journal/", "/ledger/journal/1/", "/ledger/journal/export.csv"):
        assert client.get(address).status_code in (403, 404)
