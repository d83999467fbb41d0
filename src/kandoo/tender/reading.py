"""Calls in words and in one picture: where a call stands, how its offers compare."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kandoo.site.language import format_number, format_toman
from kandoo.site.lists import page_language
from kandoo.site.pictures import stacked
from kandoo.tender import queries
from kandoo.tender.models import Call, Offer

Status = Call.Status
KINDS = {
    "draft": "unknown", "published": "warn", "marked": "warn", "opened": "warn", "awarded": "good", "cancelled": "bad",
}  # fmt: skip
COLUMNS = (
    *(gettext_lazy("Number"), gettext_lazy("Who offers"), gettext_lazy("Received"), gettext_lazy("Marked by")),
    *(gettext_lazy("Quality"), gettext_lazy("Price (rial)"), gettext_lazy("Points of quality")),
    *(gettext_lazy("Points of price"), gettext_lazy("Points"), gettext_lazy("Place in the order")),
)


def badge(status: str, closes_at: datetime, now: datetime) -> dict[str, str]:
    """The state of a call as a badge; an open one is good news."""
    if status == Status.PUBLISHED:
        if now < closes_at:
            return {"kind": "good", "text": pgettext("call", "Open for offers")}
        return {"kind": "warn", "text": pgettext("call", "Closed, being marked")}
    return {"kind": KINDS[status], "text": str(Status(status).label)}


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer beside the others. quality, of_quality, of_price: 0 to 100, None while they are not known."""

    offer: Offer
    markers: int
    is_marked_by_me: bool
    quality: Fraction | None
    passes: bool
    of_quality: Fraction | None
    of_price: Fraction | None
    place: int | None

    def cells(self) -> tuple[Any, ...]:
        """As a row of a table."""
        points = None if self.of_quality is None or self.of_price is None else self.of_quality + self.of_price
        numbers = [None if each is None else round(float(each), 2) for each in (self.of_quality, self.of_price, points)]
        quality = None if self.quality is None else round(float(self.quality), 2)
        return (
            self.offer.position, self.offer.name, self.offer.received_at, self.markers, quality, self.offer.price, *numbers, self.place,
        )  # fmt: skip

    @property
    def quality_text(self) -> str:
        """Quality in words."""
        return "—" if self.quality is None else number(self.quality)

    @property
    def points_text(self) -> str:
        """Points in words."""
        return "—" if self.of_quality is None or self.of_price is None else number(self.of_quality + self.of_price)


def number(value: Fraction) -> str:
    """A number of 0 to 100 with one decimal."""
    return format_number(round(float(value), 1), page_language(), 1)


def offer_rows(call: Call, person: int) -> list[OfferRow]:
    """The offers of a call, in their order once the prices are open, else as they came."""
    is_told = call.status in (Status.MARKED, Status.OPENED, Status.AWARDED)
    quality = queries.qualities(call) if is_told else {}
    placed = {each.key: each for each in queries.ranking(call)} if call.opened_at else {}
    marked = set(call.marks.filter(by=person).values_list("offer", flat=True))
    markers = Counter(offer for offer, _by in set(call.marks.values_list("offer", "by")))
    rows = []
    for offer in call.offers.all():
        place, mine = placed.get(offer.pk), quality.get(offer.pk)
        rows.append(
            OfferRow(
                offer, markers[offer.pk], offer.pk in marked, mine, mine is not None and mine >= call.floor,
                place.of_quality if place else None, place.of_price if place else None, place.place if place else None,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda each: (each.place is None, each.place, each.offer.position))


def picture(rows: Sequence[OfferRow]) -> dict[str, Any] | None:
    """Points of quality and of price, one bar an offer, with what it says and the table behind."""
    shown = [each for each in rows if each.place is not None]
    if not shown:
        return None
    bars = [
        (each.offer.name, each.points_text, (float(each.of_quality or 0), float(each.of_price or 0))) for each in shown
    ]
    parts = [_("Points of quality"), _("Points of price")]
    svg = stacked(bars, parts, whole=100, name=_("Points of the offers"), language=page_language())
    columns = [_("Who offers"), _("Quality"), _("Price"), _("Points of quality"), _("Points of price"), _("Points")]
    table = [
        [
            each.offer.name, each.quality_text, format_toman(each.offer.price or 0, page_language()),
            number(each.of_quality or Fraction(0)), number(each.of_price or Fraction(0)), each.points_text,
        ]
        for each in shown
    ]  # fmt: skip
    first = shown[0]
    low, high = queries.holds_within(first.offer.call)
    percents = {"low": format_number(low / 10, page_language()), "high": format_number(high / 10, page_language())}
    title = _("%(name)s stands first with %(points)s points.") % {"name": first.offer.name, "points": first.points_text}
    text = _("It would stand first at any weight of the price from %(low)s to %(high)s percent.") % percents
    return {"title": title, "text": text, "svg": svg, "columns": columns, "rows": table}
