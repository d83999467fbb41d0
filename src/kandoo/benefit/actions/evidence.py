"""Evidence of what a member could have had alone: given, taken back, until the action is agreed."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.benefit import queries
from kandoo.benefit.joint import Joint
from kandoo.benefit.lots import Item
from kandoo.benefit.models import Evidence, Gain, OwnTime, StandAlone
from kandoo.buying.models import Need, NeedPrice
from kandoo.engine.benefit import SAMPLE_MIN
from kandoo.register.models import Enterprise, Person
from kandoo.selling.models import Offer
from kandoo.selling.problems import NotPossible, WrongStep
from kandoo.selling.uploads import Upload
from kandoo.site import audit

Kind = Evidence.Kind


@dataclass(frozen=True, slots=True)
class EvidenceTerms:
    """One price: its kind, who said it, rial for a unit, the day, and a paper or a note.

    `item` is the code of a batch or of a thing bought, or empty for all of the member's; `unit` its unit.
    `sample` is for a median.
    """

    kind: str
    who: str
    per_unit: int
    on: date
    note: str = ""
    item: str = ""
    unit: str = "kg"
    sample: int = 0
    document: Upload | None = None


@transaction.atomic
def add_evidence(*, by: Person, joint: Joint, enterprise: Enterprise, terms: EvidenceTerms, today: date) -> Evidence:
    """Write down a price that a member could have had alone, before the action is agreed."""
    _check_open(joint, enterprise.pk)
    _check(terms, today)
    row = _row(by, joint, enterprise.pk, terms)
    _note(by, joint, "add-evidence", enterprise=enterprise.pk, kind=row.kind, per_unit=row.per_unit, sha256=row.sha256)
    return row


def _check_open(joint: Joint, enterprise: int) -> None:
    """Refuse once the action is agreed; the database refuses it again."""
    fixed = StandAlone.objects.filter(**joint.key, enterprise=enterprise).exists()
    if fixed or not joint.takes_evidence:
        raise WrongStep(_("This is agreed: what stands as alone is fixed and no evidence is added or taken away."))


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


def _row(
    by: Person,
    joint: Joint,
    enterprise: int,
    terms: EvidenceTerms,
    *,
    with_offer: bool = False,
    paper_of: Evidence | None = None,
) -> Evidence:
    upload = terms.document
    row = Evidence(
        cluster_id=joint.cluster.pk,
        enterprise_id=enterprise,
        **joint.key,
        item=terms.item,
        kind=terms.kind,
        who=terms.who.strip(),
        per_unit=terms.per_unit,
        unit=terms.unit,
        on=terms.on,
        note=terms.note.strip(),
        sample=terms.sample if terms.kind == Kind.MEDIAN else 0,
        with_offer=with_offer,
        by=by,
    )
    if upload:
        row.document = ContentFile(upload.content, f"document.{upload.name.rpartition('.')[2]}")
        row.document_name, row.sha256 = upload.name, hashlib.sha256(upload.content).hexdigest()
    elif paper_of:
        row.document, row.document_name, row.sha256 = paper_of.document, paper_of.document_name, paper_of.sha256
    row.save()
    return row


@transaction.atomic
def keep_with_offer(
    *, by: Person, offer: Offer, kind: str = Kind.QUOTATION, note: str = "", days: int | None = None
) -> None:
    """Take the price that an offer names as evidence too; it follows the offer's changes."""
    joint = Joint.of_lot(offer.lot)
    mine = Evidence.objects.filter(**joint.key, enterprise=offer.enterprise_id)
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
    _row(by, joint, offer.enterprise_id, terms, with_offer=True)
    if days is not None:
        _keep_time(by, joint, offer.enterprise_id, alone_days=days)


@transaction.atomic
def keep_with_need(
    *,
    by: Person,
    need: Need,
    price: NeedPrice,
    kind: str = Kind.QUOTATION,
    note: str = "",
    document: Upload | None = None,
) -> None:
    """Take the price alone that a need names as evidence too; it follows the need's changes.

    A paper given before stays as long as price, person and day do.
    """
    joint, thing = Joint.of_round(need.round), need.round_item.item
    mine = Evidence.objects.filter(
        **joint.key, enterprise=need.enterprise_id, item=thing.code, unit=thing.unit, with_offer=True
    )
    before = mine.first()
    mine.delete()
    if not price.alone:
        return
    terms = EvidenceTerms(
        kind=kind if kind in (Kind.QUOTATION, Kind.INVOICE) else Kind.QUOTATION,
        who=price.alone_from,
        per_unit=price.alone,
        on=price.alone_on or timezone.localdate(),
        note=note,
        item=thing.code,
        unit=thing.unit,
        document=document,
    )
    same = before and (before.per_unit, before.who, before.on) == (terms.per_unit, terms.who.strip(), terms.on)
    _row(by, joint, need.enterprise_id, terms, with_offer=True, paper_of=before if same and not document else None)


@transaction.atomic
def use_median(*, by: Person, joint: Joint, enterprise: Enterprise, item: Item, today: date) -> Evidence:
    """Take the median of what five other members or more documented, where there is one."""
    _check_open(joint, enterprise.pk)
    median = queries.median_alone(joint.cluster, joint.kind, item.goods, today)
    if median is None:
        raise NotPossible(_("Fewer than five members have documented a price of this kind, so there is no median yet."))
    source = {"fa": "میانه قیمت‌های مستند اعضای خوشه", "en": "Median of the cluster's documented prices"}
    terms = EvidenceTerms(
        kind=Kind.MEDIAN,
        who=f"{source['fa']} · {source['en']}",
        per_unit=median.per_unit,
        on=median.newest,
        item=item.code,
        unit=item.unit,
        sample=median.sample,
    )
    row = _row(by, joint, enterprise.pk, terms)
    _note(by, joint, "use-median", enterprise=enterprise.pk, per_unit=row.per_unit, sample=row.sample)
    return row


@transaction.atomic
def remove_evidence(*, by: Person, joint: Joint, evidence: Evidence) -> None:
    """Take a piece of evidence back before the action is agreed; the trail keeps what it was."""
    _check_open(joint, evidence.enterprise_id)
    _note(
        by, joint, "remove-evidence", enterprise=evidence.enterprise_id, kind=evidence.kind, per_unit=evidence.per_unit,
        sha256=evidence.sha256,
    )  # fmt: skip
    evidence.delete()


@transaction.atomic
def say_own_time(
    *, by: Person, joint: Joint, enterprise: Enterprise, hours: Decimal | None, alone_days: int | None
) -> OwnTime:
    """A member's own hours in an action, and the days it would have waited for its money alone."""
    if Gain.objects.filter(**joint.key, enterprise=enterprise).exists():
        raise WrongStep(_("This is settled and its gain counted; ask the agent for a correction."))
    if hours is not None and not 0 <= hours <= 5_000:
        raise NotPossible(_("Write hours between 0 and 5,000."))
    row = _keep_time(by, joint, enterprise.pk, hours=hours, alone_days=alone_days)
    _note(by, joint, "say-own-time", enterprise=enterprise.pk, hours=None if hours is None else str(hours))
    return row


def _keep_time(by: Person, joint: Joint, enterprise: int, **said: object) -> OwnTime:
    row, _is_new = OwnTime.objects.update_or_create(
        **joint.key,
        enterprise_id=enterprise,
        defaults={"cluster_id": joint.cluster.pk, "by": by, **said},
    )
    return row


def _note(by: Person, joint: Joint, verb: str, **detail: Any) -> None:
    audit.record(by=by, cluster_id=joint.cluster.pk, verb=verb, subject=joint.subject, **detail)
