"""The questions every movement asks: on which day, on which document, paper and decision."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.credit.actions import Grounds
from kandoo.programme.models import ClusterFile, Decision, PaperEdition
from kandoo.register.fields import PastDayField


class ChoosePaper(forms.ModelChoiceField):
    """An approved paper of a cluster's file."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.paper} ({obj.number})"


class ChooseDecision(forms.ModelChoiceField):
    """A decision on a cluster's file."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.stage}: {obj.get_outcome_display()}"


class GroundsForm(forms.Form):
    """Day and document; with a cluster's file also its paper and decision. Fields of a child come first."""

    on = PastDayField(label=_("Day"))
    document = forms.CharField(
        label=_("Document"), max_length=160, help_text=_("Number and day of the letter it rests on.")
    )
    reason = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, file: ClusterFile | None, today: date, initial: Any = None) -> None:
        super().__init__(data, initial={"on": today} | (initial or {}))
        self.fields["on"].today = today  # type: ignore[attr-defined]
        if file is not None:
            approved = PaperEdition.objects.filter(file=file, status=PaperEdition.Status.APPROVED)
            self.fields["paper"] = ChoosePaper(
                approved.select_related("paper__required"), label=_("Paper on file"), required=False
            )
            self.fields["decision"] = ChooseDecision(
                Decision.objects.filter(file=file).select_related("stage"), label=_("Decision"), required=False
            )
        own = [name for name in self.fields if name not in ("on", "document", "paper", "decision", "reason")]
        self.order_fields([*own, "on", "document", "paper", "decision", "reason"])

    def grounds(self) -> Grounds:
        """What the movement rests on."""
        values = self.cleaned_data
        return Grounds(values["document"], values.get("paper"), values.get("decision"), values.get("reason", ""))
