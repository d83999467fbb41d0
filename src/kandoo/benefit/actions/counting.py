"""What is fixed when an action is agreed, what is counted when it is settled, and its corrections."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from kandoo.benefit import items, lots, queries, rounds
from kandoo.benefit.joint import Joint
from kandoo.benefit.lots import Item
from kandoo.benefit.models import Gain, OwnTime, StandAlone, Subsidy
from kandoo.buying.models import Bill, Round
from kandoo.engine import benefit as engine
from kandoo.engine.money import apportion
from kandoo.register.models import Person
from kandoo.selling.models import Lot, PaySlip
from kandoo.selling.problems import NotPossible, WrongStep
from kandoo.site import audit, notices
from kandoo.site.language import jalali_year


def fix_alone(*, by: Person, lot: Lot) -> list[StandAlone]:
    """Write down for good what each member in a lot's plan would have had alone, as its evidence stands now."""
    return _fix(by, Joint.of_lot(lot))


def fix_alone_round(*, by: Person, this: Round) -> list[StandAlone]:
    """Write down for good what each member in a round's plan would have paid alone, as its evidence stands now."""
    return _fix(by, Joint.of_round(this))


@transaction.atomic
def _fix(by: Person, joint: Joint) -> list[StandAlone]:
    evidence = queries.evidence_in(joint.kind, joint.pk)
    mine: dict[int, list[Item]] = defaultdict(list)
    for each in items.planned_items(joint):
        mine[each.enterprise].append(each)
    rows = StandAlone.objects.bulk_create(
        items.stand_alone(joint, own, evidence.get(enterprise, []), joint.agreed_on)
        for enterprise, own in sorted(mine.items())
    )
    _note(by, joint, "fix-alone", members=len(rows), documented=sum(each.is_documented for each in rows))
    return rows


@dataclass(frozen=True, slots=True)
class _Part:
    """A member's part in a settled action: its lines and its weight in public money."""

    enterprise: int
    lines: tuple[engine.Line, ...]
    weight: int
    unit: str = "kg"
    harvested_on: date | None = None


def record_gains(*, by: Person, lot: Lot) -> list[Gain]:
    """Count what each member of a settled lot gained, from its pay slip and what was fixed as alone."""
    alone, offers, harvest = queries.documented_alone(lot), lots.offers_of(lot), lots.harvest_days(lot)
    parts = [
        _Part(
            slip.enterprise_id, lots.lines_of(slip, alone, offers), slip.content["kg"],
            harvested_on=harvest.get(slip.enterprise_id),
        )
        for slip in PaySlip.objects.filter(lot=lot).order_by("enterprise_id")
    ]  # fmt: skip
    return _record(by, Joint.of_lot(lot), parts, lot.delivered_on)


def record_gains_round(*, by: Person, this: Round) -> list[Gain]:
    """Count what each member of a settled round saved, from its bill and what was fixed as alone."""
    alone = queries.documented(queries.BUYING, this.pk)
    known = rounds.planned_items(this)
    claimed = {(each.enterprise, each.code): each.claimed for each in known}
    bills = Bill.objects.filter(round=this).order_by("enterprise_id")
    read = {bill: rounds.lines_of(bill, alone, claimed) for bill in bills}
    parts = [
        _Part(
            bill.enterprise_id, lines, bill.amount,
            unit=items.unit_of([each for each in known if each.enterprise == bill.enterprise_id]),
        )
        for bill, lines in read.items() if lines
    ]  # fmt: skip
    return _record(by, Joint.of_round(this), parts, this.delivered_on)


@transaction.atomic
def _record(by: Person, joint: Joint, parts: Sequence[_Part], delivered_on: date | None) -> list[Gain]:
    assert delivered_on is not None, "an action is delivered before it is settled"
    times = {each.enterprise_id: each for each in OwnTime.objects.filter(**joint.key)}
    season = jalali_year(delivered_on)
    subsidies, per_hour = _subsidies(joint, parts), queries.per_hour(joint.cluster.pk, season)
    rows = []
    for part in parts:
        own = times.get(part.enterprise)
        taken = engine.Taken(
            side=joint.side,
            lines=part.lines,
            hours=own.hours if own else None,
            per_hour=per_hour,
            subsidy=subsidies[part.enterprise],
        )
        facts = {
            "cluster_id": joint.cluster.pk,
            "enterprise_id": part.enterprise,
            **joint.key,
            "season": season,
            "code": joint.code,
            "title": joint.title,
            "unit": part.unit,
            "harvested_on": part.harvested_on,
            "delivered_on": delivered_on,
            "alone_days": own.alone_days if own else None,
        }
        rows.append(_gain(by, taken, facts))
    rows = Gain.objects.bulk_create(rows)
    _note(by, joint, "record-gains", members=len(rows), gain=sum(each.gain for each in rows))
    return rows


def _subsidies(joint: Joint, parts: Sequence[_Part]) -> Mapping[int, int]:
    """The public money in an action, by member: of a lot by kilograms, of a round by what was bought."""
    amount = Subsidy.objects.filter(**joint.key).aggregate(sum=Sum("amount"))["sum"] or 0
    return apportion(amount, {each.enterprise: each.weight for each in parts})


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


def _note(by: Person, joint: Joint, verb: str, **detail: Any) -> None:
    audit.record(by=by, cluster_id=joint.cluster.pk, verb=verb, subject=joint.subject, **detail)
