"""What every page is given: who reads it, in which seat, and where they can go."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kandoo.register.access import Seat, seats_of

# The parts of the menu and the rooms that stand in each.
GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    ("", frozenset({"home"})),
    (_("Selling together"), frozenset({"selling"})),
    (_("Money"), frozenset({"ledger", "payments"})),
    (_("Shares and benefit"), frozenset({"sharing", "benefit"})),
    (_("The cluster"), frozenset({"register", "trail"})),
)
# (label, url name, icon, roles that see it); within a part, in the order of the menu.
PLACES: tuple[tuple[Any, str, str, frozenset[str]], ...] = tuple(
    (label, name, icon, frozenset(roles.split()))
    for label, name, icon, roles in (
        (_("Home"), "home", "home", "agent member supplier laboratory buyer officer auditor controller"),
        (_("Joint lots"), "selling:lots", "package", "agent member buyer officer auditor"),
        (_("Batches"), "selling:batches", "droplet", "agent member laboratory auditor"),
        (_("Orders"), "selling:orders", "file-text", "agent buyer auditor"),
        (_("Pay slips"), "selling:pay_slips", "receipt", "member"),
        (_("Firms"), "register:firms", "users", "agent member supplier laboratory officer auditor controller"),
        (_("Map"), "register:map", "map", "agent member officer auditor"),
        (_("Standards"), "selling:standards", "certificate", "agent member laboratory buyer officer auditor"),
        (_("My account"), "ledger:statement", "wallet", "member supplier laboratory"),
        (_("Parties"), "ledger:parties", "wallet", "agent auditor controller"),
        (_("Vouchers"), "ledger:vouchers", "receipt", "agent auditor controller"),
        (_("Trial balance"), "ledger:trial_balance", "scale", "agent auditor controller"),
        (_("Periods"), "ledger:periods", "lock", "agent auditor controller"),
        (_("Journal"), "ledger:journal", "book", "agent auditor controller"),
        (_("Payments"), "payments:payments", "cash", "agent member supplier laboratory auditor controller"),
        (_("Delivered against pledged"), "selling:deliveries", "truck", "agent member officer auditor"),
        (_("Sharing rules"), "sharing:rules", "scale", "agent member officer auditor"),
        (_("Benefit"), "benefit:home", "heart-handshake", "agent member officer auditor controller"),
        (_("People"), "register:people", "user", "agent auditor"),
        (
            _("Cluster"),
            "register:cluster",
            "building",
            "agent member supplier laboratory buyer officer auditor controller",
        ),
        (_("Trail"), "trail", "list", "agent auditor"),
    )
)


def _navigation(request: HttpRequest, seat: Seat) -> list[dict[str, Any]]:
    places = [
        {"label": label, "url": reverse(name), "icon": icon, "group": group}
        for group, rooms in GROUPS
        for label, name, icon, roles in PLACES
        if seat.role in roles and name.partition(":")[0] in rooms
    ]
    here = max((place["url"] for place in places if request.path.startswith(place["url"])), key=len, default="")
    return [place | {"is_active": place["url"] == here} for place in places]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page; a stranger gets the frame alone."""
    context: dict[str, Any] = {
        "today": timezone.localdate(),
        "reference": getattr(request, "reference", ""),
        "navigation": [],
        "notices_unread": 0,
    }
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return context
    context["person"] = person
    context["notices_unread"] = person.notices.filter(read_at=None).count()
    seat = getattr(request, "seat", None) or Seat.of(request)
    if seat is not None:
        context |= {
            "seat": seat,
            "seats": seats_of(person),
            "cluster": seat.cluster,
            "is_demo": seat.cluster.is_demo,
            "navigation": _navigation(request, seat),
        }
    return context
