"""Forms of laboratory results: one certificate typed in, or a file of many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kandoo import profiles
from kandoo.engine.limits import Result
from kandoo.engine.product import LabTest, Parameter
from kandoo.engine.standards import Bar, bars
from kandoo.register.models import Enterprise
from kandoo.selling import queries, readings, verdict_words
from kandoo.selling.forms.batches import FormWithFiles, UploadsField
from kandoo.selling.models import Batch
from kandoo.site.forms import DayField

OPEN_GROUPS = ("composition",)


class ReadingField(forms.CharField):
    """A measured number or a finding of one parameter; `unit` is printed inside the field."""

    def __init__(self, profile: profiles.Profile, code: str, **options: Any) -> None:
        self.profile, self.code = profile, code
        self.unit = verdict_words.unit_of(profile, code)
        mode = "decimal" if code in profile.parameters else "text"
        widget = forms.TextInput({"inputmode": mode, "autocomplete": "off", "dir": "ltr"})
        super().__init__(widget=widget, required=False, max_length=40, **options)

    def clean(self, value: Any) -> readings.Reading | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return readings.read(self.profile, self.code, text)
        except readings.BadReading as problem:
            raise ValidationError(str(problem)) from None


class AnswerField(forms.ChoiceField):
    """The statement of a qualitative test."""

    def __init__(self, profile: profiles.Profile, test: LabTest, **options: Any) -> None:
        words = [(each, verdict_words.word(profile, "answer", each)) for each in test.answers]
        super().__init__(choices=[("", _("Not tested")), *words], required=False, **options)

    def clean(self, value: Any) -> readings.Reading | None:
        answer = super().clean(value)
        return readings.Reading(finding=answer) if answer else None


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter: its value and, where there is a choice, the method."""

    value: BoundField
    method: BoundField | None


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that stand together on a certificate."""

    code: str
    title: str
    rows: list[Row]
    none_found: BoundField | None
    is_open: bool


class ResultsForm(FormWithFiles):
    """A laboratory's certificate, row by row."""

    confirmed = forms.BooleanField(required=False, label=_("Yes, store these results and bar the batch for good"))

    def __init__(
        self,
        *args: Any,
        batch: Batch,
        profile: profiles.Profile,
        today: date,
        laboratories: QuerySet[Enterprise] | None,
        fixed: Enterprise | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.batch, self.profile, self.today, self.fixed = batch, profile, today, fixed
        self.will_bar: list[Bar] = []
        self.fields["tested_on"] = DayField(label=_("Test date"), initial=today)
        self._add_laboratory(laboratories)
        self.fields["certificate"] = UploadsField(
            label=_("Certificate"), required=False, help_text=_("JPEG, PNG, WebP or PDF, each up to 10 MB.")
        )
        self._groups = _groups_of(profile)
        for _code, _title, records in self._groups:
            for record in records:
                self._add_row(record)
        for group in _groups_without_finding(profile):
            self.fields[f"none_{group}"] = forms.BooleanField(
                required=False, label=_("Tested and not detected: all that is left empty here")
            )

    def _add_laboratory(self, laboratories: QuerySet[Enterprise] | None) -> None:
        if self.fixed is not None:
            return
        if laboratories is not None:
            self.fields["laboratory"] = forms.ModelChoiceField(
                queryset=laboratories, required=False, label=_("Laboratory"), empty_label=_("Another laboratory")
            )
        self.fields["laboratory_name"] = forms.CharField(
            required=False,
            max_length=160,
            label=_("Name of the laboratory") if laboratories is None else _("Name of the other laboratory"),
        )

    def _add_row(self, record: Parameter | LabTest) -> None:
        code, label = record.code, record.name.in_language(queries.page_language())
        if isinstance(record, LabTest) and record.answers:
            self.fields[f"value_{code}"] = AnswerField(self.profile, record, label=label)
        else:
            self.fields[f"value_{code}"] = ReadingField(self.profile, code, label=label)
        if len(record.methods) > 1:
            self.fields[f"method_{code}"] = forms.ChoiceField(
                choices=[(each, each) for each in record.methods],
                widget=forms.Select({"lang": "en"}),  # methods keep the names laboratories know them by
                required=False,
                label=_("Method of %(name)s") % {"name": label},
            )

    def groups(self) -> list[Group]:
        """The rows as the page shows them; a group with something in it stands open."""
        return [
            Group(
                code=code,
                title=title,
                rows=[self._row(each.code) for each in records],
                none_found=self[f"none_{code}"] if f"none_{code}" in self.fields else None,
                is_open=code in OPEN_GROUPS or self._has_something(code, records),
            )
            for code, title, records in self._groups
        ]

    def _row(self, code: str) -> Row:
        method = f"method_{code}"
        return Row(self[f"value_{code}"], self[method] if method in self.fields else None)

    def _has_something(self, group: str, records: list[Any]) -> bool:
        names = [f"value_{each.code}" for each in records]
        return self.is_bound and any(self.data.get(each) for each in [f"none_{group}", *names])

    def clean_tested_on(self) -> date:
        day: date = self.cleaned_data["tested_on"]
        if not self.batch.harvested_on <= day <= self.today:
            raise ValidationError(_("The test date lies before the harvest or in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.fixed is None and not found.get("laboratory") and not (found.get("laboratory_name") or "").strip():
            self.add_error("laboratory_name", _("Name the laboratory that tested."))
        if not self.errors and not self.readings():
            raise ValidationError(_("Enter at least one result."))
        if not self.errors and not found.get("confirmed") and not hasattr(self.batch, "bar"):
            self._ask_before_barring()
        return found

    def _ask_before_barring(self) -> None:
        self.will_bar = bars_for_good(self.profile, {code: each.as_result() for code, each in self.readings().items()})
        if self.will_bar:
            self.add_error("confirmed", _("Please check the figures; if they are right, say so and save again."))

    def readings(self) -> dict[str, readings.Reading]:
        """What was tested, by code, in the profile's order."""
        found = {}
        for group, _title, records in self._groups:
            none_found = self.cleaned_data.get(f"none_{group}")
            for record in records:
                reading = self.cleaned_data.get(f"value_{record.code}")
                if reading is None and none_found and _may_be_none(record):
                    reading = readings.Reading(finding="not_detected")
                if reading is not None:
                    found[record.code] = reading
        return found

    def method_of(self, code: str) -> str:
        """The method chosen for a parameter; empty leaves the usual one."""
        return str(self.cleaned_data.get(f"method_{code}") or "")

    @property
    def laboratory(self) -> Enterprise | None:
        return self.fixed or self.cleaned_data.get("laboratory")


def bars_for_good(profile: profiles.Profile, found: Mapping[str, Result]) -> list[Bar]:
    """The results that would bar a batch for good (law 4)."""
    return [each for each in bars(profile.tests.values(), found) if each.scope == "for_good"]


def _groups_of(profile: profiles.Profile) -> list[tuple[str, str, list[Any]]]:
    """Composition, then each group of tests, as they stand in the profile."""
    groups: list[tuple[str, str, list[Any]]] = [("composition", _now("Composition"), list(profile.parameters.values()))]
    for code in dict.fromkeys(each.group for each in profile.tests.values()):
        tests = [each for each in profile.tests.values() if each.group == code]
        groups.append((code, verdict_words.word(profile, "test_group", code), tests))
    return groups


def _groups_without_finding(profile: profiles.Profile) -> list[str]:
    """Groups whose tests can all say that nothing was found."""
    codes = dict.fromkeys(each.group for each in profile.tests.values())
    return [code for code in codes if all(_may_be_none(each) for each in profile.tests.values() if each.group == code)]


def _may_be_none(record: Parameter | LabTest) -> bool:
    return isinstance(record, LabTest) and not record.answers and record.group != "authenticity"


class ResultsFileForm(FormWithFiles):
    """A file of results of many batches."""

    confirmed = forms.BooleanField(required=False, label=_("Yes, store these results and bar these batches for good"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"] = forms.FileField(
            required=False,
            label=_("File of results"),
            help_text=_("Excel (.xlsx) or CSV, up to 10 MB."),
            widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        )
