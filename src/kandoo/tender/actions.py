"""The only writers of calls: written, published, offers taken in, marked, prices opened, one chosen; or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.credit.models import Contract
from kandoo.programme.models import ClusterFile
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.people import people_for
from kandoo.register.models import Person
from kandoo.site import audit, notices
from kandoo.site.lists import joined
from kandoo.site.numbering import next_code
from kandoo.tender.models import Award, Call, Criterion, Mark, Offer
from kandoo.tender.queries import passing, ranking, unmarked

Status = Call.Status
WHOLE = 1000


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What a call says. price_weight and the criteria's weights in thousandths, floor 0 to 100."""

    kind: str
    title: str
    scope: str
    handing_in: str
    price_weight: int
    floor: int
    closes_at: datetime
    criteria: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """An offer as it was handed in; no price."""

    name: str
    national_number: str
    document: str
    phone: str = ""


@transaction.atomic
def write_call(*, by: Person, file: ClusterFile, terms: CallTerms, now: datetime) -> Call:
    """A draft of a call; nobody but officers sees it."""
    call = Call(cluster_id=file.cluster_id, file=file, number=next_code(file.cluster_id, "F"), by=by, at=now)
    _fill(call, terms)
    _note(by, call, "write-call")
    return call


@transaction.atomic
def change_call(*, by: Person, call: Call, terms: CallTerms) -> Call:
    """Change a draft."""
    call = _locked(call, Status.DRAFT)
    call.criteria.all().delete()
    _fill(call, terms)
    _note(by, call, "change-call")
    return call


def _fill(call: Call, terms: CallTerms) -> None:
    total = sum(weight for _name, weight in terms.criteria)
    if total != WHOLE:
        raise NotPossible(
            _("The weights of the criteria add up to %(n)s percent; they make 100 together.") % {"n": f"{total / 10:g}"}
        )
    if len({name for name, _weight in terms.criteria}) < len(terms.criteria):
        raise NotPossible(_("Two criteria have the same name."))
    for name in ("kind", "title", "scope", "handing_in", "price_weight", "floor", "closes_at"):
        setattr(call, name, getattr(terms, name))
    call.save()
    Criterion.objects.bulk_create(
        Criterion(cluster_id=call.cluster_id, call=call, position=place, name=name, weight=weight)
        for place, (name, weight) in enumerate(terms.criteria, start=1)
    )


@transaction.atomic
def drop_call(*, by: Person, call: Call) -> None:
    """Take a draft away."""
    call = _locked(call, Status.DRAFT)
    _note(by, call, "drop-call")
    call.delete()


@transaction.atomic
def publish_call(*, by: Person, call: Call, now: datetime) -> Call:
    """Show the call to everybody; from now on its words, weights and closing stay."""
    call = _locked(call, Status.DRAFT)
    if call.closes_at <= now:
        raise NotPossible(_("The call would be closed already; set a later closing."))
    call.status, call.published_at = Status.PUBLISHED, now
    call.save(update_fields=["status", "published_at"])
    _note(by, call, "publish-call")
    _tell(call, "call-published", but=by.pk)
    return call


@transaction.atomic
def take_offer(*, by: Person, call: Call, terms: OfferTerms, now: datetime) -> Offer:
    """Write down that an offer was handed in, its price unopened. Raises NotPossible after the closing."""
    call = _locked(call, Status.PUBLISHED)
    if now >= call.closes_at:
        raise NotPossible(_("The call is closed; this offer came too late."))
    if call.offers.filter(national_number=terms.national_number, withdrawn_at=None).exists():
        raise NotPossible(_("There is an offer of this person or company already; it is withdrawn first."))
    offer = Offer.objects.create(
        cluster_id=call.cluster_id,
        call=call,
        position=call.offers.count() + 1,
        name=terms.name,
        national_number=terms.national_number,
        phone=terms.phone,
        document=terms.document,
        received_at=now,
        by=by,
    )
    _note(by, call, "take-offer", offer=offer.position)
    return offer


@transaction.atomic
def withdraw_offer(*, by: Person, offer: Offer, now: datetime) -> Offer:
    """Who offered takes the offer back, before the closing; the row stays."""
    call = _locked(offer.call, Status.PUBLISHED)
    if now >= call.closes_at:
        raise NotPossible(_("The call is closed; offers stay as they are."))
    offer.refresh_from_db()
    if offer.withdrawn_at is None:
        offer.withdrawn_at = now
        offer.save(update_fields=["withdrawn_at"])
        _note(by, call, "withdraw-call-offer", offer=offer.position)
    return offer


@transaction.atomic
def mark_offer(*, by: Person, offer: Offer, marks: Mapping[int, tuple[int, str]], now: datetime) -> None:
    """Mark an offer on every criterion, 0 to 100 with a reason. marks: by the criterion's key."""
    call = _standing(Call.objects.select_related("file").get(pk=offer.call_id), Status.PUBLISHED)
    if now < call.closes_at:
        raise NotPossible(_("Offers are marked after the closing."))
    if offer.withdrawn_at is not None:
        raise NotPossible(_("This offer was withdrawn."))
    if set(marks) != set(call.criteria.values_list("pk", flat=True)):
        raise NotPossible(_("Mark every criterion."))
    for key, (points, reason) in marks.items():
        values = {"points": points, "reason": reason.strip(), "at": now}
        if not Mark.objects.filter(offer=offer, criterion=key, by=by).update(**values):
            Mark.objects.create(cluster_id=call.cluster_id, call=call, offer=offer, criterion_id=key, by=by, **values)
    _note(by, call, "mark-offer", offer=offer.position)


@transaction.atomic
def close_marking(*, by: Person, call: Call) -> Call:
    """No mark changes from now on; all see all marks. Raises NotPossible where an offer lacks one."""
    call = _locked(call, Status.PUBLISHED)
    if not call.offers.filter(withdrawn_at=None).exists():
        raise NotPossible(_("No offer was handed in; cancel the call and publish another."))
    missing = unmarked(call)
    if missing:
        raise NotPossible(_("Nobody has marked %(names)s yet.") % {"names": joined(missing)})
    call.status = Status.MARKED
    call.save(update_fields=["status"])
    _note(by, call, "close-marking")
    return call


@transaction.atomic
def open_prices(*, by: Person, call: Call, prices: Mapping[int, int], now: datetime) -> Call:
    """Write down the prices of all offers at or above the floor at once, rial by the offer's key; the others stay closed."""
    call = _locked(call, Status.MARKED)
    offers = {each.pk: each for each in passing(call)}
    if not offers:
        raise NotPossible(_("No offer reaches the least quality; cancel the call."))
    if set(prices) != set(offers):
        raise NotPossible(_("Write the price of every offer that reaches the least quality, and of no other."))
    for key, price in prices.items():
        if price <= 0:
            raise NotPossible(_("The amount is above zero."))
        offers[key].price = price
        offers[key].save(update_fields=["price"])
    call.status, call.opened_at, call.opened_by = Status.OPENED, now, by
    call.save(update_fields=["status", "opened_at", "opened_by"])
    _note(by, call, "open-prices", offers=len(prices))
    return call


@transaction.atomic
def award_call(*, by: Person, offer: Offer, document: str, now: datetime, reason: str = "") -> Award:
    """Choose an offer; another than the first of the order needs its reason."""
    call = _locked(offer.call, Status.OPENED)
    places = {each.key: each.place for each in ranking(call)}
    if offer.pk not in places:
        raise NotPossible(_("This offer does not reach the least quality."))
    if places[offer.pk] != 1 and not reason.strip():
        raise NotPossible(_("Another than the first is chosen only with a reason; write it."))
    award = Award.objects.create(
        cluster_id=call.cluster_id,
        call=call,
        offer=offer,
        place=places[offer.pk],
        document=document.strip(),
        reason=reason.strip(),
        by=by,
        at=now,
    )
    call.status = Status.AWARDED
    call.save(update_fields=["status"])
    _note(by, call, "award-call", offer=offer.position)
    _tell(call, "call-awarded", but=by.pk)
    return award


@transaction.atomic
def cancel_call(*, by: Person, call: Call, reason: str) -> Call:
    """End a published call without a choice; the reason is public."""
    call = _locked(call, Status.PUBLISHED, Status.MARKED, Status.OPENED)
    if not reason.strip():
        raise NotPossible(_("Write why, so that the others know."))
    call.status, call.reason = Status.CANCELLED, reason.strip()
    call.save(update_fields=["status", "reason"])
    _note(by, call, "cancel-call", reason=call.reason)
    return call


@transaction.atomic
def link_contract(*, by: Person, call: Call, contract: Contract) -> Call:
    """Say which contract came of the call, once."""
    call = _locked(call, Status.AWARDED)
    if call.contract_id is not None:
        raise NotPossible(_("The contract of this call is on record already."))
    if contract.file_id != call.file_id or contract.kind != call.kind:
        raise NotPossible(_("This contract is of another cluster or kind."))
    call.contract = contract
    call.save(update_fields=["contract"])
    _note(by, call, "link-contract", contract=contract.number)
    return call


def _locked(call: Call, *steps: str) -> Call:
    """The call under lock; who marks may not lock it and is stopped by the database, should marking be closed meanwhile."""
    return _standing(Call.objects.select_for_update(of=("self",)).select_related("file").get(pk=call.pk), *steps)


def _standing(found: Call, *steps: str) -> Call:
    if found.status not in steps:
        raise NotPossible(
            _("The call is now “%(state)s”, so this cannot be done.") % {"state": found.get_status_display()}
        )
    return found


def _note(by: Person, call: Call, verb: str, **detail: Any) -> None:
    audit.record(
        by=by, cluster_id=call.cluster_id, verb=verb, subject=f"file/{call.file_id}",
        province=call.file.province, call=call.number, **detail,
    )  # fmt: skip


def _tell(call: Call, code: str, but: int) -> None:
    people = set(people_for(call.cluster_id, call.file.province, "officer", "supervisor", "committee")) - {but}
    notices.tell(people, cluster_id=call.cluster_id, code=code, url=f"/tender/{call.pk}/", title=call.title)
