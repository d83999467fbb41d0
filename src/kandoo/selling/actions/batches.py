"""Batches: recorded, held and released, tested, barred, withdrawn."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.engine import mass, standards
from kandoo.register.models import Enterprise, Person, Site
from kandoo.selling import queries
from kandoo.selling.models import Attachment, Bar, Batch, LabResult, Sample
from kandoo.selling.problems import BatchInUse, NotPossible
from kandoo.site import audit, language, notices
from kandoo.site.numbering import next_code

__all__ = [
    "BatchInUse",
    "NewResult",
    "NotPossible",
    "add_attachment",
    "ask_sample",
    "enter_results",
    "explain_hold",
    "record_batch",
    "release_batch",
    "withdraw_batch",
]


@dataclass(frozen=True, slots=True)
class NewResult:
    """One value or finding of a test, before it is stored."""

    parameter: str
    value: Decimal | None = None
    finding: str = ""
    method: str = ""


@transaction.atomic
def record_batch(
    *,
    by: Person,
    site: Site,
    kind: str,
    harvested_on: date,
    drums: int,
    drum_kg: int,
    today: date,
    now: datetime,
    note: str = "",
    explanation: str = "",
) -> Batch:
    """Write down a harvest. More than the hives plausibly give is held until it is released (law 3)."""
    site = Site.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=site.pk)
    profile = profiles.load(site.cluster.profile)
    _check_harvest(profile, site, kind, harvested_on, drums, drum_kg, today)
    season = language.jalali_year(harvested_on)
    earlier = Batch.objects.filter(site=site, season=season, withdrawn_at=None).order_by("pk")
    verdict = mass.judge_harvest(
        [*(mass.Harvest(each.code, each.mass_kg) for each in earlier), mass.Harvest("new", drums * drum_kg)],
        hives=site.hives or 0,
        kg_per_hive_max=queries.plausible_yield(site.cluster, season),
    )
    is_held = "new" in verdict.held
    batch = Batch.objects.create(
        cluster=site.cluster,
        enterprise_id=site.enterprise_id,
        site=site,
        code=next_code(site.cluster_id, f"B-{season}"),
        kind=kind,
        harvested_on=harvested_on,
        season=season,
        drums=drums,
        drum_kg=drum_kg,
        note=note,
        created_by=by,
        held_at=now if is_held else None,
        held_harvest_kg=verdict.harvested_kg if is_held else None,
        held_plausible_kg=verdict.plausible_kg if is_held else None,
        explanation=explanation if is_held else "",
    )
    audit.record(by=by, cluster_id=batch.cluster_id, verb="record-batch", subject=f"batch/{batch.pk}", kg=batch.mass_kg)
    if is_held:
        _tell(batch, "batch-held", also=["agent"])
    return batch


def _check_harvest(
    profile: profiles.Profile, site: Site, kind: str, harvested_on: date, drums: int, drum_kg: int, today: date
) -> None:
    """Refuse what cannot be a harvest, saying why."""
    unit = profile.pack_units[profile.default_pack_unit]
    if site.kind != Site.Kind.APIARY or not site.hives:
        raise NotPossible(_("This place has no counted hives. Enter its hives first, with date and source."))
    if kind not in profile.kinds:
        raise NotPossible(_("The kind is not one of the product's kinds."))
    if harvested_on > today:
        raise NotPossible(_("The harvest date lies in the future."))
    if drums < 1:
        raise NotPossible(_("A batch has at least one drum."))
    if not 1 <= drum_kg <= unit.net_kg_max:
        raise NotPossible(
            _("A drum holds at most %(most)s kg; write the net mass of one drum.") % {"most": int(unit.net_kg_max)}
        )


@transaction.atomic
def explain_hold(*, by: Person, batch: Batch, explanation: str) -> None:
    """The member says why the harvest was so large."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not batch.is_held:
        raise NotPossible(_("This batch is not held."))
    batch.explanation = explanation
    batch.save(update_fields=["explanation"])
    audit.record(by=by, cluster_id=batch.cluster_id, verb="explain-hold", subject=f"batch/{batch.pk}")


@transaction.atomic
def release_batch(*, by: Person, batch: Batch, reason: str, now: datetime) -> None:
    """The agent lets a held batch go, with the reason it was satisfied by."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not batch.is_held:
        raise NotPossible(_("This batch is not held."))
    batch.released_at, batch.released_by, batch.release_reason = now, by, reason
    batch.save(update_fields=["released_at", "released_by", "release_reason"])
    audit.record(by=by, cluster_id=batch.cluster_id, verb="release-batch", subject=f"batch/{batch.pk}", reason=reason)
    _tell(batch, "batch-released")


@transaction.atomic
def withdraw_batch(*, by: Person, batch: Batch, now: datetime) -> None:
    """Take back a batch that was entered in error or sold elsewhere; it stays on record."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if (
        queries.promised_drums(batch)
        or batch.offers.filter(is_withdrawn=False).exclude(lot__status__in=["settled", "cancelled"]).exists()
    ):
        raise BatchInUse(_("Drums of this batch are offered or promised to a lot. Take the offer back first."))
    if batch.withdrawn_at:
        raise NotPossible(_("This batch was already withdrawn."))
    batch.withdrawn_at = now
    batch.save(update_fields=["withdrawn_at"])
    audit.record(by=by, cluster_id=batch.cluster_id, verb="withdraw-batch", subject=f"batch/{batch.pk}")


@transaction.atomic
def ask_sample(*, by: Person, batch: Batch, laboratory: Enterprise, today: date) -> Sample:
    """Give a sample of the batch to a laboratory of the register; it may then enter its results."""
    sample, is_new = Sample.objects.get_or_create(
        batch=batch,
        laboratory=laboratory,
        defaults={"cluster_id": batch.cluster_id, "asked_on": today, "asked_by": by},
    )
    if is_new:
        audit.record(
            by=by, cluster_id=batch.cluster_id, verb="ask-sample", subject=f"batch/{batch.pk}", laboratory=laboratory.pk
        )
        people = notices.people_with(batch.cluster_id, "laboratory", enterprises=[laboratory.pk])
        notices.tell(
            people,
            cluster_id=batch.cluster_id,
            code="sample-asked",
            url=f"/selling/batches/{batch.pk}/",
            batch=batch.code,
        )
    return sample


@transaction.atomic
def add_attachment(*, by: Person, batch: Batch, kind: str, name: str, content: bytes) -> Attachment:
    """Keep a photo or certificate of a batch under its checksum."""
    attachment = Attachment(
        cluster_id=batch.cluster_id,
        batch=batch,
        kind=kind,
        name=name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        by=by,
    )
    suffix = name.rpartition(".")[2].lower()[:5]
    attachment.file.save(f"{attachment.sha256[:24]}.{suffix}", ContentFile(content), save=False)
    attachment.save()
    audit.record(
        by=by, cluster_id=batch.cluster_id, verb="add-file", subject=f"batch/{batch.pk}", sha256=attachment.sha256
    )
    return attachment


@transaction.atomic
def enter_results(
    *,
    by: Person,
    batch: Batch,
    results: Sequence[NewResult],
    tested_on: date,
    today: date,
    laboratory: Enterprise | None = None,
    laboratory_name: str = "",
    certificate: Attachment | None = None,
) -> list[LabResult]:
    """Store a laboratory's results; a forbidden residue or failed authenticity bars the batch for good."""
    profile = profiles.load(batch.cluster.profile)
    if not results:
        raise NotPossible(_("Enter at least one result."))
    if not batch.harvested_on <= tested_on <= today:
        raise NotPossible(_("The test date lies before the harvest or in the future."))
    _check_results(profile, results)
    stored = LabResult.objects.bulk_create(
        LabResult(
            cluster_id=batch.cluster_id,
            batch=batch,
            parameter=each.parameter,
            value=each.value,
            finding=each.finding,
            method=each.method or queries.usual_method(profile, each.parameter),
            laboratory=laboratory,
            laboratory_name="" if laboratory else laboratory_name,
            tested_on=tested_on,
            certificate=certificate,
            by=by,
        )
        for each in results
    )
    audit.record(
        by=by,
        cluster_id=batch.cluster_id,
        verb="enter-results",
        subject=f"batch/{batch.pk}",
        parameters=[each.parameter for each in results],
    )
    if laboratory is not None:
        Sample.objects.filter(batch=batch, laboratory=laboratory, done_on=None).update(done_on=today)
        _tell(batch, "result-entered", also=["agent"])
    _bar_if_must(profile, batch, stored)
    return stored


def _check_results(profile: profiles.Profile, results: Sequence[NewResult]) -> None:
    """Refuse values no laboratory could report and findings a test cannot have."""
    for each in results:
        parameter, test = profile.parameters.get(each.parameter), profile.tests.get(each.parameter)
        if parameter is None and test is None:
            raise NotPossible(_("Unknown parameter: %(code)s") % {"code": each.parameter})
        if parameter is not None and (each.value is None or not parameter.is_plausible(float(each.value))):
            raise NotPossible(
                _("%(name)s must lie between %(low)s and %(high)s %(unit)s.")
                % {
                    "name": parameter.name.in_language(queries.page_language()),
                    "low": parameter.low,
                    "high": parameter.high,
                    "unit": parameter.unit_name.in_language(queries.page_language()),
                }
            )
        if test is not None and test.answers and each.finding not in test.answers:
            raise NotPossible(
                _("Choose one of the answers of %(name)s.") % {"name": test.name.in_language(queries.page_language())}
            )


def _bar_if_must(profile: profiles.Profile, batch: Batch, stored: Sequence[LabResult]) -> None:
    """Law 4: what the profile bars for good is barred at once, by whichever result said so first."""
    if Bar.objects.filter(batch=batch).exists():
        return
    found = {each.parameter: queries.result_value(each) for each in stored}
    for bar in standards.bars(profile.tests.values(), found):
        if bar.scope != "for_good":
            continue
        result = next(each for each in stored if each.parameter == bar.test)
        Bar.objects.create(cluster_id=batch.cluster_id, batch=batch, result=result, code=bar.reason)
        audit.record(
            by=result.by, cluster_id=batch.cluster_id, verb="bar-batch", subject=f"batch/{batch.pk}", test=bar.test
        )
        _tell(batch, "batch-barred", also=["agent"], reason=profile.tests[bar.test].name.fa)
        return


def _tell(batch: Batch, code: str, *, also: Sequence[str] = (), **values: str) -> None:
    """Tell the batch's own people, and those with the roles named."""
    people = notices.people_with(batch.cluster_id, "member", enterprises=[batch.enterprise_id])
    if also:
        people += notices.people_with(batch.cluster_id, *also)
    notices.tell(
        people, cluster_id=batch.cluster_id, code=code, url=f"/selling/batches/{batch.pk}/", batch=batch.code, **values
    )
