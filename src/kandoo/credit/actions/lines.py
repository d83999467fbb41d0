"""Credit lines: opened by the law, amended, allocated, given back; one by one or from a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.credit import words
from kandoo.credit.actions.moving import Grounds, locked, move, note, tell
from kandoo.credit.models import Activity, BudgetLaw, CreditLine, FiscalYear, ImportedLines, Movement
from kandoo.credit.problems import NotPossible
from kandoo.programme.models import ClusterFile
from kandoo.register.models import Cluster, Person


@dataclass(frozen=True, slots=True)
class LineTerms:
    """A line of the budget: of the nation (blank province), a province, a cluster's file, an activity. Rial."""

    code: str
    name_fa: str
    amount: int
    name_en: str = ""
    province: str = ""
    file: ClusterFile | None = None
    activity: Activity | None = None


@transaction.atomic
def open_line(*, by: Person, year: FiscalYear, terms: LineTerms, on: date, now: datetime) -> CreditLine:
    """Open a line with the sum the year's law approves for it."""
    line = new_line(year=year, terms=terms)
    law = BudgetLaw.objects.get(year=year, amends=None)
    move(
        by=by, line=line, kind="approved", amount=terms.amount, on=on, now=now, law=law, grounds=Grounds(law.number)
    )  # fmt: skip
    note(by, line.cluster_id, "open-line", f"credit-line/{line.pk}", province=line.province, amount=terms.amount)
    return line


def new_line(*, year: FiscalYear, terms: LineTerms) -> CreditLine:
    """An empty line of a year, locked. Raises NotPossible when its code is taken or its place does not fit."""
    place = terms.file or terms.activity
    if place is not None and place.province != terms.province:
        raise NotPossible(_("The cluster or activity lies in another province than the line."))
    if CreditLine.objects.filter(cluster_id=year.cluster_id, year=year, code=terms.code).exists():
        raise NotPossible(_("Line %(code)s is there already in %(year)s.") % {"code": terms.code, "year": year.year})
    line = CreditLine.objects.create(
        cluster_id=year.cluster_id,
        year=year,
        code=terms.code,
        name_fa=terms.name_fa,
        name_en=terms.name_en,
        province=terms.province,
        file=terms.file or (terms.activity.file if terms.activity else None),
        activity=terms.activity,
    )
    return locked(line)


@transaction.atomic
def amend_line(
    *, by: Person, line: CreditLine, law: BudgetLaw, amount: int, on: date, now: datetime, reason: str
) -> Movement:
    """Raise (above zero) or cut (below zero) a line by an amendment of its year's law."""
    line = locked(line)
    if law.amends_id is None or law.year_id != line.year_id:
        raise NotPossible(_("A line is changed by an amendment of its own year’s law."))
    if on < law.dated:
        raise NotPossible(_("The amendment is of %(day)s; it changes nothing before.") % {"day": words.day(law.dated)})
    made = move(
        by=by,
        line=line,
        kind="raised" if amount > 0 else "cut",
        amount=_some(abs(amount)),
        on=on,
        now=now,
        law=law,
        grounds=Grounds(law.number, reason=reason),
    )
    note(
        by,
        line.cluster_id,
        "amend-line",
        f"credit-line/{line.pk}",
        province=line.province,
        amount=amount,
        law=law.number,
    )
    return made


@transaction.atomic
def allocate(*, by: Person, line: CreditLine, amount: int, on: date, now: datetime, grounds: Grounds) -> Movement:
    """Let a part of what is approved be committed from now on; the officers of the line are told."""
    line = locked(line)
    made = move(by=by, line=line, kind="allocated", amount=_some(amount), on=on, now=now, grounds=grounds)
    note(by, line.cluster_id, "allocate-credit", f"credit-line/{line.pk}", province=line.province, amount=amount)
    tell(line, "credit-allocated", f"/credit/lines/{line.pk}/", "officer", but=by.pk, amount=amount, line=str(line))
    return made


@transaction.atomic
def return_allocation(
    *, by: Person, line: CreditLine, amount: int, on: date, now: datetime, grounds: Grounds
) -> Movement:
    """Give an allocation back that is not committed; it stays approved."""
    line = locked(line)
    made = move(by=by, line=line, kind="returned", amount=_some(amount), on=on, now=now, grounds=grounds)
    note(by, line.cluster_id, "return-credit", f"credit-line/{line.pk}", province=line.province, amount=amount)
    return made


def _some(amount: int) -> int:
    if amount <= 0:
        raise NotPossible(_("The amount is above zero."))
    return amount


@transaction.atomic
def import_lines(
    *,
    by: Person,
    programme: Cluster,
    year: FiscalYear,
    news: Sequence[LineTerms],
    name: str,
    sha256: str,
    on: date,
    now: datetime,
) -> list[CreditLine]:
    """Open the lines of a checked table, all or none; the same table is refused a second time."""
    if ImportedLines.objects.filter(cluster=programme, sha256=sha256).exists():
        raise NotPossible(_("This file was read before; its lines are there."))
    made = [open_line(by=by, year=year, terms=each, on=on, now=now) for each in news]
    ImportedLines.objects.create(cluster=programme, name=name[:200], sha256=sha256, rows=len(made), by=by, at=now)
    note(by, programme.pk, "import-lines", f"fiscal-year/{year.year}", lines=len(made))
    return made
