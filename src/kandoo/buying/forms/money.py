"""Deposits, a supplier's invoice against its order, and the settlement."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.buying.goods_reading import LineState, OrderState
from kandoo.register.models import Enterprise
from kandoo.site.forms import DayField, TomanField


class DepositForm(forms.Form):
    """What a member paid ahead, with its document."""

    member = forms.ChoiceField(label=_("Member"))
    amount = TomanField(label=_("Amount"), min_value=10)
    document = forms.CharField(label=_("Document"), max_length=160, help_text=_("Number of the receipt or transfer."))
    on = DayField(label=_("Date"))

    def __init__(self, data: Any = None, *, firms: Sequence[Enterprise], today: date) -> None:
        super().__init__(data, initial={"on": today})
        self._firms = {str(each.pk): each for each in firms}
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, str(each)) for pk, each in self._firms.items()]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = {name: self.cleaned_data[name] for name in ("amount", "document", "on")}
        return given | {"enterprise": self._firms[self.cleaned_data["member"]]}


class InvoiceForm(forms.Form):
    """The supplier's invoice, filled in with what came in good state at the prices ordered."""

    number = forms.CharField(label=_("Number of the invoice"), max_length=60)
    on = DayField(label=_("Date of the invoice"))
    delivery = TomanField(label=_("Delivery"))
    remark = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, state: OrderState, today: date) -> None:
        super().__init__(data, initial={"on": today, "delivery": state.order.delivery})
        self._state = state
        for each in state.lines:
            self.fields[f"line_{each.line.pk}"] = TomanField(label=_("Amount"), initial=each.amount)

    def rows(self) -> list[tuple[LineState, forms.BoundField]]:
        """Each line of the order with its amount."""
        return [(each, self[f"line_{each.line.pk}"]) for each in self._state.lines]

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("number", "on")]

    def last_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("delivery", "remark")]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("number", "on", "delivery", "remark")
        goods = {each.line.pk: self.cleaned_data[f"line_{each.line.pk}"] for each in self._state.lines}
        return {name: self.cleaned_data[name] for name in names} | {"goods": goods}


class SettleForm(forms.Form):
    """Whether the reserve bears what no member may be charged."""

    cover = forms.BooleanField(label=_("The cluster's reserve bears it"), required=False)
