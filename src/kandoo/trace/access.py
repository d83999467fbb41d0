"""Who may see a trace page: anybody who has its address."""

from django.shortcuts import get_object_or_404

from kandoo.trace.models import TracePage


def page_behind(token: str) -> TracePage:
    """The page a label leads to, or 404."""
    return get_object_or_404(TracePage, token=token)


def page_of(lot_id: int, order_id: int) -> TracePage:
    """The page of an order's part of a lot, or 404 before it is delivered."""
    return get_object_or_404(TracePage, lot=lot_id, order=order_id)
