"""A round of selection and the scores of its candidates."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.programme import reading
from kandoo.programme.actions import CriterionTerms
from kandoo.programme.forms.files import province_choices
from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat
from kandoo.register.fields import PastDayField
from kandoo.site.forms import WholeField

CRITERIA = 6  # lines of criteria in the form


class RoundForm(forms.Form):
    """A round: its province and year, criteria with weights, the candidates."""

    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    year = WholeField(label=_("Year (Jalali)"), min_value=1300, max_value=1600)
    spread = WholeField(
        label=_("How far weights may be off"),
        min_value=0,
        max_value=100,
        unit=_("percent"),
        help_text=_("The ranking is tried again with every weight that much larger or smaller."),
    )
    clusters = forms.ModelMultipleChoiceField(
        ClusterFile.objects.none(), label=_("Candidates"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, seat: Seat, files: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["province"].choices = province_choices(seat, nation=_("The whole nation"))  # type: ignore[attr-defined]
        self.fields["clusters"].queryset = files  # type: ignore[attr-defined]
        for place in range(1, CRITERIA + 1):
            number = {"n": reading.number(place)}
            self.fields[f"criterion{place}"] = forms.CharField(
                label=_("Criterion %(n)s") % number, max_length=160, required=False
            )
            self.fields[f"weight{place}"] = WholeField(
                label=_("Weight of criterion %(n)s") % number, min_value=1, max_value=100, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Each criterion with its weight."""
        values: dict[str, Any] = super().clean() or {}
        for place in range(1, CRITERIA + 1):
            if bool(values.get(f"criterion{place}")) != bool(values.get(f"weight{place}")):
                self.add_error(f"weight{place}", _("A criterion and its weight go together."))
        return values

    def criteria(self) -> list[CriterionTerms]:
        """The criteria that were filled in."""
        held = self.cleaned_data
        places = [place for place in range(1, CRITERIA + 1) if held.get(f"criterion{place}")]
        return [CriterionTerms(held[f"criterion{place}"], held[f"weight{place}"]) for place in places]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name_fa", "name_en", "province", "year", "spread")]

    @property
    def criterion_fields(self) -> list[forms.BoundField]:
        return [self[f"{name}{place}"] for place in range(1, CRITERIA + 1) for name in ("criterion", "weight")]


class ScoreForm(forms.Form):
    """The scores of one candidate: for each criterion a figure, its evidence and day; empty where not known yet."""

    def __init__(self, *args: Any, criteria: Any, held: dict[int, Any], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria = list(criteria)
        for each in self.criteria:
            score = held.get(each.pk)
            self.fields[f"value{each.pk}"] = WholeField(
                label=str(each), min_value=0, max_value=100, required=False, unit=_("of 100"), help_text=each.guide,
                initial=score.value if score else None,
            )  # fmt: skip
            self.fields[f"evidence{each.pk}"] = forms.CharField(
                label=pgettext_lazy("programme", "Evidence"),
                max_length=300,
                required=False,
                initial=score.evidence if score else "",
            )
            self.fields[f"dated{each.pk}"] = PastDayField(
                label=_("Date of the evidence"), required=False, today=today, initial=score.dated if score else today
            )

    def clean(self) -> dict[str, Any]:
        """A score stands on evidence of a day."""
        values: dict[str, Any] = super().clean() or {}
        for each in self.criteria:
            if values.get(f"value{each.pk}") is None:
                continue
            for name in (f"evidence{each.pk}", f"dated{each.pk}"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("Say on what evidence the score stands.")))
        return values

    def scores(self) -> list[tuple[Any, int, str, date]]:
        """(criterion, score, evidence, day) of those filled in."""
        held = self.cleaned_data
        return [
            (each, held[f"value{each.pk}"], held[f"evidence{each.pk}"], held[f"dated{each.pk}"])
            for each in self.criteria
            if held.get(f"value{each.pk}") is not None
        ]
