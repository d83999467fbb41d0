"""What is fixed when an action is agreed, what is counted when it is settled, and its corrections."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.benefit import lots, queries
from kandoo.benefit.models import Gain, OwnTime, StandAlone, Subsidy
from kandoo.engine import benefit as engine
from kandoo.engine.money import apportion
from kandoo.register.models import Person
from kandoo.selling.models import Lot, PaySlip
from kandoo.selling.problems import NotPossible, WrongStep
from kandoo.site import audit, notices
from kandoo.site.language import jalali_year


@transaction.atomic
def fix_alone(*, by: Person, lot: Lot) -> list[StandAlone]:
    """Write down for good what each member in a plan would have had alone, as its evidence stands now."""
    on = timezone.localtime(lot.agreed_at).date() if lot.agreed_at else timezone.localdate()
    evidence = queries.evidence_in(queries.SELLING, lot.pk)
    items: dict[int, list[lots.Item]] = defaultdict(list)
    for each in lots.planned_items(lot):
        items[each.enterprise].append(each)
    rows = StandAlone.objects.bulk_create(
        lots.stand_alone(lot, mine, evidence.get(enterprise, []), on) for enterprise, mine in sorted(items.items())
    )
    _note(by, lot, "fix-alone", members=len(rows), documented=sum(each.is_documented for each in rows))
    return rows


@transaction.atomic
def record_gains(*, by: Person, lot: Lot) -> list[Gain]:
    """Count what each member of a settled lot gained, from its pay slip and what was fixed as alone."""
    assert lot.delivered_on is not None, "a lot is delivered before it is settled"
    slips = list(PaySlip.objects.filter(lot=lot).order_by("enterprise_id"))
    alone, offers, harvest = queries.documented_alone(lot), lots.offers_of(lot), lots.harvest_days(lot)
    times = {each.enterprise_id: each for each in OwnTime.objects.filter(action=queries.SELLING, action_id=lot.pk)}
    season = jalali_year(lot.delivered_on)
    subsidies, per_hour = _subsidies(lot, slips), queries.per_hour(lot.cluster_id, season)
    rows = []
    for slip in slips:
        own = times.get(slip.enterprise_id)
        taken = engine.Taken(
            side="earning",
            lines=lots.lines_of(slip, alone, offers),
            hours=own.hours if own else None,
            per_hour=per_hour,
            subsidy=subsidies[slip.enterprise_id],
        )
        facts = {
            "cluster_id": lot.cluster_id,
            "enterprise_id": slip.enterprise_id,
            "action": queries.SELLING,
            "action_id": lot.pk,
            "season": season,
            "code": lot.code,
            "title": lot.title,
            "harvested_on": harvest.get(slip.enterprise_id),
            "delivered_on": lot.delivered_on,
            "alone_days": own.alone_days if own else None,
        }
        rows.append(_gain(by, taken, facts))
    rows = Gain.objects.bulk_create(rows)
    _note(by, lot, "record-gains", members=len(rows), gain=sum(each.gain for each in rows))
    return rows


def _subsidies(lot: Lot, slips: list[PaySlip]) -> Mapping[int, int]:
    """The public money in a lot, by member, by kilograms."""
    amount = Subsidy.objects.filter(action=queries.SELLING, action_id=lot.pk).aggregate(sum=Sum("amount"))["sum"] or 0
    return apportion(amount, {each.enterprise_id: each.content["kg"] for each in slips})


def _gain(by: Person, taken: engine.Taken, facts: Mapping[str, Any]) -> Gain:
    counted = engine.count_gain(taken)
    names = (
        "side",
        "quantity",
        "joint",
        "alone",
        "undocumented",
        "fees",
        "own_costs",
        "time",
        "subsidy",
        "net",
        "gain",
    )
    return Gain(
        **facts,
        **{name: getattr(counted, name) for name in names},
        claimed=counted.claimed,
        hours=taken.hours,
        is_documented=counted.is_documented,
        taken=queries.taken_to_json(taken),
        steps=[[step.code, step.amount] for step in counted.steps],
        by=by,
    )


@transaction.atomic
def correct_gain(*, by: Person, gain: Gain, hours: Decimal | None, subsidy: int, later: int, reason: str) -> Gain:
    """Count a gain anew with what was wrong put right; the corrected row stays and is linked.

    What was fixed as alone cannot be corrected. `later` is money that came to the member (below
    zero: was taken from it) after the settlement.
    """
    now = Gain.objects.get(pk=gain.pk)
    if not reason.strip():
        raise NotPossible(_("Say why it is corrected; the member will read it."))
    before = queries.taken_of(now)
    taken = replace(
        before, hours=hours, per_hour=queries.per_hour(now.cluster_id, now.season), subsidy=subsidy, later=later
    )
    if taken == before:
        raise NotPossible(_("Nothing would change."))
    kept = (
        "cluster_id",
        "enterprise_id",
        "action",
        "action_id",
        "season",
        "code",
        "title",
        "harvested_on",
        "delivered_on",
    )
    row = _gain(by, taken, {name: getattr(now, name) for name in (*kept, "alone_days", "unit")})
    row.corrects, row.reason = now, reason.strip()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # one correction a row: the second of two at once is told so too
        raise WrongStep(_("This gain was corrected already; correct the newest one.")) from None
    audit.record(
        by=by, cluster_id=now.cluster_id, verb="correct-gain", subject=f"gain/{row.pk}", reason=row.reason,
        before=now.gain, after=row.gain,
    )  # fmt: skip
    people = notices.people_with(now.cluster_id, "member", enterprises=[now.enterprise_id])
    notices.tell(
        people, cluster_id=now.cluster_id, code="gain-corrected", url=f"/benefit/gains/{row.pk}/",
        action=f"{now.code} {now.title}", reason=row.reason,
    )  # fmt: skip
    return row


def _note(by: Person, lot: Lot, verb: str, **detail: object) -> None:
    audit.record(by=by, cluster_id=lot.cluster_id, verb=verb, subject=f"lot/{lot.pk}", **detail)
