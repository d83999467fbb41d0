"""The one door through which public money moves: lock, law, ledger, movement.

The lock of the line is taken before any running number and any other row, always in this order, so that
writers stand in a row and none waits for another in a circle.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit import words
from kandoo.credit.models import BudgetLaw, Commitment, CreditLine, Movement, PaymentOrder
from kandoo.credit.problems import NotPossible
from kandoo.engine import budget, posting_rules
from kandoo.ledger.actions.posting import OUTSIDE, post
from kandoo.ledger.problems import NotPossible as LedgerSaysNo
from kandoo.programme.models import Decision, PaperEdition
from kandoo.programme.queries.people import people_for
from kandoo.register.models import Person
from kandoo.site import audit, notices
from kandoo.site.numbering import next_code

BEFOREHAND = frozenset({"approved", "carried_in"})  # as of the first day of a year that may be still to come
WITHIN_THE_YEAR = frozenset({"approved", "raised", "cut", "allocated", "committed", "carried_in"})


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a movement rests on: the document by its name, and where they are on file its paper and decision."""

    document: str
    paper: PaperEdition | None = None
    decision: Decision | None = None
    reason: str = ""


def locked(line: CreditLine) -> CreditLine:
    """The line as it stands now; until this transaction ends nobody else moves money on it."""
    return CreditLine.objects.select_for_update(of=("self",)).select_related("year", "cluster").get(pk=line.pk)


def move(
    *,
    by: Person,
    line: CreditLine,
    kind: budget.Kind,
    amount: int,
    on: date,
    now: datetime,
    grounds: Grounds,
    law: BudgetLaw | None = None,
    commitment: Commitment | None = None,
    order: PaymentOrder | None = None,
    activity_id: int | None = None,
) -> Movement:
    """Book a step of a locked line and write it down; the database moves the totals.

    Raises OverTheCeiling with what is left, or NotPossible where the day or the document is missing.
    """
    line.refresh_from_db()
    _check_place(line, kind, on, grounds)
    if kind not in BEFOREHAND:
        check_has_come(on, now)
    try:
        line.state.after(kind, amount)
    except budget.OverCeiling as problem:
        raise words.over(problem, amount) from None
    number = next_code(line.cluster_id, f"M-{line.year.year}")
    entry = _book(by, line, kind, amount, on, number)
    made = Movement.objects.create(
        cluster_id=line.cluster_id,
        line=line,
        number=number,
        kind=kind,
        amount=amount,
        on=on,
        document=grounds.document.strip(),
        reason=grounds.reason.strip(),
        law=law,
        paper=grounds.paper,
        decision=grounds.decision,
        activity_id=commitment.activity_id if commitment else (activity_id or line.activity_id),
        commitment=commitment,
        order=order,
        entry=entry,
        by=by,
        at=now,
    )
    line.refresh_from_db()
    return made


def check_has_come(on: date, now: datetime) -> None:
    """Refuse to write down as done what is dated on a day to come."""
    if on > timezone.localdate(now):
        raise NotPossible(_("This day is still to come."))


def _check_place(line: CreditLine, kind: budget.Kind, on: date, grounds: Grounds) -> None:
    year = line.year
    if not grounds.document.strip():
        raise NotPossible(_("Name the document it rests on."))
    if grounds.decision is not None and grounds.decision.on > on:
        raise NotPossible(
            _("The decision is of %(day)s; nothing rests on it before.") % {"day": words.day(grounds.decision.on)}
        )
    if line.closed_on is not None and kind != "refunded_late":
        raise NotPossible(_("The line of %(year)s is closed; nothing moves on it any more.") % {"year": year.year})
    last = year.ends_on if kind in WITHIN_THE_YEAR else year.pays_until if kind == "paid" else None
    if on < year.starts_on or (last is not None and on > last):
        raise NotPossible(
            _("%(day)s is no day of fiscal year %(year)s: it runs from %(first)s to %(last)s.")
            % {"day": words.day(on), "year": year.year, "first": words.day(year.starts_on), "last": words.day(last)}
            if last is not None
            else _("%(day)s lies before the fiscal year %(year)s.") % {"day": words.day(on), "year": year.year}
        )


def _book(by: Person, line: CreditLine, kind: budget.Kind, amount: int, on: date, number: str) -> Any:
    """The entry of a step in the ledger of the programme."""
    source, party = f"credit/{number}", f"{OUTSIDE}/{party_of(line)}"
    if kind == "lapsed":
        unallocated = line.state.unallocated
        value = posting_rules.credit_lapsed(
            source=source, line=party, unallocated=unallocated, uncommitted=amount - unallocated
        )
    else:
        value = posting_rules.RULES[f"credit_{kind}"](source=source, line=party, amount=amount)
    try:
        return post(by=by, cluster_id=line.cluster_id, entry=value, on=on)
    except LedgerSaysNo as problem:
        raise NotPossible(str(problem)) from None


def party_of(line: CreditLine) -> str:
    """How the ledger names a line: its year and code."""
    return f"{line.year.year}/{line.code}"


def note(by: Person, cluster_id: int, verb: str, subject: str, province: str = "", **detail: Any) -> None:
    """A line in the trail."""
    audit.record(by=by, cluster_id=cluster_id, verb=verb, subject=subject, province=province, **detail)


def tell(line: CreditLine, code: str, url: str, /, *roles: str, but: int | None = None, **values: Any) -> None:
    """Leave a notice with those who hold a role for the line's province or the nation."""
    people = set(people_for(line.cluster_id, line.province, *roles)) - {but}
    notices.tell(people, cluster_id=line.cluster_id, code=code, url=url, **values)
