"""A round as the agent calls it: items with packs and substitutes, points with days, rules chosen in advance."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.buying.actions.rounds import RoundTerms
from kandoo.buying.models import CollectionPoint, Item, Round
from kandoo.site.forms import DayField, WholeField

SHORTAGE_WORDS = {
    Round.Shortage.PRO_RATA: gettext_lazy("Everybody gets the same part of what it ordered."),
    Round.Shortage.EQUAL_FLOOR: gettext_lazy("Everybody gets the same quantity first, nobody more than it ordered."),
    Round.Shortage.SMALL_FIRST: gettext_lazy("The smallest orders are filled whole, then the next larger ones."),
    Round.Shortage.ROTATION: gettext_lazy("Who was cut most in earlier rounds of the season is served whole first."),
}


class RoundForm(forms.Form):
    """What a round buys, where it is handed out, and its rules."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, help_text=gettext_lazy("For example: sugar and jars for spring.")
    )
    closes_on = DayField(label=gettext_lazy("Last day for needs and quotations"))
    shortage_rule = forms.ChoiceField(
        label=gettext_lazy("When goods run short"), widget=forms.RadioSelect, initial=Round.Shortage.PRO_RATA,
        help_text=gettext_lazy("Chosen now, so that nobody chooses when it is known whom it hits."),
    )  # fmt: skip
    deposit_percent = WholeField(
        label=gettext_lazy("Deposit"), required=False, min_value=0, max_value=100, unit=gettext_lazy("percent"),
        help_text=gettext_lazy("Of each bill, paid before the round is agreed. Leave empty for none."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Members and suppliers read it."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, items: Sequence[Item], points: Sequence[CollectionPoint], today: date
    ) -> None:
        super().__init__(data)
        self.items, self.points, self.today = items, points, today
        rule = self.fields["shortage_rule"]
        assert isinstance(rule, forms.ChoiceField)
        rule.choices = [(each.value, f"{each.label}: {SHORTAGE_WORDS[each]}") for each in Round.Shortage]
        for item in items:
            self._add_item(item)
        for point in points:
            self.fields[f"point_{point.pk}"] = forms.BooleanField(label=str(point), required=False)
            self.fields[f"on_{point.pk}"] = DayField(
                label=_("Handed out at %(point)s on") % {"point": point}, required=False
            )

    def _add_item(self, item: Item) -> None:
        name = {"item": item}
        self.fields[f"item_{item.pk}"] = forms.BooleanField(label=str(item), required=False)
        self.fields[f"pack_{item.pk}"] = WholeField(
            label=_("%(item)s in a pack") % name, required=False, min_value=1, max_value=1_000_000,
            unit=item.get_unit_display(), initial=item.pack,
        )  # fmt: skip
        others = [(each.pk, str(each)) for each in self.items if each.unit == item.unit and each != item]
        if others:
            self.fields[f"instead_{item.pk}"] = forms.MultipleChoiceField(
                label=_("May stand in for %(item)s") % name, required=False, choices=others,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    # The page asks in groups

    def item_groups(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField | None]]:
        """Of each item: whether it is bought, its pack, what may stand in for it."""
        for item in self.items:
            instead = f"instead_{item.pk}"
            yield self[f"item_{item.pk}"], self[f"pack_{item.pk}"], self[instead] if instead in self.fields else None

    def point_groups(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each point whether and when goods are handed out there."""
        return [(self[f"point_{each.pk}"], self[f"on_{each.pk}"]) for each in self.points]

    def first_fields(self) -> list[forms.BoundField]:
        """Name and last day."""
        return [self["title"], self["closes_on"]]

    def rule_fields(self) -> list[forms.BoundField]:
        """The rules chosen in advance."""
        return [self[name] for name in ("shortage_rule", "deposit_percent", "note")]

    # What was typed, as terms

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        closes_on = values.get("closes_on")
        if closes_on and closes_on < self.today:
            self.add_error("closes_on", _("This day has passed."))
        if not self._chosen(values, "item", self.items):
            self.add_error(
                f"item_{self.items[0].pk}" if self.items else None, _("Choose at least one item of the catalogue.")
            )
        chosen = self._chosen(values, "point", self.points)
        if not chosen:
            self.add_error(
                f"point_{self.points[0].pk}" if self.points else None, _("Choose at least one collection point.")
            )
        for point in chosen:
            on = values.get(f"on_{point.pk}")
            if on is None and f"on_{point.pk}" not in self.errors:
                self.add_error(f"on_{point.pk}", _("On which day are goods handed out here?"))
            elif on and closes_on and on < closes_on:
                self.add_error(f"on_{point.pk}", _("Goods cannot be handed out before the round closes."))
        return values

    @staticmethod
    def _chosen(values: dict[str, Any], kind: str, rows: Sequence[Any]) -> list[Any]:
        return [each for each in rows if values.get(f"{kind}_{each.pk}")]

    def terms(self) -> RoundTerms:
        """The typed round as the action takes it."""
        values = self.cleaned_data
        items: list[Item] = self._chosen(values, "item", self.items)
        by_key = {str(each.pk): each for each in self.items}
        return RoundTerms(
            title=values["title"],
            items=items,
            places={each: values[f"on_{each.pk}"] for each in self._chosen(values, "point", self.points)},
            closes_on=values["closes_on"],
            shortage_rule=values["shortage_rule"],
            deposit_percent=values["deposit_percent"] or 0,
            note=values["note"],
            packs={each.pk: values[f"pack_{each.pk}"] or each.pack for each in items},
            substitutes={each.pk: [by_key[key] for key in values.get(f"instead_{each.pk}") or ()] for each in items},
        )
