"""Forms of a round's own steps."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.site.forms import DayField


class ExtendForm(forms.Form):
    """The new last day of a round."""

    closes_on = DayField(label=_("New last day"))

    def __init__(self, *args: Any, closes_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_on"].initial = closes_on


class CancelForm(forms.Form):
    """Why a round is called off."""

    reason = forms.CharField(
        label=_("Why the round is cancelled"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members and suppliers read this."),
    )


class AnswerForm(forms.Form):
    """Yes or no to one's own part of the plan that was read."""

    plan = forms.IntegerField(widget=forms.HiddenInput)
    is_yes = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")
    reason = forms.CharField(max_length=300, required=False)
