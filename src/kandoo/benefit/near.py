"""How near services are to a member, when it joined and today."""

from dataclasses import dataclass
from datetime import date

from kandoo.benefit import queries, words
from kandoo.engine.reach import Point, Reach, reach
from kandoo.register.models import Enterprise, Membership, Site

ASKED = ("laboratory", "input_supply", "packing")


@dataclass(frozen=True, slots=True)
class Service:
    """Hours on the road to the nearest of a service; None where there was or is none."""

    name: str
    before: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class Near:
    """What a member reaches: service by service, and providers within an hour, when it joined and today."""

    joined: date
    services: tuple[Service, ...]
    within_before: int
    within_now: int


def near(firm: Enterprise, today: date) -> Near | None:
    """What a member could reach; None where its site or its joining is not known to the reader."""
    joined = (
        Membership.objects.filter(enterprise=firm).order_by("joined_on").values_list("joined_on", flat=True).first()
    )
    points = [_point(each) for each in Site.objects.filter(enterprise=firm, kind=Site.Kind.APIARY)]
    if joined is None or not points:
        return None
    offered = queries.providers(firm.cluster)
    before, now = (reach(points, offered, on=day) for day in (joined, today))
    return Near(joined, tuple(_service(each, before, now) for each in ASKED), before.within_an_hour, now.within_an_hour)


def _point(site: Site) -> Point:
    return float(site.latitude), float(site.longitude)


def _service(stage: str, before: Reach, now: Reach) -> Service:
    return Service(words.service_words(stage), before.hours.get(stage), now.hours.get(stage))
