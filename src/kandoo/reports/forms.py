"""The author's words, the period of a new report, and why one is sent back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.reports.models import Report


class WordsForm(forms.ModelForm):
    """What no record can say; numbers are not typed in here."""

    class Meta:
        model = Report
        fields = ("done", "obstacles", "next_steps")
        widgets = {name: forms.Textarea({"rows": 4, "maxlength": 4000}) for name in fields}
        help_texts = {
            "done": _("The work of the period in two or three sentences. It is needed before the report is submitted."),
            "obstacles": _("What held the work up, and what help would clear the way."),
            "next_steps": _("What is planned for the next period, with who does it."),
        }

    def may_be_kept(self) -> bool:
        """Whether what was typed is whole; when it is to be submitted, with a sentence on what was done."""
        if self.is_valid() and "submit" in self.data and not self.cleaned_data["done"].strip():
            self.add_error("done", _("Say in a sentence what was done."))
        return self.is_valid()


class SummaryForm(WordsForm):
    """The sentence a technical supervisor may add to its own report."""

    class Meta:
        model = Report
        fields = ("done",)
        widgets = WordsForm.Meta.widgets
        labels = {"done": _("Summary")}
        help_texts = {"done": _("In a sentence or two: how the clusters you visit stand, and what needs a decision.")}

    def may_be_kept(self) -> bool:
        """Whether what was typed is whole; no sentence is asked for."""
        return self.is_valid()


class PeriodForm(forms.Form):
    """The period of a new report."""

    period = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["period"].choices = periods  # type: ignore[attr-defined]


class RemarkForm(forms.Form):
    """Why a report is sent back."""

    remark = forms.CharField(label=_("What is to be changed"), max_length=600, widget=forms.Textarea({"rows": 3}))
