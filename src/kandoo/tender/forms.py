"""A call with its criteria, an offer as it came, marks, prices, the choice."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kandoo.credit.models import Contract
from kandoo.programme.models import ClusterFile
from kandoo.register.fields import NumberText, PhoneField
from kandoo.site.forms import DayField, NumberField, TomanField, WholeField
from kandoo.site.rows import RowsField
from kandoo.tender.actions import CallTerms, OfferTerms
from kandoo.tender.models import Call, Criterion, Offer

PERCENT = 10  # thousandths
NUMBER_LENGTHS = (10, 11)


def criteria_columns() -> dict[str, forms.Field]:
    """Name and weight of a criterion."""
    return {
        "name": forms.CharField(label=_("Criterion"), max_length=120),
        "weight": NumberField(label=_("Weight, percent"), min_value=Decimal("0.1"), max_value=100, decimal_places=1),
    }


class CallForm(forms.Form):
    """What a call says, and by what offers are marked."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contract.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=160)
    scope = forms.CharField(label=_("What is to be done"), max_length=4000, widget=forms.Textarea({"rows": 6}))
    handing_in = forms.CharField(
        label=_("Where and how offers are handed in"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Address, and that the price lies in an envelope of its own, sealed."),
    )
    closes_on = DayField(label=_("Closes on"))
    closes_hour = WholeField(label=_("Hour"), min_value=0, max_value=23, initial=14)
    criteria = RowsField(
        criteria_columns(), label=_("Criteria of quality"), help_text=_("Their weights make 100 percent together.")
    )
    floor = WholeField(
        label=_("Least quality"),
        min_value=0,
        max_value=100,
        initial=60,
        help_text=_("0 to 100. The price of an offer below it stays closed."),
    )
    price_weight = WholeField(
        label=_("Weight of the price"),
        min_value=0,
        max_value=90,
        initial=30,
        unit=_("percent"),
        help_text=_("The rest is the weight of quality."),
    )

    def __init__(self, data: Any = None, *, call: Call | None = None) -> None:
        super().__init__(data, initial=_start(call) if call else None)

    def terms(self) -> CallTerms:
        """What the action takes; percentages become thousandths."""
        values = dict(self.cleaned_data)
        closes = datetime.combine(values.pop("closes_on"), time(values.pop("closes_hour")))
        values["criteria"] = [(row["name"].strip(), int(row["weight"] * PERCENT)) for row in values["criteria"]]
        values["price_weight"] *= PERCENT
        return CallTerms(closes_at=timezone.make_aware(closes), **values)


def _start(call: Call) -> dict[str, Any]:
    closes = timezone.localtime(call.closes_at)
    criteria = [{"name": each.name, "weight": f"{each.weight / PERCENT:g}"} for each in call.criteria.all()]
    kept = {name: getattr(call, name) for name in ("kind", "title", "scope", "handing_in", "floor")}
    moment = {"closes_on": closes.date(), "closes_hour": closes.hour}
    return kept | moment | {"price_weight": call.price_weight // PERCENT, "criteria": criteria}


class FileField(forms.Form):
    """Of which cluster the call is."""

    file = forms.ModelChoiceField(ClusterFile.objects.none(), label=_("Cluster"))

    def __init__(self, *args: Any, files: QuerySet[ClusterFile], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].queryset = files  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """An offer as it was handed in."""

    name = forms.CharField(label=_("Who offers"), max_length=160)
    national_number = NumberText(label=_("National number"), help_text=_("10 digits of a person, 11 of a company."))
    phone = PhoneField()
    document = forms.CharField(
        label=_("Document"), max_length=160, help_text=_("Number of the receipt or of the letter it came with.")
    )

    def clean_national_number(self) -> str:
        """Ten or eleven digits."""
        number: str = self.cleaned_data["national_number"]
        if not number.isdecimal() or len(number) not in NUMBER_LENGTHS:
            raise ValidationError(_("Write 10 digits of a person, or 11 of a company."))
        return number

    def terms(self) -> OfferTerms:
        """What the action takes."""
        return OfferTerms(**self.cleaned_data)


class MarksForm(forms.Form):
    """A mark and its reason for each criterion."""

    def __init__(self, data: Any = None, *, criteria: list[Criterion], given: dict[int, tuple[int, str]]) -> None:
        super().__init__(data)
        self.criteria = criteria
        for each in criteria:
            points, reason = given.get(each.pk, (None, ""))
            self.fields[f"points_{each.pk}"] = WholeField(
                label=each.name, min_value=0, max_value=100, initial=points, help_text=_("0 to 100.")
            )
            self.fields[f"reason_{each.pk}"] = forms.CharField(
                label=_("Why"), max_length=300, required=False, initial=reason
            )

    def marks(self) -> dict[int, tuple[int, str]]:
        """What the action takes."""
        values = self.cleaned_data
        return {each.pk: (values[f"points_{each.pk}"], values[f"reason_{each.pk}"]) for each in self.criteria}


class PricesForm(forms.Form):
    """The price of each offer that passed."""

    def __init__(self, data: Any = None, *, offers: list[Offer]) -> None:
        super().__init__(data)
        self.offers = offers
        for each in offers:
            self.fields[f"price_{each.pk}"] = TomanField(label=each.name, min_value=1)

    def prices(self) -> dict[int, int]:
        """What the action takes."""
        return {each.pk: self.cleaned_data[f"price_{each.pk}"] for each in self.offers}


class AwardForm(forms.Form):
    """Which offer is chosen, and on which paper."""

    offer = forms.ModelChoiceField(Offer.objects.none(), label=_("Who is chosen"))
    document = forms.CharField(label=_("Minutes or letter of the choice"), max_length=160)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed where another than the first is chosen."),
    )

    def __init__(self, data: Any = None, *, offers: QuerySet[Offer], first: int | None) -> None:
        super().__init__(data, initial={"offer": first})
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a call is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Everybody can read it."))


class ContractForm(forms.Form):
    """Which contract came of the call."""

    contract = forms.ModelChoiceField(Contract.objects.none(), label=_("Contract"))

    def __init__(self, data: Any = None, *, contracts: QuerySet[Contract]) -> None:
        super().__init__(data)
        self.fields["contract"].queryset = contracts  # type: ignore[attr-defined]
