"""What each role reads first: one answer, one next step, and what waits for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.benefit import access as benefit
from kandoo.benefit.queries import action_totals
from kandoo.register.access import Seat
from kandoo.selling import access, queries
from kandoo.selling.models import Batch, Consent, Lot, Order, PlanLine, Sample
from kandoo.sharing import queries as rules
from kandoo.sharing.models import RuleProposal
from kandoo.site import language


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the reader: words, where to do it, and the word on the button."""

    text: str
    url: str
    action: str


def home_figures(seat: Seat, today: date) -> dict[str, Any]:
    """The context of a role's home page."""
    by_role = {
        "agent": _agent,
        "member": _member,
        "buyer": _buyer,
        "laboratory": _laboratory,
        "officer": _officer,
        "auditor": _auditor,
        "controller": _controller,
        "supplier": _supplier,
    }
    context = by_role[seat.role](seat, today)
    return {"role": seat.role, "lots": _lots(seat)} | context


def _lots(seat: Seat) -> list[Lot]:
    """The lots nearest to now, newest first."""
    return list(access.lots_seen_by(seat).exclude(status=Lot.Status.CANCELLED).order_by("-pk")[:4])


def _agent(seat: Seat, today: date) -> dict[str, Any]:
    members = seat.cluster.memberships.filter(joined_on__lte=today).filter(Q(left_on=None) | Q(left_on__gt=today))
    batches = access.batches_seen_by(seat).filter(withdrawn_at=None, bar=None)
    return {
        "members": members.values("enterprise").distinct().count(),
        "kg": batches.aggregate(kg=Sum(F("drums") * F("drum_kg")))["kg"] or 0,
        "gain": _gain(seat),
        "tasks": [*_agent_tasks(seat, today), *_payment_tasks(seat)],
    }


def _gain(seat: Seat) -> int | None:
    """What cooperation brought those the seat sees, to the whole toman; None before anything is counted."""
    gain = benefit.gains_seen_by(seat).aggregate(sum=Sum("gain"))["sum"]
    return None if gain is None else round(gain, -1)


def _agent_tasks(seat: Seat, today: date) -> list[Task]:
    tasks = []
    open_orders = Order.objects.filter(cluster=seat.cluster, status=Order.Status.OPEN).count()
    if open_orders:
        text = ngettext(
            "%(n)s open order waits for a joint lot.", "%(n)s open orders wait for a joint lot.", open_orders
        )
        tasks.append(Task(_figure(text, open_orders), reverse("selling:lot_new"), _("Call a lot")))
    held = Batch.objects.filter(cluster=seat.cluster, released_at=None, withdrawn_at=None).exclude(held_at=None).count()
    if held:
        text = ngettext(
            "%(n)s batch is held until you release it.", "%(n)s batches are held until you release them.", held
        )
        tasks.append(Task(_figure(text, held), reverse("selling:batches") + "?state=held", _("Look at them")))
    words = {
        Lot.Status.CALLED: (_("%(lot)s is called but not open."), _("Open it")),
        Lot.Status.OPEN: (_("%(lot)s is taking offers."), _("Look at the offers")),
        Lot.Status.PLANNED: (_("%(lot)s is planned; members are answering."), _("Look at the answers")),
        Lot.Status.AGREED: (_("%(lot)s is agreed and waits for delivery."), _("Enter the delivery")),
        Lot.Status.DELIVERED: (_("%(lot)s is delivered and waits for settlement."), _("Settle it")),
    }
    for lot in access.lots_seen_by(seat).filter(status__in=words).order_by("pk"):
        text, action = words[Lot.Status(lot.status)]
        tasks.append(Task(text % {"lot": lot}, reverse("selling:lot", args=[lot.pk]), action))
    return tasks + _rule_tasks(rules.waiting_for_agent(seat.cluster.pk, today), is_voter=False)


def _rule_tasks(proposals: list[RuleProposal], *, is_voter: bool) -> list[Task]:
    """Votes on sharing rules: to be given by a member, to be opened or counted by the agent."""
    words = {
        (True, "open"): (_("Your firm has not voted yet: %(title)s"), _("See and vote")),
        (False, "open"): (_("The vote is over and waits for its count: %(title)s"), _("Count the votes")),
        (False, "draft"): (_("A proposed sharing rule waits for its vote: %(title)s"), _("See the proposal")),
    }
    tasks = []
    for each in proposals:
        text, action = words[is_voter, each.status]
        tasks.append(Task(text % {"title": each.title}, reverse("sharing:proposal", args=[each.pk]), action))
    return tasks


def _member(seat: Seat, today: date) -> dict[str, Any]:
    season = language.jalali_year(today)
    slips = access.pay_slips_seen_by(seat)
    batches = access.batches_seen_by(seat).filter(withdrawn_at=None)
    return {
        "season": season,
        "gain": _gain(seat),
        "amount": slips.aggregate(sum=Sum("amount"))["sum"],
        "kg": batches.filter(bar=None).aggregate(kg=Sum(F("drums") * F("drum_kg")))["kg"] or 0,
        "tasks": _member_tasks(seat, today),
    }


def _member_tasks(seat: Seat, today: date) -> list[Task]:
    votes = rules.unanswered(seat.cluster.pk, seat.enterprise.pk, today) if seat.enterprise else []
    tasks = _rule_tasks(votes, is_voter=True)
    lots = access.lots_seen_by(seat)
    # By the plan's number alone: the plan itself is not the member's to read.
    own = PlanLine.objects.filter(enterprise=seat.enterprise).values("plan")
    answered = Consent.objects.filter(enterprise=seat.enterprise).values("plan")
    for lot in lots.filter(status=Lot.Status.PLANNED, plan_id__in=own):
        if not lots.filter(pk=lot.pk, plan_id__in=answered).exists():
            text = _("The plan of %(lot)s waits for your answer.") % {"lot": lot}
            tasks.append(Task(text, reverse("selling:lot", args=[lot.pk]), _("Read and answer")))
    for lot in lots.filter(status=Lot.Status.OPEN, offers_until__gte=today):
        until = language.format_day(lot.offers_until, queries.page_language())
        text = _("%(lot)s takes offers until %(day)s.") % {"lot": lot, "day": until}
        tasks.append(Task(text, reverse("selling:lot", args=[lot.pk]), _("Offer your drums")))
    held = (
        access.batches_seen_by(seat).filter(released_at=None, withdrawn_at=None, explanation="").exclude(held_at=None)
    )
    for batch in held:
        text = _("Batch %(batch)s is held; please explain the harvest.") % {"batch": batch.code}
        tasks.append(Task(text, reverse("selling:batch", args=[batch.pk]), _("Explain")))
    return tasks


def _buyer(seat: Seat, today: date) -> dict[str, Any]:
    orders = access.orders_seen_by(seat)
    return {
        "open": orders.filter(status__in=[Order.Status.OPEN, Order.Status.IN_LOT]).count(),
        "filled": orders.filter(status=Order.Status.FILLED).count(),
        "tasks": [],
        "orders": orders.order_by("-pk")[:5],
    }


def _laboratory(seat: Seat, today: date) -> dict[str, Any]:
    waiting = (
        Sample.objects.filter(laboratory=seat.enterprise, done_on=None).select_related("batch").order_by("asked_on")
    )
    return {
        "waiting": waiting.count(),
        "done": Sample.objects.filter(laboratory=seat.enterprise).exclude(done_on=None).count(),
        "tasks": [
            Task(
                _("Batch %(batch)s waits for its results.") % {"batch": each.batch.code},
                reverse("selling:batch_results", args=[each.batch_id]),
                _("Enter results"),
            )
            for each in waiting[:10]
        ],
    }


def _officer(seat: Seat, today: date) -> dict[str, Any]:
    known = [each.gain for each in action_totals(seat.cluster) if each.gain is not None]
    return {"gain": round(sum(known), -1) if known else None, "tasks": []}


def _auditor(seat: Seat, today: date) -> dict[str, Any]:
    from kandoo.ledger.access import entries_seen_by

    return {"entries": entries_seen_by(seat).count(), "tasks": []}


def _controller(seat: Seat, today: date) -> dict[str, Any]:
    from kandoo.payments.home import controller_figures

    return _auditor(seat, today) | controller_figures(seat) | {"tasks": _payment_tasks(seat)}


def _payment_tasks(seat: Seat) -> list[Task]:
    from kandoo.payments.home import waiting_for

    return [Task(*each) for each in waiting_for(seat)]


def _supplier(seat: Seat, today: date) -> dict[str, Any]:
    return {"tasks": []}


def _figure(text: str, number: int) -> str:
    return text % {"n": language.format_number(number, queries.page_language(), 0)}
