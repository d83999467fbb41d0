"""Contracts and their phases: agreed, delivered, confirmed by the supervisor or sent back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.credit import words
from kandoo.credit.actions.moving import note
from kandoo.credit.models import Activity, Contract, Payee, Phase
from kandoo.credit.problems import NotPossible
from kandoo.credit.queries.rules import as_rule, rule_in_force
from kandoo.engine import budget
from kandoo.programme.models import PaperEdition
from kandoo.programme.queries.people import people_for
from kandoo.register.models import Person
from kandoo.site import notices
from kandoo.site.numbering import next_code


@dataclass(frozen=True, slots=True)
class PhaseTerms:
    """A phase: its weight in thousandths of the contract, what it delivers and when."""

    title: str
    deliverable: str
    weight: int
    due_on: date


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A contract as it was signed; amount in rial, advance within the rule of the day it was signed."""

    kind: str
    title: str
    activity: Activity
    payee: Payee
    amount: int
    signed_on: date
    ends_on: date
    document: str
    phases: Sequence[PhaseTerms]


@transaction.atomic
def make_contract(*, by: Person, terms: ContractTerms, now: datetime) -> Contract:
    """Write a signed contract down with its phases; money is committed to it by the controller."""
    activity = terms.activity
    if activity.file is None:
        raise NotPossible(_("A contract is for the activity of one cluster."))
    rule = rule_in_force(activity.cluster_id, activity.kind, terms.signed_on)
    if rule is None:
        raise NotPossible(
            _("No ceiling is in force for “%(kind)s”; the controller of the nation sets one first.")
            % {"kind": activity.get_kind_display()}
        )
    amounts = _amounts(terms)
    contract = Contract.objects.create(
        cluster_id=activity.cluster_id,
        file=activity.file,
        activity=activity,
        number=next_code(activity.cluster_id, "G"),
        kind=terms.kind,
        title=terms.title,
        payee=terms.payee,
        payee_name=terms.payee.name_fa,
        amount=terms.amount,
        signed_on=terms.signed_on,
        ends_on=terms.ends_on,
        document=terms.document,
        advance_max=budget.advance_most(as_rule(rule), terms.amount),
        by=by,
        at=now,
    )
    Phase.objects.bulk_create(
        Phase(
            cluster_id=contract.cluster_id,
            contract=contract,
            position=place,
            title=phase.title,
            deliverable=phase.deliverable,
            weight=phase.weight,
            amount=amount,
            due_on=phase.due_on,
        )
        for place, (phase, amount) in enumerate(zip(terms.phases, amounts, strict=True), start=1)
    )
    note(
        by,
        contract.cluster_id,
        "make-contract",
        f"contract/{contract.pk}",
        province=contract.file.province,
        amount=terms.amount,
    )
    return contract


def _amounts(terms: ContractTerms) -> tuple[int, ...]:
    total = sum(phase.weight for phase in terms.phases)
    if total != budget.WHOLE:
        raise NotPossible(
            _("The weights of the phases add up to %(n)s percent; they make 100 together.") % {"n": f"{total / 10:g}"}
        )
    if terms.amount < budget.WHOLE:
        raise NotPossible(_("The amount is above zero."))
    if terms.amount > terms.activity.cost:
        raise NotPossible(
            _("A contract does not cost more than its activity: %(cost)s.") % {"cost": words.money(terms.activity.cost)}
        )
    if terms.ends_on < terms.signed_on:
        raise NotPossible(_("A contract does not end before it is signed."))
    return budget.phase_amounts(terms.amount, [phase.weight for phase in terms.phases])


def _open_phase(phase: Phase) -> Phase:
    """The phase under lock, unless it is confirmed already."""
    phase = Phase.objects.select_for_update(of=("self",)).select_related("contract__file").get(pk=phase.pk)
    if phase.confirmed_by_id is not None:
        raise NotPossible(_("This phase is confirmed already."))
    return phase


@transaction.atomic
def deliver_phase(*, by: Person, phase: Phase, document: str, on: date, paper: PaperEdition | None = None) -> Phase:
    """Say that a phase is delivered, with its paper; the supervisors are told."""
    phase = _open_phase(phase)
    if not document.strip():
        raise NotPossible(_("Name the document it rests on."))
    if on < phase.contract.signed_on:
        raise NotPossible(_("A phase is not delivered before the contract is signed."))
    phase.delivered_on, phase.delivered_as, phase.delivered_by = on, document.strip(), by
    phase.paper, phase.remark = paper, ""
    phase.save(update_fields=["delivered_on", "delivered_as", "delivered_by", "paper", "remark"])
    _note(by, phase, "deliver-phase")
    _tell(phase, "phase-delivered", "supervisor", but=by.pk)
    return phase


@transaction.atomic
def confirm_phase(*, by: Person, phase: Phase, now: datetime, remark: str = "") -> Phase:
    """The supervisor confirms what was delivered; from now on the phase can be paid."""
    phase = _open_phase(phase)
    if phase.delivered_on is None:
        raise NotPossible(_("This phase is not delivered yet."))
    if phase.delivered_by_id == by.pk:
        raise NotPossible(_("Who delivered a phase does not confirm it."))
    phase.confirmed_by, phase.confirmed_at, phase.remark = by, now, remark.strip()
    phase.save(update_fields=["confirmed_by", "confirmed_at", "remark"])
    _note(by, phase, "confirm-phase")
    _tell(phase, "phase-confirmed", "officer", but=by.pk)
    return phase


@transaction.atomic
def send_phase_back(*, by: Person, phase: Phase, reason: str) -> Phase:
    """The supervisor does not confirm; the phase is to be delivered anew."""
    phase = _open_phase(phase)
    if phase.delivered_on is None:
        raise NotPossible(_("This phase is not delivered yet."))
    if not reason.strip():
        raise NotPossible(_("Write why, so that the others know."))
    deliverer = phase.delivered_by_id
    phase.delivered_on, phase.delivered_by, phase.remark = None, None, reason.strip()
    phase.save(update_fields=["delivered_on", "delivered_by", "remark"])
    _note(by, phase, "send-phase-back", reason=reason)
    _tell(phase, "phase-sent-back", "officer", but=by.pk, also=deliverer, reason=reason)
    return phase


def _note(by: Person, phase: Phase, verb: str, **detail: str) -> None:
    note(
        by,
        phase.cluster_id,
        verb,
        f"contract/{phase.contract_id}",
        province=phase.contract.file.province,
        phase=phase.position,
        **detail,
    )


def _tell(phase: Phase, code: str, role: str, but: int, also: int | None = None, **values: str) -> None:
    people = {*people_for(phase.cluster_id, phase.contract.file.province, role), *([also] if also else [])} - {but}
    url = f"/credit/contracts/{phase.contract_id}/"
    notices.tell(people, cluster_id=phase.cluster_id, code=code, url=url, phase=phase.title, **values)
