"""The round: its catalogue and points, called, opened, extended; or cancelled before delivery."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.buying.actions.money import deposits_of, return_deposits
from kandoo.buying.actions.steps import Status, locked, note, tell
from kandoo.buying.models import Arrival, CollectionPoint, Invoice, Item, Round, RoundItem, RoundPlace, Substitute
from kandoo.buying.problems import NotPossible
from kandoo.register.models import Cluster, Person
from kandoo.sharing.queries import rule_in_force
from kandoo.site import audit, language, notices
from kandoo.site.numbering import next_code

_TITLES = "fa"  # dates in notices are written in the notice's first language


@dataclass(frozen=True, slots=True)
class RoundTerms:
    """What a round buys, where it is handed out, and the rules chosen in advance.

    `packs` gives the units of a pack where the round buys another pack than the catalogue says;
    `substitutes` what a supplier may bring instead, by item.
    """

    title: str
    items: Sequence[Item]
    places: Mapping[CollectionPoint, date]
    closes_on: date
    shortage_rule: str = Round.Shortage.PRO_RATA
    deposit_percent: int = 0
    note: str = ""
    packs: Mapping[int, int] = field(default_factory=dict)
    substitutes: Mapping[int, Collection[Item]] = field(default_factory=dict)


@transaction.atomic
def save_item(*, by: Person, item: Item) -> Item:
    """Add a thing to the catalogue or change it; rounds that were called keep their pack."""
    is_new = item.pk is None
    item.save()
    audit.record(
        by=by, cluster_id=item.cluster_id, verb="add-item" if is_new else "change-item", subject=f"item/{item.pk}"
    )
    return item


@transaction.atomic
def save_point(*, by: Person, point: CollectionPoint) -> CollectionPoint:
    """Add a collection point or change it."""
    is_new = point.pk is None
    point.save()
    verb = "add-point" if is_new else "change-point"
    audit.record(by=by, cluster_id=point.cluster_id, verb=verb, subject=f"point/{point.pk}")
    return point


@transaction.atomic
def call_round(*, by: Person, cluster: Cluster, terms: RoundTerms, today: date) -> Round:
    """Announce a round, to be shared by the members' rule of today."""
    _check(terms, today)
    this = Round.objects.create(
        cluster=cluster,
        code=next_code(cluster.pk, f"R-{language.jalali_year(today)}"),
        title=terms.title,
        closes_on=terms.closes_on,
        deposit_percent=terms.deposit_percent,
        shortage_rule=terms.shortage_rule,
        rule=rule_in_force(cluster.pk, "buying", today).to_dict(),
        note=terms.note,
        called_by=by,
    )
    for item in terms.items:
        row = RoundItem.objects.create(cluster=cluster, round=this, item=item, pack=terms.packs.get(item.pk, item.pack))
        for other in terms.substitutes.get(item.pk, ()):
            Substitute.objects.create(cluster=cluster, round_item=row, item=other)
    for point, on in terms.places.items():
        RoundPlace.objects.create(cluster=cluster, round=this, point=point, on=on)
    note(by, this, "call-round", items=[each.code for each in terms.items])
    return this


def _check(terms: RoundTerms, today: date) -> None:
    if not terms.items:
        raise NotPossible(_("Choose at least one item of the catalogue."))
    if not terms.places:
        raise NotPossible(_("Choose at least one collection point."))
    if terms.closes_on < today:
        raise NotPossible(_("The last day for needs has passed."))
    if any(on < terms.closes_on for on in terms.places.values()):
        raise NotPossible(_("Goods cannot be handed out before the round closes."))
    if any(item in terms.substitutes.get(item.pk, ()) for item in terms.items):
        raise NotPossible(_("An item does not stand in for itself."))


@transaction.atomic
def open_round(*, by: Person, this: Round) -> Round:
    """Open a round for needs and sealed quotations and tell members and suppliers."""
    this = locked(this, Status.CALLED)
    this.status = Status.OPEN
    this.save(update_fields=["status"])
    note(by, this, "open-round")
    people = [*notices.people_with(this.cluster_id, "member"), *notices.people_with(this.cluster_id, "supplier")]
    tell(this, people, "round-called", until=_day(this.closes_on))
    return this


@transaction.atomic
def extend_round(*, by: Person, this: Round, closes_on: date, today: date) -> Round:
    """Give more time. Of a planned round the plan is void and needs open again; opened quotations stay as they are."""
    this = locked(this, Status.OPEN, Status.PLANNED)
    if closes_on < today or (this.status == Status.OPEN and closes_on <= this.closes_on):
        raise NotPossible(_("Choose a later day than the present one."))
    this.status, this.plan, this.closes_on = Status.OPEN, None, closes_on
    this.save(update_fields=["status", "plan", "closes_on"])
    note(by, this, "extend-round", closes_on=closes_on.isoformat())
    tell(this, notices.people_with(this.cluster_id, "member"), "round-extended", until=_day(closes_on))
    return this


@transaction.atomic
def cancel_round(*, by: Person, this: Round, reason: str) -> Round:
    """Call a round off before delivery."""
    this = locked(this, Status.CALLED, Status.OPEN, Status.PLANNED, Status.AGREED)
    if not reason.strip():
        raise NotPossible(_("Say why the round is cancelled; members and suppliers will read it."))
    if Arrival.objects.filter(line__order__round=this).exists() or Invoice.objects.filter(order__round=this).exists():
        raise NotPossible(_("Goods have arrived or are invoiced: the round is divided and settled, not cancelled."))
    return_deposits(by=by, this=this, deposits=deposits_of(this), on=timezone.localdate())
    this.status, this.cancel_reason = Status.CANCELLED, reason.strip()
    this.save(update_fields=["status", "cancel_reason"])
    note(by, this, "cancel-round", reason=reason)
    needing = set(this.needs.filter(is_withdrawn=False).values_list("enterprise_id", flat=True))
    people = [
        *notices.people_with(this.cluster_id, "member", enterprises=needing),
        *notices.people_with(this.cluster_id, "supplier"),
    ]
    tell(this, people, "round-cancelled", reason=reason.strip())
    return this


def _day(day: date) -> str:
    return language.format_day(day, _TITLES, style="short")
