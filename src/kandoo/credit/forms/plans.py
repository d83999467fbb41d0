"""Years, laws, ceilings, activities and payees."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kandoo.credit.actions import ActivityTerms, LawTerms, RuleTerms
from kandoo.credit.forms.moving import provinces
from kandoo.credit.models import Activity, CostKind, Payee
from kandoo.programme.models import ClusterFile
from kandoo.register.fields import PastDayField
from kandoo.site.forms import DayField, NumberField, TomanField, WholeField
from kandoo.site.language import latin_digits


class LawForm(forms.Form):
    """A budget law or an amendment, as it was published."""

    number = forms.CharField(label=_("Number of the law"), max_length=60)
    title = forms.CharField(label=_("Title"), max_length=200)
    dated = DayField(label=_("Date"))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Where it was published."))

    def law(self) -> LawTerms:
        """What the action takes."""
        values = self.cleaned_data
        return LawTerms(values["number"], values["title"], values["dated"], values["source"])


class YearForm(LawForm):
    """A fiscal year with its law."""

    year = WholeField(label=_("Fiscal year"), min_value=1300, max_value=1600, help_text=_("For example 1405."))
    pays_until = DayField(
        label=_("Commitments are paid until"),
        required=False,
        help_text=_("Empty: until the last day of the year. Some laws give some months more."),
    )
    field_order = ["year", "number", "title", "dated", "source", "pays_until"]


class RuleForm(forms.Form):
    """What the programme bears at most of a kind of cost, from a day on."""

    kind = forms.ChoiceField(label=_("Kind of cost"), choices=CostKind.choices)
    from_on = DayField(label=_("In force from"))
    agency = NumberField(label=_("Share of the programme at most"), min_value=0, max_value=100, unit=_("percent"))
    advance = NumberField(label=_("Advance at most"), min_value=0, max_value=50, unit=_("percent"))
    amount_max = TomanField(
        label=_("Ceiling of one commitment"), min_value=1, required=False, help_text=_("Empty: no ceiling.")
    )
    source = forms.CharField(label=_("Source"), max_length=300)

    def terms(self) -> RuleTerms:
        """What the action takes; percentages become thousandths."""
        values = self.cleaned_data
        agency, advance = int(values["agency"] * 10), int(values["advance"] * 10)
        return RuleTerms(values["kind"], values["from_on"], agency, advance, values["source"], values["amount_max"])


class ActivityForm(forms.Form):
    """What money is for: an activity with its cost and the effect expected of it."""

    code = forms.CharField(label=_("Code"), max_length=24)
    file = forms.ModelChoiceField(ClusterFile.objects.none(), label=_("Cluster"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False, help_text=_("A cluster brings its own."))
    kind = forms.ChoiceField(label=_("Kind of cost"), choices=CostKind.choices)
    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    owner = forms.CharField(label=_("Owner"), max_length=120, required=False, help_text=_("Who sees that it is done."))
    cost = TomanField(label=_("Whole cost"), min_value=1)
    member = NumberField(label=_("Share of the members"), min_value=0, max_value=100, unit=_("percent"), required=False)
    other = NumberField(
        label=_("Share of others"),
        min_value=0,
        max_value=100,
        unit=_("percent"),
        required=False,
        help_text=_("What members and others do not bear is the programme’s."),
    )
    starts_on = DayField(label=_("Begins on"))
    ends_on = DayField(label=_("Ends on"))
    indicator = forms.CharField(label=_("Indicator"), max_length=160, help_text=_("What should change by it."))
    effect = forms.CharField(label=_("Expected effect"), max_length=300)

    def __init__(
        self, data: Any = None, *, files: QuerySet[ClusterFile], province: str, file: ClusterFile | None = None
    ) -> None:
        super().__init__(data, initial={"province": province, "file": file})
        choices = [each for each in provinces() if not province or each[0] == province]
        self.fields["province"].choices = choices  # type: ignore[attr-defined]
        self.fields["file"].queryset = files  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("file") and not values.get("province") and not self.errors:
            self.add_error("province", _("Choose the cluster or the province."))
        return values

    def terms(self) -> ActivityTerms:
        """What the action takes."""
        values = dict(self.cleaned_data)
        if values["file"] is not None:
            values["province"] = values["file"].province
        values |= {f"{who}_share": int((values.pop(who) or 0) * 10) for who in ("member", "other")}
        return ActivityTerms(**values)


class ActivityChangeForm(ActivityForm):
    """What is planned of an activity, to be changed; its code, cluster and province stay."""

    def __init__(self, data: Any = None, *, activity: Activity) -> None:
        super().__init__(data, files=ClusterFile.objects.none(), province="")
        for name in ("code", "file", "province"):
            del self.fields[name]
        held = {name: getattr(activity, name) for name in self.fields if name not in ("member", "other")}
        shares = {who: Decimal(getattr(activity, f"{who}_share")) / 10 for who in ("member", "other")}
        self.initial = held | shares
        self.activity = activity

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = forms.Form.clean(self) or {}
        held = self.activity
        return values | {"code": held.code, "file": held.file, "province": held.province}


class DoneForm(forms.Form):
    """The day on which an activity was done."""

    on = PastDayField(label=_("Done on"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["on"].today = today  # type: ignore[attr-defined]


class PayeeForm(forms.Form):
    """Somebody the programme pays."""

    number = forms.CharField(
        label=_("National number"), max_length=20, help_text=_("10 digits of a person, 11 of a company.")
    )
    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    sheba = forms.CharField(label=_("Sheba (IBAN)"), max_length=40, required=False)

    def clean_sheba(self) -> str:
        plain = latin_digits(self.cleaned_data["sheba"]).upper().replace(" ", "").replace("-", "")
        return f"IR{plain}" if plain.isdigit() else plain


class PayeeChangeForm(PayeeForm):
    """What of a payee may be corrected; the national number stays."""

    def __init__(self, data: Any = None, *, payee: Payee) -> None:
        super().__init__(data, initial={name: getattr(payee, name) for name in ("name_fa", "name_en", "sheba")})
        del self.fields["number"]


class LinesFileForm(forms.Form):
    """A filled-in table of approved lines."""

    file = forms.FileField(label=_("File (Excel or CSV)"))
