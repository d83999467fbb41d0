"""Two desks for every payment, one use of an invoice, phases confirmed before they are paid."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kandoo.credit import actions
from kandoo.credit.models import Commitment, Contract, PaymentOrder, Phase
from kandoo.credit.problems import NotPossible, OverTheCeiling
from kandoo.credit.tests.conftest import ON, Money
from kandoo.credit.tests.helping import by, order_of, refused
from kandoo.engine.budget import CostShares
from kandoo.site.security import acting_as
from tests import crediting
from tests.crediting import MILLION
from tests.world import NOW

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], Any]


# ---------------------------------------------------------------- two desks


def test_who_prepared_does_not_pay_even_as_a_controller(money: Money, as_owner: AsOwner) -> None:
    order = order_of(money, money.commit(), 50)
    person = money.world.people["province"]
    with as_owner() as cursor:
        cursor.execute(
            "INSERT INTO register_role (cluster_id, person_id, role, province, from_on) VALUES (%s, %s, 'controller', '', '2025-01-01')",
            [money.world.programme.pk, person.pk],
        )
    with money.world.as_("province"), pytest.raises(NotPossible, match="شخص دیگری"):
        actions.pay_order(by=person, order=order, on=ON, now=NOW, document="حواله")
    refused(
        money,
        "province",
        "UPDATE credit_paymentorder SET status = 'paid', decided_by_id = %s, decided_at = now() WHERE id = %s",
        [person.pk, order.pk],
        "another_desk_pays",
    )


@pytest.mark.parametrize("name", ["deputy", "nation2"])
def test_an_officer_does_not_pay(money: Money, name: str) -> None:
    order = order_of(money, money.commit(), 50)
    refused(
        money,
        name,
        "UPDATE credit_paymentorder SET status = 'paid', decided_by_id = %s, decided_at = now() WHERE id = %s",
        [money.world.people[name].pk, order.pk],
        "paid by a controller",
    )


def test_nobody_pays_in_anothers_name_or_without_moving_money(money: Money) -> None:
    order = order_of(money, money.commit(), 50)
    paying = "UPDATE credit_paymentorder SET status = 'paid', decided_by_id = %s, decided_at = now() WHERE id = %s"
    refused(money, "treasurer", paying, [money.world.people["nation2"].pk, order.pk], "in person")
    refused(money, "treasurer", paying, [money.world.people["treasurer"].pk, order.pk], "moved no money")


def test_officers_of_another_province_and_controllers_prepare_nothing(money: Money) -> None:
    commitment = money.commit()
    for name in ("elsewhere", "treasurer"):
        with (
            pytest.raises((DatabaseError, Commitment.DoesNotExist)),
            transaction.atomic(),
            acting_as(money.world.people[name].pk),
        ):
            actions.prepare_invoice(
                commitment=commitment, amount=MILLION, invoice=actions.Invoice("F", ON), **by(money, name)
            )


def test_what_is_sent_back_frees_its_invoice(money: Money) -> None:
    commitment = money.commit()
    order = order_of(money, commitment, 50)
    with money.world.as_("treasurer"):
        actions.send_order_back(order=order, reason="مهر ندارد", **by(money, "treasurer"))
        with pytest.raises(NotPossible, match="برگشت"):
            actions.pay_order(order=order, on=ON, document="حواله", **by(money, "treasurer"))
    assert order_of(money, commitment, 50).pk != order.pk


# ---------------------------------------------------------------- invoices


def test_an_invoice_is_used_once_however_it_is_written(money: Money) -> None:
    commitment = money.commit()
    first = order_of(money, commitment, 10, "F-۱۲/ک")
    with pytest.raises(NotPossible, match=first.number[-4:]):
        order_of(money, commitment, 10, "f 12 ك")
    refused(
        money,
        "province",
        "INSERT INTO credit_paymentorder (cluster_id, commitment_id, payee_id, number, kind, gross, recovered, amount,"
        " invoice_number, invoice_key, invoice_on, status, prepared_by_id, prepared_at, reason)"
        " SELECT cluster_id, commitment_id, payee_id, 'X', kind, gross, recovered, amount, invoice_number, invoice_key,"
        " invoice_on, status, prepared_by_id, now(), '' FROM credit_paymentorder WHERE id = %s",
        [first.pk],
        "credit_invoice_used_once",
    )


def test_orders_that_wait_count_against_what_is_left(money: Money) -> None:
    commitment = money.commit(100)
    order_of(money, commitment, 70, "F-1")
    with pytest.raises(OverTheCeiling, match="۳۰٬۰۰۰٬۰۰۰"):
        order_of(money, commitment, 31, "F-2")


# ---------------------------------------------------------------- contracts and phases


@pytest.fixture
def contract(money: Money) -> Contract:
    world = money.world
    made = crediting.sign(world, money.agent, money.payee, 300 * MILLION, ON, NOW)
    crediting.commit(world, money.line, money.agent, money.payee, CostShares(300 * MILLION), ON, NOW, contract=made)
    return made


def phase_of(money: Money, contract: Contract, position: int) -> tuple[Phase, Commitment]:
    with money.world.as_("province"):
        return contract.phases.get(position=position), contract.commitments.select_related(
            "line__year", "contract"
        ).get()


def ask_phase(money: Money, contract: Contract, position: int, number: str) -> PaymentOrder:
    phase, commitment = phase_of(money, contract, position)
    with money.world.as_("province"):
        return actions.prepare_phase(
            commitment=commitment, phase=phase, invoice=actions.Invoice(number, ON), **by(money, "province")
        )


def test_a_phase_is_paid_only_after_the_supervisor_confirmed_it(money: Money, contract: Contract) -> None:
    with pytest.raises(NotPossible, match="ناظر"):
        ask_phase(money, contract, 1, "S-1")
    phase, _commitment = phase_of(money, contract, 1)
    crediting.deliver_and_confirm(money.world, phase, ON, NOW)
    order = ask_phase(money, contract, 1, "S-1")
    assert order.amount == 60 * MILLION
    crediting.pay(money.world, order, ON, NOW)
    assert money.state() == (1000, 600, 300, 60)
    with pytest.raises(NotPossible):
        ask_phase(money, contract, 1, "S-2")


@pytest.mark.parametrize("name", ["province", "nation2"])
def test_only_a_supervisor_confirms(money: Money, contract: Contract, name: str) -> None:
    phase, _commitment = phase_of(money, contract, 1)
    with money.world.as_("deputy"):
        actions.deliver_phase(by=money.world.people["deputy"], phase=phase, document="گزارش", on=ON)
    statement = "UPDATE credit_phase SET confirmed_by_id = %s, confirmed_at = now() WHERE id = %s"
    refused(money, name, statement, [money.world.people[name].pk, phase.pk], "supervisor in person")


def test_a_controller_touches_no_phase(money: Money, contract: Contract) -> None:
    with money.world.as_("treasurer"):
        assert contract.phases.update(remark="دست‌خورده") == 0


def test_who_prepared_an_order_takes_it_back(money: Money) -> None:
    order = order_of(money, money.commit(), 10)
    page = money.world.client("province").post(f"/credit/orders/{order.pk}/back/", {"reason": "اشتباه"}, follow=True)
    assert page.status_code == 200
    with money.world.as_("province"):
        order.refresh_from_db()
        assert (order.status, order.decided_by) == ("sent_back", money.world.people["province"])


def test_a_phase_sent_back_is_delivered_anew(money: Money, contract: Contract) -> None:
    phase, _commitment = phase_of(money, contract, 1)
    with money.world.as_("province"):
        actions.deliver_phase(by=money.world.people["province"], phase=phase, document="گزارش", on=ON)
    with money.world.as_("supervisor"):
        supervisor = money.world.people["supervisor"]
        sent_back = actions.send_phase_back(by=supervisor, phase=phase, reason="ناقص است")
        assert sent_back.delivered_on is None and sent_back.remark == "ناقص است"
        with pytest.raises(NotPossible):
            actions.confirm_phase(by=supervisor, phase=phase, now=NOW)


def test_the_advance_keeps_its_limit_and_comes_off_the_phases(money: Money, contract: Contract) -> None:
    _phase, commitment = phase_of(money, contract, 1)
    with money.world.as_("province"):
        with pytest.raises(OverTheCeiling, match="۷۵٬۰۰۰٬۰۰۰"):
            actions.prepare_advance(
                commitment=commitment, amount=76 * MILLION, invoice=actions.Invoice("A", ON), **by(money, "province")
            )
        order = actions.prepare_advance(
            commitment=commitment, amount=75 * MILLION, invoice=actions.Invoice("A", ON), **by(money, "province")
        )
    crediting.pay(money.world, order, ON, NOW)
    paid = []
    for position in (1, 2, 3):
        phase, _commitment = phase_of(money, contract, position)
        crediting.deliver_and_confirm(money.world, phase, ON, NOW)
        order = ask_phase(money, contract, position, f"S-{position}")
        crediting.pay(money.world, order, ON, NOW)
        paid.append(order.amount // MILLION)
    assert paid == [45, 67, 112]  # 60, 90 and 150 less a quarter each (the parts of a million are not shown)
    assert money.state() == (1000, 600, 300, 300)
    with money.world.as_("province"):
        contract.refresh_from_db()
        assert contract.advance_open == 0
        with pytest.raises(NotPossible):
            actions.prepare_advance(
                commitment=commitment, amount=MILLION, invoice=actions.Invoice("B", ON), **by(money, "province")
            )


def test_a_contract_binds_no_more_than_it_costs(money: Money, contract: Contract) -> None:
    with pytest.raises(OverTheCeiling, match="قرارداد"):
        crediting.commit(
            money.world, money.line, money.agent, money.payee, CostShares(MILLION), ON, NOW, contract=contract
        )


def test_phases_that_are_no_whole_are_refused(money: Money) -> None:
    phases = [actions.PhaseTerms("فاز", "گزارش", 999, ON)]
    terms = actions.ContractTerms(
        "agent", "قرارداد", money.agent, money.payee, MILLION, ON, ON + timedelta(days=9), "ق", phases
    )
    with money.world.as_("province"), pytest.raises(NotPossible, match="۱۰۰ درصد"):
        actions.make_contract(terms=terms, **by(money, "province"))
