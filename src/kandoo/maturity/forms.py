"""A figure of the gauge, the answer to one question, what shows it, and a remark."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kandoo.maturity import reading, words
from kandoo.maturity.actions import Document, FigureTerms, Shown
from kandoo.maturity.catalogue import Question
from kandoo.maturity.documents import SUFFIXES
from kandoo.maturity.models import PartAnswer
from kandoo.programme.models import ClusterFile, Meeting, PaperEdition
from kandoo.register.fields import PastDayField
from kandoo.site.forms import NumberField, WholeField

ACCEPT = ",".join(f".{each}" for each in SUFFIXES)


class EditionField(forms.ModelChoiceField):
    """An edition of a paper by its name and number."""

    def label_from_instance(self, obj: Any) -> str:
        return _("%(paper)s, edition %(n)s") % {"paper": obj.paper, "n": reading.number(obj.number)}


class MeetingField(forms.ModelChoiceField):
    """A meeting by its body and day."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.body} · {reading.day(obj.on)}"


def editions_of(file: ClusterFile) -> QuerySet[PaperEdition]:
    """The editions of a file's papers that were not sent back, the newest first."""
    editions = PaperEdition.objects.filter(file=file).exclude(status=PaperEdition.Status.RETURNED)
    return editions.select_related("paper__required").order_by("-prepared_at", "-pk")


def meetings_of(file: ClusterFile) -> QuerySet[Meeting]:
    """Meetings that were about a file, the newest first."""
    about = Meeting.objects.filter(Q(body__file=file) | Q(agenda__file=file)).exclude(status=Meeting.Status.CANCELLED)
    return about.select_related("body").order_by("-on", "-pk").distinct()


def _document() -> forms.FileField:
    return forms.FileField(label=_("A document"), required=False, widget=forms.ClearableFileInput({"accept": ACCEPT}))


def _read(sent: Any) -> Document | None:
    return Document(sent.name, sent.read()) if sent else None


class FigureForm(forms.Form):
    """A figure of one part, with who says so and what shows it."""

    value: Any
    count = WholeField(
        label=_("Of how many"),
        min_value=1,
        required=False,
        help_text=_("So many firms or contracts the share was counted over. Empty: it counts as one of ten."),
    )
    dated = PastDayField(label=_("Date of the figure"))
    origin = forms.ChoiceField(
        label=_("Where it comes from"), choices=PartAnswer.Origin.choices, widget=forms.RadioSelect
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who says so: letter, survey, page"))
    document = _document()
    edition = EditionField(
        PaperEdition.objects.none(), empty_label="—", label=_("or a paper of the file"), required=False
    )
    field_order = ["value", "count", "dated", "origin", "source", "document", "edition"]

    def __init__(self, *args: Any, part: str, file: ClusterFile, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.part = part
        if part == "ladder":
            rungs = [(str(place), f"{reading.number(place)} · {rung}") for place, rung in enumerate(words.RUNGS)]
            self.fields["value"] = forms.ChoiceField(label=words.PARTS[part], choices=rungs, widget=forms.RadioSelect)
            del self.fields["count"]
        else:
            self.fields["value"] = NumberField(
                label=words.PARTS[part], min_value=0, max_value=100, unit=_("percent"), help_text=words.BASES[part]
            )
        if part == "services":
            self.fields.pop("count", None)
        self.order_fields(self.field_order)
        self.fields["dated"].today = today  # type: ignore[attr-defined]
        self.fields["edition"].queryset = editions_of(file)  # type: ignore[attr-defined]

    def terms(self) -> FigureTerms:
        """What the action takes; percentages become shares."""
        held = self.cleaned_data
        value = Decimal(held["value"])
        return FigureTerms(
            part=self.part,
            value=value if self.part == "ladder" else (value / 100).quantize(Decimal("0.0001")),
            dated=held["dated"],
            origin=held["origin"],
            source=held["source"],
            count=held.get("count"),
            document=_read(held["document"]),
            edition=held["edition"],
        )


class AnswerForm(forms.Form):
    """The level of one question."""

    level = forms.TypedChoiceField(label=_("Which is true of your cluster?"), coerce=int, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Why"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("In a sentence or two: numbers, names of papers, days."),
    )

    def __init__(self, *args: Any, question: Question, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (place, f"{reading.number(place)} · {reading.named(level)}") for place, level in enumerate(question.levels)
        ]


class EvidenceForm(forms.Form):
    """What shows an answer: one of the three."""

    document = _document()
    edition = EditionField(
        PaperEdition.objects.none(), empty_label="—", label=_("or a paper of the file"), required=False
    )
    meeting = MeetingField(Meeting.objects.none(), empty_label="—", label=_("or a meeting"), required=False)

    def __init__(self, *args: Any, file: ClusterFile, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["edition"].queryset = editions_of(file)  # type: ignore[attr-defined]
        self.fields["meeting"].queryset = meetings_of(file)  # type: ignore[attr-defined]

    def shown(self) -> Shown:
        """What the action takes."""
        held = self.cleaned_data
        return Shown(_read(held["document"]), held["edition"], held["meeting"])


class RemarkForm(forms.Form):
    """What the supervisor or an officer says."""

    text = forms.CharField(label=_("Remark"), max_length=4_000, widget=forms.Textarea({"rows": 3}))
