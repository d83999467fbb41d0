"""Needs of many members from one file: all of them, or none; what stands so already is left alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kandoo.benefit import actions as benefit
from kandoo.buying.actions.needs import check_need, lock_round
from kandoo.buying.actions.steps import note, tell
from kandoo.buying.models import Need, NeedPrice, NeedVersion, Round
from kandoo.buying.needs_file import NewNeed
from kandoo.register.models import Person
from kandoo.site import notices

_BATCH = 1_000
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file would do, or did: rows that are new, that change something, and that stand so already."""

    new: list[NewNeed]
    changed: list[NewNeed]
    same: int
    over_own: list[NewNeed]  # of the changed: what members entered themselves


def compare(this: Round, rows: Sequence[NewNeed], *, confirmed: str) -> Outcome:
    """What writing these rows would do to the round as it stands."""
    same, new, changed, over_own = 0, list[NewNeed](), list[NewNeed](), list[NewNeed]()
    standing, prices = _standing(this)
    for row in rows:
        need = standing.get(_key(row))
        if need is None or need.is_withdrawn:
            new.append(row)
        elif _is_same(row, need, prices.get(need.pk)) and (need.confirmed or not confirmed):
            same += 1
        else:
            changed.append(row)
            if need.confirmed == Need.Confirmed.SELF:
                over_own.append(row)
    return Outcome(new, changed, same, over_own)


def _standing(this: Round) -> tuple[dict[Key, Need], dict[int, NeedPrice]]:
    needs = {(each.enterprise_id, each.round_item_id, each.place_id): each for each in this.needs.all()}
    return needs, {each.need_id: each for each in NeedPrice.objects.filter(need__round=this)}


def _key(row: NewNeed) -> Key:
    return row.enterprise.pk, row.round_item.pk, row.place.pk


def _is_same(row: NewNeed, need: Need, price: NeedPrice | None) -> bool:
    terms = row.terms
    if (terms.quantity, terms.quantity_max or terms.quantity, terms.latest_on) != (
        need.quantity, need.quantity_max, need.latest_on,
    ):  # fmt: skip
        return False
    if terms.keeps_price or price is None:
        return True
    return (terms.highest, terms.alone, terms.alone_from, terms.alone_on) == (
        price.highest, price.alone, price.alone_from, price.alone_on,
    )  # fmt: skip


@transaction.atomic
def import_needs(
    *, by: Person, this: Round, rows: Sequence[NewNeed], sha256: str, today: date, now: datetime, confirmed: str = ""
) -> Outcome:
    """Write the rows of a checked file that are new or change something; their members are asked to confirm.

    Raises NotPossible when the round takes no needs.
    """
    lock_round(this, alone=True)
    for row in rows:
        check_need(this, row.round_item, row.place, row.terms, today)
    outcome = compare(this, rows, confirmed=confirmed)
    writing = [*outcome.new, *outcome.changed]
    if not writing:
        return outcome
    standing, prices = _standing(this)
    written = [_need(by, this, row, standing.get(_key(row)), confirmed, now) for row in writing]
    _store(written, ["quantity", "quantity_max", "latest_on", "confirmed", "is_withdrawn", "by", "at"])
    said = [(row, need, prices.get(need.pk)) for row, need in zip(writing, written, strict=True)]
    readable = [each for each in said if not each[0].terms.keeps_price]
    priced = [(need, _price(by, row, need, price)) for row, need, price in readable]
    _store([price for _need, price in priced], ["highest", "alone", "alone_from", "alone_on", "by"])
    for need, price in priced:
        _keep_evidence(by, need, price)
    NeedVersion.objects.bulk_create([_version(by, row, need) for row, need, _price in said], batch_size=_BATCH)
    note(by, this, "import-needs", new=len(outcome.new), changed=len(outcome.changed), same=outcome.same, sha256=sha256)
    if not confirmed:
        firms = sorted({row.enterprise.pk for row in writing})
        people = notices.people_with(this.cluster_id, "member", enterprises=firms)
        tell(this, people, "needs-imported")
    return outcome


def _need(by: Person, this: Round, row: NewNeed, need: Need | None, confirmed: str, now: datetime) -> Need:
    need = need or Need(
        cluster_id=this.cluster_id, round=this, enterprise=row.enterprise, round_item=row.round_item, place=row.place
    )
    need.quantity, need.quantity_max = row.terms.quantity, row.terms.quantity_max or row.terms.quantity
    need.latest_on, need.confirmed, need.is_withdrawn = row.terms.latest_on, confirmed, False
    need.by, need.at = by, now
    return need


def _price(by: Person, row: NewNeed, need: Need, price: NeedPrice | None) -> NeedPrice:
    price = price or NeedPrice(cluster_id=need.cluster_id, need=need, enterprise_id=need.enterprise_id)
    price.highest, price.alone = row.terms.highest, row.terms.alone
    price.alone_from, price.alone_on, price.by = row.terms.alone_from, row.terms.alone_on, by
    return price


def _version(by: Person, row: NewNeed, need: Need) -> NeedVersion:
    hides = row.terms.keeps_price
    return NeedVersion(
        cluster_id=need.cluster_id,
        need=need,
        enterprise_id=need.enterprise_id,
        quantity=need.quantity,
        quantity_max=need.quantity_max,
        highest=None if hides else row.terms.highest,
        alone=None if hides else row.terms.alone,
        latest_on=need.latest_on,
        confirmed=need.confirmed,
        is_withdrawn=False,
        by=by,
    )


def _store(rows: Iterable[Any], names: Sequence[str]) -> None:
    """Write new rows and changed ones of one table, each kind at once."""
    listed = list(rows)
    new, changed = ([each for each in listed if each._state.adding is adding] for adding in (True, False))
    for table in {type(each) for each in listed}:
        table.objects.bulk_create(new, batch_size=_BATCH)
        table.objects.bulk_update(changed, names, batch_size=_BATCH)


def _keep_evidence(by: Person, need: Need, price: NeedPrice) -> None:
    if price.alone:
        benefit.keep_with_need(by=by, need=need, price=price)
