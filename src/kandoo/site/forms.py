"""Form fields that read what people here type: three digit sets, Jalali or ISO dates, toman."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kandoo.site import language as lang
from kandoo.site import units


class _Typed(forms.TextInput):
    """A text input with the phone's keypad for numbers; the unit stands inside the field."""

    def __init__(self, mode: str, **attrs: str) -> None:
        super().__init__({"inputmode": mode, "autocomplete": "off", "dir": "ltr", **attrs})


class WholeField(forms.IntegerField):
    """A whole number. `unit` is printed inside the field."""

    def __init__(self, *, unit: Any = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(widget=_Typed("numeric"), **options)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value.strip():
            try:
                number = lang.parse_decimal(value)
            except ValueError:
                raise ValidationError(_("Write a whole number, such as 12 or ۱۲."), "invalid") from None
            if number != number.to_integral_value():
                raise ValidationError(_("Write a whole number, such as 12 or ۱۲."), "invalid")
            value = str(int(number))
        return super().to_python(value)


class NumberField(forms.DecimalField):
    """A number with decimals. `unit` is printed inside the field."""

    def __init__(self, *, unit: Any = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(widget=_Typed("decimal"), **options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str) and value.strip():
            try:
                value = lang.parse_decimal(value)
            except ValueError:
                raise ValidationError(_("Write a number, such as 17.5 or ۱۷٫۵."), "invalid") from None
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class TomanField(forms.Field):
    """An amount typed in the unit in force, toman unless redenominated, and kept in rial."""

    @property
    def unit(self) -> str:
        """The word behind the field."""
        return units.writing().unit.name("en" if (get_language() or "fa").startswith("en") else "fa")

    def __init__(self, *, min_value: int = 0, **options: Any) -> None:
        self.min_value = min_value
        super().__init__(widget=_Typed("numeric"), **options)

    def to_python(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        try:
            rial = lang.parse_decimal(str(value)) * units.writing().unit.rial
        except ValueError:
            raise self._unreadable() from None
        if rial != rial.to_integral_value() or abs(rial) > 10**17:
            raise self._unreadable()
        if rial < self.min_value:
            least = lang.format_toman(self.min_value, "en" if (get_language() or "fa").startswith("en") else "fa")
            raise ValidationError(_("This amount cannot be below %(least)s."), "low", {"least": least})
        return int(rial)

    def _unreadable(self) -> ValidationError:
        return ValidationError(_("Write an amount in %(unit)s, such as 250,000."), "invalid", {"unit": self.unit})

    def prepare_value(self, value: Any) -> Any:
        return f"{units.in_unit(value, units.writing().unit):f}" if isinstance(value, int) else value


class DayField(forms.Field):
    """A day typed as 1405/09/01 or 2026-11-22, in any digits."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("For example 1405/09/01 or 2026-11-22."))
        super().__init__(widget=_Typed("text"), **options)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value in (None, ""):
            return value or None
        try:
            return lang.parse_day(str(value))
        except ValueError:
            raise ValidationError(_("There is no such day. Write it as 1405/09/01 or 2026-11-22."), "invalid") from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, date):
            return lang.day_for_input(value, "fa" if (get_language() or "fa").startswith("fa") else "en")
        return value
