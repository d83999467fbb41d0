"""Figures as people read them."""

from decimal import Decimal

from kandoo.site.language import format_number, format_toman
from kandoo.site.lists import page_language

LEVELS = ("input", "activity", "output", "outcome", "impact")


def shown(value: Decimal | None, kind: str, unit: str = "") -> str:
    """A figure with its unit: toman for rial, percent, else a number. English units are plurals, so one stands behind its own."""
    if value is None:
        return "—"
    language = page_language()
    if kind == "rial":
        return format_toman(int(value), language)
    decimals = 0 if value == value.to_integral_value() else 1
    text = format_number(value, language, decimals)
    if kind == "percent":
        return f"{text}٪" if language == "fa" else f"{text}%"
    if unit and language == "en" and value == 1:
        return f"{unit}: {text}"
    return f"{text} {unit}".strip()
