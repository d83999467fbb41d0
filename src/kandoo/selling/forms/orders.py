"""What a buyer wants, and the dated rates at which it is counted in rial."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo import profiles
from kandoo.engine.product import Profile
from kandoo.engine.standards import planning_limits
from kandoo.register.models import Enterprise
from kandoo.selling import queries, reading
from kandoo.selling.actions.orders import OrderTerms
from kandoo.selling.models import Order
from kandoo.site import units
from kandoo.site.forms import DayField, NumberField, TomanField, WholeField

Side = tuple[str, str]  # ("least" or "most", parameter)
USUAL = 8  # limits that are asked before the others
_CHECKS = forms.CheckboxSelectMultiple


def minor_units(currency: str) -> int:
    """Smallest units in one of what is typed: rial in a toman, cents in a euro."""
    return units.writing().unit.rial if currency == Order.Currency.IRR else 100


@cache
def usual_limits(code: str) -> tuple[Side, ...]:
    """The limits that most of the product's markets set: the ones a buyer is likely to tighten."""
    profile = profiles.load(code)
    seen: Counter[Side] = Counter()
    for market in profile.markets:
        standard = profiles.market_standard(code, market)
        for kind in list(profile.kinds)[:1]:
            limits = planning_limits(standard, [queries.conditions_of(profile, kind)])
            boxes = [limits[:2], *limits.alternatives]
            seen.update({("least", each) for box in boxes for each in box[0] if each in profile.parameters})
            seen.update({("most", each) for box in boxes for each in box[1] if each in profile.parameters})
    order = list(profile.parameters)
    chosen = sorted(seen, key=lambda side: (-seen[side], order.index(side[1])))[:USUAL]
    return tuple(sorted(chosen, key=lambda side: order.index(side[1])))


class OrderForm(forms.Form):
    """An order's terms. `buyers` is given when the agent asks for one of them."""

    title = forms.CharField(
        label=_("What is wanted"), max_length=120, help_text=_("For example: light honey for retail jars.")
    )
    price = NumberField(
        label=_("Price per kg"),
        min_value=Decimal("0.01"),
        help_text=_("In units of the currency below: 3.20 for euro; toman for orders paid in rial."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=Order.Currency.choices)
    mass_min_kg = WholeField(label=_("Least mass"), min_value=1, max_value=10_000_000, unit=pgettext_lazy("unit", "kg"))
    mass_max_kg = WholeField(label=_("Most mass"), min_value=1, max_value=10_000_000, unit=pgettext_lazy("unit", "kg"))
    deliver_by = DayField(label=_("Deliver by"))
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"), required=False, widget=_CHECKS, help_text=_("None ticked means any kind.")
    )
    standard = forms.ChoiceField(
        label=_("Market whose rules apply"), required=False, help_text=_("Its limits bind beside your own.")
    )
    sources_max = WholeField(label=_("Most source batches"), required=False, min_value=1, max_value=10_000)
    drums_min = WholeField(
        label=_("Least drums of each batch"), required=False, min_value=1, max_value=1_000, unit=_("drums")
    )
    papers = forms.MultipleChoiceField(label=_("Papers wanted"), required=False, widget=_CHECKS)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}), max_length=2000)

    def __init__(
        self, data: Any = None, *, profile: Profile, buyers: Sequence[Enterprise] = (), order: Order | None = None
    ) -> None:
        super().__init__(data, initial=_initial(order) if order else {"currency": Order.Currency.IRR, "drums_min": 1})
        self.profile = profile
        self.buyers = {str(each.pk): each for each in buyers}
        language = queries.page_language()
        self._choose("kinds", [(code, each.name.in_language(language)) for code, each in profile.kinds.items()])
        self._choose("papers", [(code, each.name.in_language(language)) for code, each in profile.papers.items()])
        markets = [(code, reading.market_in_words(profile, code)) for code in profile.markets]
        self._choose("standard", [("", _("No market's rules, only the limits below")), *markets])
        if buyers:
            self.fields["buyer"] = forms.ChoiceField(
                label=_("Buyer"), choices=[(pk, str(each)) for pk, each in self.buyers.items()]
            )
            self.order_fields(["buyer"])
        self._sides = [(side, code) for code in profile.parameters for side in ("least", "most")]
        for side, code in self._sides:
            self.fields[f"{side}_{code}"] = self._limit_field(side, code)

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
        field.choices = choices

    def _limit_field(self, side: str, code: str) -> forms.Field:
        parameter = self.profile.parameters[code]
        words = _("%(name)s at least") if side == "least" else _("%(name)s at most")
        return NumberField(
            label=words % {"name": reading.name_of(self.profile, code)},
            unit=reading.unit_of(parameter),
            required=False,
            min_value=parameter.low,
            max_value=parameter.high,
        )

    # The page asks in three groups

    def plain_fields(self) -> list[forms.BoundField]:
        """What every order answers."""
        names = ["buyer", "title", "price", "currency", "mass_min_kg", "mass_max_kg", "deliver_by", "kinds", "standard"]
        return [self[name] for name in names if name in self.fields]

    def usual_fields(self) -> list[forms.BoundField]:
        """The limits that buyers most often set."""
        return [self[f"{side}_{code}"] for side, code in usual_limits(self.profile.code)]

    def other_fields(self) -> list[forms.BoundField]:
        """All other limits."""
        usual = set(usual_limits(self.profile.code))
        return [self[f"{side}_{code}"] for side, code in self._sides if (side, code) not in usual]

    def last_fields(self) -> list[forms.BoundField]:
        """How the lot is made up, and its papers."""
        return [self[name] for name in ("sources_max", "drums_min", "papers", "note")]

    def has_other(self) -> bool:
        """Whether one of the rarer limits is set or at fault, so that it must be seen."""
        return any(field.errors or field.value() not in (None, "") for field in self.other_fields())

    # What was typed, as terms

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        price, currency = values.get("price"), values.get("currency")
        if price is not None and currency:
            minor = price * minor_units(currency)
            if minor != minor.to_integral_value() or minor > 10**12:
                self.add_error("price", _("Write the price with at most two decimals (one for toman)."))
            else:
                values["price_minor"] = int(minor)
        least, most = values.get("mass_min_kg"), values.get("mass_max_kg")
        if least and most and least > most:
            self.add_error("mass_max_kg", _("The most mass is below the least mass."))
        for code in self.profile.parameters:
            low, high = values.get(f"least_{code}"), values.get(f"most_{code}")
            if low is not None and high is not None and low > high:
                self.add_error(f"most_{code}", _("The most is below the least."))
        return values

    def buyer(self) -> Enterprise:
        """The buyer the agent chose."""
        return self.buyers[self.cleaned_data["buyer"]]

    def terms(self) -> OrderTerms:
        """The typed terms as the action takes them."""
        values = self.cleaned_data
        pairs = {
            code: (_plain(values.get(f"least_{code}")), _plain(values.get(f"most_{code}")))
            for code in self.profile.parameters
        }
        return OrderTerms(
            title=values["title"],
            price_per_kg=values["price_minor"],
            currency=values["currency"],
            mass_min_kg=values["mass_min_kg"],
            mass_max_kg=values["mass_max_kg"],
            deliver_by=values["deliver_by"],
            kinds=values["kinds"],
            limits={code: pair for code, pair in pairs.items() if pair != (None, None)},
            standard=values["standard"],
            sources_max=values["sources_max"],
            drums_min=values["drums_min"] or 1,
            papers=values["papers"],
            note=values["note"],
        )


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _initial(order: Order) -> dict[str, Any]:
    """An order's terms as they are typed."""
    minor = minor_units(order.currency)
    initial: dict[str, Any] = {
        name: getattr(order, name)
        for name in (
            "title", "currency", "mass_min_kg", "mass_max_kg", "deliver_by", "kinds", "standard",
            "sources_max", "drums_min", "papers", "note",
        )
    }  # fmt: skip
    initial["price"] = Decimal(order.price_per_kg) / minor
    for code, (least, most) in order.limits.items():
        initial[f"least_{code}"] = None if least is None else Decimal(str(least))
        initial[f"most_{code}"] = None if most is None else Decimal(str(most))
    return initial


class RateForm(forms.Form):
    """The rate of a currency on a day, with its source."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[choice for choice in Order.Currency.choices if choice[0] != Order.Currency.IRR],
    )
    rial = TomanField(label=_("Toman for one unit"), min_value=10)
    on = DayField(label=_("Date"))
    source = forms.CharField(
        label=_("Source"), max_length=160, help_text=_("Who published it, for example: Central Bank, mid rate.")
    )
