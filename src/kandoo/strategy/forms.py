"""What people type about a diagnosis and a plan; the fields of a part come from its columns."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from persiantools.jdatetime import JalaliDate

from kandoo.credit.models import Activity
from kandoo.register.fields import PastDayField
from kandoo.site.forms import DayField, NumberField, TomanField, WholeField
from kandoo.strategy.actions import VisionTerms
from kandoo.strategy.parts import Column, Part
from kandoo.strategy.queries.rows import Holder


class RowForm(forms.Form):
    """One row of a part, a field for each of its columns."""

    def __init__(self, data: Any = None, *, holder: Holder, part: Part, row: Any = None) -> None:
        super().__init__(data, initial=_initial(part, row) if row is not None else None)
        self.part = part
        for column in part.columns:
            self.fields[column.name] = _field(column, holder)

    def values(self) -> dict[str, Any]:
        """What the action takes: thousandths instead of percent."""
        return {
            each.name: int(self.cleaned_data[each.name] * 10)
            if each.kind == "percent"
            else self.cleaned_data[each.name]
            for each in self.part.columns
        }


def _initial(part: Part, row: Any) -> dict[str, Any]:
    return {
        each.name: Decimal(row.inside) / 10 if each.kind == "percent" else getattr(row, each.name)
        for each in part.columns
    }


def _field(column: Column, holder: Holder) -> forms.Field:
    shared: dict[str, Any] = {"label": column.label, "required": column.needed, "help_text": column.help}
    match column.kind:
        case "choice":
            return forms.ChoiceField(choices=column.choices, **shared)
        case "whole":
            return WholeField(min_value=column.least, max_value=column.most, **shared)
        case "toman":
            return TomanField(min_value=column.least, **shared)
        case "percent":
            return NumberField(min_value=0, max_value=100, unit=_("percent"), max_digits=4, decimal_places=1, **shared)
        case "day":
            shared["help_text"] = column.help or _("For example 1405/09/01 or 2026-11-22.")
            return PastDayField(today=timezone.localdate() if column.past else None, **shared)
        case "row" | "indicator" | "activity":
            return forms.ModelChoiceField(holder.choices(column), **shared)
    return forms.CharField(max_length=column.most, **shared)


class TableForm(forms.Form):
    """A filled-in table of a part."""

    file = forms.FileField(label=_("File (Excel or CSV)"))


class EditionForm(forms.Form):
    """Why a further edition of the study is begun."""

    reason = forms.CharField(label=_("What changed"), max_length=300)


class FreezeForm(forms.Form):
    """The day of the baseline."""

    on = DayField(label=_("Baseline of"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})


class RemarkForm(forms.Form):
    """What a supervisor finds missing."""

    remark = forms.CharField(label=_("What is missing"), max_length=300)


class VisionForm(forms.Form):
    """The vision that was agreed."""

    text_fa = forms.CharField(label=_("In Persian"), max_length=300, widget=forms.Textarea({"rows": 3}))
    text_en = forms.CharField(
        label=_("In English"), max_length=300, required=False, widget=forms.Textarea({"rows": 3, "dir": "ltr"})
    )
    by_year = WholeField(label=_("By the year"), min_value=1300, max_value=1600, help_text=_("For example 1408."))
    agreed_on = DayField(label=_("Agreed on"))
    agreed_by = forms.CharField(
        label=_("Agreed by"), max_length=160, help_text=_("The steering council or an assembly of the members.")
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"by_year": JalaliDate(today).year + 3, "agreed_on": today})

    def terms(self) -> VisionTerms:
        """What the action takes."""
        return VisionTerms(**self.cleaned_data)


class ActivitiesForm(forms.Form):
    """Which activities of the plan are meant, none or several."""

    activities = forms.ModelMultipleChoiceField(
        Activity.objects.none(), label=_("Activities"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, choices: QuerySet[Activity], chosen: QuerySet[Activity]) -> None:
        super().__init__(data, initial={"activities": chosen})
        self.fields["activities"].queryset = choices  # type: ignore[attr-defined]
