"""The demo's evidence of prices alone, vouchers, payment runs and a closed period."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from kandoo.benefit import actions as benefit
from kandoo.benefit.joint import Joint
from kandoo.engine.bank_answer import Answer, AnswerRow
from kandoo.ledger import actions as ledger
from kandoo.ledger.actions import NewVoucher
from kandoo.payments import actions as payments
from kandoo.payments.models import PaymentLine, PaymentRun
from kandoo.selling.models import Lot

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

ASKED = ("خریدار نمونه در محل", "میدان نمونه بروجرد", "بنکدار نمونه خرم‌آباد")
LEAST_PAID = 1_000_000  # rial


def price_time(stage: Stage, season: int) -> None:
    """What an hour of a member's own work counts."""
    with stage.played_by("agent") as agent:
        benefit.set_time_value(
            by=agent,
            cluster=stage.cluster,
            season=season,
            per_hour=750_000,
            source="دستمزد نمونه (ساختگی)",
            dated=stage.today - timedelta(days=90),
        )


def bring_evidence(stage: Stage, lot: Lot) -> None:
    """Most members asked three buyers and say their hours; every ninth brought no more than the offer."""
    with stage.played_by("agent") as agent:
        for place, offer in enumerate(lot.offers.filter(is_withdrawn=False).select_related("enterprise", "batch")):
            if place % 9 == 4:
                continue
            for number, who in enumerate(ASKED):
                benefit.add_evidence(
                    by=agent,
                    joint=Joint.of_lot(lot),
                    enterprise=offer.enterprise,
                    terms=benefit.EvidenceTerms(
                        kind="quotation",
                        who=who,
                        per_unit=offer.alone_per_kg - number * 40_000,
                        on=stage.today - timedelta(days=3 + number),
                        note="تلفنی",
                        item=offer.batch.code,
                    ),
                    today=stage.today,
                )
            hours = Decimal(int(stage.random.integers(1, 7)))
            benefit.say_own_time(
                by=agent, joint=Joint.of_lot(lot), enterprise=offer.enterprise, hours=hours, alone_days=75
            )


def pay_first_run(stage: Stage) -> None:
    """A run paid by the bank but for one account, which it found closed."""
    with stage.played_by("agent") as agent:
        payments.set_paying_account(
            by=agent,
            cluster=stage.cluster,
            holder="خوشه نمونه عسل لرستان",
            bank="بانک نمونه",
            sheba="IR210170000000999999999001",
        )
    run = _proposed(stage)
    with stage.played_by("controller") as controller:
        payments.approve_run(by=controller, run=run, now=stage.now, today=stage.today)
        lines = list(run.lines.filter(status=PaymentLine.Status.SENT).order_by("number"))
        rows = tuple(_answer(stage, place, line, refused=place == len(lines) // 2) for place, line in enumerate(lines))
        payments.import_answer(
            by=controller,
            cluster=stage.cluster,
            answer=Answer(rows),
            sha256="0" * 64,
            name="پاسخ نمونه بانک.csv",
            now=stage.now,
            today=stage.today,
        )


def _proposed(stage: Stage) -> PaymentRun:
    with stage.played_by("agent") as agent:
        run = payments.make_run(
            by=agent, cluster=stage.cluster, least=LEAST_PAID, executes_on=stage.today, now=stage.now, today=stage.today
        )
        return payments.propose_run(by=agent, run=run, now=stage.now)


def _answer(stage: Stage, place: int, line: PaymentLine, *, refused: bool) -> AnswerRow:
    return AnswerRow(
        line=place + 1,
        end_to_end=line.number,
        sheba=line.sheba,
        amount=str(line.amount),
        currency="IRR",
        state="rejected" if refused else "paid",
        reference=f"{140_500_000 + place}",
        on=stage.today.isoformat(),
        reason="حساب بسته است" if refused else "",
    )


def keep(stage: Stage) -> None:
    """Fees and sugar on credit, a second run that waits for the controller, and a period closed."""
    with stage.played_by("agent") as agent:
        for number in (1, 2):
            _voucher(stage, "fee_charged", number, 6_000_000, f"قبض نمونه حق عضویت {number}")
            _voucher(stage, "input_on_credit", number, 84_000_000, f"فاکتور نمونه شکر {number}", "supplier")
        _voucher(stage, "deposit_received", 3, 15_000_000, "رسید نمونه سپرده بشکه")
        first = Lot.objects.filter(cluster=stage.cluster).order_by("pk").first()
        assert first is not None and first.delivered_on is not None
        ledger.close_period(by=agent, cluster=stage.cluster, through=first.delivered_on, today=stage.today)
    _proposed(stage)


def _voucher(stage: Stage, kind: str, member: int, amount: int, document: str, supplier: str = "") -> None:
    ledger.record_voucher(
        by=stage.people["agent"],
        cluster=stage.cluster,
        new=NewVoucher(
            kind=kind,
            amount=amount,
            on=stage.today,
            document=document,
            enterprise=stage.firms[f"member-{member}"],
            supplier=stage.firms[supplier] if supplier else None,
        ),
        today=stage.today,
    )
