"""Fewer units came than were ordered: who gets how many, by the rule chosen before the round began.

    pro_rata      in proportion to what each wanted, by the largest remainder
    equal_floor   everybody the same, but nobody more than it wanted (max-min)
    small_first   the smallest orders whole, then the next
    rotation      who was cut most in earlier rounds is served whole first

Those who stand alike in the last two (equal orders, equal cuts) share what is left for them pro rata, so nobody
wins by its name but for the last unit.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Literal, get_args

from kandoo.engine.money import apportion

ShortageRule = Literal["pro_rata", "equal_floor", "small_first", "rotation"]
SHORTAGE_RULES: tuple[ShortageRule, ...] = get_args(ShortageRule)


def ration(
    wanted: Sequence[int],
    received: int,
    rule: ShortageRule,
    *,
    keys: Sequence[str],
    before: Sequence[float] | None = None,
    pack: int = 1,
) -> list[int]:
    """Divide what came among those who ordered.

    Parameters
    ----------
    wanted : shape (n_members,); whole units ordered, at least 0.
    received : whole units that came, at least 0.
    rule : one of `SHORTAGE_RULES`.
    keys : shape (n_members,); distinct names, which break ties, so that the order of entry never matters.
    before : shape (n_members,); how much each was cut in earlier rounds of the season (units or a part of its
        orders, alike for all). Only `rotation` looks at it; None = nobody was cut.
    pack : units of a pack. What can be given in whole packs is; the opened rest goes by the same rule.

    Returns
    -------
    list of int, shape (n_members,)
        Never above `wanted`; the sum is the lesser of `received` and what all wanted.

    Raises
    ------
    ValueError
        When a number is negative or not whole, a key is there twice, lengths differ or the rule is unknown.

    Examples
    --------
    >>> [ration([60, 30, 10], 50, rule, keys=["anvil", "borer", "cutter"]) for rule in SHORTAGE_RULES[:3]]
    [[30, 15, 5], [20, 20, 10], [10, 30, 10]]
    """
    cuts = [0.0] * len(wanted) if before is None else list(before)
    _refuse_unusable(wanted, received, rule, keys, cuts, pack)
    given = [0] * len(wanted)
    for size in {pack: None, 1: None}:  # whole packs, then units
        room = [(most - have) // size for most, have in zip(wanted, given, strict=True)]
        units = min((received - sum(given)) // size, sum(room))
        if rule == "equal_floor":
            more = _levelled(room, [have // size for have in given], units, keys)
        else:
            rank = {"pro_rata": [0.0] * len(wanted), "small_first": wanted, "rotation": [-cut for cut in cuts]}[rule]
            more = _by_rank(room, rank, units, keys)
        given = [have + size * each for have, each in zip(given, more, strict=True)]
    return given


def _by_rank(room: Sequence[int], rank: Sequence[float], units: int, keys: Sequence[str]) -> list[int]:
    """Whoever stands first gets all it has room for; those of one rank share pro rata."""
    given = [0] * len(room)
    for each in sorted(set(rank)):
        mine = {keys[place]: place for place in range(len(room)) if rank[place] == each and room[place]}
        here = min(units, sum(room[place] for place in mine.values()))
        for key, part in apportion(here, {key: room[place] for key, place in mine.items()}).items():
            given[mine[key]] = part
        units -= here
    return given


def _levelled(room: Sequence[int], have: Sequence[int], units: int, keys: Sequence[str]) -> list[int]:
    """Raise those who have least, all to one level as far as they have room; `units` are at most the whole room."""

    def filled(level: int) -> list[int]:
        return [min(max(level - own, 0), space) for own, space in zip(have, room, strict=True)]

    low, high = 0, max((own + space for own, space in zip(have, room, strict=True)), default=0)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sum(filled(middle)) <= units else (low, middle - 1)
    given, after = filled(low), filled(low + 1)
    rising = sorted((keys[place], place) for place in range(len(room)) if after[place] > given[place])
    for _, place in rising[: units - sum(given)]:
        given[place] += 1
    return given


def _refuse_unusable(
    wanted: Sequence[int], received: int, rule: str, keys: Sequence[str], cuts: Sequence[float], pack: int
) -> None:
    if rule not in SHORTAGE_RULES:
        raise ValueError(f"The rule is one of {', '.join(SHORTAGE_RULES)}, not {rule!r}.")
    if not len(wanted) == len(keys) == len(cuts):
        raise ValueError(f"{len(wanted)} quantities, {len(keys)} keys and {len(cuts)} earlier cuts do not agree.")
    if len(set(keys)) != len(keys):
        raise ValueError("A key is there twice.")
    for each in (*wanted, received, pack):
        if int(each) != each or each < 0:
            raise ValueError(f"{each} is no whole quantity of at least 0.")
    if pack < 1 or not all(isfinite(cut) and cut >= 0 for cut in cuts):
        raise ValueError("A pack is below 1, or an earlier cut is negative or no number.")
