"""Related industries as the tables of a study have them: sets, misfits that were moved, the next best sets."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Sets = list[list[str]]


@dataclass(frozen=True, slots=True)
class Moved:
    """An industry put from the set of `left` to that of `joined`, and how related it is to each.

    reasons: the matrices that say so, such as "employment".
    """

    name: str
    left: tuple[str, ...]
    joined: tuple[str, ...]
    relatedness_left: float
    relatedness_joined: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """labels: the set of each industry, after the moves."""

    labels: Mapping[str, int]
    score: float
    moved: Sequence[Mapping[str, Any]]
    alternatives: Sequence[Mapping[str, Any]]

    @staticmethod
    def read(rows: Sequence[Mapping[str, str]], document: bytes) -> "Related | None":
        """From related.csv and related.json; None without either."""
        if not rows or not document:
            return None
        said = json.loads(document)
        labels = {row["industry"]: int(row["cluster"]) for row in rows}
        return Related(labels, said["score"], said["moved"], said["alternatives"])

    def sets(self) -> Sets:
        return sets_of(self.labels)

    def moves(self) -> list[Moved]:
        """In their order, each with the sets as they were then: all later moves are taken back first."""
        labels, found = dict(self.labels), []
        for each in reversed(self.moved):
            name = each["industry"]
            found.append(
                Moved(
                    name,
                    _others(labels, each["from"], name),
                    _others(labels, each["to"], name),
                    each["relatedness_from"],
                    each["relatedness_to"],
                    tuple(matrix for matrix, (here, there) in each.get("reasons", {}).items() if there > here),
                )
            )
            labels[name] = each["from"]
        return found[::-1]


def sets_of(labels: Mapping[str, int]) -> Sets:
    """Names by set, each in the alphabet; an industry alone is left out.

    >>> sets_of({"wood": 0, "food": 1, "doors": 0})
    [['doors', 'wood']]
    """
    sets: dict[int, list[str]] = {}
    for name, label in labels.items():
        sets.setdefault(label, []).append(name)
    return [sorted(each) for _label, each in sorted(sets.items()) if len(each) > 1]


def _others(labels: Mapping[str, int], label: int, name: str) -> tuple[str, ...]:
    return tuple(sorted(other for other, its in labels.items() if its == label and other != name))
