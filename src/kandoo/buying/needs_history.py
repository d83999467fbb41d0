"""Every version of a member's needs in words: when, who, what. Nobody is named to who may not know the name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kandoo.buying import access
from kandoo.buying.models import NeedVersion, Round
from kandoo.buying.needs_reading import quantity_of
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise, Person
from kandoo.site import notices


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a need's history."""

    at: datetime
    who: str
    what: str
    item: str
    place: str
    quantity: str
    highest: int | None
    alone: int | None


def history(seat: Seat, this: Round, enterprise: Enterprise) -> list[Change]:
    """Every version of an enterprise's needs in a round, newest first."""
    rows = list(access.versions_seen_by(seat, this).filter(enterprise=enterprise).order_by("need", "at", "pk"))
    names = _hands(seat, this, enterprise, rows)
    before: NeedVersion | None = None
    found = []
    for row in rows:
        earlier = before if before is not None and before.need_id == row.need_id else None
        found.append(_change(row, earlier, names))
        before = row
    return sorted(found, key=lambda each: each.at, reverse=True)


def _change(row: NeedVersion, before: NeedVersion | None, names: Mapping[int, str]) -> Change:
    item = row.need.round_item.item
    return Change(
        at=row.at,
        who=names.get(row.by_id, _("somebody else")),
        what=_what_happened(row, before),
        item=str(item),
        place=str(row.need.place.point),
        quantity="" if row.is_withdrawn else quantity_of(row, item),
        highest=row.highest,
        alone=row.alone,
    )


def _what_happened(row: NeedVersion, before: NeedVersion | None) -> str:
    if row.is_withdrawn:
        return _("taken back")
    if before is None or before.is_withdrawn:
        return _("entered") if row.confirmed else _("entered for the member")
    names = ("quantity", "quantity_max", "latest_on", "highest", "alone")
    if row.confirmed and not before.confirmed and all(getattr(row, each) == getattr(before, each) for each in names):
        return _("confirmed")
    return _("changed") if row.confirmed else _("changed for the member")


def _hands(seat: Seat, this: Round, enterprise: Enterprise, rows: Iterable[NeedVersion]) -> dict[int, str]:
    """Who wrote: by name where the reader may know it, else by its part in the round."""
    people = {each.by_id for each in rows}
    own = set(notices.people_with(this.cluster_id, "member", enterprises=[enterprise.pk]))
    agents = set(notices.people_with(this.cluster_id, "agent"))
    names = {each.pk: str(each) for each in Person.objects.filter(pk__in=people)}
    words = {}
    for pk in people:
        if pk == seat.person.pk:
            words[pk] = _("you")
        elif pk in names:
            words[pk] = names[pk]
        elif pk in own:
            words[pk] = _("another person of the firm")
        else:
            words[pk] = _("the agent") if pk in agents else _("the keeper of the point")
    return words
