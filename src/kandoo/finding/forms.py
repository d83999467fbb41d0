"""Bringing a list of sites, saying what its columns mean, and which years are measured."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.finding.choices import SIMULATIONS, STARS, Choices
from kandoo.finding.importing.columns import BY_PLACE, FIELDS
from kandoo.finding.models import Study
from kandoo.finding.words import number, year

_STAR_WORDS = {
    "small-regions": _("Small regions: from 50 jobs on"),
    "observatory-2007": _("European Cluster Observatory 2007: from 1,000 jobs on"),
}


class BringForm(forms.Form):
    """A list of sites."""

    file = forms.FileField(
        label=_("List of sites"),
        help_text=_("CSV or Excel (.xlsx), a row a site, with headings in Persian or English."),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class ColumnsForm(forms.Form):
    """What each column means. The choices are the headings of the list, each with an example."""

    title = forms.CharField(label=_("Name of the study"), max_length=120)

    def __init__(self, data: Any, *, study: Study, profile: str, examples: Sequence[str]) -> None:
        super().__init__(data, initial=self._start(study, profile))
        self.study, self.profile = study, profile
        columns = [
            (str(place), f"{heading or '–'} ({example})" if example else heading or "–")
            for place, (heading, example) in enumerate(zip(study.headings, examples, strict=True))
        ]
        for each in FIELDS[profile]:
            more = [(str(BY_PLACE), _("County or province of the coordinates"))] if each.code == "region" else []
            self.fields[each.code] = forms.TypedChoiceField(
                label=each.label,
                help_text=each.help,
                required=each.is_required,
                coerce=int,
                empty_value=None,
                choices=[("", _("No such column")), *more, *columns],
            )
        self._add_choices()

    @staticmethod
    def _start(study: Study, profile: str) -> dict[str, Any]:
        options = Choices.from_dict(study.options)
        return {
            "title": study.title,
            "simulations": options.simulations,
            "stars": options.stars,
            "is_weighted": options.is_weighted,
            "is_abroad": options.is_abroad,
            **study.mapping,
        }

    def _add_choices(self) -> None:
        self.fields["simulations"] = forms.TypedChoiceField(
            label=_("Random industries for the bands"),
            help_text=_("More make the band surer and take longer. 99 are enough for a first look."),
            coerce=int,
            choices=[(each, number(each)) for each in SIMULATIONS],
        )
        if self.profile == Study.Profile.ESTABLISHMENTS:
            self.fields["stars"] = forms.ChoiceField(
                label=_("Thresholds of the stars"), choices=[(each, _STAR_WORDS[each]) for each in STARS]
            )
            self.fields["is_weighted"] = forms.BooleanField(
                label=_("Curves count people working, not sites"), required=False
            )

        self.fields["is_abroad"] = forms.BooleanField(
            label=_("The list is of another country, or goes beyond Iran"),
            help_text=_("Otherwise a site outside Iran is a fault of its row."),
            required=False,
        )

    def mapping(self) -> dict[str, int]:
        """Field → place of its column."""
        chosen = {each.code: self.cleaned_data.get(each.code) for each in FIELDS[self.profile]}
        return {code: place for code, place in chosen.items() if place is not None}

    def choices(self) -> Choices:
        """What is asked beside the columns; years are settled once they are known."""
        before = Choices.from_dict(self.study.options)
        values = self.cleaned_data
        return Choices(
            values["simulations"],
            values.get("stars", STARS[0]),
            bool(values.get("is_weighted")),
            before.year,
            before.before,
            bool(values.get("is_abroad")),
        )


class YearsForm(forms.Form):
    """Which year of the list is measured, and which is compared with it."""

    def __init__(self, data: Any, *, study: Study) -> None:
        options = Choices.from_dict(study.options)
        super().__init__(data, initial={"year": options.year, "before": options.before})
        years = [(each, year(each)) for each in reversed(study.years)]
        self.fields["year"] = forms.TypedChoiceField(label=_("Year that is measured"), choices=years, coerce=int)
        self.fields["before"] = forms.TypedChoiceField(
            label=_("Compared with"),
            choices=[("", _("No other year")), *years],
            coerce=int,
            empty_value=None,
            required=False,
        )
