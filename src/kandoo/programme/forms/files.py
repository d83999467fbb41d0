"""A cluster written down or corrected, its agent, its figures, and a table of clusters."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kandoo.programme.actions import CountTerms, FileTerms
from kandoo.programme.models import Count
from kandoo.programme.reading import province_names
from kandoo.register.access import Seat
from kandoo.register.fields import PastDayField
from kandoo.site.forms import WholeField

LARGEST_TABLE = 10 * 1024 * 1024  # bytes


def province_choices(seat: Seat, *, nation: Any = None) -> list[tuple[str, Any]]:
    """The provinces a seat may choose from; `nation`: the word for none, where that may be chosen."""
    names = province_names()
    if seat.province:
        return [(seat.province, names[seat.province])]
    return [*([("", nation)] if nation else []), *names.items()]


class _Described(forms.Form):
    """What every cluster is described by."""

    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    county = forms.CharField(label=_("County"), max_length=60, required=False)
    product = forms.CharField(
        label=_("Product"),
        max_length=60,
        help_text=_("One or two words, the same for clusters alike"),
        widget=forms.TextInput({"list": "products"}),
    )


class FileForm(_Described):
    """A cluster that was found: where, what, by which definition and whose word."""

    province = forms.ChoiceField(label=_("Province"))
    definition = forms.CharField(label=_("Definition"), max_length=300, help_text=_("By which it counts as a cluster"))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who says so: letter, survey, page"))
    dated = PastDayField(label=_("Date of the source"))
    agent_name = forms.CharField(label=_("Cluster development agent"), max_length=120, required=False)
    field_order = ["name_fa", "name_en", "province", "county", "product", "definition", "source", "dated", "agent_name"]

    def __init__(self, *args: Any, seat: Seat, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["province"].choices = province_choices(seat)  # type: ignore[attr-defined]
        self.fields["dated"].today = today  # type: ignore[attr-defined]

    def terms(self) -> FileTerms:
        """What the action takes."""
        return FileTerms(**self.cleaned_data)


class CorrectionForm(_Described):
    """What of a file may be corrected by hand."""


class AgentForm(forms.Form):
    """Another agent, and what the one before hands over."""

    name = forms.CharField(label=_("Name of the new agent"), max_length=120)
    from_on = PastDayField(label=_("From"))
    reason = forms.CharField(label=_("Why the one before leaves"), max_length=300, required=False)
    handed_over = forms.CharField(
        label=_("What was handed over"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("A line for each thing: list of members, minutes, contracts, who holds the shared accounts."),
    )

    def __init__(self, *args: Any, today: date, has_before: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["from_on"].today = today  # type: ignore[attr-defined]
        for name in ("reason", "handed_over"):
            self.fields[name].required = has_before
            if not has_before:
                del self.fields[name]


class LinkForm(forms.Form):
    """The code of the cluster on Kandoo."""

    code = forms.CharField(
        label=_("Code of the cluster on Kandoo"),
        max_length=60,
        required=False,
        help_text=_(
            "Its agent knows it. The agent then reads this file and brings papers to it. Empty: the file is linked to none."
        ),
        widget=forms.TextInput({"dir": "ltr", "autocapitalize": "none"}),
    )


class CountForm(forms.Form):
    """A figure that somebody published; of one cluster, or of a province, product and stage."""

    measure = forms.ChoiceField(label=_("What was counted"), choices=Count.Measure.choices)
    value = WholeField(label=_("Figure"), min_value=0, max_value=10**12)
    province = forms.ChoiceField(label=_("Province"), required=False)
    product = forms.CharField(label=_("Product"), max_length=60, required=False, help_text=_("Empty: all products"))
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    definition = forms.CharField(
        label=_("Definition"),
        max_length=300,
        help_text=_("What exactly was counted. Figures of different definitions are not compared."),
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who says so: letter, survey, page"))
    dated = PastDayField(label=_("Date"))

    def __init__(
        self, *args: Any, seat: Seat, today: date, stages: list[tuple[str, str]], of_file: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["dated"].today = today  # type: ignore[attr-defined]
        if of_file:
            for name in ("province", "product", "stage"):
                del self.fields[name]
            choices = [each for each in Count.Measure.choices if each[0] in ("firms", "workers", "exports")]
            self.fields["measure"].choices = choices  # type: ignore[attr-defined]
            return
        self.fields["province"].choices = province_choices(seat, nation=_("The whole nation"))  # type: ignore[attr-defined]
        self.fields["stage"].choices = [("", _("All stages")), *stages]  # type: ignore[attr-defined]

    def terms(self) -> CountTerms:
        """What the action takes."""
        return CountTerms(**self.cleaned_data)


class TableForm(forms.Form):
    """A table of clusters."""

    file = forms.FileField(
        label=_("File (Excel or CSV)"), widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt,.tsv"})
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_TABLE:
            raise ValidationError(_("The file is larger than 10 MB. Divide it and bring the parts in one by one."))
        return file
