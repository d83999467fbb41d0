"""Publish the page behind a label: once, when an order's part of a lot is delivered."""

import secrets
from datetime import date

from django.db import transaction

from kandoo.register.models import Person
from kandoo.selling.models import Lot, Order
from kandoo.site import audit
from kandoo.trace import queries
from kandoo.trace.models import TracePage


@transaction.atomic
def publish(*, by: Person, lot: Lot, order: Order, delivered_on: date) -> TracePage:
    """Fix what the public may see of an order's part of a lot; a second call changes nothing."""
    page = TracePage.objects.filter(lot=lot, order=order).first()
    if page is not None:
        return page
    page = TracePage.objects.create(
        cluster_id=lot.cluster_id,
        lot=lot,
        order=order,
        token=secrets.token_urlsafe(16),
        content=queries.public_content(lot, order, delivered_on),
    )
    audit.record(by=by, cluster_id=lot.cluster_id, verb="publish-trace", subject=f"lot/{lot.pk}", order=order.code)
    return page
