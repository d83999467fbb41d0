"""Contracts, phases, invoices and payments."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kandoo.credit.actions import ContractTerms, Invoice, PhaseTerms
from kandoo.credit.forms.grounds import ChoosePaper
from kandoo.credit.models import Activity, Contract, Payee
from kandoo.programme.models import ClusterFile, PaperEdition
from kandoo.site.forms import DayField, TomanField
from kandoo.site.language import localise_digits, parse_day, parse_decimal
from kandoo.site.lists import page_language

PARTS = 4


def _fault(words: str, number: object) -> ValidationError:
    """A fault with its number in the digits of the page."""
    return ValidationError(localise_digits(words % {"n": number}, page_language()))


class PhasesField(forms.CharField):
    """Phases, one a line: title; what it delivers; weight in percent; day. Faults name their line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 6}), **options)

    def clean(self, value: Any) -> list[PhaseTerms]:
        text = super().clean(value)
        rows = [row.strip() for row in text.splitlines() if row.strip()]
        phases = [self._phase(place, row) for place, row in enumerate(rows, start=1)]
        total = sum(phase.weight for phase in phases)
        if total != 1000:
            raise _fault(
                _now("The weights of the phases add up to %(n)s percent; they make 100 together."), f"{total / 10:g}"
            )
        return phases

    def _phase(self, place: int, row: str) -> PhaseTerms:
        parts = [part.strip() for part in row.replace("؛", ";").split(";")]
        if len(parts) != PARTS or not all(parts):
            raise _fault(_now("Line %(n)s: write title; what it delivers; weight; day, with three semicolons."), place)
        title, deliverable, weight, day = parts
        try:
            tenths = parse_decimal(weight.rstrip("%٪")) * 10
            due_on = parse_day(day)
        except ValueError:
            raise _fault(_now("Line %(n)s: the weight or the day cannot be read."), place) from None
        if tenths != tenths.to_integral_value() or not Decimal(0) < tenths <= 1000:
            raise _fault(_now("Line %(n)s: a weight lies between 0.1 and 100 percent."), place)
        return PhaseTerms(title[:160], deliverable[:200], int(tenths), due_on)


class ContractForm(forms.Form):
    """A contract as it was signed, with its phases."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contract.Kind.choices)
    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"))
    title = forms.CharField(label=_("Title"), max_length=160)
    payee = forms.ModelChoiceField(Payee.objects.none(), label=_("Contractor"))
    amount = TomanField(label=_("Amount"), min_value=1)
    signed_on = DayField(label=_("Signed on"))
    ends_on = DayField(label=_("Ends on"))
    document = forms.CharField(label=_("Document"), max_length=160)
    phases = PhasesField(
        label=_("Phases"),
        help_text=_("One a line: title; what it delivers; weight in percent; day. Payments follow the weights."),
    )

    def __init__(self, data: Any = None, *, activities: QuerySet[Activity], payees: QuerySet[Payee]) -> None:
        super().__init__(data)
        self.fields["activity"].queryset = activities  # type: ignore[attr-defined]
        self.fields["payee"].queryset = payees  # type: ignore[attr-defined]

    def terms(self) -> ContractTerms:
        """What the action takes."""
        return ContractTerms(**self.cleaned_data)


class DeliverForm(forms.Form):
    """What was delivered for a phase, and when."""

    on = DayField(label=_("Delivered on"))
    document = forms.CharField(label=_("Document"), max_length=160)
    paper = ChoosePaper(PaperEdition.objects.none(), label=_("Paper on file"), required=False)

    def __init__(self, data: Any = None, *, file: ClusterFile, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["paper"].queryset = PaperEdition.objects.filter(file=file).select_related(  # type: ignore[attr-defined]
            "paper__required"
        )


class InvoiceForm(forms.Form):
    """The payee's paper."""

    number = forms.CharField(label=_("Number of the invoice"), max_length=60)
    invoiced_on = DayField(label=_("Date of the invoice"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"invoiced_on": today})

    def invoice(self) -> Invoice:
        """What the action takes."""
        return Invoice(self.cleaned_data["number"], self.cleaned_data["invoiced_on"])


class AmountOrderForm(InvoiceForm):
    """An invoice or an advance of which the amount is typed."""

    amount = TomanField(label=_("Amount"), min_value=1)
    field_order: Sequence[str] = ("amount", "number", "invoiced_on")


class PayForm(forms.Form):
    """The transfer by which an order is paid."""

    on = DayField(label=_("Paid on"))
    document = forms.CharField(label=_("Number of the transfer"), max_length=160)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})


class ReasonForm(forms.Form):
    """Why something is sent back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RemarkForm(forms.Form):
    """What the supervisor says to a phase."""

    remark = forms.CharField(label=_("Remark of the supervisor"), max_length=300, required=False)
