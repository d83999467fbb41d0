"""Closing a period on its page: what it would fix is shown first, then it is closed for good."""

from datetime import timedelta

import pytest
from django.test import Client

from kandoo.engine import posting_rules
from kandoo.ledger import actions
from kandoo.ledger.models import Entry, PeriodClose
from kandoo.site import security
from kandoo.trace.tests.conftest import AsOwner
from kandoo.trace.tests.staging import TODAY, Stage

pytestmark = pytest.mark.django_db
CLOSED = TODAY - timedelta(days=30)
ADDRESS = "/ledger/periods/"


@pytest.fixture
def stage_abroad(settled: Stage) -> Stage:
    """Euros are still to come for the lot."""
    agent, lot = settled.people["agent"], settled.lot
    assert lot is not None
    with security.acting_as(agent.pk):
        fact = posting_rules.sale_delivered(
            source=f"lot/{lot.pk}/order/9/delivered",
            lot=str(lot.pk),
            buyer=actions.party_of(settled.firms["importer"].pk),
            amount=100_000,
            currency="EUR",
            rial=1_250_000_000,
        )
        actions.post(by=agent, cluster_id=settled.cluster.pk, entry=fact, on=CLOSED, lot_id=lot.pk)
    return settled


def sign_in(stage: Stage, username: str, as_owner: AsOwner) -> Client:
    client = Client()
    with as_owner():
        client.force_login(stage.people[username])
    return client


def set_rate(stage: Stage) -> None:
    agent = stage.people["agent"]
    with security.acting_as(agent.pk):
        actions.set_rate(by=agent, cluster=stage.cluster, currency="EUR", rial=1_310_000, on=CLOSED, source="سنا")


def test_what_a_close_would_fix_is_shown_and_closes_nothing(stage_abroad: Stage, as_owner: AsOwner) -> None:
    set_rate(stage_abroad)
    page = sign_in(stage_abroad, "agent", as_owner).post(ADDRESS, {"through": CLOSED.isoformat()})
    look = page.context["look"]
    assert (look["entries"], look["is_even"], look["may_close"]) == (1, True, True)
    ((foreign, _lot),) = look["foreign"]
    assert (foreign.booked, foreign.now, foreign.gain) == (1_250_000_000, 1_310_000_000, 60_000_000)
    with security.acting_as(stage_abroad.people["agent"].pk):
        assert not PeriodClose.objects.exists()


def test_a_confirmed_close_is_kept_with_its_certificate(stage_abroad: Stage, as_owner: AsOwner) -> None:
    set_rate(stage_abroad)
    client = sign_in(stage_abroad, "agent", as_owner)
    page = client.post(ADDRESS, {"through": CLOSED.isoformat(), "confirmed": "yes"}, follow=True)
    (close,) = page.context["page_obj"]
    shown = sign_in(stage_abroad, "auditor", as_owner).get(f"{ADDRESS}{close.pk}/")
    assert shown.context["is_same"]
    assert len(shown.context["rows"]) == 5  # receivable and conversion in euro; conversion, gain, proceeds in rial
    again = client.post(ADDRESS, {"through": CLOSED.isoformat(), "confirmed": "yes"})
    assert again.context["form"].errors["through"]


def test_without_a_rate_the_page_says_which_and_nothing_is_closed(stage_abroad: Stage, as_owner: AsOwner) -> None:
    client = sign_in(stage_abroad, "agent", as_owner)
    look = client.post(ADDRESS, {"through": CLOSED.isoformat()})
    assert not look.context["look"]["may_close"]
    assert "EUR" in look.content.decode()
    page = client.post(ADDRESS, {"through": CLOSED.isoformat(), "confirmed": "yes"})
    assert "EUR" in page.context["form"].errors["through"][0]
    with security.acting_as(stage_abroad.people["agent"].pk):
        assert not PeriodClose.objects.exists()
        assert not Entry.objects.filter(rule="revalued").exists()


@pytest.mark.parametrize("through", ["", "1405/13/01", "2099-01-01"])
def test_a_day_that_ends_no_period_is_refused(stage: Stage, as_owner: AsOwner, through: str) -> None:
    client = sign_in(stage, "agent", as_owner)
    page = client.post(ADDRESS, {"through": through, "confirmed": "yes"})
    assert page.context["form"].errors["through"]


def test_a_lot_delivered_and_not_settled_is_a_warning(delivered: Stage, as_owner: AsOwner) -> None:
    page = sign_in(delivered, "agent", as_owner).post(ADDRESS, {"through": TODAY.isoformat()})
    assert [lot.pk for lot in page.context["look"]["unsettled"]] == [delivered.lot.pk if delivered.lot else 0]


def test_the_auditor_reads_and_does_not_close(stage: Stage, as_owner: AsOwner) -> None:
    client = sign_in(stage, "auditor", as_owner)
    assert not client.get(ADDRESS).context["may_close"]
    assert client.post(ADDRESS, {"through": CLOSED.isoformat(), "confirmed": "yes"}).status_code == 403
