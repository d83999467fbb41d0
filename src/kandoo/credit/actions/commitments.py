"""Budget commitments: money of a line bound to an activity and a payee, within share, ceiling and allocation."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.credit import words
from kandoo.credit.actions.moving import Grounds, locked, move, note, tell
from kandoo.credit.models import Activity, Commitment, Contract, CreditLine, Movement, Payee
from kandoo.credit.problems import NotPossible
from kandoo.credit.queries.rules import as_rule, rule_in_force, unbound, uncommitted
from kandoo.engine import budget
from kandoo.register.models import Person
from kandoo.site.numbering import next_code


@dataclass(frozen=True, slots=True)
class CommitTerms:
    """What is bound, to whom and who bears the rest. With a contract, payee and activity are the contract's."""

    activity: Activity
    payee: Payee
    title: str
    shares: budget.CostShares
    on: date
    grounds: Grounds
    contract: Contract | None = None


@transaction.atomic
def commit_credit(*, by: Person, line: CreditLine, terms: CommitTerms, now: datetime) -> Commitment:
    """Bind money of a line.

    Raises OverTheCeiling with the ceiling and what is left where the share, the ceiling of one commitment,
    the contract or the allocation does not suffice; NotPossible where the line is for something else.
    """
    line = locked(line)
    _check_purpose(line, terms)
    rule = rule_in_force(line.cluster_id, terms.activity.kind, terms.on)
    if rule is None:
        raise NotPossible(
            _("No ceiling is in force for “%(kind)s”; the controller of the nation sets one first.")
            % {"kind": terms.activity.get_kind_display()}
        )
    try:
        budget.check_commitment(line.state, as_rule(rule), terms.shares)
        if terms.contract is not None and terms.shares.agency > (left := uncommitted(terms.contract)):
            raise budget.OverCeiling("contract", left)
        if terms.shares.agency > (left := unbound(terms.activity)):
            raise budget.OverCeiling("activity", left)
    except budget.OverCeiling as problem:
        raise words.over(problem, terms.shares.agency) from None
    made = Commitment.objects.create(
        cluster_id=line.cluster_id,
        line=line,
        activity=terms.activity,
        contract=terms.contract,
        payee=terms.payee,
        payee_name=terms.payee.name_fa,
        number=next_code(line.cluster_id, f"T-{line.year.year}"),
        title=terms.title,
        amount=terms.shares.agency,
        member_share=terms.shares.member,
        other_share=terms.shares.other,
        agency_max=rule.agency_max,
        on=terms.on,
        by=by,
        at=now,
    )
    move(
        by=by, line=line, kind="committed", amount=made.amount, on=terms.on, now=now, grounds=terms.grounds, commitment=made
    )  # fmt: skip
    made.refresh_from_db()
    note(by, line.cluster_id, "commit-credit", f"commitment/{made.pk}", province=line.province, amount=made.amount)
    url = f"/credit/commitments/{made.pk}/"
    tell(line, "credit-committed", url, "officer", but=by.pk, amount=made.amount, title=made.title)
    return made


def _check_purpose(line: CreditLine, terms: CommitTerms) -> None:
    activity, contract = terms.activity, terms.contract
    if line.activity_id not in (None, activity.pk) or line.file_id not in (None, activity.file_id):
        raise NotPossible(_("This line is for another cluster or activity."))
    if line.province not in ("", activity.province):
        raise NotPossible(_("This line is for another province."))
    if contract is not None and (contract.activity_id != activity.pk or contract.payee_id != terms.payee.pk):
        raise NotPossible(_("The contract is for another activity or with somebody else."))


@transaction.atomic
def release_commitment(
    *, by: Person, commitment: Commitment, amount: int, on: date, now: datetime, grounds: Grounds
) -> Movement:
    """Free what a commitment no longer needs; it can be committed anew on the line."""
    line = locked(commitment.line)
    commitment.refresh_from_db()
    if amount > commitment.unpaid:
        raise words.over(budget.OverCeiling("released", commitment.unpaid), amount)
    if amount <= 0:
        raise NotPossible(_("The amount is above zero."))
    made = move(
        by=by, line=line, kind="released", amount=amount, on=on, now=now, grounds=grounds, commitment=commitment
    )
    note(by, line.cluster_id, "release-credit", f"commitment/{commitment.pk}", province=line.province, amount=amount)
    return made
