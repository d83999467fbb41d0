"""Fields of the register's forms: numbers that are names, days that have come, a firm by its name."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kandoo.register.identifying import sheba_fault
from kandoo.register.models import Enterprise
from kandoo.site.forms import DayField
from kandoo.site.language import fold, latin_digits

_NAMES_OFFERED_MAX = 1000


class NumberText(forms.CharField):
    """Digits that are a name, not an amount: a phone, an identifier, a bank account."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}), **options)

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s\u200c\-()]", "", latin_digits(super().to_python(value) or ""))


class PhoneField(NumberText):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Phone"), required=False, **options)
        self.widget.attrs["inputmode"] = "tel"

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"\+?\d{4,15}", value):
            raise ValidationError(_("Write a phone number, such as 09160000000."))


class ShebaField(NumberText):
    def __init__(self) -> None:
        super().__init__(
            label=_("Sheba (IBAN)"), required=False, help_text=_("IR and 24 digits; payments of joint lots go there.")
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).upper()
        return f"IR{text}" if re.fullmatch(r"\d{24}", text) else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and sheba_fault(value):
            raise ValidationError(_("This Sheba number cannot be right: IR and 24 digits whose check digits fit."))


class PastDayField(DayField):
    """A day that has come."""

    def __init__(self, *, today: date | None = None, **options: Any) -> None:
        self.today = today
        super().__init__(**options)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and self.today and value > self.today:
            raise ValidationError(_("This day is still to come."))


class FirmField(forms.CharField):
    """A firm of the cluster by its name; a list of names is offered while it is not too long."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Firm"), **options)
        self.firms = Enterprise.objects.none()

    def among(self, firms: Any) -> list[str]:
        """Choose from these; returns the names to offer."""
        self.firms = firms
        names = list(firms.order_by("sort_key").values_list("name_fa", flat=True)[: _NAMES_OFFERED_MAX + 1])
        return names if len(names) <= _NAMES_OFFERED_MAX else []

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        wanted = fold(text)
        near = self.firms.filter(search_key__contains=wanted)[:200]
        found = [firm for firm in near if wanted in (fold(firm.name_fa), fold(firm.name_en))]
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Several firms have this name. Open the firm’s page and add the person there."))
        raise ValidationError(_("No firm has this name."))
