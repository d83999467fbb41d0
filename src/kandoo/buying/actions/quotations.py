"""Sealed quotations: given, changed and taken back by their supplier until the round closes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.buying.actions.steps import Status, note, require, tell
from kandoo.buying.models import (
    Certificate,
    Item,
    Quotation,
    QuotationLine,
    QuotationPlace,
    Round,
    RoundItem,
    RoundPlace,
)
from kandoo.buying.problems import NotPossible, WrongStep
from kandoo.engine.buying.values import MONEY_MAX, PRICE_MAX, QUANTITY_MAX
from kandoo.register.models import Enterprise, Person
from kandoo.selling.uploads import Upload
from kandoo.site import notices


@dataclass(frozen=True, slots=True)
class LineTerms:
    """What a supplier asks for one item. `steps`: (quantity from, rial for a unit), rising in quantity."""

    round_item: RoundItem
    steps: Sequence[tuple[int, int]]
    kind: str = QuotationLine.Kind.ALL_UNITS
    brings: Item | None = None  # None: the item itself
    capacity: int | None = None
    pack: int | None = None  # None: the round's
    deliver_by: date | None = None


@dataclass(frozen=True, slots=True)
class QuotationTerms:
    """A whole quotation. `places`: point -> delivery to it in rial; empty: everywhere at no more."""

    lines: Sequence[LineTerms]
    valid_until: date
    minimum_order: int = 0
    delivery_fixed: int = 0
    places: Mapping[RoundPlace, int] = field(default_factory=dict)
    payment_days: int = 0
    terms: str = ""
    shows_steps: bool = False


@transaction.atomic
def give_quotation(*, by: Person, this: Round, supplier: Enterprise, terms: QuotationTerms, today: date) -> Quotation:
    """Give a sealed quotation, or a whole new one in its place, until the round closes."""
    require_sealed(this, today)
    _check(this, terms, today)
    quotation, is_new = Quotation.objects.update_or_create(
        round=this,
        enterprise=supplier,
        defaults={
            "cluster_id": this.cluster_id,
            "minimum_order": terms.minimum_order,
            "delivery_fixed": terms.delivery_fixed,
            "valid_until": terms.valid_until,
            "payment_days": terms.payment_days,
            "terms": terms.terms.strip(),
            "shows_steps": terms.shows_steps,
            "is_withdrawn": False,
            "by": by,
        },
    )
    quotation.lines.all().delete()
    quotation.places.all().delete()
    for line in terms.lines:
        QuotationLine.objects.create(
            cluster_id=this.cluster_id,
            quotation=quotation,
            round_item=line.round_item,
            brings=line.brings or line.round_item.item,
            kind=line.kind,
            steps=[[quantity, price] for quantity, price in line.steps],
            capacity=line.capacity,
            pack=line.pack or line.round_item.pack,
            deliver_by=line.deliver_by,
        )
    for place, delivery in terms.places.items():
        QuotationPlace.objects.create(cluster_id=this.cluster_id, quotation=quotation, place=place, delivery=delivery)
    # The trail is read by the agent: it says that, never what.
    note(by, this, "give-quotation" if is_new else "change-quotation", supplier=supplier.pk)
    if is_new:
        tell(this, notices.people_with(this.cluster_id, "agent"), "quotation-given")
    return quotation


def require_sealed(this: Round, today: date) -> None:
    """Refuse once the quotations of the round are opened or its last day has passed."""
    require(this, Status.OPEN)
    if not this.is_sealed:
        raise WrongStep(_("The quotations of this round have been opened; none is given or changed any more."))
    if today > this.closes_on:
        raise NotPossible(_("The last day for quotations has passed."))


def _check(this: Round, terms: QuotationTerms, today: date) -> None:
    if not terms.lines:
        raise NotPossible(_("Quote at least one item."))
    if terms.valid_until < max(this.closes_on, today):
        raise NotPossible(_("The quotation is valid until the round closes, at least."))
    if not (0 <= terms.minimum_order <= MONEY_MAX and 0 <= terms.delivery_fixed <= MONEY_MAX):
        raise NotPossible(_("An amount is out of range."))
    if any(place.round_id != this.pk for place in terms.places):
        raise NotPossible(_("This item or point is not part of the round."))
    for line in terms.lines:
        if refusal := refusal_of(this, line):
            raise NotPossible(_("%(item)s: %(why)s") % {"item": line.round_item.item, "why": refusal})


def refusal_of(this: Round, line: LineTerms) -> str:
    """Why a line cannot be quoted, in the reader's language; empty where it can."""
    if line.round_item.round_id != this.pk:
        return _("This item or point is not part of the round.")
    if not line.steps:
        return _("Write at least one price.")
    if any(not 1 <= quantity <= QUANTITY_MAX or not 1 <= price <= PRICE_MAX for quantity, price in line.steps):
        return _("A quantity and a price are above zero.")
    if any(after[0] <= before[0] for before, after in pairwise(line.steps)):
        return _("The quantities of the steps rise.")
    if line.capacity is not None and line.capacity < line.steps[0][0]:
        return _("The most you can deliver is below the first step.")
    if line.pack is not None and line.pack < 1:
        return _("A pack holds at least one unit.")
    allowed = {line.round_item.item_id, *line.round_item.substitutes.values_list("item_id", flat=True)}
    if line.brings is not None and line.brings.pk not in allowed:
        return _("This is no substitute that the round allows.")
    return ""


@transaction.atomic
def withdraw_quotation(*, by: Person, quotation: Quotation, today: date) -> None:
    """Take a quotation back before the round closes."""
    require_sealed(quotation.round, today)
    quotation.is_withdrawn, quotation.by = True, by
    quotation.save(update_fields=["is_withdrawn", "by"])
    note(by, quotation.round, "withdraw-quotation", supplier=quotation.enterprise_id)


@transaction.atomic
def add_certificate(*, by: Person, quotation: Quotation, upload: Upload, today: date) -> Certificate:
    """Put a paper with a quotation."""
    require_sealed(quotation.round, today)
    return Certificate.objects.create(
        cluster_id=quotation.cluster_id,
        quotation=quotation,
        name=upload.name,
        file=ContentFile(upload.content, f"paper.{upload.name.rpartition('.')[2]}"),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        size=len(upload.content),
        by=by,
    )


@transaction.atomic
def remove_certificate(*, by: Person, certificate: Certificate, today: date) -> None:
    """Take a paper away again."""
    require_sealed(certificate.quotation.round, today)
    certificate.delete()
