"""Pictures of this room: the gauge's four stages, the scale of a part, years side by side, themes of an assessment.

Pure functions like those of `site/pictures.py`: values in, safe markup out; from right to left in Persian.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kandoo.engine.life_cycle import STAGES, Membership, PartRule, Stage, leader, pointing

Language = Literal["fa", "en"]
_FILLS: dict[Stage, str] = {
    "emerging": "p-level-0",
    "growing": "p-level-1",
    "mature": "p-level-3",
    "renewing": "p-loss",
}
_SAMPLES = 120  # of a part's scale
_DIAMOND = mark_safe('d="M0-9 8 0 0 9-8 0Z"')


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: its share, the least and most it can be, in words as `text`."""

    label: str
    share: float
    low: float
    high: float
    text: str
    is_leading: bool


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme: shares of the most there is that are claimed, shown, and were shown the time before."""

    label: str
    claimed: float
    shown: float
    before: float | None
    text: str


def stages_picture(rows: Sequence[StageRow], *, name: str, language: Language) -> SafeString:
    """A bar for each stage's share on its band: how far the share could go, whatever is not known."""
    body = format_html_join(
        "",
        '<div class="k-rows-item{}"><span>{}</span>{}<span class="k-rows-amount">{}</span></div>',
        (
            (
                " k-rows-total" if row.is_leading else "",
                row.label,
                _svg(
                    28,
                    f"{row.label} · {row.text}",
                    format_html(
                        '<rect class="p-track" width="100%" y="3" height="22" rx="3"/>'
                        '<rect class="p-band" x="{}" width="{}" y="3" height="22"/>'
                        '<rect class="{}" x="{}" width="{}" y="8" height="12" rx="2"/>',
                        *_span(row.low, row.high, language),
                        "p-gain" if row.is_leading else "p-total",
                        *_span(0.0, row.share, language),
                    ),
                ),
                row.text,
            )
            for row in rows
        ),
    )
    return _picture(name, format_html('<div class="k-rows">{}</div>', body))


def part_picture(
    rule: PartRule, value: float | None, low: float | None, high: float | None, *, name: str, language: Language
) -> SafeString:
    """A part's own scale: where its values point at each stage, its room as a line, its value as a diamond."""
    first, last = rule.anchors[0].value, rule.anchors[-1].value

    def at(given: float) -> float:
        return min(1.0, max(0.0, (given - first) / (last - first)))

    body = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" y="14" height="12"/>',
        ((_FILLS[stage], *_span(start, end, language)) for stage, start, end in stretches(rule)),
    )
    if value is not None and low is not None and high is not None:
        start, end = sorted((_x(at(low), language), _x(at(high), language)))
        body += format_html(
            '<line class="p-limit" x1="{}%" x2="{}%" y1="20" y2="20"/><svg x="{}%" y="20"><path class="p-blend" {}/></svg>',
            f"{start:.2f}", f"{end:.2f}", f"{_x(at(value), language):.2f}", _DIAMOND,
        )  # fmt: skip
    return _picture(name, _svg(40, name, body))


def stretches(rule: PartRule) -> list[tuple[Stage, float, float]]:
    """Where along a part's scale (0 to 1) which stage is pointed at most."""
    first, last = rule.anchors[0].value, rule.anchors[-1].value
    leaders = [leader(pointing(rule, first + (last - first) * (place + 0.5) / _SAMPLES)) for place in range(_SAMPLES)]
    found: list[tuple[Stage, float, float]] = []
    for place, stage in enumerate(leaders):
        start = place / _SAMPLES
        if found and found[-1][0] == stage:
            found[-1] = (stage, found[-1][1], start + 1 / _SAMPLES)
        else:
            found.append((stage, start, start + 1 / _SAMPLES))
    return found


def shares_picture(shares: Membership, *, name: str, language: Language) -> SafeString:
    """The four shares as one bar."""
    edges = [sum(shares[:place]) for place in range(len(STAGES) + 1)]
    body = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" y="2" height="16"/>',
        (
            (_FILLS[stage], *_span(edges[place], edges[place + 1], language))
            for place, stage in enumerate(STAGES)
            if shares[place] > 0
        ),
    )
    return _picture(name, _svg(20, name, body))


def stages_key(labels: Sequence[str]) -> SafeString:
    """Which shade is which stage."""
    items = format_html_join(
        "",
        '<li><svg viewBox="0 0 18 16" aria-hidden="true"><rect class="{}" x="1" y="2" width="16" height="12"/></svg>{}</li>',
        zip((_FILLS[stage] for stage in STAGES), labels, strict=True),
    )
    return format_html('<ul class="k-pic-key">{}</ul>', items)


def themes_picture(rows: Sequence[ThemeRow], *, name: str, language: Language) -> SafeString:
    """For each theme what is claimed as a light bar, what is shown as a dark one on it, the time before as a line."""
    body = format_html_join(
        "",
        '<div class="k-rows-item"><span>{}</span>{}<span class="k-rows-amount">{}</span></div>',
        ((row.label, _svg(28, f"{row.label} · {row.text}", _theme(row, language)), row.text) for row in rows),
    )
    return _picture(name, format_html('<div class="k-rows">{}</div>', body))


def _theme(row: ThemeRow, language: Language) -> SafeString:
    body = format_html(
        '<rect class="p-track" width="100%" y="5" height="18" rx="3"/><rect class="p-allowed" x="{}" width="{}" y="5" height="18"/>'
        '<rect class="p-gain" x="{}" width="{}" y="9" height="10" rx="2"/>',
        *_span(0.0, row.claimed, language),
        *_span(0.0, row.shown, language),
    )
    if row.before is not None:
        x = f"{_x(row.before, language):.2f}"
        body += format_html('<line class="p-limit" x1="{0}%" x2="{0}%" y1="1" y2="27"/>', x)
    return body


def _x(share: float, language: Language) -> float:
    return 100 * (1 - share if language == "fa" else share)


def _span(start: float, end: float, language: Language) -> tuple[str, str]:
    left, right = sorted((_x(start, language), _x(end, language)))
    return f"{left:.2f}%", f"{max(0.0, right - left):.2f}%"


def _svg(height: int, title: str, body: SafeString) -> SafeString:
    return format_html('<svg width="100%" height="{}" role="img"><title>{}</title>{}</svg>', height, title, body)


def _picture(name: str, body: SafeString) -> SafeString:
    return format_html('<div class="k-pic" role="group" aria-label="{}">{}</div>', name, body)
