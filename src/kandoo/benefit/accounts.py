"""The account of cooperation for staff: gains added up by member, action, kind or season, and in pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.benefit import words
from kandoo.benefit.models import Gain
from kandoo.engine import benefit as engine
from kandoo.site.language import localise_digits
from kandoo.site.lists import page_language
from kandoo.site.pictures import ranks

WAYS = {
    "member": gettext_lazy("Member"),
    "action": gettext_lazy("Joint action"),
    "kind": gettext_lazy("Kind"),
    "season": gettext_lazy("Season"),
}
BARS_MAX = 400


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the account added up; `member` and `season` lead to a statement where it is of one."""

    name: str
    total: engine.Total
    member: int | None = None
    season: int | None = None


def language() -> Literal["fa", "en"]:
    return "en" if page_language() == "en" else "fa"


def year(season: int) -> str:
    """A season's year in the digits of the page."""
    return localise_digits(str(season), page_language())


def booked(gains: Sequence[Gain]) -> list[engine.Booked]:
    """Stored gains as the engine adds them up; nothing is counted anew."""
    return [
        engine.Booked(each.enterprise_id, (each.action, each.action_id), each.action, each.season, _counted(each))
        for each in gains
    ]


def _counted(row: Gain) -> engine.Counted:
    return engine.Counted(
        side="earning" if row.side == "earning" else "cost",
        quantity=row.quantity,
        quantity_undocumented=0 if row.is_documented else row.quantity,
        joint=row.joint,
        fees=row.fees,
        own_costs=row.own_costs,
        time=row.time,
        subsidy=row.subsidy,
        later=row.taken["later"],
        alone=row.alone,
        undocumented=row.undocumented,
        net=row.net,
        gain=row.gain,
        claimed=row.claimed,
        steps=(),
    )


def total(gains: Sequence[Gain]) -> engine.Total | None:
    """All of it as one sum; None where there is nothing."""
    return engine.roll_up(booked(gains), lambda each: "all").get("all")


def rounded(found: engine.Total | None) -> dict[str, int]:
    """The sums to the whole toman, for figures that stand alone."""
    names = ("gain", "claimed", "fees", "own", "time", "subsidy")
    return {name: round(getattr(found, name), -1) for name in names} if found else {}


def rolled(gains: Sequence[Gain], by: str) -> list[Group]:
    """The gains added up one way, the smallest gain first."""
    keys: dict[str, Callable[[engine.Booked], Any]] = {
        "member": lambda each: each.member,
        "action": lambda each: each.action,
        "kind": lambda each: each.kind,
        "season": lambda each: each.season,
    }
    names = _names(gains, by)
    found = [
        Group(names[key], each, key if by == "member" else None, key if by == "season" else None)
        for key, each in engine.roll_up(booked(gains), keys[by]).items()
    ]
    return sorted(found, key=lambda each: (each.total.gain, each.name))


def _names(gains: Sequence[Gain], by: str) -> dict[Any, str]:
    if by == "member":
        return {each.enterprise_id: str(each.enterprise) for each in gains}
    if by == "action":
        return {(each.action, each.action_id): f"{each.code} {each.title}" for each in gains}
    if by == "kind":
        return {each.action: words.kind_words(each.action) for each in gains}
    return {each.season: year(each.season) for each in gains}


def pictures(gains: Sequence[Gain]) -> list[dict[str, Any]]:
    """Where the gain came from, and how it lies over the members, the smallest first."""
    found = []
    for side, title in (("earning", _("Selling together")), ("cost", _("Buying together"))):
        mine = [each for each in gains if each.side == side]
        if mine:
            steps = words.steps_of(words.added_up(each.steps for each in mine))
            text = _("From what members would have had alone to what they had together, after fees and own time.")
            found.append(_figure(title, text, words.picture(steps), [[each.label, each.text] for each in steps]))
    members = rolled(gains, "member")[:BARS_MAX]
    if len(members) > 1:
        texts = [f"{each.name}: {words.rounded(each.total.gain)}" for each in members]
        svg = ranks(
            [each.total.gain for each in members],
            texts,
            name=_("Gain of each member, the smallest first"),
            language=language(),
        )
        least, most = members[0], members[-1]
        values = {"least": words.rounded(least.total.gain), "most": words.rounded(most.total.gain)}
        title = _("From %(least)s to %(most)s a member") % values
        rows = [[each.name, words.rounded(each.total.gain)] for each in members[:20]]
        found.append(
            _figure(title, _("Each bar is a member, the smallest gain first; below, the first twenty."), svg, rows)
        )
    return found


def _figure(title: str, text: str, svg: str, rows: list[list[str]]) -> dict[str, Any]:
    return {"title": title, "text": text, "svg": svg, "rows": rows, "columns": [_("Step or member"), _("Amount")]}
