"""What money is for and whom it goes to: activities with cost and effect, and payees."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from kandoo.credit import words
from kandoo.credit.actions.moving import note
from kandoo.credit.models import Activity, CostKind, Payee
from kandoo.credit.problems import NotPossible
from kandoo.credit.queries.rules import rule_in_force
from kandoo.engine.budget import WHOLE
from kandoo.engine.sheba import is_sheba
from kandoo.programme.models import ClusterFile
from kandoo.register.models import Cluster, Person
from kandoo.site.language import latin_digits


@dataclass(frozen=True, slots=True)
class ActivityTerms:
    """An activity of a cluster's plan (`file`) or of a province: whole cost in rial, effect on an indicator.

    `member_share` and `other_share`: thousandths of the cost; the programme bears the rest.
    """

    code: str
    name_fa: str
    province: str
    kind: str
    cost: int
    starts_on: date
    ends_on: date
    indicator: str
    effect: str
    name_en: str = ""
    file: ClusterFile | None = None
    owner: str = ""
    member_share: int = 0
    other_share: int = 0


CHANGEABLE = ("name_fa", "name_en", "kind", "owner", "cost", "member_share", "other_share", "starts_on", "ends_on",
              "indicator", "effect")  # fmt: skip


@transaction.atomic
def plan_activity(*, by: Person, programme: Cluster, terms: ActivityTerms) -> Activity:
    """Write an activity down, so that money can be committed to it.

    Raises NotPossible where its days, sums, shares or place cannot be, or its code is taken.
    """
    _check_terms(programme.pk, terms)
    if Activity.objects.filter(cluster=programme, code=terms.code).exists():
        raise NotPossible(_("Activity %(code)s is there already.") % {"code": terms.code})
    held = {name: getattr(terms, name) for name in CHANGEABLE}
    made = Activity.objects.create(
        cluster=programme, province=terms.province, file=terms.file, code=terms.code, by=by, **held
    )
    note(by, programme.pk, "plan-activity", f"credit-activity/{made.pk}", province=made.province)
    return made


@transaction.atomic
def change_activity(*, by: Person, activity: Activity, terms: ActivityTerms) -> Activity:
    """Change what is planned; code, cluster and province stay. The trail keeps each value before and after.

    Raises NotPossible as `plan_activity` does, and where more is committed than the programme would bear,
    or the kind of cost changes after money was committed by the rule of the other.
    """
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    terms = replace(terms, code=activity.code, file=activity.file, province=activity.province)
    _check_terms(activity.cluster_id, terms)
    before = {name: getattr(activity, name) for name in CHANGEABLE}
    changed = {name: getattr(terms, name) for name in CHANGEABLE if getattr(terms, name) != before[name]}
    if not changed:
        return activity
    for name, value in changed.items():
        setattr(activity, name, value)
    _check_money(activity, changed)
    activity.save()
    trail = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
    note(
        by,
        activity.cluster_id,
        "change-activity",
        f"credit-activity/{activity.pk}",
        province=activity.province,
        changed=trail,
    )
    return activity


def check_shares(programme_id: int, kind: str, on: date, member_share: int, other_share: int) -> None:
    """Refuse shares that do not add up, or that ask more of the programme than its rule of that day allows."""
    agency = WHOLE - member_share - other_share
    if min(agency, member_share, other_share) < 0:
        raise NotPossible(_("Members and others cannot bear more than the whole cost."))
    rule = rule_in_force(programme_id, kind, on)
    if rule is not None and agency > rule.agency_max:
        raise NotPossible(
            _("The programme would bear %(asked)s of this cost; of “%(kind)s” it bears %(most)s at most.")
            % {"asked": words.share(agency), "most": words.share(rule.agency_max), "kind": CostKind(kind).label}
        )


def _check_terms(programme_id: int, terms: ActivityTerms) -> None:
    if terms.ends_on < terms.starts_on:
        raise NotPossible(_("An activity does not end before it begins."))
    if terms.cost <= 0:
        raise NotPossible(_("The amount is above zero."))
    if terms.file is not None and terms.file.province != terms.province:
        raise NotPossible(_("The cluster lies in another province."))
    check_shares(programme_id, terms.kind, terms.starts_on, terms.member_share, terms.other_share)


def _check_money(activity: Activity, changed: dict[str, Any]) -> None:
    """What is committed to an activity stays within what the programme is to bear, by the rule it was committed under."""
    net = F("committed") - F("carried")
    bound = activity.commitments.aggregate(sum=Sum(net))["sum"] or 0
    if bound and "kind" in changed:
        raise NotPossible(_("Money is committed to it already; its kind of cost stays."))
    if {"cost", "member_share", "other_share"} & changed.keys() and bound > activity.borne["agency"]:
        raise NotPossible(
            _("%(sum)s is committed to it already, more than the programme would bear.") % {"sum": words.money(bound)}
        )
    if activity.done_on is not None and activity.done_on < activity.starts_on:
        raise NotPossible(_("An activity is not done before it begins."))


def _plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def finish_activity(*, by: Person, activity: Activity, on: date) -> Activity:
    """Say that an activity is done, and since when."""
    if on < activity.starts_on:
        raise NotPossible(_("An activity is not done before it begins."))
    activity.done_on = on
    activity.save(update_fields=["done_on"])
    note(by, activity.cluster_id, "finish-activity", f"credit-activity/{activity.pk}", province=activity.province)
    return activity


@transaction.atomic
def add_payee(
    *, by: Person, programme: Cluster, number: str, name_fa: str, name_en: str = "", sheba: str = ""
) -> Payee:
    """Write down somebody to be paid, once for each national number."""
    plain = latin_digits(number).strip()
    if not plain.isdecimal() or len(plain) not in (10, 11):
        raise NotPossible(_("The national number has 10 digits for a person, 11 for a company."))
    _check_sheba(sheba)
    if Payee.objects.filter(cluster=programme, number=plain).exists():
        raise NotPossible(_("A payee with this national number is there already."))
    made = Payee.objects.create(cluster=programme, number=plain, name_fa=name_fa, name_en=name_en, sheba=sheba, by=by)
    note(by, programme.pk, "add-payee", f"payee/{made.pk}")
    return made


@transaction.atomic
def change_payee(*, by: Person, payee: Payee, name_fa: str, name_en: str = "", sheba: str = "") -> Payee:
    """Correct a payee's name or account; the national number stays. The trail keeps each value before and after."""
    _check_sheba(sheba)
    payee = Payee.objects.select_for_update().get(pk=payee.pk)
    given = {"name_fa": name_fa, "name_en": name_en, "sheba": sheba}
    changed = {name: [getattr(payee, name), value] for name, value in given.items() if getattr(payee, name) != value}
    if not changed:
        return payee
    for name in changed:
        setattr(payee, name, given[name])
    payee.save()
    note(by, payee.cluster_id, "change-payee", f"payee/{payee.pk}", changed=changed)
    return payee


def _check_sheba(sheba: str) -> None:
    if sheba and not is_sheba(sheba):
        raise NotPossible(_("This is no Sheba; look at its digits again."))
