"""What members need: entered, changed, confirmed, taken back, until the round closes; every version is kept."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kandoo.buying.actions.steps import Status, note, require, tell
from kandoo.buying.models import Need, NeedPrice, NeedVersion, Round, RoundItem, RoundPlace
from kandoo.buying.problems import NotPossible
from kandoo.engine.buying.values import PRICE_MAX, QUANTITY_MAX
from kandoo.register.models import Enterprise, Person
from kandoo.site import notices

# First keys of the advisory locks of needs; the second is the round, the member.
_ROUND_LOCK, _MEMBER_LOCK = 7_431, 7_432


@dataclass(frozen=True, slots=True)
class NeedTerms:
    """What a member needs of one item at one point; prices in rial for a unit, None where not said."""

    quantity: int
    quantity_max: int | None = None  # accepted up to; None: no more than the quantity
    highest: int | None = None
    latest_on: date | None = None
    alone: int | None = None
    alone_from: str = ""
    alone_on: date | None = None
    keeps_price: bool = False  # what the member said of prices stands; who enters may not read it


@transaction.atomic
def enter_need(
    *,
    by: Person,
    this: Round,
    enterprise: Enterprise,
    round_item: RoundItem,
    place: RoundPlace,
    terms: NeedTerms,
    today: date,
    confirmed: str = Need.Confirmed.SELF,
) -> Need:
    """Enter a member's need, or change it while the round is open.

    `confirmed` is empty when somebody enters it for the member, who then confirms.
    """
    check_need(this, round_item, place, terms, today)
    lock_round(this, alone=False)
    _lock_member(enterprise)
    need = Need.objects.filter(enterprise=enterprise, round_item=round_item, place=place).first()
    if need is None and terms.keeps_price:
        raise NotPossible(_("Write the highest price you would pay, or the best price you get alone."))
    is_new = need is None or need.is_withdrawn
    need = need or Need(
        cluster_id=this.cluster_id, round=this, enterprise=enterprise, round_item=round_item, place=place
    )
    need.quantity = terms.quantity
    need.quantity_max = terms.quantity_max or terms.quantity
    need.latest_on, need.confirmed, need.is_withdrawn, need.by = terms.latest_on, confirmed, False, by
    may_read = need.pk is None or NeedPrice.objects.filter(need=need.pk).exists()
    need.save()
    if may_read and not terms.keeps_price:
        _keep_price(by, need, terms)
        _keep_version(by, need, terms.highest, terms.alone)
    else:  # what the member said of prices stands
        _keep_version(by, need, None, None)
    note(by, this, "enter-need" if is_new else "change-need", enterprise=enterprise.pk, item=round_item.item.code,
         quantity=need.quantity)  # fmt: skip
    if not confirmed:
        people = notices.people_with(this.cluster_id, "member", enterprises=[enterprise.pk])
        tell(this, people, "need-entered", item=str(round_item.item))
    return need


def lock_round(this: Round, *, alone: bool) -> None:
    """Keep the needs of a round in hand: `alone` for a whole file, otherwise beside other members' forms."""
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s, %s)", [_ROUND_LOCK, this.pk])


def _lock_member(enterprise: Enterprise) -> None:
    """A form sent twice waits for itself and then changes what the first made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_MEMBER_LOCK, enterprise.pk])


def check_need(this: Round, round_item: RoundItem, place: RoundPlace, terms: NeedTerms, today: date) -> None:
    """Raise NotPossible with the reason why a need cannot be entered."""
    require(this, Status.OPEN)
    if today > this.closes_on:
        raise NotPossible(_("The last day for needs has passed."))
    if round_item.round_id != this.pk or place.round_id != this.pk:
        raise NotPossible(_("This item or point is not part of the round."))
    if terms.quantity < 1:
        raise NotPossible(_("The quantity is at least 1."))
    if terms.quantity_max is not None and terms.quantity_max < terms.quantity:
        raise NotPossible(_("The quantity accepted is not below the quantity wanted."))
    if max(terms.quantity, terms.quantity_max or 0) > QUANTITY_MAX:
        raise NotPossible(_("The quantity is out of range."))
    if max(terms.highest or 0, terms.alone or 0) > PRICE_MAX:
        raise NotPossible(_("A price is out of range."))
    if not terms.highest and not terms.alone and not terms.keeps_price:
        raise NotPossible(_("Write the highest price you would pay, or the best price you get alone."))
    if terms.latest_on is not None and terms.latest_on < today:
        raise NotPossible(_("The latest date has passed."))
    if terms.alone_on is not None and terms.alone_on > today:
        raise NotPossible(_("The date of your price alone lies in the future."))


def _keep_price(by: Person, need: Need, terms: NeedTerms) -> None:
    NeedPrice.objects.update_or_create(
        need=need,
        defaults={
            "cluster_id": need.cluster_id,
            "enterprise_id": need.enterprise_id,
            "highest": terms.highest or None,
            "alone": terms.alone or None,
            "alone_from": terms.alone_from.strip(),
            "alone_on": terms.alone_on,
            "by": by,
        },
    )


def _keep_version(by: Person, need: Need, highest: int | None, alone: int | None) -> None:
    NeedVersion.objects.create(
        cluster_id=need.cluster_id,
        need=need,
        enterprise_id=need.enterprise_id,
        quantity=need.quantity,
        quantity_max=need.quantity_max,
        highest=highest or None,
        alone=alone or None,
        latest_on=need.latest_on,
        confirmed=need.confirmed,
        is_withdrawn=need.is_withdrawn,
        by=by,
    )


@transaction.atomic
def confirm_need(*, by: Person, need: Need, how: str) -> Need:
    """The member confirms what was entered for it, itself or to the agent by phone or on paper."""
    return _change(by, need, "confirm-need", confirmed=how)


@transaction.atomic
def withdraw_need(*, by: Person, need: Need) -> Need:
    """Take a need back while the round is open."""
    return _change(by, need, "withdraw-need", is_withdrawn=True)


def _change(by: Person, need: Need, verb: str, **values: object) -> Need:
    require(need.round, Status.OPEN)
    for name, value in values.items():
        setattr(need, name, value)
    need.by = by
    need.save()
    price = NeedPrice.objects.filter(need=need).first()
    _keep_version(by, need, price.highest if price else None, price.alone if price else None)
    note(by, need.round, verb, enterprise=need.enterprise_id, item=need.round_item.item.code)
    return need
