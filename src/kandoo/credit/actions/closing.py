"""The year's end of a line: what goes on is carried to the next year, the rest lapses, and a letter says so."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.credit import words
from kandoo.credit.actions.lines import LineTerms, new_line
from kandoo.credit.actions.moving import Grounds, check_has_come, locked, move, note, tell
from kandoo.credit.models import Closing, Commitment, CreditLine, FiscalYear, PaymentOrder
from kandoo.credit.problems import NotPossible
from kandoo.engine import budget
from kandoo.register.models import Person
from kandoo.site.numbering import next_code


@transaction.atomic
def close_line(
    *, by: Person, line: CreditLine, to_carry: frozenset[int], on: date, now: datetime, reason: str
) -> Closing:
    """Close a line for good. `to_carry`: the commitments (by number of their row) that go on in the next year.

    Everything else that is not paid lapses. Raises NotPossible before the year's last day, while a payment
    order waits, and where the next year is not written down yet.
    """
    line = locked(line)
    unpaid = _check(line, on, now, reason)
    end = budget.close_year(line.state, {each.pk: each.unpaid for each in unpaid}, to_carry)
    to_line = _line_of_next_year(line) if end.carried else None
    number = next_code(line.cluster_id, f"L-{line.year.year}")
    grounds = Grounds(number, reason=reason)
    for each in unpaid:
        if each.pk in end.released:
            move(
                by=by, line=line, kind="released", amount=end.released[each.pk], on=on, now=now, grounds=grounds, commitment=each
            )  # fmt: skip
        elif each.pk in end.carried and to_line is not None:
            _carry(by, line, each, to_line, end.carried[each.pk], on, now, grounds)
    if end.lapsed:
        move(by=by, line=line, kind="lapsed", amount=end.lapsed, on=on, now=now, grounds=grounds)
    closing = _write(by, line, end, to_line, number, on, now, reason)
    note(
        by,
        line.cluster_id,
        "close-line",
        f"credit-line/{line.pk}",
        province=line.province,
        lapsed=end.lapsed,
        carried=end.carried_sum,
    )
    tell(line, "line-closed", f"/credit/lines/{line.pk}/", "officer", but=by.pk, amount=end.lapsed, line=str(line))
    return closing


def _check(line: CreditLine, on: date, now: datetime, reason: str) -> list[Commitment]:
    """The commitments not paid in full; refuses what cannot be closed yet."""
    if line.closed_on is not None:
        raise NotPossible(_("The line of %(year)s is closed; nothing moves on it any more.") % {"year": line.year.year})
    if on < line.year.ends_on:
        raise NotPossible(
            _("The year ends on %(day)s; a line is closed on that day or later.")
            % {"day": words.day(line.year.ends_on)}
        )
    check_has_come(on, now)
    if not reason.strip():
        raise NotPossible(_("Write why, so that the others know."))
    waiting = PaymentOrder.objects.filter(commitment__line=line, status=PaymentOrder.Status.PREPARED).first()
    if waiting is not None:
        raise NotPossible(
            _("Payment order %(order)s of this line waits; pay it or send it back first.") % {"order": waiting.number}
        )
    return [each for each in line.commitments.order_by("pk") if each.unpaid]


def _line_of_next_year(line: CreditLine) -> CreditLine:
    """The line of the same code in the next year, opened without money of its own where it is not there."""
    year = FiscalYear.objects.filter(cluster_id=line.cluster_id, year=line.year.year + 1).first()
    if year is None:
        raise NotPossible(
            _("Write down fiscal year %(year)s first, to which the commitments go.") % {"year": line.year.year + 1}
        )
    found = CreditLine.objects.filter(cluster_id=line.cluster_id, year=year, code=line.code).first()
    if found is not None:
        return locked(found)
    terms = LineTerms(line.code, line.name_fa, 0, line.name_en, line.province, line.file, line.activity)
    return new_line(year=year, terms=terms)


def _carry(
    by: Person,
    line: CreditLine,
    commitment: Commitment,
    to_line: CreditLine,
    amount: int,
    on: date,
    now: datetime,
    grounds: Grounds,
) -> None:
    move(
        by=by, line=line, kind="carried_out", amount=amount, on=on, now=now, grounds=grounds, commitment=commitment
    )  # fmt: skip
    twin = Commitment.objects.create(
        cluster_id=line.cluster_id,
        line=to_line,
        activity_id=commitment.activity_id,
        contract_id=commitment.contract_id,
        payee_id=commitment.payee_id,
        payee_name=commitment.payee_name,
        number=next_code(line.cluster_id, f"T-{to_line.year.year}"),
        title=commitment.title,
        amount=amount,
        agency_max=budget.WHOLE,  # checked when it was committed first
        on=max(on, to_line.year.starts_on),
        carried_from=commitment,
        by=by,
        at=now,
    )
    move(
        by=by,
        line=to_line,
        kind="carried_in",
        amount=amount,
        on=max(on, to_line.year.starts_on),
        now=now,
        grounds=grounds,
        commitment=twin,
    )


def _write(
    by: Person,
    line: CreditLine,
    end: budget.YearEnd,
    to_line: CreditLine | None,
    number: str,
    on: date,
    now: datetime,
    reason: str,
) -> Closing:
    return Closing.objects.create(
        cluster_id=line.cluster_id,
        line=line,
        number=number,
        on=on,
        approved=line.approved,
        paid=line.paid,
        unallocated=end.unallocated,
        uncommitted=end.uncommitted,
        carried=end.carried_sum,
        to_line=to_line,
        reason=reason.strip(),
        by=by,
        at=now,
    )
