"""Read a nested document (from YAML or JSON) key by key, naming the place of any fault.

A profile or a set of standards is data that people edit: a fault in it must say where it is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn


class BadDocument(ValueError):
    """A document that cannot be used; the message begins with the path of the bad key."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A mapping and the path that leads to it, e.g. `parameters[3].blend`."""

    data: Mapping[str, object]
    path: str = ""

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, fault: str) -> NoReturn:
        raise BadDocument(f"{self.at(key)}: {fault}")

    def __contains__(self, key: str) -> bool:
        return self.data.get(key) is not None

    def allow_only(self, *keys: str) -> None:
        """Refuse a misspelt key instead of ignoring it."""
        for key in self.data:
            if key not in keys:
                self.refuse(str(key), "unknown key")

    def _get(self, key: str, kind: type | tuple[type, ...], wanted: str) -> object:
        if key not in self:
            self.refuse(key, "missing")
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.refuse(key, f"should be {wanted}, is {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        if default is not None and key not in self:
            return default
        value = self._get(key, str, "text")
        assert isinstance(value, str)
        if not value.strip():
            self.refuse(key, "is empty")
        return value

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed:
            self.refuse(key, f"should be one of {', '.join(sorted(allowed))}, is {value!r}")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        if default is not None and key not in self:
            return default
        value = self._get(key, (int, float), "a number")
        assert isinstance(value, int | float)
        if value != value or abs(value) == float("inf"):
            self.refuse(key, "should be a finite number")
        return float(value)

    def whole(self, key: str, default: int | None = None) -> int:
        if default is not None and key not in self:
            return default
        value = self._get(key, int, "a whole number")
        assert isinstance(value, int)
        return value

    def flag(self, key: str) -> bool:
        return key in self and bool(self._get(key, bool, "true or false"))

    def day(self, key: str) -> date | None:
        if key not in self:
            return None
        value = self.data[key]
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.refuse(key, f"should be a date like 2026-11-22, is {value!r}")

    def texts(self, key: str) -> tuple[str, ...]:
        if key not in self:
            return ()
        values = self._get(key, (list, tuple), "a list")
        assert isinstance(values, Sequence)
        if not all(isinstance(each, str) for each in values):
            self.refuse(key, "should be a list of texts")
        return tuple(values)

    def child(self, key: str) -> "Reader":
        value = self._get(key, Mapping, "a mapping")
        assert isinstance(value, Mapping)
        return Reader(value, self.at(key))

    def children(self, key: str) -> Iterator["Reader"]:
        """Each mapping of a list; an absent list has none."""
        if key not in self:
            return
        values = self._get(key, (list, tuple), "a list")
        assert isinstance(values, Sequence)
        for number, value in enumerate(values):
            if not isinstance(value, Mapping):
                raise BadDocument(f"{self.at(key)}[{number}]: should be a mapping, is {value!r}")
            yield Reader(value, f"{self.at(key)}[{number}]")
