"""What every page is given: who reads it, in which seat, and where they can go."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kandoo.register.access import Seat, keeps_people, seats_of

# The parts of the menu and the rooms that stand in each.
GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    ("", frozenset({"home"})),
    (_("Selling together"), frozenset({"selling"})),
    (_("Buying together"), frozenset({"buying"})),
    (_("Money"), frozenset({"ledger", "payments"})),
    (_("Shares and benefit"), frozenset({"sharing", "benefit"})),
    (_("The cluster"), frozenset({"register", "trail"})),
    (_("The programme"), frozenset({"programme", "strategy", "results", "maturity", "reports", "visits", "finding"})),
)
PROGRAMME_GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("The programme"), frozenset({"programme"})),
    (_("Plan and results"), frozenset({"strategy", "results", "maturity", "reports", "visits"})),
    (_("Public money"), frozenset({"credit", "tender"})),
    (_("Finding clusters"), frozenset({"finding"})),
    (_("People and trail"), frozenset({"register", "trail"})),
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
        (
            _("Rounds of joint buying"),
            "buying:rounds",
            "shopping-cart",
            "agent member supplier officer auditor controller",
        ),
        (_("Purchase bills"), "buying:bills", "receipt", "agent member auditor"),
        (_("Orders to suppliers"), "buying:orders", "file-text", "agent supplier auditor"),
        (_("Catalogue"), "buying:catalogue", "packages", "agent auditor"),
        (_("Collection points"), "buying:points", "map-pin", "agent auditor"),
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
        (_("Portfolio"), "programme:portfolio", "chart-bar", "officer auditor controller supervisor committee"),
        (_("Clusters"), "programme:files", "map-2", "officer auditor controller supervisor committee"),
        (_("Selection"), "programme:rounds", "scale", "officer auditor supervisor committee"),
        (_("Papers"), "programme:papers", "file-text", "officer auditor supervisor committee"),
        (_("Meetings"), "programme:meetings", "calendar-event", "officer auditor supervisor committee"),
        (_("Conditions"), "programme:conditions", "list-check", "officer auditor supervisor committee"),
        (_("Committees and councils"), "programme:bodies", "users-group", "officer auditor committee"),
        (_("Published counts"), "programme:counts", "list", "officer auditor supervisor committee"),
        (_("Procedure"), "programme:procedure", "clipboard-list", "officer auditor controller supervisor committee"),
        (_("Diagnosis and plans"), "strategy:files", "route", "officer auditor controller supervisor committee"),
        (_("Our diagnosis and plan"), "strategy:own", "route", "agent"),
        (_("Credit lines"), "credit:home", "coins", "officer auditor controller supervisor committee"),
        (_("Activities"), "credit:activities", "list-check", "officer auditor controller supervisor committee"),
        (_("Contracts"), "credit:contracts", "certificate", "officer auditor controller supervisor committee"),
        (_("Calls for offers"), "tender:calls", "clipboard-list", "officer auditor controller supervisor committee"),
        (_("Payment orders"), "credit:orders", "report-money", "officer auditor controller"),
        (_("Payees"), "credit:payees", "wallet", "officer auditor controller"),
        (_("Results"), "results:compare", "flag", "officer auditor controller supervisor committee"),
        (_("Reports"), "reports:home", "file-text", "officer auditor controller supervisor committee"),
        (_("Supervisors’ visits"), "visits:home", "calendar-event", "officer auditor controller supervisor committee"),
        (_("Supervisor’s visits"), "visits:own", "calendar-event", "agent"),
        (_("Reports to the programme"), "reports:own", "file-text", "agent"),
        (_("Indicators"), "results:own", "flag", "agent"),
        (_("Our file in the programme"), "programme:own", "clipboard-list", "agent"),
        (_("Stage of life"), "maturity:home", "refresh", "officer auditor controller supervisor committee"),
        (_("Our stage of life"), "maturity:own", "refresh", "agent"),
        (_("Finding clusters"), "finding:studies", "map-pin", "agent officer auditor"),
        (_("People"), "register:people", "user", "agent auditor officer"),
        (
            _("Cluster"),
            "register:cluster",
            "building",
            "agent member supplier laboratory buyer officer auditor controller",
        ),
        (_("Trail"), "trail", "list", "agent auditor"),
    )
)


# Rooms of a programme alone, and places that stand in both it and a cluster; all else is a cluster's.
OF_A_PROGRAMME = frozenset({"programme", "credit", "strategy", "results", "maturity", "reports", "tender", "visits"})
IN_BOTH = frozenset({"trail", "register:people", "finding:studies"})
OF_A_CLUSTER = frozenset({"programme:own", "results:own", "strategy:own", "maturity:own", "reports:own", "visits:own"})


def _stands_in(seat: Seat, name: str) -> bool:
    """Whether a place stands in the seat's kind of tenant, and a person of this seat keeps people."""
    if name == "register:people" and seat.role == "officer":
        return keeps_people(seat)
    if name in IN_BOTH:
        return True
    is_programmes = name.partition(":")[0] in OF_A_PROGRAMME and name not in OF_A_CLUSTER
    return is_programmes == (seat.cluster.kind == "programme")


def _navigation(request: HttpRequest, seat: Seat) -> list[dict[str, Any]]:
    groups = PROGRAMME_GROUPS if seat.cluster.kind == "programme" else GROUPS
    places = [
        {"label": label, "url": reverse(name), "icon": icon, "group": group}
        for group, rooms in groups
        for label, name, icon, roles in PLACES
        if seat.role in roles and name.partition(":")[0] in rooms and _stands_in(seat, name)
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
