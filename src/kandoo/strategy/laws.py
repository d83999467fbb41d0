"""The laws of a problem tree and of a results chain in plain Python; migration 0002 holds the same.

A tree has one root, the core problem; a cause hangs on the core or on a cause, an effect on the core or on an
effect. An edge of the chain leads to a later level, so a chain has no circle.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

LEVELS = ("input", "activity", "output", "outcome", "impact")


def rank(level: str) -> int:
    """The place of a level in the chain, from 0."""
    return LEVELS.index(level)


def leads_on(source: str, target: str) -> bool:
    """Whether an edge may go from one level to another.

    >>> leads_on("output", "outcome"), leads_on("activity", "impact"), leads_on("outcome", "output")
    (True, True, False)
    """
    return rank(source) < rank(target)


def may_hang(side: str, parent: str | None) -> bool:
    """Whether a problem of a side may hang on one of another; the core on none.

    >>> may_hang("core", None), may_hang("cause", "core"), may_hang("effect", "cause"), may_hang("cause", None)
    (True, True, False, False)
    """
    return parent is None if side == "core" else parent in ("core", side)


def is_circle(code: str, parents: Mapping[str, str | None]) -> bool:
    """Whether the way up from a problem comes back to one it has passed."""
    passed = {code}
    here = parents.get(code)
    while here is not None:
        if here in passed:
            return True
        passed.add(here)
        here = parents.get(here)
    return False


def reached(start: int, edges: Mapping[int, Sequence[int]]) -> set[int]:
    """All that is reached from a node by going along the edges; not the node itself."""
    found: set[int] = set()
    waiting = deque(edges.get(start, ()))
    while waiting:
        here = waiting.popleft()
        if here not in found:
            found.add(here)
            waiting.extend(edges.get(here, ()))
    return found


def along(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Edges as a mapping from each node to those after it."""
    after: dict[int, list[int]] = {}
    for source, target in pairs:
        after.setdefault(source, []).append(target)
    return after
