"""A supplier's quotation as it is typed: terms, and for each item its price steps in as many rows as it wants."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.buying.actions.quotations import LineTerms, QuotationTerms, refusal_of
from kandoo.buying.models import QuotationLine, Round, RoundItem, RoundPlace
from kandoo.engine.buying.values import QUANTITY_MAX
from kandoo.selling.uploads import Upload, checked
from kandoo.site import language as lang
from kandoo.site import units
from kandoo.site.forms import DayField, TomanField, WholeField
from kandoo.site.lists import page_language

ROWS = 3  # empty rows that wait for steps
ROWS_MAX = 40
VALID_DAYS = 30


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of price steps: from how many units, at what price."""

    quantity: forms.BoundField
    price: forms.BoundField


class QuotationForm(forms.Form):
    """A whole quotation. `typed` holds what stands in the fields before anything was sent."""

    minimum_order = TomanField(
        label=gettext_lazy("Least value of an order"), required=False,
        help_text=gettext_lazy("Below it you do not deliver. Leave empty if you take any order."),
    )  # fmt: skip
    delivery_fixed = TomanField(
        label=gettext_lazy("Delivery, whatever is ordered"), required=False,
        help_text=gettext_lazy("Leave empty if delivery is in your prices."),
    )  # fmt: skip
    valid_until = DayField(label=gettext_lazy("Valid until"))
    payment_days = WholeField(
        label=gettext_lazy("Days until payment is due"), required=False, min_value=0, max_value=365,
        unit=gettext_lazy("days"),
    )  # fmt: skip
    terms = forms.CharField(
        label=gettext_lazy("Payment terms and remarks"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    shows_steps = forms.BooleanField(
        label=gettext_lazy("Show members the way to my next step"), required=False,
        help_text=gettext_lazy(
            "Members then read how many units are missing to your next step, and how much of your least order is "
            "reached, in tens of a percent. Never your name or a price."
        ),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, this: Round, typed: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(typed))
        self.this = this
        self.rows = {each: _rows_of(data if data is not None else typed, each) for each in _items_of(this)}
        self.places = list(this.places.select_related("point"))
        for place in self.places:
            self._add_place(place)
        for row in self.rows:
            self._add_item(row)

    def _add_place(self, place: RoundPlace) -> None:
        self.fields[f"to_{place.pk}"] = forms.BooleanField(
            label=_("I deliver to %(place)s") % {"place": place}, required=False
        )
        self.fields[f"delivery_{place.pk}"] = TomanField(
            label=_("Delivery to %(place)s, beside the above") % {"place": place}, required=False
        )

    def _add_item(self, row: RoundItem) -> None:
        unit, key = row.item.get_unit_display(), f"i{row.pk}"
        name = {"item": row.item}
        others = [each.item for each in row.substitutes.all()]
        self.fields[f"{key}_rows"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[f"{key}_rows"] = str(self.rows[row])
        if others:
            self.fields[f"{key}_brings"] = forms.ChoiceField(
                label=_("What you bring for %(item)s") % name,
                choices=[(each.pk, str(each)) for each in (row.item, *others)],
                required=False,
            )
        for place in range(self.rows[row]):
            at = {**name, "n": lang.format_number(place + 1, page_language())}
            self.fields[f"{key}_from_{place}"] = WholeField(
                label=_("%(item)s, row %(n)s: from") % at,
                required=False,
                min_value=1,
                max_value=QUANTITY_MAX,
                unit=unit,
            )
            self.fields[f"{key}_price_{place}"] = TomanField(
                label=_("%(item)s, row %(n)s: price of a unit") % at, required=False, min_value=1
            )
        self.fields[f"{key}_kind"] = forms.ChoiceField(
            label=_("How the steps of %(item)s count") % name, choices=QuotationLine.Kind.choices, required=False
        )
        self.fields[f"{key}_capacity"] = WholeField(
            label=_("Most of %(item)s you can deliver") % name, required=False, min_value=1, max_value=QUANTITY_MAX,
            unit=unit, help_text=_("Leave empty if there is no limit."),
        )  # fmt: skip
        self.fields[f"{key}_pack"] = WholeField(
            label=_("%(item)s in a pack") % name, required=False, min_value=1, max_value=1_000_000, unit=unit,
            help_text=_("You deliver whole packs of so many."),
        )  # fmt: skip
        self.fields[f"{key}_deliver_by"] = DayField(
            label=_("%(item)s delivered by") % name, required=False,
            help_text=_("Leave empty if you deliver in time for the hand-out. For example 1405/09/01 or 2026-11-22."),
        )  # fmt: skip

    # The page asks in groups

    def item_groups(self) -> Iterator[dict[str, Any]]:
        """Of each item its fields: the steps in rows, and the rest."""
        for row, count in self.rows.items():
            key = f"i{row.pk}"
            rows = [StepRow(self[f"{key}_from_{place}"], self[f"{key}_price_{place}"]) for place in range(count)]
            yield {
                "row": row,
                "rows": rows,
                "count": self[f"{key}_rows"],
                "brings": self[f"{key}_brings"] if f"{key}_brings" in self.fields else None,
                "kind": self[f"{key}_kind"],
                "rest": [self[f"{key}_{name}"] for name in ("capacity", "pack", "deliver_by")],
                "may_grow": count < ROWS_MAX,
            }

    def place_groups(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each point whether and at what cost goods are brought there."""
        return [(self[f"to_{each.pk}"], self[f"delivery_{each.pk}"]) for each in self.places]

    def plain_fields(self) -> list[forms.BoundField]:
        """The terms of the whole quotation."""
        return [self[name] for name in ("minimum_order", "delivery_fixed")]

    def last_fields(self) -> list[forms.BoundField]:
        """How long it holds, and how it is paid."""
        return [self[name] for name in ("valid_until", "payment_days", "terms", "shows_steps")]

    # What was typed, as terms

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.places and not any(values.get(f"to_{each.pk}") for each in self.places):
            self.add_error(f"to_{self.places[0].pk}", _("Deliver to one point at least."))
        day = values.get("valid_until")
        if day and day < self.this.closes_on:
            least = lang.format_day(self.this.closes_on, page_language(), style="short")
            self.add_error("valid_until", _("It holds until the round closes, %(day)s, at least.") % {"day": least})
        lines = [line for row in self.rows if (line := self._line(row, values)) is not None]
        if not lines and not self.errors:
            self.add_error(None, _("Write the price of one item at least."))
        values["lines"] = lines
        return values

    def _line(self, row: RoundItem, values: dict[str, Any]) -> LineTerms | None:
        """An item's line; None where nothing was typed or where it is at fault."""
        key = f"i{row.pk}"
        steps: list[tuple[int, int, str]] = []  # quantity from, rial, name of the field
        for place in range(self.rows[row]):
            names = f"{key}_from_{place}", f"{key}_price_{place}"
            if any(name in self.errors for name in names):
                return None
            quantity, price = (values.get(name) for name in names)
            if price is not None:
                if quantity is None and steps:
                    self.add_error(names[0], _("From how many units does this price hold?"))
                    return None
                steps.append((quantity or 1, price, names[0]))
            elif quantity is not None and (quantity, place) != (1, 0):  # the first row is shown filled with 1
                self.add_error(names[1], _("Write the price of a unit."))
                return None
        if not steps:
            return None
        return self._checked(row, steps, values)

    def _checked(self, row: RoundItem, steps: list[tuple[int, int, str]], values: dict[str, Any]) -> LineTerms | None:
        key = f"i{row.pk}"
        seen: set[int] = set()
        for quantity, _price, name in steps:
            if quantity in seen:
                self.add_error(name, _("There is a step from this quantity already."))
                return None
            seen.add(quantity)
        chosen = values.get(f"{key}_brings")
        brings = next((each.item for each in row.substitutes.all() if str(each.item_id) == chosen), row.item)
        line = LineTerms(
            round_item=row,
            steps=sorted((quantity, price) for quantity, price, _name in steps),
            kind=values.get(f"{key}_kind") or QuotationLine.Kind.ALL_UNITS,
            brings=brings,
            capacity=values.get(f"{key}_capacity"),
            pack=values.get(f"{key}_pack") or row.pack,
            deliver_by=values.get(f"{key}_deliver_by"),
        )
        if refusal := refusal_of(self.this, line):
            self.add_error(f"{key}_capacity" if line.capacity else f"{key}_from_0", refusal)
            return None
        return line

    def quotation(self) -> QuotationTerms:
        """The typed quotation as the action takes it."""
        values = self.cleaned_data
        places = {each: values.get(f"delivery_{each.pk}") or 0 for each in self.places if values.get(f"to_{each.pk}")}
        is_everywhere = len(places) == len(self.places) and not any(places.values())
        return QuotationTerms(
            lines=values["lines"],
            valid_until=values["valid_until"],
            minimum_order=values["minimum_order"] or 0,
            delivery_fixed=values["delivery_fixed"] or 0,
            places={} if is_everywhere else places,
            payment_days=values["payment_days"] or 0,
            terms=values["terms"],
            shows_steps=values["shows_steps"],
        )


def _items_of(this: Round) -> list[RoundItem]:
    return list(this.items.select_related("item").prefetch_related("substitutes__item"))


def _rows_of(typed: Mapping[str, Any], row: RoundItem) -> int:
    """How many rows of steps an item shows."""
    text = lang.latin_digits(str(typed.get(f"i{row.pk}_rows") or ROWS))
    return max(ROWS, min(int(text) if text.isdecimal() else ROWS, ROWS_MAX))


def typed_empty(this: Round) -> dict[str, Any]:
    """The fields of a quotation that nobody has begun."""
    typed: dict[str, Any] = {
        "valid_until": lang.day_for_input(this.closes_on + timedelta(days=VALID_DAYS), page_language()),
        **{f"to_{each.pk}": "on" for each in this.places.all()},
    }
    for row in this.items.select_related("item"):
        typed |= {f"i{row.pk}_pack": str(row.pack), f"i{row.pk}_kind": QuotationLine.Kind.ALL_UNITS}
        typed[f"i{row.pk}_from_0"] = "1"
    return typed


def typed_of(this: Round, terms: QuotationTerms) -> dict[str, Any]:
    """A quotation as it would have been typed: the text of every field by its name."""
    places = terms.places or dict.fromkeys(this.places.all(), 0)
    typed: dict[str, Any] = typed_empty(this) | {
        "minimum_order": _amount(terms.minimum_order),
        "delivery_fixed": _amount(terms.delivery_fixed),
        "valid_until": lang.day_for_input(terms.valid_until, page_language()),
        "payment_days": str(terms.payment_days or ""),
        "terms": terms.terms,
        "shows_steps": "on" if terms.shows_steps else "",
    }
    typed |= {f"to_{each.pk}": "on" if each in places else "" for each in this.places.all()}
    typed |= {f"delivery_{place.pk}": _amount(delivery) for place, delivery in places.items()}
    for line in terms.lines:
        key = f"i{line.round_item.pk}"
        typed |= {
            f"{key}_rows": str(min(len(line.steps) + 1, ROWS_MAX)),
            f"{key}_kind": line.kind,
            f"{key}_brings": str((line.brings or line.round_item.item).pk),
            f"{key}_capacity": str(line.capacity or ""),
            f"{key}_pack": str(line.pack or line.round_item.pack),
            f"{key}_deliver_by": lang.day_for_input(line.deliver_by, page_language()) if line.deliver_by else "",
        }
        for place, (quantity, price) in enumerate(line.steps):
            typed |= {f"{key}_from_{place}": str(quantity), f"{key}_price_{place}": _amount(price)}
    return typed


def _amount(rial: int) -> str:
    return f"{units.in_unit(rial, units.writing().unit):f}" if rial else ""


def with_more_rows(typed: Mapping[str, Any], row: str) -> dict[str, Any]:
    """What was typed, with more empty rows for one item."""
    values = {name: typed[name] for name in typed}
    asked = lang.latin_digits(str(values.get(f"i{row}_rows") or ROWS))
    values[f"i{row}_rows"] = str(min((int(asked) if asked.isdecimal() else ROWS) + ROWS, ROWS_MAX))
    return values


class QuotationFileForm(forms.Form):
    """A quotation as a file."""

    file = forms.FileField(
        label=gettext_lazy("Excel or CSV file"),
        help_text=gettext_lazy("It is checked whole and shown to you before anything is sent."),
    )


class CertificateForm(forms.Form):
    """A paper put with a quotation."""

    file = forms.FileField(
        label=gettext_lazy("Certificate, licence or price list"),
        help_text=gettext_lazy("A PDF or a photo, at most 10 MB."),
        widget=forms.ClearableFileInput({"accept": ".pdf,image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        # Another form with a file stands on the same page.
        super().__init__(*args, **{"auto_id": "paper_%s", **options})

    def clean_file(self) -> Upload:
        upload: Any = self.cleaned_data["file"]
        try:
            return checked(upload)
        except ValidationError as problem:
            raise problem from None
