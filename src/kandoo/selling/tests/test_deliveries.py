"""Delivered against pledged: by member and season, and by no more than groups of five."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from kandoo.selling import actions as selling
from kandoo.selling import pledges
from kandoo.selling.models import Lot
from kandoo.selling.tests.lot_stage import fix_the_day, harvested, offered, signed_in, text_of
from tests.world import MEMBERS, TODAY, World, plan_and_agree

pytestmark = pytest.mark.django_db
PAGE = "/selling/deliveries/"


@pytest.fixture
def world(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    fix_the_day(monkeypatch)
    return harvested(as_owner)


@pytest.fixture
def agreed(world: World) -> Lot:
    lot = offered(world)
    plan_and_agree(world, lot)
    return lot


def deliver(world: World, lot: Lot, **kg: int) -> None:
    """Everything comes as planned, but these members bring so many kilograms."""
    with world.as_("agent"):
        lot.refresh_from_db()
        firms = {world.firms[name].pk: weight for name, weight in kg.items()}
        weighed = {
            line.pk: firms[line.enterprise_id]
            for line in lot.plan.lines.all()  # type: ignore[union-attr]
            if line.enterprise_id in firms
        }
        selling.deliver_lot(by=world.people["agent"], lot=lot, weighed_kg=weighed, on=TODAY, today=TODAY)


def kept(world: World, who: str = "agent") -> dict[str, pledges.Kept]:
    from kandoo.register.access import seats_of

    with world.as_(who):
        names = {firm.pk: name for name, firm in world.firms.items()}
        return {names[each.enterprise.pk]: each for each in pledges.kept_by(seats_of(world.people[who])[0])}


def test_what_is_agreed_is_due_only_once_its_lot_is_delivered(world, agreed):
    line = kept(world)["kuh"]
    assert (line.season, line.offered, line.agreed, line.due, line.delivered) == (1405, 870, 870, 0, 0)
    assert (line.rate, line.short) == (None, 0)
    deliver(world, agreed, kuh=435)
    line = kept(world)["kuh"]
    assert (line.due, line.delivered, line.rate, line.short) == (870, 435, 0.5, 435)
    assert kept(world)["darreh"].short == 0


def test_a_cancelled_lot_pledges_nothing(world):
    lot = offered(world)
    assert kept(world)["kuh"].offered == 870
    with world.as_("agent"):
        selling.cancel_lot(by=world.people["agent"], lot=lot, reason="نشد")
    assert kept(world) == {}


def test_staff_see_every_member_and_a_member_itself_alone(world, agreed, as_owner):
    deliver(world, agreed, kuh=435)
    page = text_of(signed_in(world, "agent", as_owner).get(PAGE))
    assert "<strong>91.7%</strong> of what was pledged and due has come: 4,785 kg of 5,220 kg." in page
    assert "1 line fell short." in page
    assert "Firm darreh" in page
    assert set(kept(world, "kuh")) == {"kuh"}
    page = text_of(signed_in(world, "kuh", as_owner).get(PAGE))
    assert "<strong>50.0%</strong>" in page
    assert "Firm darreh" not in page
    assert signed_in(world, "hamburg", as_owner).get(PAGE).status_code == 403


def test_lines_are_searched_sorted_and_taken_away(world, agreed, as_owner):
    deliver(world, agreed, kuh=435, bagh=800)
    agent = signed_in(world, "agent", as_owner)
    page = text_of(agent.get(f"{PAGE}?short=1&season=1405&sort=-short"))
    assert page.index("Firm kuh") < page.index("Firm bagh")
    assert "Firm sang" not in page
    assert "Firm sang" in text_of(agent.get(f"{PAGE}?q=sang"))
    assert "No line matches" in text_of(agent.get(f"{PAGE}?season=1399"))
    file = load_workbook(io.BytesIO(agent.get(f"{PAGE}export.xlsx").content)).worksheets[0]
    assert file.max_row == 1 + len(MEMBERS)
    own = signed_in(world, "kuh", as_owner).get(f"{PAGE}export.xlsx").content
    assert load_workbook(io.BytesIO(own)).worksheets[0].max_row == 2


def test_an_officer_reads_sums_of_five_and_more_alone(world, agreed, as_owner):
    officer = signed_in(world, "officer", as_owner)
    deliver(world, agreed, kuh=435)
    with world.as_("officer"):
        (row,) = pledges.season_totals(world.cluster)
    assert (row.season, row.members, row.offered, row.agreed, row.due, row.delivered) == (
        1405, 6, 5_220, 5_220, 5_220, 4_785,
    )  # fmt: skip
    page = text_of(officer.get(PAGE))
    assert "Season 1405: <strong>91.7%</strong>" in page
    assert "Firm " not in page
    assert officer.get(f"{PAGE}export.xlsx").status_code == 403
    for name in ("kuh", "hamburg"):
        with world.as_(name):
            assert pledges.season_totals(world.cluster) == []


def test_fewer_than_five_are_not_summed(world, as_owner):
    from tests.world import call, offer, place

    lot = call(world, [place(world, "hamburg")])
    for name in MEMBERS[:4]:
        offer(world, lot, world.batches[name], name)
    with world.as_("officer"):
        assert pledges.season_totals(world.cluster) == []
    assert "No season can be shown yet" in text_of(signed_in(world, "officer", as_owner).get(PAGE))
