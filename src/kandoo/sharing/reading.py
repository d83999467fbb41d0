"""What the pages of rules say: a worked example, the picture and table of a simulation, a vote's steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.engine.laws import BlendLaw
from kandoo.engine.settlement import LotLine, LotToSettle, SettledOrder, settle
from kandoo.engine.sharing_rule import RuleName, SharingRule
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise
from kandoo.sharing.comparing import MemberLine, SeasonSummary
from kandoo.site import language as lang
from kandoo.site.lists import joined, page_language
from kandoo.site.pictures import Step, waterfall

SORTS = ("member", "now", "proposed", "difference", "alone")
BARS_HEIGHT = 160


# A worked example


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """One of the three members of the example; money in rial."""

    name: str
    kg: int
    alone: int
    amount: int


def example(name: RuleName) -> list[ExampleRow]:
    """Three invented members with the same rule: computed by the engine, as their pay slips would be."""
    titles = (_("First member"), _("Second member"), _("Third member"))
    return [ExampleRow(title, *figures) for title, figures in zip(titles, _example(name), strict=True)]


@cache
def _example(name: RuleName) -> tuple[tuple[int, int, int], ...]:
    """(kg, alone, amount) of each: drier honey is worth more, and the members' alone prices differ."""
    weights = {"quantity": 500, "alone": 500} if name == "fixed" else {}
    lines = tuple(
        LotLine(member, f"B-{member}", "1", kg, reserve_per_kg=0, alone_per_kg=alone, quality={"moisture": moisture})
        for member, kg, alone, moisture in (
            ("1", 1_000, 3_600_000, 16.5),
            ("2", 1_000, 3_300_000, 17.5),
            ("3", 2_000, 3_300_000, 18.25),
        )
    )
    order = SettledOrder(
        "1", 16_000_000_000, 4_000_000, upper={"moisture": 17.625}, shadow_prices={"moisture_max": 100_000}
    )
    lot = LotToSettle(
        lines,
        (order,),
        (),
        {"moisture": BlendLaw("moisture", "linear_mass")},
        SharingRule(name, weights=weights),  # type: ignore[arg-type]
    )
    return tuple((share.kg, share.alone, share.amount) for share in settle(lot).shares)


# A simulation


@dataclass(frozen=True, slots=True)
class Row:
    """A member's line with its name."""

    name: str
    line: MemberLine


def rows_of(seat: Seat, lines: Sequence[MemberLine]) -> list[Row]:
    """The lines with the members' names, for those who may see all."""
    firms = Enterprise.objects.filter(cluster=seat.cluster).in_bulk([line.enterprise for line in lines])
    return [Row(str(firms[line.enterprise]), line) for line in lines]


def sorted_rows(rows: Sequence[Row], *, q: str, sort: str) -> list[Row]:
    """Rows whose name has every word, in the order the address asks for; the smallest change first."""
    wanted = lang.fold(q)
    found = [row for row in rows if wanted in lang.fold(row.name)] if wanted else list(rows)
    key = sort.removeprefix("-")
    if key == "member":
        return sorted(found, key=lambda row: lang.sort_key(row.name), reverse=sort.startswith("-"))
    column = key if key in SORTS else "difference"
    return sorted(found, key=lambda row: (getattr(row.line, column), row.line.enterprise), reverse=sort.startswith("-"))


def own_picture(line: MemberLine) -> SafeString:
    """A member's own three bars: alone, now, proposed."""
    bars = [(_("Alone"), line.alone), (_("By the rule used"), line.now), (_("By the proposed rule"), line.proposed)]
    shown = bars if line.alone else bars[1:]  # without evidence there is no bar to stand beside
    steps = [Step(label, amount, money(amount), is_total=True) for label, amount in shown]
    return waterfall(steps, name=_("Your season under both rules"), language=_language())


def bars(lines: Sequence[MemberLine]) -> SafeString:
    """One bar a member, the change in its season, smallest first: who loses most stands at the start."""
    values = sorted(line.difference for line in lines)
    low, high = min([*values, 0]), max([*values, 0])
    scale, step = (BARS_HEIGHT - 20) / ((high - low) or 1), 100 / max(len(values), 1)
    zero = 10 + high * scale
    is_fa = _language() == "fa"
    marks = format_html_join(
        "",
        '<rect class="{}" x="{}%" width="{}%" y="{}" height="{}"/>',
        (
            (
                "p-gain" if value >= 0 else "p-loss",
                f"{(100 - (place + 1) * step if is_fa else place * step) + step * 0.1:.3f}",
                f"{step * 0.8:.3f}",
                f"{zero - max(value, 0) * scale:.1f}",
                f"{max(abs(value) * scale, 1):.1f}",
            )
            for place, value in enumerate(values)
        ),
    )
    name = _("Change of each member's season, smallest first")
    return format_html(
        '<div class="k-pic" role="group" aria-label="{0}"><svg width="100%" height="{1}" role="img"><title>{0}</title>'
        '{2}<line class="p-zero" x1="0" x2="100%" y1="{3}" y2="{3}"/></svg></div>',
        name,
        BARS_HEIGHT,
        marks,
        f"{zero:.1f}",
    )


def summary_words(summary: SeasonSummary) -> list[str]:
    """What everybody may know: over which lots, how many gain and lose, and what goes into the reserve."""
    if summary.season is None:
        return [_("Nothing of this kind has been settled yet, so there is nothing to simulate.")]
    season = lang.localise_digits(str(summary.season), page_language())
    words = []
    if summary.lots:
        text = ngettext("Computed over %(n)s settled lot of season %(season)s.", "Computed over %(n)s settled lots of season %(season)s.", summary.lots)  # fmt: skip
        words.append(text % {"n": number(summary.lots), "season": season})
    else:
        words.append(
            _("No lot of season %(season)s had five members or more, so nothing can be shown.") % {"season": season}
        )
    if summary.lots_left_out and summary.lots:
        text = ngettext("%(n)s lot is left out: fewer than five members took part, or one had more than half.", "%(n)s lots are left out: fewer than five members took part, or one had more than half.", summary.lots_left_out)  # fmt: skip
        words.append(text % {"n": number(summary.lots_left_out)})
    if summary.reserve_now or summary.reserve_proposed:
        words.append(
            _("Into the reserve fund: %(proposed)s; by the rules used it was %(now)s.")
            % {"proposed": money(round(summary.reserve_proposed, -1)), "now": money(round(summary.reserve_now, -1))}
        )
    return words


def counts_words(summary: SeasonSummary) -> str:
    """How many members would get more, less and the same; groups below five are not told."""
    counts = summary.counts
    if not summary.members:
        return ""
    told = [
        template % {"n": number(size)}
        for template, size in (
            (_("Members who would get more: %(n)s"), counts.gain),
            (_("%(n)s would get less"), counts.lose),
            (_("%(n)s would get the same"), counts.same),
        )
        if size
    ]
    if not told:
        return _("Fewer than five members stand on one side, so the numbers are not told.")
    rest = "" if counts.is_shown else " " + _("The other groups are too small to be told.")
    return f"{joined(told)}.{rest}"


# A vote


def steps_of(status: str, days: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps of a proposal for the timeline: proposed, vote, counted, in force; or where it stopped."""
    present = {"draft": 1, "open": 2, "adopted": 5, "rejected": 3, "withdrawn": 2 if days["opened"] else 1}[status]
    names = [(_("Proposed"), days["proposed"]), (_("Vote"), days["vote"]), (_("Counted"), days["decided"])]
    steps = [{"place": place, "word": word, "note": note} for place, (word, note) in enumerate(names, start=1)]
    if status == "rejected":
        return [{"present": 4, **each} for each in steps] + [
            {"place": 0, "present": 4, "word": _("Not adopted"), "note": ""}
        ]
    if status == "withdrawn":
        reached = [{"present": present + 1, **each} for each in steps[:present]]
        return [*reached, {"place": 0, "present": 0, "word": _("Withdrawn"), "note": ""}]
    last = {"place": 4, "word": _("In force"), "note": days["in_force"]}
    return [{"present": present, **each} for each in [*steps, last]]


def number(value: int) -> str:
    return lang.format_number(value, page_language(), 0)


def money(rial: int) -> str:
    return lang.format_toman(rial, page_language())


def _language() -> Literal["fa", "en"]:
    return "fa" if page_language() == "fa" else "en"
