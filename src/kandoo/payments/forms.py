"""Forms of payments: a run, its reasons, the cluster's account, the bank's answer."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kandoo.payments.answer_file import SIZE_MAX, too_large
from kandoo.payments.models import PayingAccount, PaymentLine
from kandoo.register.fields import PastDayField, ShebaField
from kandoo.site import language as lang
from kandoo.site.forms import DayField, TomanField
from kandoo.site.lists import page_language

_BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")


class ComingDayField(DayField):
    """Today or a day to come."""

    def __init__(self, *, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(initial=today, **options)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < self.today:
            raise ValidationError(_("This day has passed."))


class RunForm(forms.Form):
    """From which balance on parties are paid, and when."""

    least = TomanField(
        label=_("Pay balances from"),
        min_value=1,
        initial=1_000_000,
        help_text=_("Smaller balances wait and are paid when they have grown."),
    )
    note = forms.CharField(
        label=_("Note on the transfers"),
        max_length=140,
        required=False,
        help_text=_("Receivers read it in their account’s statement."),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["executes_on"] = ComingDayField(label=_("Day of payment"), today=today)
        self.order_fields(["least", "executes_on", "note"])


class RefreshForm(forms.Form):
    """On which day a refreshed run is to be paid."""

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["executes_on"] = ComingDayField(label=_("Day of payment"), today=today)


class ReasonForm(forms.Form):
    """Why; the others read it."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class RemarkForm(forms.Form):
    """Something to say about a run."""

    text = forms.CharField(label=_("Remark"), max_length=500, widget=forms.Textarea({"rows": 2}))


class ReturnForm(forms.Form):
    """When and why the bank gave a payment back."""

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"] = PastDayField(label=_("Day it came back"), today=today)
        self.fields["reason"] = forms.CharField(
            label=_("The bank’s reason"), max_length=200, help_text=_("For example: the account was closed.")
        )


class AccountForm(forms.ModelForm):
    """The account of the cluster itself."""

    class Meta:
        model = PayingAccount
        fields = ("holder", "bank", "bic")
        help_texts = {
            "holder": _("As the bank writes it."),
            "bic": _("Eight or eleven letters, if your bank asks for it in the payment file."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = ShebaField()
        field.required, field.help_text = True, str(_("IR and 24 digits; runs are paid from it."))
        field.initial = self.instance.sheba
        self.fields["sheba"] = field
        self.fields["bic"].widget.attrs |= {"dir": "ltr", "autocomplete": "off"}
        self.order_fields(["holder", "bank", "sheba", "bic"])

    def clean_bic(self) -> str:
        bic = lang.latin_digits(self.cleaned_data["bic"]).strip().upper()
        if bic and not _BIC.fullmatch(bic):
            raise ValidationError(_("A BIC has eight or eleven letters and digits, such as BKMNIRTH."))
        return bic


class AnswerForm(forms.Form):
    """The file the bank sent; kept while its preview is read."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("The bank’s answer"),
        required=False,
        help_text=_("XML (pain.002), Excel (.xlsx) or CSV, up to 20 MB."),
        widget=forms.FileInput({"accept": ".xml,.xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and (file.size or 0) > SIZE_MAX:
            raise ValidationError(str(too_large()))
        return file

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors and not found.get("file") and not found.get("kept"):
            self.add_error("file", _("Choose a file."))
        return found


class _LineField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        language = page_language()
        amount = lang.format_toman(obj.amount, language)
        return f"{lang.localise_digits(obj.number, language)} · {obj.enterprise} · {amount}"


class MatchForm(forms.Form):
    """Which payment an unmatched row answers."""

    def __init__(self, *args: Any, lines: QuerySet[PaymentLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["line"] = _LineField(queryset=lines, label=_("Payment"), empty_label=_("Choose"))
