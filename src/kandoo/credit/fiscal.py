"""The fiscal year: a Jalali year, from 1 Farvardin to the last day of Esfand. Pure."""

from datetime import date, timedelta

from persiantools.jdatetime import JalaliDate

NEAR_END_DAYS = 60  # before the last day, when money not spent begins to be lost


def first_day(year: int) -> date:
    """1 Farvardin of a Jalali year."""
    return JalaliDate(year, 1, 1).to_gregorian()


def last_day(year: int) -> date:
    """The last day of Esfand, the 29th or 30th."""
    return first_day(year + 1) - timedelta(days=1)


def year_of(day: date) -> int:
    """The fiscal year in which a day lies.

    >>> year_of(date(2026, 3, 20)), year_of(date(2026, 3, 21))
    (1404, 1405)
    """
    return int(JalaliDate(day).year)
