"""What pages say of numbers, days and money, in the language of the page."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.translation import get_language

from kandoo.site import language as lang

register = template.Library()


def _language() -> str:
    return "en" if (get_language() or "fa").startswith("en") else "fa"


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """A number with thousands marks; empty for None."""
    return "" if value is None or value == "" else lang.format_number(value, _language(), decimals)


@register.filter
def day(value: date | None) -> str:
    """A day in words."""
    return "" if value is None else lang.format_day(_local(value), _language())


@register.filter
def day_short(value: date | None) -> str:
    """A day in figures."""
    return "" if value is None else lang.format_day(_local(value), _language(), style="short")


@register.filter
def moment(value: datetime | None) -> str:
    """A day in figures and the hour."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    hour = lang.localise_digits(f"{local:%H:%M}", _language())
    return f"{lang.format_day(local.date(), _language(), style='short')} {hour}"


def _local(value: date) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


@register.filter
def toman(value: int | str | None) -> str:
    """An amount of rial shown in toman, unit printed."""
    return "" if value in (None, "") else lang.format_toman(int(value), _language())


@register.filter
def rial(value: int | str | None) -> str:
    """An amount of rial, unit printed."""
    return "" if value in (None, "") else lang.format_rial(int(value), _language())


@register.filter
def money(value: int | str | None, currency: str) -> str:
    """An amount in the smallest unit of a currency, unit printed."""
    return "" if value in (None, "") else lang.format_money(int(value), currency, _language())


@register.filter
def kg(value: Any) -> str:
    """A mass in kilograms, unit printed."""
    if value is None or value == "":
        return ""
    unit = "کیلوگرم" if _language() == "fa" else "kg"
    return f"{lang.format_number(value, _language())} {unit}"


@register.filter
def percent(value: Any, decimals: int = 1) -> str:
    """A share of one as a percentage."""
    if value is None or value == "":
        return ""
    text = lang.format_number(Decimal(str(value)) * 100, _language(), decimals)
    return f"{text}٪" if _language() == "fa" else f"{text}%"


@register.filter
def digits(value: Any) -> str:
    """Any text with its digits in the language's own set."""
    return "" if value is None else lang.localise_digits(str(value), _language())


@register.filter
def absolute(value: int | None) -> int | None:
    """An amount without its sign."""
    return None if value is None else abs(value)


@register.filter
def item_at(row: Any, place: int) -> Any:
    """The value at a place of a list."""
    return row[place]


@register.filter
def item(mapping: dict[Any, Any] | None, key: Any) -> Any:
    """The value of a key, or nothing."""
    return None if mapping is None else mapping.get(key)


@register.filter
def named(record: Any, stem: str = "name") -> str:
    """A record's name in the language of the page: `name_fa` or `name_en`, whichever there is."""
    first, second = ("fa", "en") if _language() == "fa" else ("en", "fa")
    if isinstance(record, dict):
        return str(record.get(f"{stem}_{first}") or record.get(f"{stem}_{second}") or "")
    return str(getattr(record, f"{stem}_{first}", "") or getattr(record, f"{stem}_{second}", "") or "")


@register.simple_tag
def comma() -> str:
    """What stands between words in a row."""
    return lang.comma(_language())


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """The address's query string with some values changed; None takes one away."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = str(value)
    return f"?{values.urlencode()}"
