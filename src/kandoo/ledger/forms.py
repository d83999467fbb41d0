"""What the journal is searched for, and why an entry is reversed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.ledger import words
from kandoo.ledger.queries import Wanted
from kandoo.register.access import Seat
from kandoo.selling.access import lots_seen_by
from kandoo.site.forms import DayField, TomanField


class JournalFilter(forms.Form):
    """Kept in the address, so that a search can be sent to a colleague."""

    q = forms.CharField(label=_("Party, lot, document or amount"), required=False, max_length=120)
    account = forms.ChoiceField(label=_("Account"), required=False)
    lot = forms.ChoiceField(label=_("Lot"), required=False)
    first = DayField(label=_("From day"), required=False, help_text="")
    last = DayField(label=_("To day"), required=False, help_text="")
    amount = TomanField(label=_("Amount (toman)"), required=False)
    firm = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, seat: Seat, data: Any) -> None:
        super().__init__(data, auto_id="filter-%s")
        lots = lots_seen_by(seat).order_by("-pk")
        _choices(self.fields["account"], words.accounts())
        _choices(self.fields["lot"], [(str(each.pk), str(each)) for each in lots])

    def wanted(self) -> Wanted:
        """What was asked for, as far as it could be read."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            text=given.get("q", ""),
            account=given.get("account", ""),
            enterprise=given.get("firm"),
            lot=int(given["lot"]) if given.get("lot") else None,
            first=given.get("first"),
            last=given.get("last"),
            amount=given.get("amount"),
        )


def _choices(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", _("All")), *choices]


class ReversalForm(forms.Form):
    """A reversal is explained; who audits the books reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For example: the bill belongs to another lot. It stays in the books for good."),
    )
