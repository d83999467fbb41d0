"""What the register asks people for; the fields read Persian digits, Jalali days and both alphabets."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kandoo import profiles
from kandoo.register import places
from kandoo.register.access import Seat
from kandoo.register.actions import FirmTerms, SiteTerms
from kandoo.register.fields import FirmField, NumberText, PastDayField, PhoneField, ShebaField
from kandoo.register.identifying import language, number_fault, scheme_name
from kandoo.register.models import Cluster, Enterprise, Identifier, Membership, Role, Site
from kandoo.site.forms import DayField, NumberField, WholeField
from kandoo.site.language import latin_digits

NUMBER = "number_"  # before a scheme's code in a form


def _text(value: str) -> str:
    return " ".join(value.split())


class FirmForm(forms.Form):
    """A firm as the agent writes it down."""

    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    form = forms.ChoiceField(label=_("Form"), choices=Enterprise.Form.choices, initial=Enterprise.Form.FIRM)
    is_commercial = forms.BooleanField(label=_("Works for profit"), required=False, initial=True)
    stage = forms.ChoiceField(label=_("Stage of the value chain"))
    workers = WholeField(
        label=_("Workers"),
        unit=_("people"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=_("The size class follows from it."),
    )
    phone = PhoneField()
    sheba = ShebaField()
    note = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea({"rows": 3}), help_text=_("Seen by the firm, the agent and the auditor.")
    )  # fmt: skip

    def __init__(self, *args: Any, cluster: Cluster, firm: Enterprise | None = None, **options: Any) -> None:
        self.profile = profiles.load(cluster.profile)
        if firm:
            options["initial"] = _initial_of(firm) | options.get("initial", {})
        super().__init__(*args, **options)
        stages = [(code, each.name.in_language(language())) for code, each in self.profile.stages.items()]
        self.fields["stage"].choices = [("", "—"), *stages]  # type: ignore[attr-defined]
        for code, scheme in self.profile.identifier_schemes.items():
            self.fields[NUMBER + code] = NumberText(label=scheme_name(scheme), required=False, max_length=60)
        wanted = ["name_fa", "name_en", "form", "is_commercial", "stage", "workers"]
        numbers = [NUMBER + code for code in self.profile.identifier_schemes]
        self.order_fields([*wanted, *numbers, "phone", "sheba", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for scheme in self.profile.identifier_schemes:
            value = cleaned.get(NUMBER + scheme)
            fault = number_fault(self.profile, scheme, value) if value else ""
            if fault:
                self.add_error(NUMBER + scheme, fault)
        return cleaned

    def terms(self) -> FirmTerms:
        """What was typed, as the action takes it."""
        values = self.cleaned_data
        return FirmTerms(
            name_fa=_text(values["name_fa"]),
            name_en=_text(values["name_en"]),
            form=values["form"],
            is_commercial=values["is_commercial"],
            stage=values["stage"],
            workers=values["workers"],
            phone=values["phone"],
            sheba=values["sheba"],
            note=values["note"].strip(),
            identifiers={scheme: values[NUMBER + scheme] for scheme in self.profile.identifier_schemes},
        )


class NewFirmForm(FirmForm):
    """A firm that is not on record yet, with the day on which it joins."""

    joined_on = DayField(
        label=_("Joined on"),
        required=False,
        help_text=_("For example 1405/09/01 or 2026-11-22. Empty: on record, but not a member yet."),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        place = list(self.fields).index("workers") + 1
        order = [name for name in self.fields if name != "joined_on"]
        self.order_fields([*order[:place], "joined_on", *order[place:]])


class OwnFirmForm(forms.Form):
    """What a member keeps of its own firm."""

    phone = PhoneField()
    sheba = ShebaField()

    def __init__(self, *args: Any, firm: Enterprise, **options: Any) -> None:
        self.firm = firm
        options["initial"] = _initial_of(firm)
        super().__init__(*args, **options)

    def terms(self) -> FirmTerms:
        """The firm as it stands, with what was typed in its place."""
        held = _initial_of(self.firm)
        columns = {name: held[name] for name in FirmTerms.__slots__ if name in held}
        return FirmTerms(**columns | self.cleaned_data)


def _initial_of(firm: Enterprise) -> dict[str, Any]:
    particulars = getattr(firm, "particulars", None)
    held = {name: getattr(firm, name) for name in ("name_fa", "name_en", "form", "is_commercial", "stage", "workers")}
    held |= {name: getattr(particulars, name, "") for name in ("phone", "sheba", "note")}
    numbers: Iterable[Identifier] = firm.identifiers.all()
    return held | {NUMBER + each.scheme: each.value for each in numbers}


class SiteForm(forms.Form):
    """A site: where it is, and how many hives stand there by whose count."""

    name_fa = forms.CharField(label=_("Name of the site"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Site.Kind.choices)
    latitude = NumberField(
        label=_("Latitude"),
        unit=_("degrees"),
        min_value=-90,
        max_value=90,
        help_text=_("Such as 33.48780; a phone’s map shows it when you hold your finger on the place."),
    )
    longitude = NumberField(
        label=_("Longitude"), unit=_("degrees"), min_value=-180, max_value=180, help_text=_("Such as 48.35580.")
    )
    hives = WholeField(label=_("Hives"), unit=_("hives"), required=False, min_value=0, max_value=100_000)
    hives_on = PastDayField(label=_("Hives counted on"), required=False)
    hives_source = forms.CharField(
        label=_("Source of the count"),
        required=False,
        max_length=160,
        help_text=_("Who counted, and for what: “apiary census 1405”, “own count”."),
    )

    def __init__(self, *args: Any, today: date, site: Site | None = None, **options: Any) -> None:
        if site:
            options["initial"] = {name: getattr(site, name) for name in SiteTerms.__slots__}
        super().__init__(*args, **options)
        self.fields["hives_on"].today = today  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        if latitude is not None and longitude is not None and not places.is_in_iran(float(latitude), float(longitude)):
            turned = places.is_in_iran(float(longitude), float(latitude))
            self.add_error(
                "latitude",
                _("Latitude and longitude seem to be swapped.") if turned else _("This place lies outside Iran."),
            )
        if cleaned.get("hives") is not None:
            for name in ("hives_on", "hives_source"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A count of hives needs its day and its source."))
        return cleaned

    def terms(self) -> SiteTerms:
        values = {name: self.cleaned_data[name] for name in SiteTerms.__slots__}
        values |= {name: round(values[name], 5) for name in ("latitude", "longitude")}
        if values["hives"] is None:
            values |= {"hives_on": None, "hives_source": ""}
        return SiteTerms(**values)


class JoinForm(forms.Form):
    joined_on = DayField(label=_("Joined on"))


class LeaveForm(forms.Form):
    left_on = DayField(label=_("First day without membership"))
    reason = forms.CharField(label=_("Reason for leaving"), max_length=200)

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        self.membership = membership
        super().__init__(*args, **options)

    def clean_left_on(self) -> date:
        day: date = self.cleaned_data["left_on"]
        if day <= self.membership.joined_on:
            raise ValidationError(_("The day of leaving must be after the day of joining."))
        return day


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File of members"),
        help_text=_("Excel (.xlsx) or CSV in UTF-8, at most 20,000 rows and 10 MB."),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 10 * 1024 * 1024:
            raise ValidationError(_("The file is larger than 10 MB. Divide it and bring the parts in one by one."))
        return file


class PersonForm(forms.Form):
    """Names of a person and how to reach them."""

    name_fa = forms.CharField(label=_("Name in Persian"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    phone = PhoneField()
    email = forms.EmailField(label=_("E-mail"), required=False)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name_fa", "name_en", "phone", "email")}


def roles_of(cluster: Cluster) -> list[tuple[str, Any]]:
    """The roles that are held in a tenant: other ones in a programme than in a cluster."""
    is_programme = cluster.kind == Cluster.Kind.PROGRAMME
    return [(name.value, name.label) for name in (Role.OF_A_PROGRAMME if is_programme else Role.OF_A_CLUSTER)]


class RoleForm(forms.Form):
    """What a person does, for which firm or, in a programme, for which province, and from when."""

    role = forms.ChoiceField(label=_("Role"))
    firm = FirmField(
        required=False,
        help_text=_("For a member, supplier, laboratory or buyer: the firm for which the person acts."),
        widget=forms.TextInput({"list": "firm-names", "autocomplete": "off"}),
    )
    province = forms.ChoiceField(label=_("Province"), required=False)
    from_on = DayField(label=_("From"))

    def __init__(self, *args: Any, seat: Seat, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [("", "—"), *roles_of(seat.cluster)]  # type: ignore[attr-defined]
        self.firm_names: list[str] = []
        if seat.cluster.kind == Cluster.Kind.PROGRAMME:
            del self.fields["firm"]
            names = [(each.code, places.name_of(each.code, language())) for each in places.provinces()]
            self.fields["province"].choices = [("", _("The whole nation")), *names]  # type: ignore[attr-defined]
            return
        del self.fields["province"]
        field = self.fields["firm"]
        assert isinstance(field, FirmField)
        self.firm_names = field.among(Enterprise.objects.filter(cluster=seat.cluster))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("province", "")
        needs_firm = cleaned.get("role") in Role.OF_AN_ENTERPRISE
        if cleaned.get("role") and needs_firm and not cleaned.get("firm") and "firm" not in self.errors:
            self.add_error("firm", _("Choose the firm for which the person acts."))
        if not needs_firm:
            cleaned["firm"] = None
        return cleaned


class NewPersonForm(PersonForm, RoleForm):
    """A person who is to sign in, with their first role."""

    username = forms.CharField(
        label=_("Username"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Short and easy to type: Latin letters and digits. The phone number will do."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "dir": "ltr"}),
    )
    field_order = ["name_fa", "name_en", "username", "phone", "email", "role", "firm", "province", "from_on"]

    def clean_username(self) -> str:
        return latin_digits(self.cleaned_data["username"])


class EndRoleForm(forms.Form):
    to_on = DayField(label=_("First day without the role"))


class ClusterForm(forms.ModelForm):
    started_on = DayField(label=_("Started on"), required=False)
    counties = forms.MultipleChoiceField(
        label=_("Counties"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("The cluster’s boundary.")
    )

    class Meta:
        model = Cluster
        fields = ("name_fa", "name_en", "place_fa", "place_en", "started_on", "counties")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        areas = places.counties(self.instance.province)
        field = self.fields["counties"]
        field.choices = [(each.code, places.name_of(each.code, language())) for each in areas]  # type: ignore[attr-defined]


class SeasonYieldForm(forms.Form):
    season = WholeField(label=_("Season (Jalali year)"), min_value=1380, max_value=1500)
    kg_per_hive = NumberField(
        label=_("Plausible yield"), unit=_("kg per hive"), min_value=1, max_value=200, max_digits=5, decimal_places=1
    )
    source = forms.CharField(label=_("Source"), max_length=200, help_text=_("Who says so, and on what grounds."))
    dated = PastDayField(label=_("Date of the source"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["dated"].today = today  # type: ignore[attr-defined]
