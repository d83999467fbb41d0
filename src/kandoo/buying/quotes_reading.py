"""What a supplier reads: what a round asks for, and its own quotation read back, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kandoo.buying import access
from kandoo.buying.actions.quotations import LineTerms, QuotationTerms
from kandoo.buying.models import Quotation, QuotationLine, Round
from kandoo.buying.needs_reading import in_units, number, progress_of
from kandoo.engine.buying import Offer, Step, bands_of
from kandoo.register.access import Seat
from kandoo.site import language as lang
from kandoo.site.lists import page_language
from kandoo.site.pictures import price_steps


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One item of a quotation in words: its steps, an example that counts an amount, and its picture."""

    item: Any  # kandoo.buying.models.Item: what the round asks for
    brings: Any  # what is brought
    kind: str
    steps: list[str]
    example: str
    picture: SafeString
    capacity: str
    pack: str
    deliver_by: date | None


@dataclass(frozen=True, slots=True)
class ReadQuotation:
    """A whole quotation as it is read back."""

    terms: QuotationTerms
    lines: list[ReadLine]
    places: list[tuple[Any, int]]  # (point of the round, delivery in rial)


def supplier_part(seat: Seat, this: Round) -> dict[str, Any]:
    """The round page of a supplier, for `round_supplier.html`: what is wanted, its own quotation, until when."""
    mine = own_quotation(seat, this)
    return {
        "wanted": progress_of(this) if this.status == Round.Status.OPEN else [],
        "mine": mine,
        "mine_items": mine.lines.count() if mine else 0,
        "may_quote": takes_quotations(this, timezone.localdate()),
    }


def own_quotation(seat: Seat, this: Round) -> Quotation | None:
    """The supplier's quotation, unless it took it back."""
    return access.quotations_seen_by(seat, this).first() if seat.role == "supplier" else None


def takes_quotations(this: Round, today: date) -> bool:
    """Whether a quotation can be given or changed."""
    return this.status == Round.Status.OPEN and this.is_sealed and today <= this.closes_on


def terms_of(quotation: Quotation) -> QuotationTerms:
    """A stored quotation as the terms it was given by."""
    lines = quotation.lines.select_related("round_item__item", "brings").order_by("round_item__item__sort_key", "pk")
    return QuotationTerms(
        lines=[
            LineTerms(
                round_item=each.round_item,
                steps=[(quantity, price) for quantity, price in each.steps],
                kind=each.kind,
                brings=each.brings,
                capacity=each.capacity,
                pack=each.pack,
                deliver_by=each.deliver_by,
            )
            for each in lines
        ],
        valid_until=quotation.valid_until,
        minimum_order=quotation.minimum_order,
        delivery_fixed=quotation.delivery_fixed,
        places={each.place: each.delivery for each in quotation.places.select_related("place__point").order_by("pk")},
        payment_days=quotation.payment_days,
        terms=quotation.terms,
        shows_steps=quotation.shows_steps,
    )


def read_back(this: Round, terms: QuotationTerms) -> ReadQuotation:
    """The terms in words and pictures."""
    everywhere = dict.fromkeys(this.places.select_related("point"), 0)
    return ReadQuotation(terms, [_read_line(each) for each in terms.lines], list((terms.places or everywhere).items()))


def _read_line(line: LineTerms) -> ReadLine:
    item = line.round_item.item
    words = steps_in_words(line.steps, item, line.capacity)
    return ReadLine(
        item=item,
        brings=line.brings or item,
        kind=str(QuotationLine.Kind(line.kind).label),
        steps=words,
        example=example_of(line),
        picture=price_steps(
            line.steps,
            line.kind,
            None,
            name=_("Price steps of %(item)s") % {"item": item},
            language=page_language(),
            unit=item.get_unit_display(),
            texts=words,
        ),
        capacity=in_units(line.capacity, item) if line.capacity else "",
        pack=in_units(line.pack or line.round_item.pack, item),
        deliver_by=line.deliver_by,
    )


def steps_in_words(steps: Sequence[tuple[int, int]], item: Any, capacity: int | None = None) -> list[str]:
    """“100 to 499 kg: 12,000 toman each”, a line a step."""
    ends = [after[0] - 1 for after in steps[1:]]
    texts = [_step_in_words(start, end, price, item) for (start, price), end in zip(steps[:-1], ends, strict=True)]
    start, price = steps[-1]
    return [*texts, _step_in_words(start, capacity, price, item)]


def _step_in_words(start: int, end: int | None, price: int, item: Any) -> str:
    values = {"from": number(start), "price": toman(price)}
    if end is None:
        return _("%(from)s and more: %(price)s each") % {**values, "from": in_units(start, item)}
    if end <= start:
        return _("%(from)s: %(price)s each") % {**values, "from": in_units(start, item)}
    return _("%(from)s to %(to)s: %(price)s each") % {**values, "to": in_units(end, item)}


def example_of(line: LineTerms) -> str:
    """What an order that just reaches the last step costs, counted as an invoice would; a pack where there is one step."""
    item, quantity = line.round_item.item, line.steps[-1][0]
    if len(line.steps) == 1:
        quantity = max(quantity, line.pack or line.round_item.pack)
    offer = Offer(item.code, tuple(Step(*step) for step in line.steps), line.kind)  # type: ignore[arg-type]
    bands = bands_of(offer, quantity)
    total = sum(band.quantity * band.unit_price for band in bands)
    values = {"quantity": in_units(quantity, item), "total": toman(total)}
    if len(bands) == 1:
        return _("An order of %(quantity)s costs %(total)s: all of it at %(price)s each.") % {
            **values, "price": toman(bands[0].unit_price),
        }  # fmt: skip
    parts = " + ".join(f"{number(band.quantity)} × {toman(band.unit_price)}" for band in bands)
    return _("An order of %(quantity)s costs %(total)s: %(parts)s.") % {**values, "parts": parts}


def toman(rial: int) -> str:
    """An amount with its unit, in the language of the page."""
    return lang.format_toman(rial, page_language())
