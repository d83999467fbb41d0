"""The joint lot: called, opened for offers, offered to; or cancelled before delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.benefit import actions as benefit
from kandoo.ledger import queries as ledger
from kandoo.register.models import Cluster, Person
from kandoo.selling import queries
from kandoo.selling.actions.steps import Status, locked, note, tell
from kandoo.selling.models import Batch, Lot, LotOrder, Offer, Order
from kandoo.selling.problems import BatchInUse, NotPossible, WrongStep
from kandoo.sharing.queries import rule_in_force
from kandoo.site import language, notices
from kandoo.site.numbering import next_code

_TITLES = "fa"  # a lot's title is the agent's own words, in whichever language they wrote it


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What a member asks for a batch, and its best outlet alone with its evidence. Rial per kg.

    `alone_kind` is a kind of `benefit.Evidence`; `alone_days` how long it would wait for its money alone.
    """

    drums: int
    reserve_per_kg: int
    alone_per_kg: int
    alone_outlet: str
    alone_on: date
    transport_per_kg: int = 0
    alone_document: UploadedFile | None = None
    alone_kind: str = "quotation"
    alone_note: str = ""
    alone_days: int | None = None


@transaction.atomic
def call_lot(
    *,
    by: Person,
    cluster: Cluster,
    title: str,
    orders: Sequence[Order],
    offers_until: date,
    today: date,
    first_percent: int = 70,
) -> Lot:
    """Announce a joint lot for open orders, to be shared by the members' rule of today.

    Foreign prices are counted at the newest dated rate.
    """
    if not orders:
        raise NotPossible(_("Choose at least one open order."))
    if offers_until < today:
        raise NotPossible(_("The last day for offers has passed."))
    orders = list(Order.objects.select_for_update().filter(pk__in=[each.pk for each in orders]))
    if any(each.status != Order.Status.OPEN for each in orders):
        raise WrongStep(_("One of the orders is no longer open."))
    lot = Lot.objects.create(
        cluster=cluster,
        code=next_code(cluster.pk, f"L-{language.jalali_year(today)}"),
        title=title,
        offers_until=offers_until,
        first_percent=first_percent,
        rule=rule_in_force(cluster.pk, "selling", today).to_dict(),
        called_by=by,
    )
    for order in orders:
        _add_order(lot, order, today)
    note(by, lot, "call-lot", orders=[each.code for each in orders])
    return lot


def _add_order(lot: Lot, order: Order, today: date) -> None:
    """Put an order into a lot with the rate its price is counted at."""
    rate = None
    if order.currency != Order.Currency.IRR:
        rate = ledger.rate_on(lot.cluster, order.currency, today)
        if rate is None:
            raise NotPossible(
                _("There is no rate for %(currency)s yet. Enter one with its date and source.")
                % {"currency": order.currency}
            )
    LotOrder.objects.create(
        cluster=lot.cluster,
        lot=lot,
        order=order,
        rate=rate.rial if rate else 1,
        rate_on=rate.on if rate else None,
        rate_source=rate.source if rate else "",
    )
    order.status = Order.Status.IN_LOT
    order.save(update_fields=["status"])


@transaction.atomic
def open_lot(*, by: Person, lot: Lot) -> Lot:
    """Open a lot for offers and tell the members; a planned one opens again and its plan is void."""
    lot = locked(lot, Status.CALLED, Status.PLANNED)
    lot.status, lot.plan = Status.OPEN, None
    lot.save(update_fields=["status", "plan"])
    note(by, lot, "open-lot")
    members = notices.people_with(lot.cluster_id, "member")
    tell(lot, members, "lot-called", until=language.format_day(lot.offers_until, _TITLES, style="short"))
    return lot


@transaction.atomic
def offer_batch(*, by: Person, lot: Lot, batch: Batch, terms: OfferTerms, today: date) -> Offer:
    """Offer drums of a batch, or change an earlier offer of it while the lot is open."""
    _check_offer(lot, batch, terms, today)
    offer, is_new = Offer.objects.update_or_create(
        lot=lot,
        batch=batch,
        defaults={
            "cluster_id": lot.cluster_id,
            "enterprise_id": batch.enterprise_id,
            "drums": terms.drums,
            "reserve_per_kg": terms.reserve_per_kg,
            "transport_per_kg": terms.transport_per_kg,
            "alone_per_kg": terms.alone_per_kg,
            "alone_outlet": terms.alone_outlet,
            "alone_on": terms.alone_on,
            "is_withdrawn": False,
            "by": by,
        },
    )
    if terms.alone_document is not None:
        offer.alone_document = terms.alone_document
        offer.save(update_fields=["alone_document"])
    benefit.keep_with_offer(by=by, offer=offer, kind=terms.alone_kind, note=terms.alone_note, days=terms.alone_days)
    note(
        by,
        lot,
        "offer-batch" if is_new else "change-offer",
        batch=batch.code,
        drums=terms.drums,
        reserve_per_kg=terms.reserve_per_kg,
        alone_per_kg=terms.alone_per_kg,
    )
    return offer


def _check_offer(lot: Lot, batch: Batch, terms: OfferTerms, today: date) -> None:
    """Refuse an offer of honey that is barred, held, gone or promised."""
    if lot.status != Status.OPEN:
        raise WrongStep(_("This lot does not take offers now."))
    if today > lot.offers_until:
        raise WrongStep(_("The last day for offers has passed."))
    if hasattr(batch, "bar"):
        raise NotPossible(_("This batch is barred for good and cannot be offered."))
    if batch.is_held:
        raise NotPossible(_("This batch is held until its harvest is explained and released."))
    if batch.withdrawn_at:
        raise NotPossible(_("This batch was withdrawn."))
    if terms.alone_per_kg <= 0:
        raise NotPossible(_("Write the best price you could get alone: your gain is counted against it."))
    if terms.alone_on > today:
        raise NotPossible(_("The date of your price alone lies in the future."))
    free = batch.drums - queries.promised_drums_of([batch.pk], but_not=lot.pk).get(batch.pk, 0)
    if not 1 <= terms.drums <= free:
        raise BatchInUse(_("You can offer between 1 and %(free)s drums of this batch.") % {"free": free})


@transaction.atomic
def withdraw_offer(*, by: Person, offer: Offer) -> None:
    """Take an offer back while the lot is open."""
    if offer.lot.status != Status.OPEN:
        raise WrongStep(_("This lot does not take offers now."))
    offer.is_withdrawn = True
    offer.save(update_fields=["is_withdrawn"])
    note(by, offer.lot, "withdraw-offer", batch=offer.batch.code)


@transaction.atomic
def cancel_lot(*, by: Person, lot: Lot, reason: str) -> Lot:
    """Call a lot off before delivery; orders and drums are free again."""
    lot = locked(lot, Status.CALLED, Status.OPEN, Status.PLANNED, Status.AGREED)
    if not reason.strip():
        raise NotPossible(_("Say why the lot is cancelled; the members will read it."))
    lot.status, lot.cancel_reason = Status.CANCELLED, reason.strip()
    lot.save(update_fields=["status", "cancel_reason"])
    lot.orders.filter(status=Order.Status.IN_LOT).update(status=Order.Status.OPEN)
    note(by, lot, "cancel-lot", reason=reason)
    offering = set(lot.offers.filter(is_withdrawn=False).values_list("enterprise_id", flat=True))
    people = notices.people_with(lot.cluster_id, "member", enterprises=offering)
    tell(lot, people, "lot-cancelled", reason=reason.strip())
    return lot
