"""Figures typed in, targets, and the list of indicators."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.register.fields import PastDayField
from kandoo.results.actions import SUFFIXES, Document, ValueTerms
from kandoo.results.models import Indicator, Origin, Value
from kandoo.site.forms import DayField, NumberField

LARGEST_TABLE = 10 * 1024 * 1024  # bytes


class ValueForm(forms.Form):
    """What somebody says of a figure, with evidence."""

    value = NumberField(label=_("Figure"), max_digits=20, decimal_places=4)
    first = PastDayField(label=_("First day"))
    last = PastDayField(label=_("Last day"))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who says so: letter, survey, page"))
    dated = PastDayField(label=_("Date of the source"))
    document = forms.FileField(
        label=pgettext_lazy("programme", "Evidence"),
        widget=forms.ClearableFileInput({"accept": ",".join(f".{each}" for each in SUFFIXES)}),
    )
    reason = forms.CharField(label=_("Why it is corrected"), max_length=300)

    def __init__(self, *args: Any, today: date, corrects: Value | None, unit: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.corrects = corrects
        self.fields["value"].unit = unit  # type: ignore[attr-defined]
        for name in ("first", "last", "dated"):
            self.fields[name].today = today  # type: ignore[attr-defined]
        if corrects is None:
            del self.fields["reason"]

    def terms(self) -> ValueTerms:
        """What the action takes."""
        held = {name: value for name, value in self.cleaned_data.items() if name != "document"}
        return ValueTerms(**held, origin=Origin.TYPED, corrects=self.corrects)

    def evidence(self) -> Document:
        """The document as it was sent."""
        sent = self.cleaned_data["document"]
        return Document(sent.name, sent.read())


class TargetForm(forms.Form):
    """What is to be reached, and by when."""

    target = NumberField(
        label=_("Target"), max_digits=20, decimal_places=4, help_text=_("Of a year, where it is a sum.")
    )
    target_on = DayField(label=_("To be reached by"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, unit: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["target"].unit = unit  # type: ignore[attr-defined]


class BaselineForm(forms.Form):
    """Where the cluster began, on whose word."""

    value = NumberField(
        label=_("Baseline"), max_digits=20, decimal_places=4, help_text=_("Of a year, where it is a sum.")
    )
    on = PastDayField(label=_("Day of the baseline"))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who says so: letter, survey, page"))

    def __init__(self, *args: Any, today: date, unit: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].today = today  # type: ignore[attr-defined]
        self.fields["value"].unit = unit  # type: ignore[attr-defined]


class TableForm(forms.Form):
    """A table of figures; it is kept as their evidence."""

    file = forms.FileField(
        label=_("File (Excel or CSV)"), widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt,.tsv"})
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_TABLE:
            raise forms.ValidationError(
                _("The file is larger than 10 MB. Divide it and bring the parts in one by one.")
            )
        return file


WORDS = (
    *("name_fa", "name_en", "unit", "unit_en", "definition", "definition_en", "source", "source_en"),
    *("breakdown", "breakdown_en", "verifier", "verifier_en", "bias", "bias_en", "frequency", "better", "is_retired"),
)


class WordsForm(forms.ModelForm):
    """The words of an indicator, how often it is asked for, and whether it still is."""

    class Meta:
        model = Indicator
        fields: tuple[str, ...] = WORDS
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("definition", "definition_en")}


class IndicatorForm(WordsForm):
    """An indicator of the programme's own."""

    class Meta(WordsForm.Meta):
        fields = ("code", "level", "kind", *(name for name in WORDS if name != "is_retired"))
