"""Evidence of what a member could have had alone: given, taken back, until the action is agreed."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.benefit import queries
from kandoo.benefit.models import Evidence, Gain, OwnTime, StandAlone
from kandoo.engine.benefit import SAMPLE_MIN
from kandoo.register.models import Enterprise, Person
from kandoo.selling.models import Lot, Offer
from kandoo.selling.problems import NotPossible, WrongStep
from kandoo.selling.uploads import Upload
from kandoo.site import audit

Kind = Evidence.Kind


@dataclass(frozen=True, slots=True)
class EvidenceTerms:
    """One price: its kind, who said it, rial for a unit, the day, and a paper or a note.

    `item` is a batch's code, or empty for all of the member's. `sample` is for a median.
    """

    kind: str
    who: str
    per_unit: int
    on: date
    note: str = ""
    item: str = ""
    sample: int = 0
    document: Upload | None = None


@transaction.atomic
def add_evidence(*, by: Person, lot: Lot, enterprise: Enterprise, terms: EvidenceTerms, today: date) -> Evidence:
    """Write down a price that a member could have had alone, before the lot is agreed."""
    _check_open(lot, enterprise.pk)
    _check(terms, today)
    row = _row(by, lot, enterprise.pk, terms)
    _note(by, lot, "add-evidence", enterprise=enterprise.pk, kind=row.kind, per_unit=row.per_unit, sha256=row.sha256)
    return row


def _check_open(lot: Lot, enterprise: int) -> None:
    """Refuse once the lot is agreed; the database refuses it again."""
    fixed = StandAlone.objects.filter(action=queries.SELLING, action_id=lot.pk, enterprise=enterprise).exists()
    if fixed or lot.status not in (Lot.Status.CALLED, Lot.Status.OPEN, Lot.Status.PLANNED):
        raise WrongStep(_("The lot is agreed: what stands as alone is fixed and no evidence is added or taken away."))


def _check(terms: EvidenceTerms, today: date) -> None:
    if terms.per_unit <= 0:
        raise NotPossible(_("A price is above zero."))
    if terms.on > today:
        raise NotPossible(_("The date of this price lies in the future."))
    if terms.kind == Kind.INVOICE and terms.document is None:
        raise NotPossible(_("An invoice counts with its paper alone: add a photo or a PDF of it."))
    if terms.kind == Kind.QUOTATION and terms.document is None and not terms.note.strip():
        raise NotPossible(_("Add the paper of this price, or write how you were told it."))
    if terms.kind == Kind.MEDIAN and terms.sample < SAMPLE_MIN:
        raise NotPossible(_("A median counts from five prices on; say how many stand behind it."))


def _row(by: Person, lot: Lot, enterprise: int, terms: EvidenceTerms, *, with_offer: bool = False) -> Evidence:
    upload = terms.document
    return Evidence.objects.create(
        cluster_id=lot.cluster_id,
        enterprise_id=enterprise,
        action=queries.SELLING,
        action_id=lot.pk,
        item=terms.item,
        kind=terms.kind,
        who=terms.who.strip(),
        per_unit=terms.per_unit,
        on=terms.on,
        note=terms.note.strip(),
        sample=terms.sample if terms.kind == Kind.MEDIAN else 0,
        document=ContentFile(upload.content, f"document.{upload.name.rpartition('.')[2]}") if upload else "",
        document_name=upload.name if upload else "",
        sha256=hashlib.sha256(upload.content).hexdigest() if upload else "",
        with_offer=with_offer,
        by=by,
    )


@transaction.atomic
def keep_with_offer(
    *, by: Person, offer: Offer, kind: str = Kind.QUOTATION, note: str = "", days: int | None = None
) -> None:
    """Take the price that an offer names as evidence too; it follows the offer's changes."""
    mine = Evidence.objects.filter(action=queries.SELLING, action_id=offer.lot_id, enterprise=offer.enterprise_id)
    mine.filter(item=offer.batch.code, with_offer=True).delete()
    if offer.alone_document:
        with offer.alone_document.open() as file:
            name = f"{offer.batch.code}.{str(offer.alone_document.name).rpartition('.')[2]}"
            document = Upload(name, file.read())
    else:
        document = None
    terms = EvidenceTerms(
        kind=kind if kind in (Kind.QUOTATION, Kind.INVOICE) else Kind.QUOTATION,
        who=offer.alone_outlet,
        per_unit=offer.alone_per_kg,
        on=offer.alone_on,
        note=note,
        item=offer.batch.code,
        document=document,
    )
    _row(by, offer.lot, offer.enterprise_id, terms, with_offer=True)
    if days is not None:
        _keep_time(by, offer.lot, offer.enterprise_id, alone_days=days)


@transaction.atomic
def use_median(*, by: Person, lot: Lot, enterprise: Enterprise, item: str, goods: str, today: date) -> Evidence:
    """Take the median of what five other members or more documented, where there is one."""
    _check_open(lot, enterprise.pk)
    median = queries.median_alone(lot.cluster, queries.SELLING, goods, today)
    if median is None:
        raise NotPossible(_("Fewer than five members have documented a price of this kind, so there is no median yet."))
    source = {"fa": "میانه قیمت‌های مستند اعضای خوشه", "en": "Median of the cluster's documented prices"}
    terms = EvidenceTerms(
        kind=Kind.MEDIAN,
        who=f"{source['fa']} · {source['en']}",
        per_unit=median.per_unit,
        on=median.newest,
        item=item,
        sample=median.sample,
    )
    row = _row(by, lot, enterprise.pk, terms)
    _note(by, lot, "use-median", enterprise=enterprise.pk, per_unit=row.per_unit, sample=row.sample)
    return row


@transaction.atomic
def remove_evidence(*, by: Person, lot: Lot, evidence: Evidence) -> None:
    """Take a piece of evidence back before the lot is agreed; the trail keeps what it was."""
    _check_open(lot, evidence.enterprise_id)
    _note(
        by, lot, "remove-evidence", enterprise=evidence.enterprise_id, kind=evidence.kind, per_unit=evidence.per_unit,
        sha256=evidence.sha256,
    )  # fmt: skip
    evidence.delete()


@transaction.atomic
def say_own_time(
    *, by: Person, lot: Lot, enterprise: Enterprise, hours: Decimal | None, alone_days: int | None
) -> OwnTime:
    """A member's own hours in a lot, and the days it would have waited for its money alone."""
    if Gain.objects.filter(action=queries.SELLING, action_id=lot.pk, enterprise=enterprise).exists():
        raise WrongStep(_("The lot is settled and its gain counted; ask the agent for a correction."))
    if hours is not None and not 0 <= hours <= 5_000:
        raise NotPossible(_("Write hours between 0 and 5,000."))
    row = _keep_time(by, lot, enterprise.pk, hours=hours, alone_days=alone_days)
    _note(by, lot, "say-own-time", enterprise=enterprise.pk, hours=None if hours is None else str(hours))
    return row


def _keep_time(by: Person, lot: Lot, enterprise: int, **said: object) -> OwnTime:
    row, _is_new = OwnTime.objects.update_or_create(
        action=queries.SELLING,
        action_id=lot.pk,
        enterprise_id=enterprise,
        defaults={"cluster_id": lot.cluster_id, "by": by, **said},
    )
    return row


def _note(by: Person, lot: Lot, verb: str, **detail: object) -> None:
    audit.record(by=by, cluster_id=lot.cluster_id, verb=verb, subject=f"lot/{lot.pk}", **detail)
