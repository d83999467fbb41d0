"""Periods that figures are asked for: years, quarters and months of the Jalali calendar. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from persiantools.jdatetime import JalaliDate

from kandoo.site.language import localise_digits
from kandoo.site.lists import page_language

MONTHS = {"month": 1, "quarter": 3, "year": 12}
MONTH_NAMES_FA = (
    *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
MONTH_NAMES_EN = (
    *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
    *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The `number`th month or quarter of a Jalali year, or the year (number 1)."""

    year: int
    number: int
    kind: str  # month | quarter | year

    @classmethod
    def holding(cls, day: date, kind: str) -> "Period":
        """The period in which a day lies."""
        jalali = JalaliDate(day)
        return cls(int(jalali.year), (int(jalali.month) - 1) // MONTHS[kind] + 1, kind)

    @classmethod
    def of(cls, key: str) -> "Period":
        """From its key: "1405", "1405-q3" or "1405-m08". Raises ValueError."""
        year, _dash, part = key.partition("-")
        kind = {"": "year", "q": "quarter", "m": "month"}.get(part[:1])
        if kind is None or not year.isdecimal() or not 1300 <= int(year) <= 1600:
            raise ValueError(key)
        number = int(part[1:]) if part else 1
        if not 1 <= number <= 12 // MONTHS[kind]:
            raise ValueError(key)
        return cls(int(year), number, kind)

    @property
    def key(self) -> str:
        return {"year": f"{self.year}", "quarter": f"{self.year}-q{self.number}"}.get(
            self.kind, f"{self.year}-m{self.number:02d}"
        )

    @property
    def first(self) -> date:
        gregorian: date = JalaliDate(self.year, (self.number - 1) * MONTHS[self.kind] + 1, 1).to_gregorian()
        return gregorian

    @property
    def last(self) -> date:
        return self.next().first - timedelta(days=1)

    def next(self) -> "Period":
        is_last = self.number == 12 // MONTHS[self.kind]
        return Period(self.year + is_last, 1 if is_last else self.number + 1, self.kind)

    def before(self) -> "Period":
        return Period.holding(self.first - timedelta(days=1), self.kind)

    def __str__(self) -> str:
        year = localise_digits(str(self.year), page_language())
        if self.kind == "year":
            return _("Year %(year)s") % {"year": year}
        if self.kind == "quarter":
            names: tuple[Any, ...] = (_("Spring"), _("Summer"), _("Autumn"), _("Winter"))
            return _("%(season)s %(year)s") % {"season": names[self.number - 1], "year": year}
        months = MONTH_NAMES_FA if page_language() == "fa" else MONTH_NAMES_EN
        return f"{months[self.number - 1]} {year}"


def recent(day: date, kind: str, count: int) -> list[Period]:
    """The period that holds a day and those before it, the newest first."""
    found = [Period.holding(day, kind)]
    while len(found) < count:
        found.append(found[-1].before())
    return found
