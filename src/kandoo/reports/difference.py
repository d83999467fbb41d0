"""What changed between two frozen reports: every leaf that differs, exactly. Pure."""

from collections.abc import Mapping
from typing import Any

Leaf = str | int | float | bool | None
Path = tuple[str, ...]


def leaves(content: Any, path: Path = ()) -> dict[Path, Leaf]:
    """Every leaf of a content by its path; a list's places are its keys, an empty one is a leaf of its own."""
    if isinstance(content, Mapping) and content:
        return {key: leaf for name, each in content.items() for key, leaf in leaves(each, (*path, str(name))).items()}
    if isinstance(content, list) and content:
        return {
            key: leaf for place, each in enumerate(content) for key, leaf in leaves(each, (*path, str(place))).items()
        }
    return {path: None if isinstance(content, Mapping | list) else content}


def differences(before: Any, after: Any) -> dict[Path, tuple[Leaf, Leaf]]:
    """(before, after) of every leaf that is not the same; None where one of them has no such leaf.

    >>> differences({"paid": 1, "papers": []}, {"paid": 3, "papers": []})
    {('paid',): (1, 3)}
    """
    old, new = leaves(before), leaves(after)
    return {path: (old.get(path), new.get(path)) for path in sorted({*old, *new}) if old.get(path) != new.get(path)}
