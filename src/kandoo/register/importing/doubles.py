"""Who is probably there already: the same number, the same name, or nearly the same name in one county.

Names are compared folded, so spelling of ye and kaf, joining marks and digits do not matter. Two
firms whose national numbers both stand and differ are two firms, whatever their names.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from kandoo.register.identifying import NATIONAL
from kandoo.site.language import fold

Reason = Literal["number", "name", "close"]
LIKENESS_MIN = 0.88  # one letter in nine
_UNKNOWN, _ANYWHERE = "", "*"  # instead of a county: it is not known; whichever it is


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm as it is compared: in the register (`firm`) or earlier in the file (`line`)."""

    name_fa: str
    name_en: str
    identifiers: Mapping[str, str]
    counties: frozenset[str]
    firm: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Double:
    """A likely double of a candidate, and why."""

    of: Candidate
    other: Candidate
    reason: Reason
    scheme: str = ""  # of the number they share
    is_torn: bool = False  # the numbers belong to different firms, so it can be neither


class Doubles:
    """Firms met so far, found again by number or name; those of the register are put in first."""

    def __init__(self, known: Iterable[Candidate] = ()) -> None:
        self._by_number: dict[tuple[str, str], Candidate] = {}
        self._by_name: dict[str, list[Candidate]] = defaultdict(list)
        self._by_close_key: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
        for each in known:
            self.add(each)

    def add(self, candidate: Candidate) -> None:
        for number in candidate.identifiers.items():
            self._by_number.setdefault(number, candidate)
        for name in _names(candidate):
            self._by_name[name].append(candidate)
        for key in _keys_in(candidate, (*(candidate.counties or {_UNKNOWN}), _ANYWHERE)):
            self._by_close_key[key].append(candidate)

    def find(self, candidate: Candidate) -> Double | None:
        """The likeliest double: by number, then by name, then by a close name in the same county."""
        return next(self.all(candidate), None)

    def all(self, candidate: Candidate) -> Iterator[Double]:
        """Every likely double, the likeliest first, each firm once."""
        seen: set[int] = set()
        for double in self._found(candidate):
            if id(double.other) not in seen:
                seen.add(id(double.other))
                yield double

    def _found(self, candidate: Candidate) -> Iterator[Double]:
        for scheme, value in candidate.identifiers.items():
            if other := self._by_number.get((scheme, value)):
                yield Double(candidate, other, "number", scheme, self._is_torn(candidate, other))
        for name in _names(candidate):
            for other in self._by_name.get(name, ()):
                if not _differ_by_number(candidate, other):
                    yield Double(candidate, other, "name")
        counties = (*sorted(candidate.counties), _UNKNOWN) if candidate.counties else (_ANYWHERE,)
        for key in _keys_in(candidate, counties):
            for other in self._by_close_key.get(key, ()):
                if not _differ_by_number(candidate, other) and _is_close(candidate, other):
                    yield Double(candidate, other, "close")

    def _is_torn(self, candidate: Candidate, other: Candidate) -> bool:
        holders = {id(self._by_number.get(number, other)) for number in candidate.identifiers.items()}
        return len(holders) > 1 or _differ_by_number(candidate, other)


def _names(candidate: Candidate) -> list[str]:
    folded = (fold(candidate.name_fa), fold(candidate.name_en))
    return [each for each in dict.fromkeys(folded) if len(each) > 3]


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(filter(None, (fold(word) for word in name.split()))))


def _keys_in(candidate: Candidate, counties: Iterable[str]) -> list[tuple[str, str]]:
    """Keys that two names of one county share when one letter or one word is different."""
    name, words = fold(candidate.name_fa), _words(candidate.name_fa)
    keys = {" ".join(words)}
    if len(words) >= 3:
        keys |= {" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))}
    if len(name) >= 6:
        keys |= {name} | {name[:place] + name[place + 1 :] for place in range(len(name))}
    return [(county, key) for county in counties for key in sorted(keys)]


def _is_close(one: Candidate, other: Candidate) -> bool:
    """Nearly the same letters, or the words of one within the other's; "Apiary 12" is not "Apiary 13"."""
    name, other_name = fold(one.name_fa), fold(other.name_fa)
    if _digits(name) != _digits(other_name):
        return False
    if SequenceMatcher(None, name, other_name).ratio() >= LIKENESS_MIN:
        return True
    first, second = set(_words(one.name_fa)), set(_words(other.name_fa))
    return first <= second or second <= first


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def _differ_by_number(one: Candidate, other: Candidate) -> bool:
    return any(
        one.identifiers[scheme] != other.identifiers[scheme]
        for scheme in NATIONAL
        if scheme in one.identifiers and scheme in other.identifiers
    )
