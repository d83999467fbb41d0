"""Fiscal years, the laws that approve their money and amend it, and the dated rules of cost."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit import fiscal, words
from kandoo.credit.actions.moving import note
from kandoo.credit.models import BudgetLaw, CostRule, FiscalYear
from kandoo.credit.problems import NotPossible
from kandoo.register.models import Cluster, Person
from kandoo.site.language import jalali_year

AHEAD = 2  # years for which a budget law may be written down beforehand


@dataclass(frozen=True, slots=True)
class LawTerms:
    """A budget law or an amendment: its number, title, day and where it was published."""

    number: str
    title: str
    dated: date
    source: str


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """What the programme bears at most of a kind of cost: thousandths; `amount_max` in rial, None: no ceiling."""

    kind: str
    from_on: date
    agency_max: int
    advance_max: int
    source: str
    amount_max: int | None = None


@transaction.atomic
def open_year(
    *, by: Person, programme: Cluster, year: int, law: LawTerms, now: datetime, pays_until: date | None = None
) -> FiscalYear:
    """Begin a fiscal year with its budget law. `pays_until`: the last day on which its commitments are paid."""
    starts_on, ends_on = fiscal.first_day(year), fiscal.last_day(year)
    if FiscalYear.objects.filter(cluster=programme, year=year).exists():
        raise NotPossible(_("Fiscal year %(year)s is there already.") % {"year": year})
    if year > jalali_year(timezone.localdate(now)) + AHEAD:
        raise NotPossible(_("Fiscal year %(year)s is too far ahead; look at its digits again.") % {"year": year})
    if pays_until is not None and pays_until < ends_on:
        raise NotPossible(_("The last day of payment does not lie before the year’s end."))
    row = FiscalYear.objects.create(
        cluster=programme, year=year, starts_on=starts_on, ends_on=ends_on, pays_until=pays_until or ends_on
    )
    _write_law(by, row, law, None, now)
    note(by, programme.pk, "open-year", f"fiscal-year/{year}")
    return row


@transaction.atomic
def amend_law(*, by: Person, year: FiscalYear, law: LawTerms, now: datetime) -> BudgetLaw:
    """Write down an amendment of the year's budget law; lines are raised and cut by it from then on."""
    original = BudgetLaw.objects.get(year=year, amends=None)
    if law.dated < original.dated:
        raise NotPossible(
            _("An amendment is not older than the law it amends, of %(day)s.") % {"day": words.day(original.dated)}
        )
    made = _write_law(by, year, law, original, now)
    note(by, year.cluster_id, "amend-law", f"fiscal-year/{year.year}", number=law.number)
    return made


def _write_law(by: Person, year: FiscalYear, law: LawTerms, amends: BudgetLaw | None, now: datetime) -> BudgetLaw:
    if BudgetLaw.objects.filter(year=year, number=law.number).exists():
        raise NotPossible(_("The law %(number)s is written down already.") % {"number": law.number})
    return BudgetLaw.objects.create(
        cluster_id=year.cluster_id,
        year=year,
        number=law.number,
        title=law.title,
        dated=law.dated,
        source=law.source,
        amends=amends,
        by=by,
        at=now,
    )


@transaction.atomic
def set_cost_rule(*, by: Person, programme: Cluster, terms: RuleTerms) -> CostRule:
    """Put a ceiling, a share and an advance in force from a day on; what was committed before keeps its own."""
    if not (0 < terms.agency_max <= 1000 and 0 <= terms.advance_max <= 500):
        raise NotPossible(_("The share lies between 0.1 and 100 percent, the advance between 0 and 50 percent."))
    if CostRule.objects.filter(cluster=programme, kind=terms.kind, from_on=terms.from_on).exists():
        raise NotPossible(_("A rule for this kind of cost begins on that day already."))
    made = CostRule.objects.create(
        cluster=programme,
        kind=terms.kind,
        from_on=terms.from_on,
        agency_max=terms.agency_max,
        advance_max=terms.advance_max,
        amount_max=terms.amount_max,
        source=terms.source,
        by=by,
    )
    note(by, programme.pk, "set-cost-rule", f"cost-rule/{made.pk}", kind=terms.kind)
    return made
