"""Papers, bodies, meetings, decisions and conditions as forms."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.programme import reading
from kandoo.programme.actions import BodyTerms, NewCondition, Votes
from kandoo.programme.actions.papers import SUFFIXES
from kandoo.programme.forms.files import province_choices
from kandoo.programme.models import Ballot, Body, BodyMember, ClusterFile, Decision
from kandoo.programme.models.procedure import BodyKind
from kandoo.register.access import Seat
from kandoo.register.fields import PastDayField
from kandoo.site.forms import DayField, WholeField

CONDITIONS = 3  # lines of conditions in the form of a decision


class PaperForm(forms.Form):
    """An edition of a paper: one the procedure asks for, or another under its own title."""

    required = forms.ChoiceField(label=_("Paper"), required=False)
    title = forms.CharField(
        label=_("Title"), max_length=160, required=False, help_text=_("Only for a paper the procedure does not name.")
    )
    document = forms.FileField(
        label=pgettext_lazy("programme", "Document"),
        widget=forms.ClearableFileInput({"accept": ",".join(f".{each}" for each in SUFFIXES)}),
    )
    note = forms.CharField(label=_("What changed since the last edition"), max_length=300, required=False)

    def __init__(self, *args: Any, papers: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["required"].choices = [("", _("Another paper")), *papers]  # type: ignore[attr-defined]


class RemarkForm(forms.Form):
    """A remark on an edition."""

    text = forms.CharField(label=_("Remark"), max_length=4_000, widget=forms.Textarea({"rows": 4}))


class BodyForm(forms.Form):
    """A committee or council that decides gates."""

    kind = forms.ChoiceField(label=_("Kind"), choices=BodyKind.choices)
    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    file = forms.ModelChoiceField(
        ClusterFile.objects.none(), label=_("Cluster"), required=False, help_text=_("Only for a steering council.")
    )
    quorum = WholeField(label=_("Quorum"), min_value=1, max_value=100, unit=_("voting members"))
    rule = forms.ChoiceField(label=_("How it decides"), choices=Body.Rule.choices)

    def __init__(self, *args: Any, seat: Seat, files: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["province"].choices = province_choices(seat, nation=_("The whole nation"))  # type: ignore[attr-defined]
        self.fields["file"].queryset = files  # type: ignore[attr-defined]
        if seat.province:
            self.fields["kind"].choices = [each for each in BodyKind.choices if each[0] != BodyKind.NATION]  # type: ignore[attr-defined]

    def terms(self) -> BodyTerms:
        """What the action takes."""
        return BodyTerms(**self.cleaned_data)


class MemberForm(forms.Form):
    """Somebody who sits in a body."""

    name = forms.CharField(label=_("Name"), max_length=120)
    organisation = forms.CharField(label=_("Organisation"), max_length=160, required=False)
    post = forms.ChoiceField(label=_("Post"), choices=BodyMember.Post.choices, initial=BodyMember.Post.MEMBER)
    person = forms.ChoiceField(
        label=_("Person who signs in"), required=False, help_text=_("Needed for chair and secretary.")
    )
    is_voting = forms.BooleanField(label=_("Has a vote"), required=False, initial=True)
    from_on = DayField(label=_("From"))

    def __init__(self, *args: Any, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """A meeting called: when, where, and the clusters whose next gate it decides."""

    on = DayField(label=_("Day"))
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    clusters = forms.ModelMultipleChoiceField(
        ClusterFile.objects.none(),
        label=_("Agenda"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Clusters whose next gate this body decides."),
    )

    def __init__(self, *args: Any, files: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["clusters"].queryset = files  # type: ignore[attr-defined]


class PresentForm(forms.Form):
    """Who is there."""

    present = forms.ModelMultipleChoiceField(
        BodyMember.objects.none(), label=_("Present"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, members: list[BodyMember], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["present"]
        field.queryset = BodyMember.objects.filter(pk__in=[each.pk for each in members])
        field.label_from_instance = lambda each: f"{each.name} · {each.get_post_display()}"


class DecisionForm(forms.Form):
    """What the meeting resolved on a gate, with the votes and up to three conditions."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Decision.Outcome.choices, widget=forms.RadioSelect)
    yes = WholeField(label=_("In favour"), min_value=0, max_value=200)
    no = WholeField(label=_("Against"), min_value=0, max_value=200)
    abstained = WholeField(label=_("Abstained"), min_value=0, max_value=200)
    resolution = forms.CharField(label=_("Resolution"), max_length=4_000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, meeting_on: date, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for place in range(1, CONDITIONS + 1):
            number = {"n": reading.number(place)}
            self.fields[f"text{place}"] = forms.CharField(
                label=_("Condition %(n)s") % number, max_length=300, required=False
            )
            self.fields[f"owner{place}"] = forms.CharField(
                label=_("Owner of condition %(n)s") % number, max_length=120, required=False
            )
            self.fields[f"due{place}"] = DayField(
                label=_("Condition %(n)s is due on") % number,
                required=False,
                initial=meeting_on + timedelta(days=60) if place == 1 else None,
            )
        self.people = {name: pk for pk, name in people}

    def clean(self) -> dict[str, Any]:
        """Each condition whole: what, who, when."""
        values: dict[str, Any] = super().clean() or {}
        for place in range(1, CONDITIONS + 1):
            if not values.get(f"text{place}"):
                if values.get(f"owner{place}"):
                    self.add_error(f"text{place}", _("Write what this owner is to do."))
                continue
            for name in (f"owner{place}", f"due{place}"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("A condition names who keeps it and until when."))
        return values

    def votes(self) -> Votes:
        """What the action takes."""
        return Votes(self.cleaned_data["yes"], self.cleaned_data["no"], self.cleaned_data["abstained"])

    def conditions(self) -> list[NewCondition]:
        """The conditions that were filled in; the owner is a person where the name is one's who signs in."""
        held = self.cleaned_data
        places = [place for place in range(1, CONDITIONS + 1) if held.get(f"text{place}")]
        return [
            NewCondition(
                held[f"text{place}"],
                held[f"owner{place}"],
                held[f"due{place}"],
                owner_id=self.people.get(held[f"owner{place}"].strip()),
            )
            for place in places
        ]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("outcome", "yes", "no", "abstained", "resolution")]

    @property
    def condition_fields(self) -> list[forms.BoundField]:
        return [self[f"{name}{place}"] for place in range(1, CONDITIONS + 1) for name in ("text", "owner", "due")]


class BallotForm(forms.Form):
    """A member's own vote."""

    choice = forms.ChoiceField(label=_("Your vote"), choices=Ballot.Choice.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class MinutesForm(forms.Form):
    """The minutes with which a meeting closes."""

    minutes = forms.CharField(
        label=_("Minutes"), max_length=20_000, widget=forms.Textarea({"rows": 8}), help_text=_("They never change.")
    )


class KeptForm(forms.Form):
    """A condition is kept, and by what one knows."""

    evidence = forms.CharField(label=pgettext_lazy("programme", "Evidence"), max_length=300)
    on = PastDayField(label=pgettext_lazy("condition", "Kept on"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = today
        self.fields["on"].today = today  # type: ignore[attr-defined]
