"""What the journal is searched for, and why an entry is reversed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from persiantools.jdatetime import JalaliDate

from kandoo.buying.access import rounds_seen_by
from kandoo.ledger import words
from kandoo.ledger.actions import NewVoucher
from kandoo.ledger.actions.vouchers import WITH_SUPPLIER, WITHOUT_PARTY
from kandoo.ledger.models import Voucher
from kandoo.ledger.queries import Wanted
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise, Person
from kandoo.selling import uploads
from kandoo.selling.access import lots_seen_by
from kandoo.site import language as lang
from kandoo.site.forms import DayField, TomanField
from kandoo.site.lists import page_language

SCAN_MEGABYTES = 20
SEASONS = 10  # to choose from


ROUND = "round-"  # before the number of a round, where a bare number is a lot's


class JournalFilter(forms.Form):
    """Kept in the address, so that a search can be sent to a colleague."""

    q = forms.CharField(label=_("Party, lot, document or amount"), required=False, max_length=120)
    account = forms.ChoiceField(label=_("Account"), required=False)
    lot = forms.ChoiceField(label=_("Lot or round"), required=False)
    first = DayField(label=_("From day"), required=False, help_text="")
    last = DayField(label=_("To day"), required=False, help_text="")
    amount = TomanField(label=_("Amount"), required=False)
    firm = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, seat: Seat, data: Any) -> None:
        super().__init__(data, auto_id="filter-%s")
        lots = lots_seen_by(seat).order_by("-pk")
        _choices(self.fields["account"], words.accounts())
        rounds = rounds_seen_by(seat).order_by("-pk")
        joint = [*((str(each.pk), str(each)) for each in lots), *((f"{ROUND}{each.pk}", str(each)) for each in rounds)]
        _choices(self.fields["lot"], joint)

    def wanted(self) -> Wanted:
        """What was asked for, as far as it could be read."""
        self.is_valid()
        given = self.cleaned_data
        joint: str = given.get("lot", "")
        return Wanted(
            text=given.get("q", ""),
            account=given.get("account", ""),
            enterprise=given.get("firm"),
            lot=int(joint) if joint.isdecimal() else None,
            round=int(joint.removeprefix(ROUND)) if joint.startswith(ROUND) else None,
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
    """From which day to which, kept in the address; a season is a Jalali year, and days typed go before it."""

    season = forms.ChoiceField(label=_("Season"), required=False)
    first = DayField(label=_("From day"), required=False, help_text="")
    last = DayField(label=_("To day"), required=False, help_text="")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        newest = lang.jalali_year(timezone.localdate())
        years = map(str, range(newest, newest - SEASONS, -1))
        _choices(self.fields["season"], [(year, lang.localise_digits(year, page_language())) for year in years])

    def days(self) -> tuple[date | None, date | None]:
        """Both days, as far as they could be read."""
        self.is_valid()
        given = self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if given.get("season") and not (first or last):
            return days_of_season(int(given["season"]))
        return first, last


def days_of_season(year: int) -> tuple[date, date]:
    """The first and last day of a Jalali year."""
    return JalaliDate(year, 1, 1).to_gregorian(), JalaliDate(year + 1, 1, 1).to_gregorian() - timedelta(days=1)


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
    scan = forms.FileField(
        label=_("The document itself"), required=False, help_text=_("JPEG, PNG, WebP or PDF, up to 20 MB.")
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, firms: Sequence[Enterprise], person: Person, **options: Any) -> None:
        super().__init__(*given, **options)
        self.person = person
        self.kept_name = ""
        self.firms = {str(each.pk): each for each in firms}
        choices = [("", "—"), *((pk, str(each)) for pk, each in self.firms.items())]
        for name in ("enterprise", "supplier"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_scan(self) -> uploads.Upload | None:
        """What was chosen now, or was set aside before."""
        chosen: UploadedFile | None = self.cleaned_data.get("scan")
        if chosen:
            return uploads.checked(chosen, megabytes_max=SCAN_MEGABYTES)
        return next(iter(uploads.kept(str(self.data.get("kept", "")), self.person.pk)), None)

    def set_aside(self) -> None:
        """Keep the file of a form that goes back to the person, so that it need not be chosen again."""
        scan: uploads.Upload | None = self.cleaned_data.get("scan")
        if scan is not None:
            self.forget_kept()
            data = cast(QueryDict, self.data).copy()
            data["kept"] = uploads.keep([scan], self.person.pk)
            self.data, self.kept_name = data, scan.name

    def forget_kept(self) -> None:
        """Throw away what was set aside."""
        uploads.forget(str(self.data.get("kept", "")), self.person.pk)

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
            scan=given.get("scan"),
        )


class VoucherFileForm(forms.Form):
    """A filled-in template of vouchers."""

    file = forms.FileField(label=_("File"), help_text=_("Excel or CSV with the headings of the template."))
