"""What arrived of each order line, and what a member gives back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.buying.actions.goods import Arrived
from kandoo.buying.goods_reading import LineState
from kandoo.buying.models import HandOut
from kandoo.site.forms import DayField, WholeField
from kandoo.site.language import localise_digits
from kandoo.site.lists import page_language

PARTS = ("good", "broken", "wrong")


class ArrivalForm(forms.Form):
    """Good, broken and wrong units of each line at one point; a line left empty did not come that day."""

    on = DayField(label=_("Day of the arrival"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False, help_text=_("For example: two bags torn."))

    def __init__(self, data: Any = None, *, lines: Sequence[LineState], today: date) -> None:
        super().__init__(data, initial={"on": today})
        self._lines = [each for each in lines if each.short > 0]
        for each in self._lines:
            words = {"good": _("Good"), "broken": _("Broken"), "wrong": _("Wrong")}
            for part in PARTS:
                first = each.short if part == "good" and not each.arrivals else None
                self.fields[f"{part}_{each.line.pk}"] = WholeField(
                    label=words[part], required=False, min_value=0, max_value=each.line.quantity, initial=first,
                    unit=each.line.item.get_unit_display(),
                )  # fmt: skip

    def rows(self) -> list[tuple[LineState, list[forms.BoundField]]]:
        """Each line with its questions."""
        return [(each, [self[f"{part}_{each.line.pk}"] for part in PARTS]) for each in self._lines]

    def plain_fields(self) -> list[forms.BoundField]:
        return [self["on"], self["note"]]

    def arrived(self) -> dict[int, Arrived]:
        """What came, by order line; lines without a number are left out."""
        found = {}
        for each in self._lines:
            good, broken, wrong = (self.cleaned_data.get(f"{part}_{each.line.pk}") or 0 for part in PARTS)
            if good or broken or wrong:
                found[each.line.pk] = Arrived(good, broken, wrong, self.cleaned_data["note"])
        return found


class ReturnForm(forms.Form):
    """Units a member gives back, and why."""

    row = forms.ChoiceField(label=_("Of what"))
    quantity = WholeField(label=_("Units given back"), min_value=1)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    on = DayField(label=_("Date"))

    def __init__(self, data: Any = None, *, rows: Sequence[HandOut], today: date, wanted: str = "") -> None:
        super().__init__(data, initial={"on": today, "row": wanted})
        self._rows = {str(each.pk): each for each in rows}
        field = self.fields["row"]
        assert isinstance(field, forms.ChoiceField)
        language = page_language()
        field.choices = [
            (pk, f"{each.enterprise} · {each.item} · {localise_digits(str(each.quantity), language)}")
            for pk, each in self._rows.items()
        ]

    def hand_out(self) -> HandOut:
        return self._rows[self.cleaned_data["row"]]
