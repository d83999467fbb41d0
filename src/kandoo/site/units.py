"""In which unit amounts of rial are written: toman, until a redenomination; then the new unit.

What is stored is rial and stays so: a redenomination is a dated conversion of what is shown and
typed. For a time both units are printed, the new one first. Pure; no Django.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of money: its names, and how many of the stored rial make one."""

    name_fa: str
    name_en: str
    rial: int

    def name(self, language: str) -> str:
        """The name in a language."""
        return self.name_fa if language == "fa" else self.name_en


TOMAN = Unit("تومان", "toman", 10)


@dataclass(frozen=True, slots=True)
class Writing:
    """The unit that is written and typed, and the one printed beside it, if any."""

    unit: Unit = TOMAN
    beside: Unit | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A redenomination: from a day on `unit` is written, until another day with toman beside it."""

    unit: Unit
    starts_on: date
    both_until: date

    def writing(self, today: date) -> Writing:
        """How amounts are written on a day."""
        if today < self.starts_on:
            return Writing()
        return Writing(self.unit, TOMAN if today < self.both_until else None)


def _usual() -> Writing:
    return Writing()


# Asked only when a page writes an amount, so that pages without money cost no question.
_source: ContextVar[Callable[[], Writing]] = ContextVar("kandoo_money_unit", default=_usual)


def write_by(source: Callable[[], Writing]) -> Callable[[], None]:
    """Let amounts be written as `source` says, until the returned function is called."""
    token = _source.set(source)
    return lambda: _source.reset(token)


def writing() -> Writing:
    """How amounts are written now."""
    return _source.get()()


def in_unit(rial: int, unit: Unit) -> Decimal:
    """An amount of rial counted in a unit, exactly."""
    return Decimal(rial) / unit.rial
