"""Forms about a batch: a harvest, files, a hold, a sample."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kandoo import profiles
from kandoo.register.models import Enterprise, Person, Site
from kandoo.selling import batch_queries, queries, uploads
from kandoo.selling.models import Attachment
from kandoo.site import language as lang
from kandoo.site.forms import DayField, WholeField

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class UploadsField(forms.FileField):
    """Pictures and PDFs, several at once; cleaned into `Upload`s."""

    def __init__(self, *, accept: str = ACCEPTED, **options: Any) -> None:
        super().__init__(widget=_SeveralFiles({"accept": accept}), **options)

    def clean(self, data: Any, initial: Any = None) -> list[uploads.Upload]:
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not given and self.required:
            raise ValidationError(_("Choose a file."), "required")
        return [uploads.checked(super(UploadsField, self).clean(each)) for each in given]


class FormWithFiles(forms.Form):
    """A form whose checked files are kept while the rest of it is mended."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        self.kept_names: list[str] = []

    def all_uploads(self, name: str) -> list[uploads.Upload]:
        """What was chosen now, and what was set aside from the attempts before."""
        chosen = self.cleaned_data.get(name) or []
        return [*uploads.kept(self.cleaned_data.get("kept", ""), self.person.pk), *chosen]

    def set_aside(self, name: str) -> None:
        """Keep the files of a form that goes back to the person, and say so."""
        self.keep(self.all_uploads(name))

    def keep(self, found: Sequence[uploads.Upload]) -> None:
        """Set files aside, so that they need not be chosen again."""
        self.forget_kept()
        self.kept_names = [each.name for each in found]
        data = cast(QueryDict, self.data).copy()
        data["kept"] = self.cleaned_data["kept"] = uploads.keep(found, self.person.pk)
        self.data = data

    def forget_kept(self) -> None:
        """The files are stored; nothing needs to be kept."""
        uploads.forget(self.cleaned_data.get("kept", ""), self.person.pk)


class _SiteField(forms.ModelChoiceField):
    """Apiaries with their hives, so that a member sees which is meant."""

    def __init__(self, *, with_firm: bool, **options: Any) -> None:
        self.with_firm = with_firm
        super().__init__(**options)

    def label_from_instance(self, obj: Any) -> str:
        hives = lang.format_number(obj.hives, queries.page_language()) if obj.hives else "–"
        words = _("%(site)s (hives: %(hives)s)") % {"site": obj, "hives": hives}
        return f"{obj.enterprise}: {words}" if self.with_firm else str(words)


class BatchForm(FormWithFiles):
    """A harvest written down, in the order in which one stands before the drums."""

    def __init__(
        self, *args: Any, sites: QuerySet[Site], profile: profiles.Profile, today: date, with_firm: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        language = queries.page_language()
        unit = profile.pack_units[profile.default_pack_unit]
        kinds = [(each.code, each.name.in_language(language)) for each in profile.kinds.values()]
        self.today, self.drum_kg_max = today, int(unit.net_kg_max)
        self.outlook: batch_queries.Outlook | None = None
        self.fields["site"] = _SiteField(
            with_firm=with_firm, queryset=sites, label=_("Apiary"), empty_label=None if len(sites) == 1 else _("Choose")
        )
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of honey"), choices=[("", _("Choose")), *kinds])
        self.fields["harvested_on"] = DayField(label=_("Harvest date"), initial=today)
        self.fields["drums"] = WholeField(label=_("Number of drums"), unit=_("drums"), min_value=1, max_value=5000)
        self.fields["drum_kg"] = WholeField(
            label=_("Net mass of one drum"), unit=_("kg"), min_value=1, initial=int(unit.net_kg)
        )
        self.fields["note"] = forms.CharField(label=_("Note on the harvest"), required=False, max_length=300)
        self.fields["photos"] = UploadsField(
            label=_("Photos or certificate"), required=False, help_text=_("JPEG, PNG, WebP or PDF, each up to 10 MB.")
        )
        self.fields["explanation"] = forms.CharField(
            label=_("Why was the harvest so large?"),
            required=False,
            max_length=2000,
            widget=forms.Textarea({"rows": 3}),
            help_text=_("For example: hives added since the count, a second apiary, or honey left from last season."),
        )

    def clean_harvested_on(self) -> date:
        day: date = self.cleaned_data["harvested_on"]
        if day > self.today:
            raise ValidationError(_("The harvest date lies in the future."))
        return day

    def clean_drum_kg(self) -> int:
        mass: int = self.cleaned_data["drum_kg"]
        if mass > self.drum_kg_max:
            most = lang.format_number(self.drum_kg_max, queries.page_language())
            raise ValidationError(
                _("A drum holds at most %(most)s kg; write the net mass of one drum."), "much", {"most": most}
            )
        return mass

    def clean(self) -> dict[str, Any]:
        """Law 3: more than the hives plausibly give is asked about once, then saved as held."""
        found = super().clean() or self.cleaned_data
        if self.errors:
            return found
        site, kg = found["site"], found["drums"] * found["drum_kg"]
        ahead = batch_queries.outlook(site, lang.jalali_year(found["harvested_on"]), more_kg=kg)
        if site.hives and ahead.excess_kg:
            self.outlook = ahead
            if not found["explanation"].strip():
                self.add_error(
                    "explanation", _("Please explain in a sentence; then save again. The batch will be held.")
                )
        return found

    @property
    def asks_why(self) -> bool:
        return self.outlook is not None or "explanation" in self.errors


class FileForm(FormWithFiles):
    """Photos and certificates of a batch."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Attachment.Kind, widget=forms.RadioSelect, initial="photo")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = UploadsField(label=_("File"), help_text=_("JPEG, PNG, WebP or PDF, each up to 10 MB."))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        given: Sequence[uploads.Upload] = found.get("files") or []
        if found.get("kind") == Attachment.Kind.PHOTO and any(not each.is_picture for each in given):
            self.add_error("files", _("A PDF is no photo. Choose “Certificate”, or send a picture."))
        return found


class ExplainForm(forms.Form):
    """The member's words on a large harvest."""

    explanation = forms.CharField(
        label=_("Why was the harvest so large?"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class ReleaseForm(forms.Form):
    """What satisfied the agent."""

    reason = forms.CharField(
        label=_("What satisfied you?"),
        max_length=300,
        help_text=_("For example: a new count of the hives seen on a visit. It is kept with your name and the date."),
    )


class SampleForm(forms.Form):
    """Which laboratory is to test a sample."""

    def __init__(self, *args: Any, laboratories: QuerySet[Enterprise], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["laboratory"] = forms.ModelChoiceField(
            queryset=laboratories, label=_("Laboratory"), empty_label=_("Choose")
        )
