"""Two fiscal years of money in the demo: the honey of Lorestan from law to payment, a few lines of other provinces.

All sums are invented. Days lie in the year before and the present one, whatever day the demo begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kandoo.credit import actions, fiscal
from kandoo.credit.models import Activity, Commitment, Contract, CreditLine, FiscalYear, Payee, Phase
from kandoo.demo.nation import LORESTAN, PROGRAMME
from kandoo.engine.budget import CostShares
from kandoo.programme.models import ClusterFile, Decision, PaperEdition
from kandoo.register.models import Cluster

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

MILLION = 10_000_000  # rial in a million toman
OTHERS = 8  # files of other provinces that have money
SOURCE = "روزنامهٔ رسمی (نمونه)"
RULES = (  # kind, share and advance in thousandths, ceiling in million toman
    ("agent", 1000, 250, None), ("supervisor", 1000, 0, 600), ("study", 1000, 200, 800), ("training", 500, 0, 400),
    ("event", 500, 0, 500), ("mark", 500, 0, 600), ("facility", 600, 250, 5_000), ("network", 700, 0, 300),
)  # fmt: skip
SHARES = {kind: agency for kind, agency, _advance, _ceiling in RULES}
OWNERS = {
    "H-1": "نمونه، کارشناس استان", "H-2": "نمونه، عامل خوشه", "H-3": "نمونه، عامل خوشه", "H-4": "نمونه، صادرکننده",
    "H-5": "نمونه، تعاونی زنبورداران",
}  # fmt: skip
PHASES = (
    ("دفتر خوشه و شبکه‌ها", "گزارش دو شبکه", 100), ("خرید مشترک", "گزارش نخستین دور خرید", 200),
    ("فروش مشترک", "گزارش نخستین محموله", 200), ("اجرای سال نخست", "گزارش اقدام‌های مشترک", 250),
    ("اجرای سال دوم و واگذاری", "گزارش پایانی و فهرست تحویل", 250),
)  # fmt: skip
ACTIVITIES = (  # code, kind, name, English, cost in million toman, days of the year before, indicator, effect
    ("H-1", "agent", "عامل توسعهٔ خوشهٔ عسل", "Agent of the honey cluster", 900, 40, "شمار اقدام‌های مشترک", "از ۲ به ۱۲ در سال"),
    ("H-2", "training", "آموزش پرهیز پس از درمان", "Training on withdrawal after treatment", 320, 90, "سهم بهرهای بی‌باقی‌مانده", "از ۷۰ به ۹۵ درصد"),
    ("H-3", "mark", "نمونه‌برداری و آزمون صادراتی", "Sampling and export tests", 800, 420, "سهم بهرهای مطابق استاندارد", "از ۵۵ به ۸۵ درصد"),
    ("H-4", "event", "غرفهٔ مشترک نمایشگاه", "A joint stand at the fair", 400, 500, "خریداران تازه", "پنج خریدار"),
    ("H-5", "facility", "خط همگن‌سازی مشترک", "A shared homogenising line", 3_500, 480, "بهره‌برداری از خط", "۶۰ درصد در سال دوم"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Money:
    """What the steps share: the stage, the programme, the honey's file and the two years."""

    stage: Stage
    programme: Cluster
    honey: ClusterFile
    before: FiscalYear
    this: FiscalYear

    def on(self, year: FiscalYear, days: int) -> date:
        """A day of a year, so many days after its first; never later than today."""
        return min(year.starts_on + timedelta(days=days), year.ends_on, self.stage.today)

    def by(self, username: str, on: date | None = None) -> dict[str, Any]:
        """Who acts, and when: now, or at this hour of a day."""
        now = self.stage.now if on is None else self.stage.on(on).now
        return {"by": self.stage.people[username], "now": now}


def build(stage: Stage) -> None:
    """Laws and ceilings, then the honey's money, then that of other provinces."""
    money = _begin(stage)
    activities, payees = _plan(money), _payees(money)
    line = _open(money, money.before, "1-15-01", "توسعهٔ خوشهٔ عسل لرستان", 1_500, money.honey)
    contract, bound = _first_year(money, line, activities, payees)
    _close(money, line, frozenset({bound.pk}))
    _second_year(money, activities, payees, contract)
    _other_provinces(money, payees["trainer"])
    _amend(money)


def _begin(stage: Stage) -> Money:
    year = fiscal.year_of(stage.today)
    with stage.played_by("treasurer") as controller:
        programme = Cluster.objects.get(code=PROGRAMME["code"])
        honey = ClusterFile.objects.get(cluster=programme, product="عسل", province=LORESTAN)
        since = fiscal.first_day(year - 1)
        before, this = (
            actions.open_year(
                by=controller,
                programme=programme,
                year=each,
                law=actions.LawTerms(
                    f"ق/{each}", f"قانون بودجهٔ سال {each} (نمونه)", fiscal.first_day(each) - timedelta(days=9), SOURCE
                ),
                now=stage.now,
                pays_until=fiscal.first_day(each + 1) + timedelta(days=123),
            )
            for each in (year - 1, year)
        )
        for kind, agency, advance, ceiling in RULES:
            most = None if ceiling is None else ceiling * MILLION
            terms = actions.RuleTerms(kind, since, agency, advance, "دستورالعمل نمونه", most)
            actions.set_cost_rule(by=controller, programme=programme, terms=terms)
    return Money(stage, programme, honey, before, this)


def _plan(money: Money) -> dict[str, Activity]:
    """The honey's activities; the shared line should have begun and nobody has given it money."""
    made = {}
    with money.stage.played_by("lorestan") as officer:
        for code, kind, name_fa, name_en, cost, days, indicator, effect in ACTIVITIES:
            starts_on = min(money.before.starts_on + timedelta(days=days), money.stage.today - timedelta(days=1))
            terms = actions.ActivityTerms(
                code, name_fa, LORESTAN, kind, cost * MILLION, starts_on, starts_on + timedelta(days=400), indicator, effect,
                name_en, money.honey, OWNERS[code], 1000 - SHARES[kind],
            )  # fmt: skip
            made[code] = actions.plan_activity(by=officer, programme=money.programme, terms=terms)
    return made


def _payees(money: Money) -> dict[str, Payee]:
    people = (
        ("agent", "4060000011", "نمونه، عامل خوشه", "Sample Agent of the Cluster"),
        ("trainer", "14000000031", "آموزشگاه نمونهٔ زنبورداری", "Sample School of Beekeeping"),
        ("lab", "14000000042", "آزمایشگاه نمونهٔ عسل", "Sample Honey Laboratory"),
    )
    with money.stage.played_by("lorestan") as officer:
        return {
            key: actions.add_payee(
                by=officer, programme=money.programme, number=number, name_fa=name_fa, name_en=name_en
            )
            for key, number, name_fa, name_en in people
        }


def _grounds(money: Money, text: str, on: date) -> actions.Grounds:
    """A letter, with the paper and the decision on the honey that were the newest on its day."""
    approved = (
        PaperEdition.objects.filter(file=money.honey, approved_at__date__lte=on).order_by("-approved_at", "-pk").first()
    )
    decision = Decision.objects.filter(file=money.honey, on__lte=on).order_by("-on", "-pk").first()
    return actions.Grounds(text, paper=approved, decision=decision)


def _open(
    money: Money,
    year: FiscalYear,
    code: str,
    name: str,
    millions: int,
    file: ClusterFile | None,
    province: str = LORESTAN,
) -> CreditLine:
    with money.stage.played_by("treasurer"):
        terms = actions.LineTerms(
            code, name, millions * MILLION, province=file.province if file else province, file=file
        )
        return actions.open_line(year=year, terms=terms, on=year.starts_on, **money.by("treasurer"))


def _allocate(money: Money, line: CreditLine, millions: int, days: int, letter: str) -> None:
    with money.stage.played_by("treasurer"):
        grounds = actions.Grounds(letter)
        on = money.on(line.year, days)
        actions.allocate(line=line, amount=millions * MILLION, on=on, grounds=grounds, **money.by("treasurer", on))


def _commit(
    money: Money, line: CreditLine, activity: Activity, payee: Payee, shares: tuple[int, int], days: int, **more: Any
) -> Commitment:
    with money.stage.played_by("treasurer"):
        agency, member = (each * MILLION for each in shares)
        on = money.on(line.year, days)
        grounds = (
            _grounds(money, "نامهٔ تعهد ت/۱۲ (نمونه)", on)
            if line.file_id == money.honey.pk
            else actions.Grounds("ت/۳ (نمونه)")
        )
        terms = actions.CommitTerms(
            activity, payee, str(activity.name_fa), CostShares(agency, member), on, grounds, **more
        )  # fmt: skip
        return actions.commit_credit(line=line, terms=terms, **money.by("treasurer"))


def _pay_invoice(
    money: Money,
    bound: Commitment,
    millions: int,
    number: str,
    days: int,
    *,
    officer: str = "lorestan",
    paid: bool = True,
) -> None:
    """One desk prepares, the other pays; or leaves it waiting."""
    with money.stage.played_by(officer):
        on = money.on(bound.line.year, days)
        order = actions.prepare_invoice(
            commitment=bound, amount=millions * MILLION, invoice=actions.Invoice(number, on), **money.by(officer, on)
        )
    if paid:
        with money.stage.played_by("treasurer"):
            actions.pay_order(order=order, on=on, document=f"حوالهٔ {number}", **money.by("treasurer", on))


def _deliver(money: Money, phase: Phase, on: date, *, confirmed: bool = True) -> None:
    with money.stage.played_by("lorestan") as officer:
        actions.deliver_phase(by=officer, phase=phase, document=f"{phase.deliverable} (نمونه)", on=on)
    if confirmed:
        with money.stage.played_by("supervisor"):
            actions.confirm_phase(phase=phase, remark="بازدید شد.", **money.by("supervisor", on))


def _pay_phase(money: Money, bound: Commitment, phase: Phase, number: str, on: date) -> None:
    with money.stage.played_by("lorestan"):
        phase.refresh_from_db()
        order = actions.prepare_phase(
            commitment=bound, phase=phase, invoice=actions.Invoice(number, on), **money.by("lorestan", on)
        )
    with money.stage.played_by("treasurer"):
        actions.pay_order(order=order, on=on, document=f"حوالهٔ {number}", **money.by("treasurer", on))


def _first_year(
    money: Money, line: CreditLine, activities: dict[str, Activity], payees: dict[str, Payee]
) -> tuple[Contract, Commitment]:
    """The agent's contract, an advance, two phases; a training paid in full."""
    year = money.before
    _allocate(money, line, 700, 35, "تخصیص نوبت نخست، ن/۱۱۰ (نمونه)")
    signed_on = money.on(year, 45)
    with money.stage.played_by("lorestan"):
        phases = [
            actions.PhaseTerms(title, deliverable, weight, signed_on + timedelta(days=120 * place))
            for place, (title, deliverable, weight) in enumerate(PHASES, start=1)
        ]
        terms = actions.ContractTerms(
            "agent", "قرارداد عامل توسعهٔ خوشهٔ عسل، دورهٔ پیاده‌سازی", activities["H-1"], payees["agent"], 600 * MILLION, signed_on,
            signed_on + timedelta(days=1095), "قرارداد ۴۰۳/ع (نمونه)", phases,
        )  # fmt: skip
        contract = actions.make_contract(terms=terms, **money.by("lorestan"))
        parts = list(contract.phases.all())
    bound = _commit(money, line, activities["H-1"], payees["agent"], (600, 0), 46, contract=contract)
    with money.stage.played_by("lorestan"):
        invoice = actions.Invoice("پیش‌پرداخت ۱", money.on(year, 48))
        order = actions.prepare_advance(commitment=bound, amount=100 * MILLION, invoice=invoice, **money.by("lorestan"))
    with money.stage.played_by("treasurer"):
        actions.pay_order(order=order, on=money.on(year, 55), document="حوالهٔ ۱ (نمونه)", **money.by("treasurer"))
    for place, days in ((0, 170), (1, 290)):
        _deliver(money, parts[place], money.on(year, days))
        _pay_phase(money, bound, parts[place], f"صورت‌وضعیت {place + 1}", money.on(year, days + 15))
    _allocate(money, line, 300, 200, "تخصیص نوبت دوم، ن/۲۸۰ (نمونه)")
    training = _commit(money, line, activities["H-2"], payees["trainer"], (120, 120), 210)
    _pay_invoice(money, training, 120, "۱۲۰/آ", 280)
    return contract, bound


def _close(money: Money, line: CreditLine, to_carry: frozenset[int]) -> None:
    with money.stage.played_by("treasurer"):
        actions.close_line(
            line=line,
            to_carry=to_carry,
            on=money.before.ends_on,
            reason="قرارداد عامل سه‌ساله است؛ باقی ردیف در سال خرج نشد." if to_carry else "در سال خرج نشد.",
            **money.by("treasurer"),
        )


def _second_year(money: Money, activities: dict[str, Activity], payees: dict[str, Payee], contract: Contract) -> None:
    """The third phase paid from what was carried over, tests under way, a phase and an order that wait."""
    year = money.this
    line = _open(money, year, "1-15-02", "توسعهٔ خوشهٔ عسل لرستان، اقدام‌ها", 1_800, money.honey)
    _open(money, year, "1-15-00", "پشتیبانی استانی خوشه‌ها", 250, None)
    _allocate(money, line, 900, 40, "تخصیص نوبت نخست، ن/۱۳۱ (نمونه)")
    with money.stage.played_by("lorestan"):
        bound = contract.commitments.select_related("line__year", "contract").get(line__year=year)
        third, fourth = contract.phases.get(position=3), contract.phases.get(position=4)
    _deliver(money, third, money.on(year, 60))
    _pay_phase(money, bound, third, "صورت‌وضعیت 3", money.on(year, 75))
    _deliver(money, fourth, money.on(year, 200), confirmed=False)
    tests = _commit(money, line, activities["H-3"], payees["lab"], (350, 350), 90)
    _pay_invoice(money, tests, 140, "۹۸۱/ز", 130)
    _pay_invoice(money, tests, 90, "۱۰۱۷/ز", 210, paid=False)


def _other_provinces(money: Money, payee: Payee) -> None:
    """A line for some clusters of other provinces in both years; not all of it was spent."""
    with money.stage.played_by("treasurer"):
        others = ClusterFile.objects.filter(cluster=money.programme, stage__in=("G3", "G4", "G5", "G6"))
        files = list(others.exclude(province=LORESTAN).order_by("code")[:OTHERS])
    for place, file in enumerate(files):
        for turn, year in enumerate((money.before, money.this)):
            millions = 300 + 60 * place
            line = _open(money, year, f"1-{file.code}", f"توسعهٔ خوشهٔ {file.name_fa}", millions, file)
            _allocate(money, line, millions * 2 // 3, 50, f"ن/{place + 40}")
            bound = _commit(money, line, _study(money, file, turn), payee, (millions // 3, 0), 70)
            _pay_invoice(money, bound, millions // 5, f"{place}/{year.year}", 120, officer="nation")
            if turn == 0:
                _close(money, line, frozenset())


def _study(money: Money, file: ClusterFile, turn: int) -> Activity:
    year = (money.before, money.this)[turn]
    with money.stage.played_by("nation") as officer:
        terms = actions.ActivityTerms(
            f"{file.code}-{year.year}", f"مطالعهٔ {file.name_fa}", file.province, "study", 400 * MILLION, money.on(year, 60),
            money.on(year, 60) + timedelta(days=200), "برنامهٔ عمل پذیرفته‌شده", "یک سند", f"Study of {file.name_en}", file,
        )  # fmt: skip
        return actions.plan_activity(by=officer, programme=money.programme, terms=terms)


def _amend(money: Money) -> None:
    """An amendment of this year's law takes from the honey's line what is not allocated."""
    on = money.on(money.this, 150)
    with money.stage.played_by("treasurer"):
        law = actions.amend_law(
            year=money.this, law=actions.LawTerms("ا/۱", "اصلاحیهٔ قانون بودجه (نمونه)", on, SOURCE), **money.by("treasurer")
        )  # fmt: skip
        line = CreditLine.objects.get(year=money.this, code="1-15-02")
        actions.amend_line(
            line=line, law=law, amount=-200 * MILLION, on=on, reason="کاهش درآمدهای عمومی (نمونه)", **money.by("treasurer")
        )  # fmt: skip
