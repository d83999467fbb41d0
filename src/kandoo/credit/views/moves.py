"""Money moved: allocated, returned, amended, committed, released, refunded; and each movement traced both ways."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit import access, actions, reading, words
from kandoo.credit.access import at_desk
from kandoo.credit.forms import AmendForm, CommitForm, MoveForm
from kandoo.credit.models import BudgetLaw, CreditLine, Movement
from kandoo.credit.queries.rules import rules_in_force
from kandoo.credit.views.parts import form_page, require
from kandoo.ledger.models import Leg
from kandoo.ledger.words import account_name
from kandoo.programme.queries.people import names
from kandoo.register.access import Seat
from kandoo.site.lists import asker


@at_desk()
def movement(request: HttpRequest, pk: int) -> HttpResponse:
    """One movement: back to law, paper and decision, on to activity and indicator, and its entry in the ledger."""
    seat = asker(request)
    found = access.movement_seen_by(seat, pk)
    context = {
        "movement": found,
        "line": found.line,
        "province": reading.province(found.line.province),
        "by": names(seat.cluster.pk).get(found.by_id, ""),
        "legs": _legs(found) if seat.is_one_of("controller", "auditor") else [],
    }
    return render(request, "credit/movement.html", context)


def _legs(found: Movement) -> list[tuple[Leg, str]]:
    """The legs of a movement's entry with the names of their accounts."""
    return [(leg, account_name(leg.account)) for leg in Leg.objects.filter(entry=found.entry_id).order_by("pk")]


def _moving(request: HttpRequest, pk: int) -> tuple[Seat, CreditLine]:
    """The seat and the line it may move money on."""
    seat = asker(request)
    line = access.line_seen_by(seat, pk)
    require(access.may_move(seat))
    return seat, line


@at_desk("controller")
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a part of what is approved be committed."""
    seat, line = _moving(request, pk)
    form = MoveForm(request.POST or None, file=line.file, today=timezone.localdate())
    answer = _("%(left)s of this line is approved and not allocated.") % {"left": words.money(line.state.unallocated)}
    return _move_page(request, seat, line, form, actions.allocate, _("Allocate"), answer)


@at_desk("controller")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an allocation that is not committed."""
    seat, line = _moving(request, pk)
    form = MoveForm(request.POST or None, file=line.file, today=timezone.localdate())
    answer = _("%(left)s of this line is allocated and not committed.") % {"left": words.money(line.state.uncommitted)}
    return _move_page(request, seat, line, form, actions.return_allocation, _("Return the allocation"), answer)


def _move_page(
    request: HttpRequest, seat: Seat, line: CreditLine, form: MoveForm, action: Any, title: str, answer: str
) -> HttpResponse:
    back = reverse("credit:line", args=[line.pk])

    def do() -> str:
        values = form.cleaned_data
        action(
            by=seat.person, line=line, amount=values["amount"], on=values["on"], now=timezone.now(), grounds=form.grounds()
        )  # fmt: skip
        return back

    return form_page(request, form, do, title=title, answer=answer, submit=title, back=back, crumb=line)


@at_desk("controller")
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Raise or cut a line by an amendment of its year's law."""
    seat, line = _moving(request, pk)
    require(access.may_govern(seat))
    laws = BudgetLaw.objects.filter(year=line.year, amends__isnull=False).order_by("-dated")
    form = AmendForm(request.POST or None, laws=laws, today=timezone.localdate())
    back = reverse("credit:line", args=[line.pk])

    def do() -> str:
        values = form.cleaned_data
        change = {"amount": form.change(), "on": values["on"], "reason": values["reason"]}
        actions.amend_line(by=seat.person, line=line, law=values["law"], now=timezone.now(), **change)
        return back

    answer = _("%(left)s of this line is not allocated; an amendment can take no more than that.") % {
        "left": words.money(line.state.unallocated)
    }
    title = _("Change by an amendment")
    return form_page(request, form, do, title=title, answer=answer, submit=title, back=back, crumb=line)


@at_desk("controller")
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Bind money to an activity and a payee, within share, ceiling and allocation."""
    seat, line = _moving(request, pk)
    activities, contracts = access.activities_seen_by(seat), access.contracts_seen_by(seat)
    if line.file_id is not None:
        activities, contracts = activities.filter(file=line.file_id), contracts.filter(file=line.file_id)
    elif line.province:
        activities, contracts = (
            activities.filter(province=line.province),
            contracts.filter(file__province=line.province),
        )
    form = CommitForm(
        request.POST or None,
        line=line,
        activities=activities.order_by("sort_key"),
        contracts=contracts.order_by("-signed_on"),
        payees=access.payees_seen_by(seat),
        today=timezone.localdate(),
    )

    def do() -> str:
        made = actions.commit_credit(by=seat.person, line=line, terms=form.terms(), now=timezone.now())
        return reverse("credit:commitment", args=[made.pk])

    answer = _("%(left)s of this line is allocated and not committed.") % {"left": words.money(line.state.uncommitted)}
    back, title = reverse("credit:line", args=[line.pk]), _("Make a budget commitment")
    in_force = rules_in_force(line.cluster_id, timezone.localdate())
    rules = [(each, reading.weight(each.agency_max)) for each in in_force]
    return form_page(
        request, form, do, title=title, answer=answer, submit=_("Commit"), back=back, crumb=line, rules=rules
    )  # fmt: skip


@at_desk()
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """One commitment: who bears what, what was paid and what is left."""
    seat = asker(request)
    found = access.commitment_seen_by(seat, pk)
    is_open = found.line.closed_on is None and found.unpaid > 0
    context = {
        "commitment": found,
        "line": found.line,
        "cost": found.amount + found.member_share + found.other_share,
        "orders": [(each, reading.ORDER_KINDS[each.status]) for each in found.orders.order_by("-pk")],  # type: ignore[index]
        "may_prepare": access.may_prepare(seat) and is_open and found.contract_id is None,
        "may_advance": access.may_prepare(seat) and is_open and _advance_left(found) > 0,
        "may_release": access.may_move(seat) and is_open,
        "may_refund": access.may_move(seat) and found.paid > 0,
    }
    return render(request, "credit/commitment.html", context)


def _advance_left(found: Any) -> int:
    """What may still be paid in advance; nothing once the contract has a payment."""
    contract = found.contract
    if contract is None or contract.commitments.filter(orders__status__in=("prepared", "paid")).exists():
        return 0
    return int(contract.advance_max - contract.advanced)


@at_desk("controller")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Free what a commitment no longer needs."""
    return _back_page(request, pk, actions.release_commitment, _("Release"), is_refund=False)


@at_desk("controller")
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Money that the payee gives back."""
    return _back_page(request, pk, actions.refund, _("Book a refund"), is_refund=True)


def _back_page(request: HttpRequest, pk: int, action: Any, title: str, *, is_refund: bool) -> HttpResponse:
    seat = asker(request)
    found = access.commitment_seen_by(seat, pk)
    require(access.may_move(seat))
    form = MoveForm(request.POST or None, file=found.line.file, today=timezone.localdate())
    back = reverse("credit:commitment", args=[pk])

    def do() -> str:
        values = form.cleaned_data
        given = {"amount": values["amount"], "on": values["on"], "grounds": form.grounds()}
        action(by=seat.person, commitment=found, now=timezone.now(), **given)
        return back

    paid = _("%(left)s was paid from this commitment.") % {"left": words.money(found.paid)}
    left = _("%(left)s of this commitment is not paid.") % {"left": words.money(found.unpaid)}
    return form_page(
        request, form, do, title=title, answer=paid if is_refund else left, submit=title, back=back, crumb=found.line
    )  # fmt: skip
