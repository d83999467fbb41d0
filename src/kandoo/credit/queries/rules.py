"""The rule of cost in force, and what a contract still needs."""

from datetime import date

from django.db.models import F, Sum

from kandoo.credit.models import Activity, Commitment, Contract, CostKind, CostRule, FiscalYear
from kandoo.engine import budget


def rule_in_force(programme_id: int, kind: str, on: date) -> CostRule | None:
    """The newest rule for a kind of cost that begins not after a day."""
    rules = CostRule.objects.filter(cluster=programme_id, kind=kind, from_on__lte=on)
    return rules.order_by("-from_on").first()


def rules_in_force(programme_id: int, on: date) -> list[CostRule]:
    """The rule of each kind of cost that has one, in the order of the kinds."""
    found = (rule_in_force(programme_id, kind, on) for kind in CostKind.values)
    return [each for each in found if each is not None]


def as_rule(rule: CostRule) -> budget.CostRule:
    """A rule as the engine takes it."""
    return budget.CostRule(rule.agency_max, rule.advance_max, rule.amount_max)


def uncommitted(contract: Contract) -> int:
    """What a contract costs above what is committed to it, in rial."""
    bound = Commitment.objects.filter(contract=contract).aggregate(sum=Sum(F("committed") - F("carried")))["sum"]
    return contract.amount - (bound or 0)


def unbound(activity: Activity) -> int:
    """What the programme is to bear of an activity above what is committed to it, in rial."""
    bound = Commitment.objects.filter(activity=activity).aggregate(sum=Sum(F("committed") - F("carried")))["sum"]
    return activity.borne["agency"] - (bound or 0)


def year_on(programme_id: int, day: date) -> FiscalYear | None:
    """The fiscal year in which a day lies, if it is written down; else the newest before."""
    years = FiscalYear.objects.filter(cluster=programme_id, starts_on__lte=day)
    return years.order_by("-year").first()
