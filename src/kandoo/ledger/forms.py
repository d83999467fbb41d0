"""What the journal is searched for, and why an entry is reversed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.ledger import words
from kandoo.ledger.actions import NewVoucher
from kandoo.ledger.actions.vouchers import WITH_SUPPLIER, WITHOUT_PARTY
from kandoo.ledger.models import Voucher
from kandoo.ledger.queries import Wanted
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise
from kandoo.selling.access import lots_seen_by
from kandoo.site.forms import DayField, TomanField


class JournalFilter(forms.Form):
    """Kept in the address, so that a search can be sent to a colleague."""

    q = forms.CharField(label=_("Party, lot, document or amount"), required=False, max_length=120)
    account = forms.ChoiceField(label=_("Account"), required=False)
    lot = forms.ChoiceField(label=_("Lot"), required=False)
    first = DayField(label=_("From day"), required=False, help_text="")
    last = DayField(label=_("To day"), required=False, help_text="")
    amount = TomanField(label=_("Amount"), required=False)
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


class DaysForm(forms.Form):
    """From which day to which, kept in the address; a season is a Jalali year."""

    first = DayField(label=_("From day"), required=False, help_text="")
    last = DayField(label=_("To day"), required=False, help_text="")

    def days(self) -> tuple[date | None, date | None]:
        """Both days, as far as they could be read."""
        self.is_valid()
        return self.cleaned_data.get("first"), self.cleaned_data.get("last")


class CloseForm(forms.Form):
    """Through which day the books are closed."""

    through = DayField(label=_("Last day of the period"))


class VoucherForm(forms.Form):
    """A fact written down by hand."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Voucher.Kind.choices)
    enterprise = forms.ChoiceField(
        label=_("Party"), required=False, help_text=_("Whom it concerns. A subsidy received has no party.")
    )
    supplier = forms.ChoiceField(
        label=_("Supplier"), required=False, help_text=_("Only for inputs given on credit: who is to be paid for them.")
    )
    amount = TomanField(label=_("Amount"), min_value=1)
    on = DayField(label=_("Date"))
    document = forms.CharField(
        label=_("Document"), max_length=160, help_text=_("Number of the invoice, receipt or letter it rests on.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, firms: Sequence[Enterprise], **options: Any) -> None:
        super().__init__(data, **options)
        self.firms = {str(each.pk): each for each in firms}
        choices = [("", "—"), *((pk, str(each)) for pk, each in self.firms.items())]
        for name in ("enterprise", "supplier"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        kind = values.get("kind")
        if kind:
            if not values.get("enterprise") and kind not in WITHOUT_PARTY:
                self.add_error("enterprise", _("Name the party this voucher concerns."))
            if not values.get("supplier") and kind in WITH_SUPPLIER:
                self.add_error("supplier", _("Name the supplier of the inputs."))
        return values

    def voucher(self) -> NewVoucher:
        """What was typed; parties that the kind does not have are left out."""
        given = self.cleaned_data
        return NewVoucher(
            kind=given["kind"],
            amount=given["amount"],
            on=given["on"],
            document=given["document"],
            enterprise=None if given["kind"] in WITHOUT_PARTY else self.firms.get(given["enterprise"]),
            supplier=self.firms.get(given["supplier"]) if given["kind"] in WITH_SUPPLIER else None,
            note=given["note"],
        )


class VoucherFileForm(forms.Form):
    """A filled-in template of vouchers."""

    file = forms.FileField(label=_("File"), help_text=_("Excel or CSV with the headings of the template."))
