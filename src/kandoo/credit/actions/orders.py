"""Payment orders: prepared at one desk, paid or sent back at another; and money that comes back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kandoo.credit import words
from kandoo.credit.actions.moving import Grounds, locked, move, note, tell
from kandoo.credit.models import Commitment, Contract, Movement, PaymentOrder, Phase
from kandoo.credit.problems import NotPossible
from kandoo.engine import budget
from kandoo.programme.models import PaperEdition
from kandoo.register.models import Person
from kandoo.site import notices
from kandoo.site.language import fold
from kandoo.site.numbering import next_code

Kind, Status = PaymentOrder.Kind, PaymentOrder.Status


@dataclass(frozen=True, slots=True)
class Invoice:
    """The payee's own paper: its number, its day, and where it is on file the paper itself."""

    number: str
    on: date
    paper: PaperEdition | None = None


@transaction.atomic
def prepare_invoice(
    *, by: Person, commitment: Commitment, amount: int, invoice: Invoice, now: datetime
) -> PaymentOrder:
    """Ask the controller to pay an invoice from a commitment without a contract."""
    if commitment.contract_id is not None:
        raise NotPossible(_("A contract is paid by its phases, after the supervisor has confirmed them."))
    return _prepare(by, commitment, Kind.INVOICE, amount, 0, invoice, now)


@transaction.atomic
def prepare_advance(
    *, by: Person, commitment: Commitment, amount: int, invoice: Invoice, now: datetime
) -> PaymentOrder:
    """Ask for an advance: first of all payments, once, within the limit of the contract."""
    contract = _contract_of(commitment)
    if PaymentOrder.objects.filter(commitment__contract=contract, status__in=PaymentOrder.LIVE).exists():
        raise NotPossible(_("An advance comes first and once; this contract has payments already."))
    left = contract.advance_max - contract.advanced
    if amount > left:
        raise words.over(budget.OverCeiling("advance", left), amount)
    return _prepare(by, commitment, Kind.ADVANCE, amount, 0, invoice, now)


@transaction.atomic
def prepare_phase(*, by: Person, commitment: Commitment, phase: Phase, invoice: Invoice, now: datetime) -> PaymentOrder:
    """Ask for the payment of a confirmed phase, less its part of the advance."""
    contract = _contract_of(commitment)
    if phase.contract_id != contract.pk or phase.confirmed_by_id is None:
        raise NotPossible(_("The supervisor has not confirmed this phase; it cannot be paid yet."))
    if phase.confirmed_by_id == by.pk:
        raise NotPossible(_("Who confirmed a phase does not prepare its payment."))
    if PaymentOrder.objects.filter(phase=phase, status__in=PaymentOrder.LIVE).exists():
        raise NotPossible(_("There is a payment order for this phase already."))
    others = contract.phases.exclude(pk=phase.pk).exclude(orders__status__in=PaymentOrder.LIVE)
    taken = budget.recovered(
        phase.amount, contract.amount, contract.advanced, contract.advance_open, is_last=not others.exists()
    )
    return _prepare(by, commitment, Kind.PHASE, phase.amount, taken, invoice, now, phase)


def _contract_of(commitment: Commitment) -> Contract:
    if commitment.contract is None:
        raise NotPossible(_("This commitment has no contract."))
    commitment.contract.refresh_from_db()
    return commitment.contract


def _prepare(
    by: Person,
    commitment: Commitment,
    kind: str,
    gross: int,
    recovered: int,
    invoice: Invoice,
    now: datetime,
    phase: Phase | None = None,
) -> PaymentOrder:
    commitment.refresh_from_db()
    amount, key = gross - recovered, fold(invoice.number)[:60]
    waiting = sum(commitment.orders.filter(status=Status.PREPARED).values_list("amount", flat=True))
    left = commitment.unpaid - waiting
    if amount <= 0:
        raise NotPossible(_("The amount is above zero."))
    if amount > left:
        raise words.over(budget.OverCeiling("paid", left), amount)
    if not key:
        raise NotPossible(_("Write the number of the invoice."))
    _refuse_second_use(commitment, key, invoice.number)
    try:
        with transaction.atomic():
            order = PaymentOrder.objects.create(
                cluster_id=commitment.cluster_id,
                commitment=commitment,
                phase=phase,
                payee_id=commitment.payee_id,
                number=next_code(commitment.cluster_id, f"P-{commitment.line.year.year}"),
                kind=kind,
                gross=gross,
                recovered=recovered,
                amount=amount,
                invoice_number=invoice.number.strip(),
                invoice_key=key,
                invoice_on=invoice.on,
                paper=invoice.paper,
                prepared_by=by,
                prepared_at=now,
            )
    except IntegrityError:  # somebody else was quicker
        raise NotPossible(_("This invoice or phase was used meanwhile. Look at the payment orders again.")) from None
    note(
        by,
        order.cluster_id,
        "prepare-order",
        f"payment-order/{order.pk}",
        province=order.commitment.line.province,
        amount=amount,
    )
    url = f"/credit/orders/{order.pk}/"
    tell(commitment.line, "order-prepared", url, "controller", but=by.pk, amount=amount, order=order.number)
    return order


def _refuse_second_use(commitment: Commitment, key: str, number: str) -> None:
    twin = PaymentOrder.objects.filter(
        cluster=commitment.cluster_id, payee=commitment.payee_id, invoice_key=key, status__in=PaymentOrder.LIVE
    ).first()
    if twin is not None:
        raise NotPossible(
            _("Invoice %(invoice)s of %(payee)s is used already, in payment order %(order)s.")
            % {"invoice": number, "payee": commitment.payee_name, "order": twin.number}
        )


@transaction.atomic
def pay_order(*, by: Person, order: PaymentOrder, on: date, now: datetime, document: str) -> Movement:
    """The controller pays what another desk prepared. `document`: the transfer."""
    line = locked(order.commitment.line)
    order = _waiting(order)
    if by.pk in (order.prepared_by_id, order.phase.confirmed_by_id if order.phase else None):
        raise NotPossible(_("Who prepared or confirmed a payment does not pay it: another person does."))
    commitment = order.commitment
    commitment.refresh_from_db()
    if order.amount > commitment.unpaid:
        raise words.over(budget.OverCeiling("paid", commitment.unpaid), order.amount)
    order.status, order.decided_by, order.decided_at = Status.PAID, by, now
    order.save(update_fields=["status", "decided_by", "decided_at"])
    made = move(
        by=by,
        line=line,
        kind="paid",
        amount=order.amount,
        on=on,
        now=now,
        grounds=Grounds(document, paper=order.paper),
        commitment=commitment,
        order=order,
    )
    note(
        by,
        order.cluster_id,
        "pay-order",
        f"payment-order/{order.pk}",
        province=order.commitment.line.province,
        amount=order.amount,
    )
    _answer(order, "order-paid", amount=order.amount)
    return made


@transaction.atomic
def send_order_back(*, by: Person, order: PaymentOrder, reason: str, now: datetime) -> PaymentOrder:
    """Do not pay; its invoice and phase are free for another order."""
    order = _waiting(order)
    if not reason.strip():
        raise NotPossible(_("Write why, so that the others know."))
    order.status, order.decided_by, order.decided_at, order.reason = Status.SENT_BACK, by, now, reason.strip()
    order.save(update_fields=["status", "decided_by", "decided_at", "reason"])
    note(
        by,
        order.cluster_id,
        "send-order-back",
        f"payment-order/{order.pk}",
        province=order.commitment.line.province,
        reason=reason,
    )
    _answer(order, "order-sent-back", reason=reason)
    return order


def _waiting(order: PaymentOrder) -> PaymentOrder:
    """The order under lock, while it waits; who prepared it locks no line, for which no right is theirs."""
    found = PaymentOrder.objects.select_for_update(of=("self",))
    order = found.select_related("commitment__contract", "commitment__line", "phase").get(pk=order.pk)
    if order.status != Status.PREPARED:
        raise NotPossible(
            _("The payment order is now “%(state)s”, so this cannot be done.") % {"state": order.get_status_display()}
        )
    return order


def _answer(order: PaymentOrder, code: str, **values: object) -> None:
    people = {order.prepared_by_id} - {order.decided_by_id}
    url = f"/credit/orders/{order.pk}/"
    notices.tell(people, cluster_id=order.cluster_id, code=code, url=url, order=order.number, **values)


@transaction.atomic
def refund(*, by: Person, commitment: Commitment, amount: int, on: date, now: datetime, grounds: Grounds) -> Movement:
    """A payee gives money back: within the year it can be paid again, after its end it goes to the treasury."""
    line = locked(commitment.line)
    commitment.refresh_from_db()
    if amount > commitment.paid:
        raise words.over(budget.OverCeiling("refunded", commitment.paid), amount)
    if amount <= 0:
        raise NotPossible(_("The amount is above zero."))
    kind: budget.Kind = "refunded_late" if line.closed_on else "refunded"
    made = move(by=by, line=line, kind=kind, amount=amount, on=on, now=now, grounds=grounds, commitment=commitment)
    note(by, line.cluster_id, "refund-credit", f"commitment/{commitment.pk}", province=line.province, amount=amount)
    return made
