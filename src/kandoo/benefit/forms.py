"""Forms of the account: a price alone with its evidence, own time, public money, a correction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kandoo.benefit.actions import EvidenceTerms
from kandoo.benefit.lots import Item
from kandoo.benefit.models import Evidence, Gain
from kandoo.engine.benefit import SAMPLE_MIN, Side
from kandoo.selling import uploads
from kandoo.selling.uploads import Upload
from kandoo.site.forms import DayField, NumberField, TomanField, WholeField

MEGABYTES_MAX = 20
KINDS: dict[Side, dict[str, Any]] = {
    "earning": {
        Evidence.Kind.INVOICE: _("My own last invoice"),
        Evidence.Kind.QUOTATION: _("What a buyer said"),
        Evidence.Kind.MEDIAN: _("A published median"),
    },
    "cost": {
        Evidence.Kind.INVOICE: _("My own last invoice"),
        Evidence.Kind.QUOTATION: _("What a seller said"),
        Evidence.Kind.MEDIAN: _("A published median"),
    },
}


class EvidenceForm(forms.Form):
    """One price; a median is the agent's to enter."""

    kind = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect, initial=Evidence.Kind.QUOTATION)
    item = forms.ChoiceField(label=_("For which batch"), required=False)
    who = forms.CharField(label=_("Who would pay that"), max_length=160)
    per_unit = TomanField(label=_("Price per kg"), min_value=10)
    on = DayField(label=_("Date of that price"))
    sample = WholeField(
        label=_("How many prices stand behind it"), required=False, min_value=SAMPLE_MIN, max_value=1_000_000
    )
    document = forms.FileField(
        label=_("Its document"), required=False, help_text=_("A photo or PDF of the bill or the offer, up to 20 MB.")
    )
    note = forms.CharField(
        label=_("How you were told"),
        max_length=300,
        required=False,
        help_text=_("Where there is no document: by phone, in a message."),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        items: Sequence[Item],
        names: Mapping[str, str],
        side: Side,
        is_agent: bool,
        today: date,
    ) -> None:
        super().__init__(data, files, initial={"on": today})
        self._today = today
        self._units = {each.code: each.unit for each in items}
        self._choose("kind", [each for each in KINDS[side].items() if is_agent or each[0] != Evidence.Kind.MEDIAN])
        mine = [(each.code, names[each.code]) for each in items]
        if side == "earning":
            self._choose("item", [("", _("All of mine")), *mine])
        else:  # each thing has its own unit, so a price is of one of them
            self._choose("item", mine)
            self.fields["item"].required = True
            self.fields["item"].label = _("For what")
            self.fields["who"].label = _("Who would sell at that price")
            self.fields["per_unit"].label = _("Price of one unit")
        if not is_agent:
            del self.fields["sample"]
        self.fields["document"].widget.attrs["accept"] = "image/jpeg,image/png,image/webp,application/pdf"

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean_document(self) -> Upload | None:
        """A picture without its hidden data, or a whole PDF; too large or anything else is refused."""
        file: UploadedFile | None = self.cleaned_data["document"]
        return None if file is None else uploads.checked(file, megabytes_max=MEGABYTES_MAX)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self._today:
            raise forms.ValidationError(_("The date of this price lies in the future."))
        return day

    def terms(self) -> EvidenceTerms:
        """What was typed, as the action takes it."""
        values = self.cleaned_data
        return EvidenceTerms(
            kind=values["kind"],
            who=values["who"],
            per_unit=values["per_unit"],
            on=values["on"],
            note=values["note"],
            item=values["item"],
            unit=self._units.get(values["item"], "kg"),
            sample=values.get("sample") or 0,
            document=values["document"],
        )


class TimeForm(forms.Form):
    """A member's own hours, and for what it sells the days it would wait for its money alone."""

    hours = NumberField(
        label=_("Your own hours for this"),
        required=False,
        min_value=0,
        max_value=5_000,
        decimal_places=1,
        unit=_("hours"),
        help_text=_("Loading, driving, meetings: what you did for it and would not have done alone."),
    )
    alone_days = WholeField(
        label=_("Days until you are paid, selling alone"), required=False, min_value=0, max_value=1_000, unit=_("days")
    )

    def __init__(self, data: Any = None, *, side: Side, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        if side == "cost":
            del self.fields["alone_days"]

    def said(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        return {"alone_days": None} | self.cleaned_data


class SubsidyForm(forms.Form):
    """Public money in an action."""

    amount = TomanField(label=_("Amount"), min_value=10)
    source = forms.CharField(label=_("Source"), max_length=200, help_text=_("Which programme paid, by which document."))
    on = DayField(label=_("Date"))


class TimeValueForm(forms.Form):
    """The value of an hour of own work in a season."""

    season = WholeField(label=_("Season (Jalali year)"), min_value=1390, max_value=1500)
    per_hour = TomanField(label=_("Value of an hour"), min_value=10)
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("For example the year's daily wage by law, divided by its hours."),
    )
    dated = DayField(label=_("Date of the source"))


class CorrectionForm(forms.Form):
    """What was wrong in a counted gain."""

    hours = NumberField(
        label=_("Own hours"), required=False, min_value=0, max_value=5_000, decimal_places=1, unit=_("hours")
    )
    subsidy = TomanField(label=_("Public money in the member's part"), required=False)
    later = TomanField(
        label=_("Money that came after the settlement"),
        required=False,
        min_value=-(10**17),
        help_text=_("With a minus sign where it was taken from the member."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}), help_text=_("The member reads it.")
    )

    @classmethod
    def of(cls, gain: Gain, data: Any = None) -> "CorrectionForm":
        """The form filled in with what was counted."""
        return cls(data, initial={"hours": gain.hours, "subsidy": gain.subsidy, "later": gain.taken["later"]})
