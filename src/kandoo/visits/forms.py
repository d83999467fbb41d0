"""A plan of visits, the report of one, another day, and what became of an advice."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.register.fields import PastDayField
from kandoo.site.forms import DayField
from kandoo.site.rows import RowsField
from kandoo.visits.actions import ReportTerms
from kandoo.visits.models import Visit


class PlanForm(forms.Form):
    """From which day to which, and how often."""

    supervisor = forms.TypedChoiceField(label=_("Technical supervisor"), coerce=int)
    first = DayField(label=_("First visit"))
    months = forms.TypedChoiceField(
        label=_("How often"),
        coerce=int,
        choices=((1, _("Every month")), (2, _("Every two months")), (3, _("Every three months"))),
        help_text=_("Monthly while the cluster is being studied, every two months while its plan is carried out."),
    )
    until = DayField(label=_("Not after"))
    purpose = forms.CharField(label=_("Purpose"), max_length=300)

    def __init__(self, data: Any = None, *, supervisors: list[tuple[int, str]], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["supervisor"].choices = supervisors  # type: ignore[attr-defined]


def advice_columns() -> dict[str, forms.Field]:
    """What, who and by when."""
    return {
        "text": forms.CharField(label=_("Advice"), max_length=300),
        "owner": forms.CharField(label=_("Who does it"), max_length=120),
        "due_on": DayField(label=_("Due on")),
    }


class ReportForm(forms.Form):
    """What the supervisor found and advises."""

    visited_on = PastDayField(label=_("Day of the visit"))
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    met = forms.CharField(
        label=_("Whom you met"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The agent, key members, the steering council."),
    )
    course = forms.ChoiceField(label=_("How the project stands"), choices=Visit.Course.choices)
    found = forms.CharField(label=_("What you found"), max_length=4000, widget=forms.Textarea({"rows": 6}))
    advice = RowsField(
        advice_columns(),
        rows=4,
        required=False,
        label=_("Advice"),
        help_text=_("Who does what by when; a day such as 1405/09/01."),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"visited_on": today})
        self.fields["visited_on"].today = today  # type: ignore[attr-defined]

    def terms(self) -> ReportTerms:
        """What the action takes."""
        values = dict(self.cleaned_data)
        values["advice"] = [(row["text"], row["owner"], row["due_on"]) for row in values["advice"]]
        return ReportTerms(**values)


class MoveForm(forms.Form):
    """Another day, and why."""

    to = DayField(label=_("New day"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReasonForm(forms.Form):
    """Why a visit is called off."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class FollowForm(forms.Form):
    """What was done of an advice."""

    how = forms.CharField(label=_("What was done"), max_length=300)
