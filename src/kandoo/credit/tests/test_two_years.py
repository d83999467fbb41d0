"""Two fiscal years of honey, from the law to what was carried over: totals, books and what the database refuses."""

import pytest
from django.db import connection

from kandoo.credit.models import Closing, Commitment, Contract, CreditLine, Movement
from kandoo.credit.queries.totals import total
from kandoo.ledger.models import Leg
from tests import crediting
from tests.crediting import MILLION
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(programme: World) -> World:
    crediting.fund(programme, NOW, TODAY)
    return programme


def check_at_once() -> None:
    """What waits for the commit is checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_two_years_of_honey_hold_every_law(world: World) -> None:
    with world.as_("treasurer"):
        check_at_once()
        before, after, fresh = (
            CreditLine.objects.get(year__year=year, code=code)
            for year, code in ((1404, "140-15-1"), (1405, "140-15-1"), (1405, "140-15-2"))
        )
        closing = Closing.objects.get(line=before)
        contract = Contract.objects.get()
        carried = Commitment.objects.get(line=after)
    # 60 in advance, then a phase of 60 less its part of the advance (12)
    assert before.paid == 108 * MILLION
    assert (closing.carried, closing.unallocated, closing.uncommitted) == (192 * MILLION, 100 * MILLION, 100 * MILLION)
    assert before.state.is_settled and before.closed_on == closing.on
    assert (after.approved, after.allocated, after.committed, after.paid) == (192 * MILLION,) * 3 + (0,)
    assert carried.carried_from_id is not None and carried.amount == 192 * MILLION
    assert (contract.advanced, contract.advance_open) == (60 * MILLION, 48 * MILLION)
    assert (fresh.approved, fresh.allocated, fresh.committed, fresh.paid) == tuple(
        each * MILLION for each in (800, 400, 100, 40)
    )


def test_what_was_carried_over_counts_once_in_the_money_of_all_years(world: World) -> None:
    with world.as_("treasurer"):
        lines = CreditLine.objects.filter(file=world.files["honey"])
        state = total(lines).over_years()
        moved = {"approved": 0, "committed": 0, "paid": 0}
        steps = {"approved": ("approved", 1), "raised": ("approved", 1), "cut": ("approved", -1), "committed": ("committed", 1),
                 "released": ("committed", -1), "paid": ("paid", 1)}  # fmt: skip
        for each in Movement.objects.filter(line__in=lines, kind__in=steps):
            field, sign = steps[each.kind]
            moved[field] += sign * each.amount
    assert (state.approved, state.committed, state.paid) == tuple(moved.values())


def test_the_ledger_says_of_each_line_what_the_line_says(world: World) -> None:
    with world.as_("treasurer"):
        for line in CreditLine.objects.select_related("year"):
            books: dict[str, int] = {}
            for leg in Leg.objects.filter(party=f"{line.year.year}/{line.code}"):
                books[leg.account] = books.get(leg.account, 0) + leg.amount
            assert sum(books.values()) == 0
            assert books.get("credit_paid", 0) == line.paid
            assert books.get("credit_lapsed", 0) == line.lapsed
            left = books.get("credit_approved", 0)
            assert left == (0 if line.closed_on else line.state.unallocated)
            assert books.get("credit_committed", 0) == (0 if line.closed_on else line.state.unpaid)
        assert Movement.objects.count() == Leg.objects.filter(amount__gt=0).values("entry").distinct().count()
