"""Public money in the small world: two fiscal years of honey, at least one row of every table of credit.

The treasurer moves and pays, the officer of the province prepares, the supervisor confirms.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kandoo.credit import actions
from kandoo.credit.models import Activity, Commitment, Contract, CreditLine, FiscalYear, Payee, PaymentOrder, Phase
from kandoo.engine.budget import CostShares

if TYPE_CHECKING:
    from tests.world import World

MILLION = 10_000_000  # rial in a million toman
LETTER = actions.Grounds("نامه ۱۲۳")


def open_year(world: World, year: int, now: datetime, **more: Any) -> FiscalYear:
    """A fiscal year with its law."""
    law = actions.LawTerms(f"ق-{year}", f"قانون بودجه سال {year}", date(year + 621, 3, 10), "روزنامه رسمی (نمونه)")
    with world.as_("treasurer"):
        return actions.open_year(
            by=world.people["treasurer"], programme=world.programme, year=year, law=law, now=now, **more
        )


def set_rules(world: World) -> None:
    """Agents are paid whole with a quarter in advance, trainings by half up to a ceiling."""
    since = date(2025, 3, 21)
    with world.as_("treasurer"):
        for kind, agency, advance, ceiling in (("agent", 1000, 250, None), ("training", 500, 0, 400 * MILLION)):
            terms = actions.RuleTerms(kind, since, agency, advance, "دستورالعمل نمونه", ceiling)
            actions.set_cost_rule(by=world.people["treasurer"], programme=world.programme, terms=terms)


def open_line(world: World, year: FiscalYear, amount: int, now: datetime, **more: Any) -> CreditLine:
    """A line of the honey file, with its sum approved on the first day of the year."""
    given: dict[str, Any] = {
        "code": "140-15-1",
        "name_fa": "توسعه خوشه عسل",
        "province": "IR-15",
        "file": world.files["honey"],
    } | more
    terms = actions.LineTerms(amount=amount, **given)
    with world.as_("treasurer"):
        return actions.open_line(by=world.people["treasurer"], year=year, terms=terms, on=year.starts_on, now=now)


def allocate(world: World, line: CreditLine, amount: int, on: date, now: datetime) -> None:
    """An allocation by letter."""
    with world.as_("treasurer"):
        actions.allocate(by=world.people["treasurer"], line=line, amount=amount, on=on, now=now, grounds=LETTER)


def plan(world: World, code: str, kind: str, **more: Any) -> Activity:
    """An activity of the honey file."""
    given: dict[str, Any] = {
        "name_fa": f"فعالیت {code}",
        "name_en": f"Activity {code}",
        "province": "IR-15",
        "file": world.files["honey"],
        "cost": 900 * MILLION,
        "starts_on": date(2025, 6, 1),
        "ends_on": date(2027, 6, 1),
        "indicator": "اعضای همکاری",
        "effect": "دو برابر شدن اقدام‌های مشترک",
        "owner": "نمونه، عامل خوشه",
        "member_share": 500 if kind == "training" else 0,  # half, as the rule wants
    } | more
    with world.as_("province"):
        return actions.plan_activity(
            by=world.people["province"],
            programme=world.programme,
            terms=actions.ActivityTerms(code=code, kind=kind, **given),
        )


def add_payee(world: World, number: str, name: str) -> Payee:
    """Somebody to be paid."""
    with world.as_("province"):
        return actions.add_payee(by=world.people["province"], programme=world.programme, number=number, name_fa=name)


def sign(world: World, activity: Activity, payee: Payee, amount: int, signed_on: date, now: datetime) -> Contract:
    """A contract of three phases: 20, 30 and 50 percent."""
    phases = [
        actions.PhaseTerms(f"فاز {place}", f"گزارش {place}", weight, signed_on + timedelta(days=120 * place))
        for place, weight in enumerate((200, 300, 500), start=1)
    ]
    terms = actions.ContractTerms(
        "agent",
        "قرارداد عامل توسعه",
        activity,
        payee,
        amount,
        signed_on,
        signed_on + timedelta(days=1000),
        "ق/۱۲",
        phases,
    )
    with world.as_("province"):
        return actions.make_contract(by=world.people["province"], terms=terms, now=now)


def commit(
    world: World,
    line: CreditLine,
    activity: Activity,
    payee: Payee,
    shares: CostShares,
    on: date,
    now: datetime,
    **more: Any,
) -> Commitment:
    """A commitment by the treasurer."""
    terms = actions.CommitTerms(activity, payee, f"تعهد {activity.code}", shares, on, LETTER, **more)
    with world.as_("treasurer"):
        return actions.commit_credit(by=world.people["treasurer"], line=line, terms=terms, now=now)


def deliver_and_confirm(world: World, phase: Phase, on: date, now: datetime) -> Phase:
    """The officer delivers, the supervisor confirms."""
    with world.as_("province"):
        actions.deliver_phase(by=world.people["province"], phase=phase, document="گزارش", on=on)
    with world.as_("supervisor"):
        return actions.confirm_phase(by=world.people["supervisor"], phase=phase, now=now)


def pay(world: World, order: PaymentOrder, on: date, now: datetime) -> None:
    """The treasurer pays what waits."""
    with world.as_("treasurer"):
        actions.pay_order(by=world.people["treasurer"], order=order, on=on, now=now, document="حواله")


def invoice(number: str, on: date) -> actions.Invoice:
    """The payee's paper."""
    return actions.Invoice(number, on)


def fund(world: World, now: datetime, today: date) -> None:
    """Last year: a contract with an advance and a phase paid, the rest carried over. This year: money allocated."""
    set_rules(world)
    before, this = open_year(world, 1404, now, pays_until=date(2026, 7, 22)), open_year(world, 1405, now)
    agent = plan(world, "A1", "agent")
    training = plan(world, "A2", "training")
    contractor = add_payee(world, "4060000001", "عامل نمونه")
    trainer = add_payee(world, "14000000012", "آموزشگاه نمونه")
    _year_before(world, before, agent, contractor, now)
    line = open_line(world, this, 900 * MILLION, now, code="140-15-2")
    open_line(world, this, 50 * MILLION, now, code="140-10-1", province="IR-10", file=world.files["saffron"])
    allocate(world, line, 400 * MILLION, date(2026, 5, 1), now)
    bound = commit(world, line, training, trainer, CostShares(100 * MILLION, 100 * MILLION), date(2026, 6, 1), now)
    with world.as_("province"):
        by = world.people["province"]
        paid = actions.prepare_invoice(
            by=by, commitment=bound, amount=40 * MILLION, invoice=invoice("F-1", date(2026, 6, 20)), now=now
        )
        actions.prepare_invoice(
            by=by, commitment=bound, amount=30 * MILLION, invoice=invoice("F-2", date(2026, 10, 20)), now=now
        )
    pay(world, paid, date(2026, 7, 1), now)
    _amend(world, line, this, now)
    _import(world, this, now)


def _year_before(world: World, year: FiscalYear, activity: Activity, payee: Payee, now: datetime) -> None:
    line = open_line(world, year, 500 * MILLION, now)
    allocate(world, line, 400 * MILLION, date(2025, 5, 1), now)
    contract = sign(world, activity, payee, 300 * MILLION, date(2025, 6, 1), now)
    bound = commit(world, line, activity, payee, CostShares(300 * MILLION), date(2025, 6, 2), now, contract=contract)
    with world.as_("province"):
        by = world.people["province"]
        advance = actions.prepare_advance(
            by=by, commitment=bound, amount=60 * MILLION, invoice=invoice("پیش ۱", date(2025, 6, 3)), now=now
        )
    pay(world, advance, date(2025, 6, 10), now)
    with world.as_("province"):
        first = contract.phases.get(position=1)
    phase = deliver_and_confirm(world, first, date(2025, 9, 1), now)
    with world.as_("province"):
        bound.refresh_from_db()
        order = actions.prepare_phase(
            by=by, commitment=bound, phase=phase, invoice=invoice("صورت ۱", date(2025, 9, 5)), now=now
        )
    pay(world, order, date(2025, 9, 20), now)
    with world.as_("treasurer"):
        actions.close_line(
            by=world.people["treasurer"],
            line=line,
            to_carry=frozenset({bound.pk}),
            on=date(2026, 3, 20),
            now=now,
            reason="قرارداد ادامه دارد",
        )


def _amend(world: World, line: CreditLine, year: FiscalYear, now: datetime) -> None:
    by = world.people["treasurer"]
    with world.as_("treasurer"):
        terms = actions.LawTerms("ا-۱", "اصلاحیه بودجه", date(2026, 9, 1), "روزنامه رسمی (نمونه)")
        law = actions.amend_law(by=by, year=year, law=terms, now=now)
        actions.amend_line(
            by=by, line=line, law=law, amount=-100 * MILLION, on=date(2026, 9, 5), now=now, reason="کاهش درآمد"
        )


def _import(world: World, year: FiscalYear, now: datetime) -> None:
    terms = actions.LineTerms("140-15-9", "پشتیبانی استان", 20 * MILLION, province="IR-15")
    with world.as_("treasurer"):
        actions.import_lines(
            by=world.people["treasurer"],
            programme=world.programme,
            year=year,
            news=[terms],
            name="lines.xlsx",
            sha256="0" * 64,
            on=year.starts_on,
            now=now,
        )
