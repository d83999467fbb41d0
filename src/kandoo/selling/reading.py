"""A plan read aloud: each order's blend, margins, and why it is not filled, in the page's language.

Nothing is computed here that decides anything: values of a stored plan become rows and sentences.
The pay slip is read in `slip_reading.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kandoo.engine.limits import Result
from kandoo.engine.product import Parameter, Profile
from kandoo.selling.models import Order
from kandoo.selling.planning import REFUSED, Box, order_limits
from kandoo.selling.queries import page_language
from kandoo.site import language as lang
from kandoo.site.lists import joined
from kandoo.site.pictures import Bullet, bullet_bars

NEAR = 0.05  # a margin below this share of its limit is called near


# Words


def number(value: Any, decimals: int | None = None) -> str:
    """A number as the page writes it."""
    return lang.format_number(value, page_language(), decimals)


def kilograms(value: Any) -> str:
    """A mass with its unit."""
    return _("%(kg)s kg") % {"kg": number(value)}


def name_of(profile: Profile, code: str) -> str:
    """A parameter's or test's name, or its code where the profile has none."""
    known = profile.parameters.get(code) or profile.tests.get(code)
    return known.name.in_language(page_language()) if known else code


def unit_of(parameter: Parameter | None) -> str:
    """A parameter's unit in words; nothing for pure numbers."""
    return "" if parameter is None or parameter.unit == "1" else parameter.unit_name.in_language(page_language())


def measured(profile: Profile, code: str, value: float, more: int = 0) -> str:
    """A value of a parameter with its unit, at the parameter's own decimals and `more`."""
    parameter = profile.parameters.get(code)
    decimals = parameter.decimals + more if parameter else 3
    return f"{number(round(value, decimals))} {unit_of(parameter)}".strip()


def kinds_in_words(profile: Profile, kinds: Sequence[str]) -> str:
    """The names of kinds; any when none is named."""
    names = [profile.kinds[code].name.in_language(page_language()) for code in kinds if code in profile.kinds]
    return joined(names) if names else _("any kind")


def papers_in_words(profile: Profile, papers: Sequence[str]) -> list[str]:
    """The names of papers."""
    return [profile.papers[code].name.in_language(page_language()) for code in papers if code in profile.papers]


def market_in_words(profile: Profile, market: str) -> str:
    """A market's name with its standard."""
    if market not in profile.markets:
        return market
    found = profile.markets[market]
    standard = profile.names["standard"].get(found.standard)
    name = found.name.in_language(page_language())
    return f"{name} ({standard.in_language(page_language())})" if standard else name


def drum_numbers(first: int, drums: int) -> str:
    """A block of drums by number: 4 to 9."""
    if drums == 1:
        return number(first)
    return _("%(first)s to %(last)s") % {"first": number(first), "last": number(first + drums - 1)}


# An order's limits


@dataclass(frozen=True, slots=True)
class LimitRow:
    """What a buyer asks of one parameter; `is_own` when the buyer wrote it, not the standard."""

    name: str
    least: str
    most: str
    is_own: bool


def limit_rows(profile: Profile, order: Order) -> list[LimitRow]:
    """All limits that bind an order's blend, the buyer's own first."""
    boxes = order_limits(profile, order)
    lower, upper = boxes[0]
    codes = [code for code in profile.parameters if code in lower or code in upper]
    rows = [
        LimitRow(
            name=name_of(profile, code),
            least="" if code not in lower else measured(profile, code, lower[code], 1),
            most="" if code not in upper else measured(profile, code, upper[code], 1),
            is_own=code in order.limits,
        )
        for code in codes
    ]
    return sorted(rows, key=lambda row: not row.is_own)


def other_ways(profile: Profile, order: Order) -> list[str]:
    """The other sets of limits that would do as well, each as a sentence of what differs."""
    first, *others = order_limits(profile, order)
    return [_difference(profile, first, box) for box in others]


def _difference(profile: Profile, first: Box, other: Box) -> str:
    parts = []
    for side, words in ((0, _("%(name)s at least %(value)s")), (1, _("%(name)s at most %(value)s"))):
        for code, value in other[side].items():
            if code in profile.parameters and first[side].get(code) != value:
                parts.append(words % {"name": name_of(profile, code), "value": measured(profile, code, value, 1)})
    return _(" and ").join(parts)


# The blend against its limits


@dataclass(frozen=True, slots=True)
class Blend:
    """The predicted blend of an order as a picture, its finding and the table behind it."""

    finding: str
    svg: str
    columns: list[str]
    rows: list[list[str]]


def blend_picture(
    profile: Profile, order: Order, part: Mapping[str, Any], quality: Mapping[str, Mapping[str, Result]] | None = None
) -> Blend | None:
    """One bullet bar a limited parameter. `quality` (batch → values) draws each batch as a dot."""
    margins = {key: value for key, value in part["margins"].items() if not key.startswith(REFUSED)}
    lower, upper = _limits_kept(profile, order, margins)
    tightest = sorted(margins, key=lambda key: _share(key, margins[key], lower, upper))
    worst = {parameter_of(key): margins[key] for key in reversed(tightest)}
    codes = list(dict.fromkeys(parameter_of(key) for key in tightest))
    if not codes:
        return None
    bullets = [_bullet(profile, code, part, margins, (lower, upper), quality) for code in codes]
    finding = _("%(name)s leaves the least room: %(margin)s") % {
        "name": name_of(profile, codes[0]),
        "margin": measured(profile, codes[0], margins[tightest[0]], 1),
    }
    name = _("The predicted blend against each limit")
    return Blend(
        finding=finding,
        svg=bullet_bars(bullets, name=name, language=page_language()),  # type: ignore[arg-type]
        columns=[_("Parameter"), _("Blend"), _("Limit"), _("Margin")],
        rows=[_row(profile, code, bullet, worst[code]) for code, bullet in zip(codes, bullets, strict=True)],
    )


def parameter_of(key: str) -> str:
    """The parameter of a limit's key: `hmf` of `hmf_max`."""
    return key.rpartition("_")[0]


def _limits_kept(profile: Profile, order: Order, margins: Mapping[str, float]) -> Box:
    """The set of limits whose keys are those of the margins: the one the plan kept."""

    def strangeness(box: Box) -> int:
        keys = {f"{code}_min" for code in box[0]} | {f"{code}_max" for code in box[1] if not code.startswith(REFUSED)}
        return len(keys ^ margins.keys())

    return min(order_limits(profile, order), key=strangeness)


def _share(key: str, margin: float, lower: Mapping[str, float], upper: Mapping[str, float]) -> float:
    """A margin as a share of its limit."""
    side = upper if key.endswith("_max") else lower
    return margin / max(abs(side.get(parameter_of(key), 1.0)), 1e-9)


def _bullet(
    profile: Profile,
    code: str,
    part: Mapping[str, Any],
    margins: Mapping[str, float],
    box: Box,
    quality: Mapping[str, Mapping[str, Result]] | None,
) -> Bullet:
    lower, upper = box
    key = min(
        (each for each in (f"{code}_min", f"{code}_max") if each in margins),
        key=lambda each: _share(each, margins[each], lower, upper),
    )
    room, blend = margins[key], part["blend"].get(code)
    state = "breaks" if room < -1e-9 else "near" if _share(key, room, lower, upper) < NEAR else "fits"
    words = _("%(margin)s beyond the limit") if room < -1e-9 else _("%(margin)s inside the limit")
    return Bullet(
        label=name_of(profile, code),
        blend=blend,
        text="" if blend is None else measured(profile, code, blend, 1),
        margin=words % {"margin": measured(profile, code, abs(room), 1)},
        state=state,  # type: ignore[arg-type]
        low=lower.get(code),
        high=upper.get(code),
        batches=[value for values in (quality or {}).values() if isinstance(value := values.get(code), int | float)],
    )


def _row(profile: Profile, code: str, bullet: Bullet, margin: float) -> list[str]:
    """Figures alone, the unit beside the name, so that the row fits a phone."""
    parameter = profile.parameters[code]
    unit = unit_of(parameter)

    def figure(value: float) -> str:
        return number(round(value, parameter.decimals + 1))

    limits = [
        words % {"value": figure(value)}
        for words, value in ((_("at least %(value)s"), bullet.low), (_("at most %(value)s"), bullet.high))
        if value is not None
    ]
    return [
        f"{bullet.label} ({unit})" if unit else bullet.label,
        "" if bullet.blend is None else figure(bullet.blend),
        joined(limits),
        figure(margin),
    ]


# Why an order is not filled, and what would fill it


def why_not(profile: Profile, reason: Mapping[str, Any] | None) -> str:
    """The reason an order is not filled; with the mass that remained, to whom the plan tells it."""
    if not reason:
        return _("The plan gives this order no drums.")
    parameter = reason.get("parameter") or ""
    if parameter.startswith(REFUSED):
        sentence = _("Too few of the batches offered are free of what its market refuses.")
    else:
        sentence = _reasons().get(reason["code"], _("The plan gives this order no drums."))
    sentence %= {"name": name_of(profile, parameter)}
    if reason.get("available_kg") is None:
        return sentence
    return _("%(sentence)s That leaves %(kg)s.") % {"sentence": sentence, "kg": kilograms(reason["available_kg"])}


def _reasons() -> dict[str, str]:
    return {
        "mass": _("Too few drums that fit are offered, or no number of them makes the mass asked."),
        "kinds": _("Too little of the kinds it asks for is offered."),
        "drums_min": _("Too few batches have as many drums as the buyer wants of each."),
        "untested": _("Too few of the batches offered were tested for %(name)s, which this order limits."),
        "limit": _("No blend of the drums offered meets the limit of %(name)s together with the other limits."),
        "limits": _("No blend of the drums offered meets all limits of this order together."),
        "sources": _("It would take more source batches than the buyer allows."),
        "price": _("At this price the drums that fit earn no more than their owners' reserve and transport."),
        "outbid": _("The drums it needs earn more in another order."),
    }


def nearest_change(profile: Profile, change: Mapping[str, Any] | None) -> str:
    """The smallest single change that would fill an order, in one sentence; empty when none is known."""
    if not change:
        return ""
    key: str = change["change"]
    before: Any = change.get("from")
    after: Any = change.get("to")
    if key.startswith(REFUSED):
        return _("It could be filled with batches that another market takes.")
    if key == "tests":
        return _test_change(profile, before, after)
    if key == "kinds":
        return _("It can be filled if the buyer also takes: %(kinds)s.") % {
            "kinds": kinds_in_words(profile, [each for each in after if each not in before])
        }
    if key == "price_per_kg":
        if after is None:
            return _("It can be filled at a higher price.")
        price = lang.format_toman(int(after), page_language())
        return _("It can be filled from a price of %(price)s per kg.") % {"price": price}
    plain = {
        "mass_min_kg": _("It can be filled if the least mass falls from %(before)s to %(after)s kg."),
        "mass_max_kg": _("It can be filled if the most mass rises from %(before)s to %(after)s kg."),
        "sources_max": _("It can be filled if %(after)s source batches are allowed instead of %(before)s."),
        "drums_min": _("It can be filled if the fewest drums of a batch are %(after)s instead of %(before)s."),
    }
    if key in plain:
        return plain[key] % {"before": number(before), "after": number(after)}
    code = parameter_of(key)
    words = (
        _("It can be filled if the most of %(name)s rises from %(before)s to %(after)s.")
        if key.endswith("_max")
        else _("It can be filled if the least of %(name)s falls from %(before)s to %(after)s.")
    )
    values = {"before": measured(profile, code, before, 2), "after": measured(profile, code, after, 2)}
    return words % {"name": name_of(profile, code), **values}


def _test_change(profile: Profile, parameter: str, batches: Any) -> str:
    """Batches are named to whom the plan names them; others are told how many."""
    name = name_of(profile, parameter)
    if isinstance(batches, list):
        return _("It may be filled once %(name)s is tested in batches %(batches)s.") % {
            "name": name,
            "batches": joined([lang.localise_digits(each, page_language()) for each in batches]),
        }
    return _("It may be filled once %(name)s is tested in more batches.") % {"name": name}
