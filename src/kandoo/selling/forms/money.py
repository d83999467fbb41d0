"""A lot's costs, what was weighed at delivery, and what the buyers paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.register.models import Enterprise
from kandoo.selling.actions.money import Paid
from kandoo.selling.models import Cost, Order, PlanLine
from kandoo.site import language as lang
from kandoo.site.forms import DayField, NumberField, TomanField, WholeField


class CostForm(forms.Form):
    """A cost the lot bears together, with its document."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Cost.Kind.choices)
    amount = TomanField(label=_("Amount"), min_value=10)
    document = forms.CharField(label=_("Document"), max_length=160, help_text=_("Number of the bill or contract."))
    on = DayField(label=_("Date"))
    paid_to = forms.ChoiceField(
        label=_("Owed to"), required=False, help_text=_("A firm of the register; empty for anybody else.")
    )

    def __init__(self, data: Any = None, *, firms: Sequence[Enterprise], today: date) -> None:
        super().__init__(data, initial={"on": today})
        self._firms = {str(each.pk): each for each in firms}
        field = self.fields["paid_to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Outside the register")), *((pk, str(each)) for pk, each in self._firms.items())]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {**self.cleaned_data, "paid_to": self._firms.get(self.cleaned_data["paid_to"])}


class DeliveryForm(forms.Form):
    """Net kilograms weighed of each planned line; as planned where nothing else is typed."""

    on = DayField(label=_("Day of delivery"))

    def __init__(self, data: Any = None, *, lines: Sequence[PlanLine], today: date) -> None:
        super().__init__(data, initial={"on": today})
        self._lines = lines
        for line in lines:
            self.fields[f"kg_{line.pk}"] = WholeField(
                label=lang.localise_digits(line.offer.batch.code, "en"),
                min_value=1,
                max_value=line.kg,
                initial=line.kg,
                unit=pgettext_lazy("unit", "kg"),
            )

    def rows(self) -> list[tuple[PlanLine, forms.BoundField]]:
        """Each line with its field."""
        return [(line, self[f"kg_{line.pk}"]) for line in self._lines]

    def weighed(self) -> dict[int, int]:
        """Kilograms by plan line."""
        return {line.pk: self.cleaned_data[f"kg_{line.pk}"] for line in self._lines}


@dataclass(frozen=True, slots=True)
class Owed:
    """What a buyer owes for what it was delivered: rial, and the rate its money was counted at."""

    order: Order
    rial: int
    rate: int

    @property
    def minor(self) -> int:
        """In the smallest unit of the order's currency."""
        return self.rial if self.order.currency == Order.Currency.IRR else round(self.rial * 100 / self.rate)


class SettleForm(forms.Form):
    """What each buyer paid: amount in its own currency, rate, day and document."""

    def __init__(self, data: Any = None, *, owed: Sequence[Owed], today: date) -> None:
        super().__init__(data)
        self.owed = owed
        for each in owed:
            self._add_order(each, today)

    def _add_order(self, owed: Owed, today: date) -> None:
        key = owed.order.pk
        if owed.order.currency == Order.Currency.IRR:
            self.fields[f"amount_{key}"] = TomanField(label=_("Amount received"), initial=owed.rial)
        else:
            self.fields[f"amount_{key}"] = NumberField(
                label=_("Amount received"),
                min_value=Decimal(0),
                max_digits=16,
                decimal_places=2,
                unit=owed.order.currency,
                initial=(Decimal(owed.minor) / 100).quantize(Decimal("0.01")),
            )
            self.fields[f"rate_{key}"] = TomanField(
                label=_("Rate at which it was changed"),
                min_value=10,
                initial=owed.rate,
                help_text=_("Toman received for one unit of the currency."),
            )
        self.fields[f"on_{key}"] = DayField(label=_("Day of the payment"), initial=today)
        self.fields[f"document_{key}"] = forms.CharField(
            label=_("Document"), max_length=160, help_text=_("Number of the bank's advice.")
        )

    def groups(self) -> list[tuple[Owed, list[forms.BoundField]]]:
        """Each order with its questions."""
        names = ("amount", "rate", "on", "document")
        return [
            (each, [self[f"{name}_{each.order.pk}"] for name in names if f"{name}_{each.order.pk}" in self.fields])
            for each in self.owed
        ]

    def paid(self) -> Mapping[int, Paid]:
        """What each buyer paid, by order; foreign money is counted in rial, rounded down."""
        return {each.order.pk: self._paid(each.order) for each in self.owed}

    def _paid(self, order: Order) -> Paid:
        values = {name: self.cleaned_data.get(f"{name}_{order.pk}") for name in ("amount", "rate", "on", "document")}
        amount, rate = values["amount"], values["rate"]
        assert amount is not None
        assert isinstance(values["on"], date)
        minor = amount if order.currency == Order.Currency.IRR else int(amount * 100)
        rial = minor if order.currency == Order.Currency.IRR else minor * (rate or 0) // 100
        return Paid(amount=minor, rial=rial, on=values["on"], document=values["document"] or "")
