"""What money is for and whom it goes to: activities with cost and effect, and payees."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.credit.actions.moving import note
from kandoo.credit.models import Activity, Payee
from kandoo.credit.problems import NotPossible
from kandoo.engine.sheba import is_sheba
from kandoo.programme.models import ClusterFile
from kandoo.register.models import Cluster, Person
from kandoo.site.language import latin_digits


@dataclass(frozen=True, slots=True)
class ActivityTerms:
    """An activity of a cluster's plan (`file`) or of a province: whole cost in rial, effect on an indicator."""

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


@transaction.atomic
def plan_activity(*, by: Person, programme: Cluster, terms: ActivityTerms) -> Activity:
    """Write an activity down, so that money can be committed to it."""
    if terms.ends_on < terms.starts_on:
        raise NotPossible(_("An activity does not end before it begins."))
    if terms.cost <= 0:
        raise NotPossible(_("The amount is above zero."))
    if terms.file is not None and terms.file.province != terms.province:
        raise NotPossible(_("The cluster lies in another province."))
    if Activity.objects.filter(cluster=programme, code=terms.code).exists():
        raise NotPossible(_("Activity %(code)s is there already.") % {"code": terms.code})
    made = Activity.objects.create(
        cluster=programme,
        province=terms.province,
        file=terms.file,
        code=terms.code,
        kind=terms.kind,
        name_fa=terms.name_fa,
        name_en=terms.name_en,
        cost=terms.cost,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        indicator=terms.indicator,
        effect=terms.effect,
        by=by,
    )
    note(by, programme.pk, "plan-activity", f"credit-activity/{made.pk}")
    return made


@transaction.atomic
def finish_activity(*, by: Person, activity: Activity, on: date) -> Activity:
    """Say that an activity is done, and since when."""
    if on < activity.starts_on:
        raise NotPossible(_("An activity is not done before it begins."))
    activity.done_on = on
    activity.save(update_fields=["done_on"])
    note(by, activity.cluster_id, "finish-activity", f"credit-activity/{activity.pk}")
    return activity


@transaction.atomic
def add_payee(
    *, by: Person, programme: Cluster, number: str, name_fa: str, name_en: str = "", sheba: str = ""
) -> Payee:
    """Write down somebody to be paid, once for each national number."""
    plain = latin_digits(number).strip()
    if not plain.isdigit() or len(plain) not in (10, 11):
        raise NotPossible(_("The national number has 10 digits for a person, 11 for a company."))
    if sheba and not is_sheba(sheba):
        raise NotPossible(_("This is no Sheba; look at its digits again."))
    if Payee.objects.filter(cluster=programme, number=plain).exists():
        raise NotPossible(_("A payee with this national number is there already."))
    made = Payee.objects.create(cluster=programme, number=plain, name_fa=name_fa, name_en=name_en, sheba=sheba, by=by)
    note(by, programme.pk, "add-payee", f"payee/{made.pk}")
    return made
