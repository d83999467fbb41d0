"""Persian and English: digits, letters, order, dates and amounts. Pure; no Django.

Typed text arrives with any of three digit sets, Arabic or Persian ye and kaf, Jalali or ISO
dates. It is folded here once; what is shown is formatted here once.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from persiantools.jdatetime import JalaliDate

from kandoo.site import units

PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_TO_LATIN = str.maketrans(PERSIAN_DIGITS + ARABIC_DIGITS, "0123456789" * 2)
_TO_PERSIAN = str.maketrans("0123456789", PERSIAN_DIGITS)
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "ؤ": "و", "ئ": "ی"})
_ALPHABET = "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_ORDER = {ord(letter): 0xE000 + place for place, letter in enumerate(_ALPHABET)}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0640\ufeff]")
_WORD = re.compile(r"\w", re.UNICODE)
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[0-9]+(?![A-Za-z0-9])")  # not in a code or checksum such as G7 or 3fa9
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

MONTHS_FA = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
WEEKDAYS_FA = ["دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"]
_ISOLATE, _POP = "\u2066", "\u2069"  # keeps a number's own direction inside right-to-left text


def latin_digits(text: str) -> str:
    """Turn Persian and Arabic digits into 0-9."""
    return text.translate(_TO_LATIN)


def same_letters(text: str) -> str:
    """Fold what is typed in several ways: compatibility forms, ye and kaf, invisible marks, marks above."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS)
    return "".join(each for each in text if unicodedata.category(each) != "Mn")


def printable(text: str) -> str:
    """Text without the control characters that no document can hold; tabs and ends of lines stay.

    >>> printable("stone\\x00 of \\x01Azna")
    'stone of Azna'
    """
    return _CONTROL.sub("", text)


def fold(text: str) -> str:
    """The key under which names are searched and doubles are found: letters and digits alone.

    >>> fold("خرم‌آباد") == fold("خرم آباد")
    True
    """
    text = latin_digits(same_letters(text)).replace("آ", "ا").casefold()
    return "".join(_WORD.findall(text)).replace("_", "")


def sort_key(text: str) -> str:
    """A key whose code-point order is the Persian alphabet's, whatever collation the server has."""
    plain = " ".join(latin_digits(same_letters(text)).casefold().split())
    return plain.translate(_ORDER)


def parse_decimal(text: str) -> Decimal:
    """Read a number in any of the three digit sets, with or without thousands marks.

    Raises ValueError when it is not a finite number.
    """
    plain = latin_digits(_INVISIBLE.sub("", text)).strip().replace("\u2212", "-")
    plain = plain.replace("٬", "").replace("،", "").replace("٫", ".").replace("\u00a0", "").replace(" ", "")
    if "," in plain:
        if not re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
            raise ValueError(text)
        plain = plain.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", plain):
        raise ValueError(text)
    try:
        return Decimal(plain)
    except InvalidOperation as problem:  # pragma: no cover - the pattern above is stricter
        raise ValueError(text) from problem


def parse_day(text: str) -> date:
    """Read a date as 1405/9/1 (Jalali) or 2026-11-22 (ISO), any digits, `/`, `-` or `.` between.

    A year below 1700 is Jalali. Raises ValueError when there is no such day.
    """
    plain = latin_digits(_INVISIBLE.sub("", text)).strip()
    match = re.fullmatch(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})", plain)
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) for part in match.groups())
    if year < 1700:
        return JalaliDate(year, month, day).to_gregorian()
    return date(year, month, day)


def jalali_year(day: date) -> int:
    """The Jalali year of a day; a season of harvest is named by it."""
    return int(JalaliDate(day).year)


def localise_digits(text: str, language: str) -> str:
    """Show a text's numbers in the language's own digits; a code such as G7 keeps the ones it is written with."""
    return _NUMBER.sub(lambda found: found[0].translate(_TO_PERSIAN), text) if language == "fa" else text


def comma(language: str) -> str:
    """What stands between words in a row."""
    return "، " if language == "fa" else ", "


def format_number(value: Decimal | float | int, language: str, decimals: int | None = None) -> str:
    """Group thousands and show the language's digits and marks.

    `decimals` None keeps a number's own decimals up to six, without trailing zeros.
    """
    value = Decimal(str(value))
    text = f"{value:,.{6 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    if text.strip("-0.,") == "":
        text = text.removeprefix("-")
    negative, text = text.startswith("-"), text.removeprefix("-")
    if language == "fa":
        text = text.replace(",", "٬").replace(".", "٫").translate(_TO_PERSIAN)
    return f"{_ISOLATE}\u2212{text}{_POP}" if negative else text


def format_day(day: date, language: str, *, style: str = "long") -> str:
    """A day as «یکشنبه ۱ آذر ۱۴۰۵» or "Sunday 22 November 2026"; `short` gives ۱۴۰۵/۰۹/۰۱ or 2026-11-22."""
    if isinstance(day, datetime):
        day = timezone.localdate(day) if timezone.is_aware(day) else day.date()
    if language != "fa":
        return day.isoformat() if style == "short" else f"{day:%A} {day.day} {day:%B %Y}"
    jalali = JalaliDate(day)
    if style == "short":
        return f"{jalali.year:04d}/{jalali.month:02d}/{jalali.day:02d}".translate(_TO_PERSIAN)
    text = f"{WEEKDAYS_FA[day.weekday()]} {jalali.day} {MONTHS_FA[jalali.month - 1]} {jalali.year}"
    return text.translate(_TO_PERSIAN)


def day_for_input(day: date, language: str) -> str:
    """A day as it is typed: 1405/09/01 in Persian, 2026-11-22 in English; Latin digits."""
    return latin_digits(format_day(day, language, style="short"))


def format_toman(rial: int, language: str) -> str:
    """An amount of rial in the unit in force, toman unless redenominated, with its unit; exact."""
    writing = units.writing()
    text = _in_unit(rial, writing.unit, language)
    return f"{text} ({_in_unit(rial, writing.beside, language)})" if writing.beside else text


def _in_unit(rial: int, unit: units.Unit, language: str) -> str:
    return f"{format_number(units.in_unit(rial, unit), language)} {unit.name(language)}"


def format_rial(rial: int, language: str) -> str:
    """An amount of rial with its unit."""
    number = format_number(rial, language, 0)
    return f"{number} ریال" if language == "fa" else f"{number} rial"


_CURRENCY_NAMES = {"EUR": "یورو", "USD": "دلار", "AED": "درهم", "CNY": "یوان", "IRR": "ریال"}


def format_money(minor: int, currency: str, language: str) -> str:
    """An amount in the smallest unit of its currency, in words of the language: rial is shown in toman."""
    if currency == "IRR":
        return format_toman(minor, language)
    number = format_number(Decimal(minor) / 100, language, 2)
    return f"{number} {_CURRENCY_NAMES.get(currency, currency)}" if language == "fa" else f"{number} {currency}"
