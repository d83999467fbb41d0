"""Contracts, phases, invoices and payments."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kandoo.credit.actions import ContractTerms, Invoice, PhaseTerms
from kandoo.credit.forms.grounds import ChoosePaper
from kandoo.credit.models import Activity, Contract, Payee
from kandoo.programme.models import ClusterFile, PaperEdition
from kandoo.register.fields import PastDayField
from kandoo.site.forms import DayField, NumberField, TomanField
from kandoo.site.rows import RowsField

PERCENT = 10  # thousandths


def phase_columns() -> dict[str, forms.Field]:
    """What is said of a phase."""
    return {
        "title": forms.CharField(label=_("Phase"), max_length=160),
        "deliverable": forms.CharField(label=_("What is delivered"), max_length=200),
        "weight": NumberField(label=_("Weight, percent"), min_value=Decimal("0.1"), max_value=100, decimal_places=1),
        "due_on": DayField(label=_("Due on")),
    }


class ContractForm(forms.Form):
    """A contract as it was signed, with its phases."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contract.Kind.choices)
    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"))
    title = forms.CharField(label=_("Title"), max_length=160)
    payee = forms.ModelChoiceField(Payee.objects.none(), label=_("Contractor"))
    amount = TomanField(label=_("Amount"), min_value=1)
    signed_on = PastDayField(label=_("Signed on"))
    ends_on = DayField(label=_("Ends on"))
    document = forms.CharField(label=_("Document"), max_length=160)
    phases = RowsField(
        phase_columns(),
        label=_("Phases"),
        help_text=_("Their weights make 100 percent together; payments follow the weights. A day such as 1405/09/01."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        activities: QuerySet[Activity],
        payees: QuerySet[Payee],
        today: date,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["activity"].queryset = activities  # type: ignore[attr-defined]
        self.fields["payee"].queryset = payees  # type: ignore[attr-defined]
        self.fields["signed_on"].today = today  # type: ignore[attr-defined]

    def terms(self) -> ContractTerms:
        """What the action takes; percentages become thousandths."""
        phases = [PhaseTerms(**row | {"weight": int(row["weight"] * PERCENT)}) for row in self.cleaned_data["phases"]]
        return ContractTerms(**self.cleaned_data | {"phases": phases})


class DeliverForm(forms.Form):
    """What was delivered for a phase, and when."""

    on = PastDayField(label=_("Delivered on"))
    document = forms.CharField(label=_("Document"), max_length=160)
    paper = ChoosePaper(PaperEdition.objects.none(), label=_("Paper on file"), required=False)

    def __init__(self, data: Any = None, *, file: ClusterFile, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["on"].today = today  # type: ignore[attr-defined]
        self.fields["paper"].queryset = PaperEdition.objects.filter(file=file).select_related(  # type: ignore[attr-defined]
            "paper__required"
        )


class InvoiceForm(forms.Form):
    """The payee's paper."""

    number = forms.CharField(label=_("Number of the invoice"), max_length=60)
    invoiced_on = PastDayField(label=_("Date of the invoice"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"invoiced_on": today})
        self.fields["invoiced_on"].today = today  # type: ignore[attr-defined]

    def invoice(self) -> Invoice:
        """What the action takes."""
        return Invoice(self.cleaned_data["number"], self.cleaned_data["invoiced_on"])


class AmountOrderForm(InvoiceForm):
    """An invoice or an advance of which the amount is typed."""

    amount = TomanField(label=_("Amount"), min_value=1)
    field_order: Sequence[str] = ("amount", "number", "invoiced_on")


class PayForm(forms.Form):
    """The transfer by which an order is paid."""

    on = PastDayField(label=_("Paid on"))
    document = forms.CharField(label=_("Number of the transfer"), max_length=160)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["on"].today = today  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is sent back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RemarkForm(forms.Form):
    """What the supervisor says to a phase."""

    remark = forms.CharField(label=_("Remark of the supervisor"), max_length=300, required=False)
