"""Money moved on a line: allocated, returned, amended, committed, closed; and new lines."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kandoo.credit.actions import CommitTerms, LineTerms
from kandoo.credit.forms.grounds import GroundsForm
from kandoo.credit.models import Activity, BudgetLaw, Commitment, Contract, CreditLine, Payee
from kandoo.engine.budget import CostShares
from kandoo.programme.models import ClusterFile
from kandoo.register import places
from kandoo.register.fields import PastDayField
from kandoo.site.forms import DayField, TomanField
from kandoo.site.lists import page_language


def provinces() -> list[tuple[str, str]]:
    """The provinces as choices."""
    return [(each.code, places.name_of(each.code, page_language())) for each in places.provinces()]


class MoveForm(GroundsForm):
    """An amount and what it rests on."""

    amount = TomanField(label=_("Amount"), min_value=1)


class AmendForm(forms.Form):
    """A line raised or cut by an amendment of its year's law."""

    law = forms.ModelChoiceField(BudgetLaw.objects.none(), label=_("Amendment"))
    direction = forms.ChoiceField(
        label=_("What it does"), choices=[("raise", _("It adds")), ("cut", _("It takes away"))]
    )
    amount = TomanField(label=_("Amount"), min_value=1)
    on = PastDayField(label=_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, data: Any = None, *, laws: QuerySet[BudgetLaw], today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["on"].today = today  # type: ignore[attr-defined]
        self.fields["law"].queryset = laws  # type: ignore[attr-defined]

    def change(self) -> int:
        """Rial, below zero for a cut."""
        amount: int = self.cleaned_data["amount"]
        return amount if self.cleaned_data["direction"] == "raise" else -amount


class ChooseContract(forms.ModelChoiceField):
    """A contract by its number, what it is for and with whom."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.title} · {obj.payee_name}"


class CommitForm(GroundsForm):
    """What is bound, to whom, and who bears the rest."""

    contract = ChooseContract(
        Contract.objects.none(),
        label=_("Contract"),
        required=False,
        help_text=_("With a contract, its activity and contractor are taken; the two next fields stay empty."),
    )
    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"), required=False)
    payee = forms.ModelChoiceField(Payee.objects.none(), label=_("Payee"), required=False)
    title = forms.CharField(label=_("Title"), max_length=160)
    agency = TomanField(label=_("Share of the programme"), min_value=1)
    member = TomanField(label=_("Share of the members"), required=False)
    other = TomanField(label=_("Share of others"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        line: CreditLine,
        activities: QuerySet[Activity],
        contracts: QuerySet[Contract],
        payees: QuerySet[Payee],
        today: date,
    ) -> None:
        super().__init__(data, file=line.file, today=today)
        for name, rows in (("activity", activities), ("contract", contracts), ("payee", payees)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if (contract := values.get("contract")) is not None:
            values["activity"], values["payee"] = contract.activity, contract.payee
        for name, words in (("activity", _("Choose the activity.")), ("payee", _("Choose the payee."))):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, words)
        return values

    def terms(self) -> CommitTerms:
        """What the action takes."""
        values = self.cleaned_data
        shares = CostShares(values["agency"], values["member"] or 0, values["other"] or 0)
        return CommitTerms(
            activity=values["activity"],
            payee=values["payee"],
            title=values["title"],
            shares=shares,
            on=values["on"],
            grounds=self.grounds(),
            contract=values["contract"],
        )


class LineForm(forms.Form):
    """A new line of a year's budget with what the law approves for it."""

    code = forms.CharField(label=_("Code of the line"), max_length=24)
    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    file = forms.ModelChoiceField(ClusterFile.objects.none(), label=_("Cluster"), required=False)
    amount = TomanField(label=_("Approved by the law"), min_value=1)
    on = DayField(label=_("Day"))

    def __init__(self, data: Any = None, *, files: QuerySet[ClusterFile], on: date) -> None:
        super().__init__(data, initial={"on": on})
        self.fields["province"].choices = [("", _("The whole nation")), *provinces()]  # type: ignore[attr-defined]
        self.fields["file"].queryset = files  # type: ignore[attr-defined]

    def terms(self) -> LineTerms:
        """What the action takes; a cluster brings its province."""
        values = self.cleaned_data
        file = values["file"]
        province = file.province if file else values["province"]
        return LineTerms(values["code"], values["name_fa"], values["amount"], values["name_en"], province, file)


class CloseForm(forms.Form):
    """Which commitments go on in the next year; the rest lapses."""

    carry = forms.ModelMultipleChoiceField(
        Commitment.objects.none(),
        label=_("Carry to the next year"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not chosen is released and lapses with the rest of the line."),
    )
    on = DayField(label=_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, data: Any = None, *, unpaid: Sequence[Commitment], on: date) -> None:
        super().__init__(data, initial={"on": on, "carry": unpaid})
        field: Any = self.fields["carry"]
        field.queryset = Commitment.objects.filter(pk__in=[each.pk for each in unpaid])
        field.label_from_instance = lambda each: f"{each.title} · {each.payee_name}"
        if not unpaid:
            del self.fields["carry"]

    def chosen(self) -> frozenset[int]:
        """The commitments that go on."""
        return frozenset(each.pk for each in self.cleaned_data.get("carry") or ())
