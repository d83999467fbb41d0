"""Trying a rule, proposing it, and searching the lists."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.engine.sharing_rule import ActionKind, BadRule, RuleName, SharingRule
from kandoo.sharing import words
from kandoo.sharing.actions import ProposalTerms, check_kind
from kandoo.sharing.models import RuleProposal
from kandoo.site.forms import DayField, NumberField, WholeField

PER_PERCENT = 10  # thousandths


class RuleForm(forms.Form):
    """A rule with its figures: parts of the formula and the reserve, in percent or in thousandths."""

    kind = forms.ChoiceField(label=_("Kind of action"), choices=RuleProposal.Kind.choices)
    rule = forms.ChoiceField(label=_("Rule"), choices=[(name, words.NAMES[name]) for name in words.NAMES])
    reserve = NumberField(
        label=_("Into the reserve first"), required=False, help_text=_("A part of the gain; empty for none.")
    )
    scale = forms.ChoiceField(
        label=_("Figures are written in"),
        choices=[("percent", _("percent")), ("thousandths", _("thousandths"))],
        initial="percent",
        required=False,
    )
    quantity = NumberField(label=words.BASES["quantity"], required=False)
    alone = NumberField(label=words.BASES["alone"], required=False)
    quality = NumberField(label=words.BASES["quality"], required=False)
    member = NumberField(label=words.BASES["member"], required=False)

    chosen: SharingRule

    def clean(self) -> dict[str, Any]:
        """Put the rule together; what is wrong with it is said in the reader's language."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        figures = {name: self._thousandths(name) for name in ("reserve", *words.BASES)}
        if self.errors:
            return values
        weights = {base: figures[base] for base in words.BASES if figures[base]}
        try:
            self.chosen = SharingRule(cast(RuleName, values["rule"]), figures["reserve"], weights)
            check_kind(self.kind_chosen, self.chosen)
        except BadRule as problem:
            field = {"reserve": "reserve", "kind": "rule", "name": "rule", "weights_sum": "quantity"}.get(problem.code)
            self.add_error(field, words.bad_rule(problem))
        return values

    def _thousandths(self, name: str) -> int:
        value: Decimal = self.cleaned_data.get(name) or Decimal(0)
        scaled = value if self.cleaned_data.get("scale") == "thousandths" else value * PER_PERCENT
        if scaled != scaled.to_integral_value() or not -(10**6) < scaled < 10**6:
            self.add_error(name, _("Write a whole number of thousandths, such as 12.5 percent."))
            return 0
        return int(scaled)

    @property
    def kind_chosen(self) -> ActionKind:
        return cast(ActionKind, self.cleaned_data["kind"])

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self["kind"], self["rule"], self["reserve"], self["scale"]]

    @property
    def formula_fields(self) -> list[forms.BoundField]:
        return [self[base] for base in words.BASES]

    @property
    def has_formula(self) -> bool:
        """Whether the formula's fields should stand open."""
        return any(self[base].value() for base in words.BASES) or self["rule"].value() == "fixed"


class ProposalForm(RuleForm):
    """A rule put to the members, with the terms of its vote."""

    title = forms.CharField(label=_("Title"), max_length=120)
    reason = forms.CharField(
        label=_("Why this rule"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Every member reads this."),
    )
    vote_closes_on = DayField(label=_("Last day to vote"))
    in_force_from = DayField(
        label=_("In force from"),
        help_text=_("Joint actions called from this day on use the rule; earlier ones keep theirs."),
    )
    quorum_percent = WholeField(
        label=_("Quorum"),
        min_value=0,
        max_value=100,
        unit=_("percent"),
        help_text=_("So many percent of the member firms must vote; 0: any number will do."),
    )
    majority_percent = WholeField(
        label=_("Majority"),
        min_value=50,
        max_value=100,
        unit=_("percent"),
        help_text=_("So many percent of the votes cast must say yes; at 50 half of them is enough."),
    )

    def __init__(self, data: Any = None, *, today: date, initial: Any = None) -> None:
        closes = today + timedelta(days=14)
        usual = {
            "vote_closes_on": closes,
            "in_force_from": closes + timedelta(days=1),
            "quorum_percent": 50,
            "majority_percent": 60,
        }
        super().__init__(data, initial=usual | (initial or {}))

    def terms(self) -> ProposalTerms:
        """What the action takes."""
        names = ("title", "reason", "vote_closes_on", "in_force_from", "quorum_percent", "majority_percent")
        values = {name: self.cleaned_data[name] for name in names}
        return ProposalTerms(kind=self.kind_chosen, rule=self.chosen, **values)

    @property
    def vote_fields(self) -> list[forms.BoundField]:
        names = ("vote_closes_on", "in_force_from", "quorum_percent", "majority_percent")
        return [self[name] for name in names]


class VoteForm(forms.Form):
    """Yes or no."""

    is_yes = forms.TypedChoiceField(
        label=pgettext_lazy("vote", "Your vote"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
    )
