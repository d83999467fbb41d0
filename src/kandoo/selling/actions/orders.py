"""Orders: placed, changed, withdrawn; and the dated rates at which they are counted in rial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.register.models import Cluster, Enterprise, Person
from kandoo.selling import queries
from kandoo.selling.models import Order
from kandoo.selling.problems import NotPossible, WrongStep
from kandoo.site import audit, language, notices
from kandoo.site.numbering import next_code

Limits = Mapping[str, tuple[float | None, float | None]]  # parameter -> (least, most)


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What a buyer asks for. `price_per_kg` is in the currency's smallest unit."""

    title: str
    price_per_kg: int
    currency: str
    mass_min_kg: int
    mass_max_kg: int
    deliver_by: date
    kinds: Sequence[str] = ()
    limits: Limits = field(default_factory=dict)
    standard: str = ""
    sources_max: int | None = None
    drums_min: int = 1
    papers: Sequence[str] = ()
    note: str = ""

    def as_columns(self) -> dict[str, Any]:
        """The terms as columns of an order's row."""
        return {
            "title": self.title,
            "price_per_kg": self.price_per_kg,
            "currency": self.currency,
            "mass_min_kg": self.mass_min_kg,
            "mass_max_kg": self.mass_max_kg,
            "deliver_by": self.deliver_by,
            "kinds": list(self.kinds),
            "limits": {code: list(pair) for code, pair in self.limits.items() if pair != (None, None)},
            "standard": self.standard,
            "sources_max": self.sources_max,
            "drums_min": self.drums_min,
            "papers": list(self.papers),
            "note": self.note,
        }


@transaction.atomic
def place_order(*, by: Person, buyer: Enterprise, terms: OrderTerms, today: date) -> Order:
    """Write down what a buyer asks for and tell the agent."""
    _check_terms(buyer.cluster, terms, today)
    order = Order.objects.create(
        cluster=buyer.cluster,
        enterprise=buyer,
        code=next_code(buyer.cluster_id, f"O-{language.jalali_year(today)}"),
        created_by=by,
        **terms.as_columns(),
    )
    audit.record(by=by, cluster_id=order.cluster_id, verb="place-order", subject=f"order/{order.pk}")
    notices.tell(
        notices.people_with(order.cluster_id, "agent"),
        cluster_id=order.cluster_id,
        code="order-placed",
        url=f"/selling/orders/{order.pk}/",
        order=order.code,
    )
    return order


@transaction.atomic
def change_order(*, by: Person, order: Order, terms: OrderTerms, today: date) -> Order:
    """Change an order that no lot holds yet; the trail keeps what it said before."""
    order = _open_order(order)
    _check_terms(order.cluster, terms, today)
    before = {name: _plain(getattr(order, name)) for name in terms.as_columns()}
    for name, value in terms.as_columns().items():
        setattr(order, name, value)
    order.save()
    audit.record(by=by, cluster_id=order.cluster_id, verb="change-order", subject=f"order/{order.pk}", before=before)
    return order


@transaction.atomic
def withdraw_order(*, by: Person, order: Order) -> None:
    """Take an order back while no lot holds it."""
    order = _open_order(order)
    order.status = Order.Status.WITHDRAWN
    order.save(update_fields=["status"])
    audit.record(by=by, cluster_id=order.cluster_id, verb="withdraw-order", subject=f"order/{order.pk}")


def _open_order(order: Order) -> Order:
    order = Order.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=order.pk)
    if order.status != Order.Status.OPEN:
        raise WrongStep(_("This order is no longer open, so it cannot be changed."))
    return order


def _check_terms(cluster: Cluster, terms: OrderTerms, today: date) -> None:
    """Refuse terms nobody could meet, saying which."""
    profile = profiles.load(cluster.profile)
    if terms.mass_min_kg > terms.mass_max_kg:
        raise NotPossible(_("The least mass is above the most mass."))
    if terms.deliver_by < today:
        raise NotPossible(_("The delivery date has passed."))
    if unknown := set(terms.kinds) - profile.kinds.keys():
        raise NotPossible(_("Unknown kind: %(code)s") % {"code": min(unknown)})
    if terms.standard and terms.standard not in profile.markets:
        raise NotPossible(_("Unknown standard: %(code)s") % {"code": terms.standard})
    for code, (least, most) in terms.limits.items():
        if code not in profile.parameters:
            raise NotPossible(_("Unknown parameter: %(code)s") % {"code": code})
        if least is not None and most is not None and least > most:
            name = profile.parameters[code].name.in_language(queries.page_language())
            raise NotPossible(_("%(name)s: the least is above the most.") % {"name": name})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
