"""Pictures of diagnosis and plan, drawn by the server: actor map, value chain, layered graph, Gantt, budget burn.

Words and amounts are the caller's, in the page's language; in Persian the scales run from right to left. The map and
the bars stretch to any width in percent; the graph has its own size and scrolls in its frame on a phone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Language = Literal["fa", "en"]
NOTHING = mark_safe("")

BOX_WIDTH, BOX_HEIGHT = 150, 92
GAP_ACROSS, GAP_DOWN = 36, 16
MAP_HEIGHT, MAP_STEP, MAP_EDGE = 344, 68, 36
CHART_HEIGHT, CHART_TOP = 210, 12


@dataclass(frozen=True, slots=True)
class Dot:
    """An actor on the map: power and interest from 1 to 5; `kind` chooses its outline, `text` says it in words."""

    pk: int
    label: str
    kind: str
    power: int
    interest: int
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage of the value chain: what it adds (rial a year) and the part of it made inside."""

    label: str
    value: float
    inside: float
    text: str  # the amount
    note: str  # prices, firms, volume


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a layered graph; `note` stands small under its text, `kind` chooses its look."""

    pk: int
    text: str
    note: str = ""
    kind: str = "plain"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """An activity on the scale of time, from 0 to 1; `state` chooses its look and is said in `words`."""

    label: str
    url: str
    start: float
    end: float
    state: str
    is_unfunded: bool
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the burn: amounts (rial) at equal steps, None where nothing is known yet."""

    label: str
    kind: str
    values: Sequence[int | None]


def actor_map(dots: Sequence[Dot], ties: Iterable[tuple[int, int]], *, name: str, language: Language,
              axes: tuple[str, str]) -> SafeString:  # fmt: skip
    """Actors by interest (across) and power (up), with a line for each link. `axes`: words for across and up."""
    places = _spread(dots, language)
    grid = format_html_join(
        "", '<line class="p-grid" x1="0" x2="100%" y1="{0}" y2="{0}"/>',
        ((MAP_EDGE + MAP_STEP * row,) for row in range(5)),
    )  # fmt: skip
    lines = format_html_join(
        "", '<line class="p-tie" x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
        ((*places[a], *places[b]) for a, b in ties if a in places and b in places),
    )  # fmt: skip
    marks = format_html_join(
        "",
        '<g><title>{3}</title><circle class="p-actor p-actor-{2}" cx="{0}%" cy="{1}" r="15"/>'
        '<text class="p-actor-number" x="{0}%" y="{1}" dy="5" text-anchor="middle">{4}</text></g>',
        ((*places[each.pk], each.kind, each.text, each.label) for each in dots),
    )
    across, up = axes
    words = format_html(
        '<text x="{}%" y="{}" text-anchor="{}">{}</text><text x="{}%" y="14" text-anchor="{}">{}</text>',
        "1" if language == "fa" else "99", MAP_HEIGHT - 4, "start" if language == "fa" else "end", across,
        "99" if language == "fa" else "1", "end" if language == "fa" else "start", up,
    )  # fmt: skip
    key = format_html_join("", "<li><b>{}</b> {}</li>", ((each.label, each.text) for each in dots))
    body = grid + lines + marks + words
    return _picture(name, format_html('{}<ul class="k-pic-key k-pic-list">{}</ul>', _svg(MAP_HEIGHT, name, body), key))


def _spread(dots: Sequence[Dot], language: Language) -> dict[int, tuple[str, str]]:
    """Where each dot stands: percent across, pixels down; those of one cell side by side."""
    cells: dict[tuple[int, int], list[int]] = {}
    for each in dots:
        cells.setdefault((each.interest, each.power), []).append(each.pk)
    places = {}
    for (interest, power), pks in cells.items():
        for place, pk in enumerate(pks):
            x = 9 + 20.5 * (interest - 1) + 9 * (place % 2 - (0.5 if len(pks) > 1 else 0))
            y = MAP_EDGE + MAP_STEP * (5 - power) + 30 * (place // 2)
            places[pk] = (f"{100 - x if language == 'fa' else x:.2f}", f"{y:.0f}")
    return places


def value_bars(bars: Sequence[Bar], *, name: str, language: Language, key: tuple[str, str]) -> SafeString:
    """The stages in their order, each with what it adds; the darker part is made inside. `key`: words for whole and inside."""
    most = max((abs(each.value) for each in bars), default=0.0) or 1.0
    rows = format_html_join(
        "",
        '<div><div class="k-pic-head"><span class="k-pic-label">{}</span><span class="k-pic-value">{}</span></div>{}'
        '<span class="k-pic-words is-unknown">{}</span></div>',
        ((each.label, each.text, _value_bar(each, most, language), each.note) for each in bars),
    )
    mark = (
        '<svg viewBox="0 0 18 16" aria-hidden="true"><rect class="{}" x="1" y="2" width="16" height="12" rx="2"/></svg>'
    )
    keys = format_html_join(
        "", "<li>{}{}</li>",
        ((mark_safe(mark.format(kind)), word) for kind, word in zip(("p-level-1", "p-level-3"), key, strict=True)),
    )  # fmt: skip
    return _picture(name, format_html('{}<ul class="k-pic-key">{}</ul>', rows, keys))


def _value_bar(bar: Bar, most: float, language: Language) -> SafeString:
    whole, inside = 100 * abs(bar.value) / most, 100 * abs(bar.inside) / most
    kind = "p-loss" if bar.value < 0 else "p-level-1"
    rects = format_html_join(
        "", '<rect class="{}" x="{}%" width="{}%" y="3" height="18" rx="2"/>',
        (
            (look, f"{100 - width if language == 'fa' else 0:.2f}", f"{width:.2f}")
            for look, width in ((kind, whole), ("p-level-3", inside if bar.value > 0 else 0))
        ),
    )  # fmt: skip
    return _svg(24, f"{bar.label}: {bar.text}", rects)


def graph(layers: Sequence[tuple[str, Sequence[Box]]], edges: Iterable[tuple[int, int]], *, name: str,
          language: Language) -> SafeString:  # fmt: skip
    """Boxes in columns that follow each other in the direction of reading, with an arrow for each step.

    `layers`: the heading of each column and its boxes. It keeps its size; a narrow screen scrolls in its frame.
    """
    tallest = max((len(boxes) for _title, boxes in layers), default=1) or 1
    width = len(layers) * BOX_WIDTH + (len(layers) - 1) * GAP_ACROSS
    height = 34 + tallest * (BOX_HEIGHT + GAP_DOWN)
    places: dict[int, tuple[float, float]] = {}
    body = NOTHING
    for column, (title, boxes) in enumerate(layers):
        left = column * (BOX_WIDTH + GAP_ACROSS)
        left = width - left - BOX_WIDTH if language == "fa" else left
        body += format_html(
            '<text class="p-head" x="{}" y="18" text-anchor="middle">{}</text>', left + BOX_WIDTH / 2, title
        )
        top = 34 + (tallest - len(boxes)) * (BOX_HEIGHT + GAP_DOWN) / 2
        for place, box in enumerate(boxes):
            y = top + place * (BOX_HEIGHT + GAP_DOWN)
            places[box.pk] = (left, y)
            body += _box(box, left, y)
    lines = format_html_join("", '<path class="p-arrow" d="{}"/>{}', _arrows(edges, places, language))
    svg = format_html(
        '<svg viewBox="0 0 {} {}" width="{}" role="group" aria-label="{}">{}{}</svg>',
        width,
        height,
        width,
        name,
        lines,
        body,
    )
    return format_html(
        '<div class="k-pic" role="group" aria-label="{0}"><div class="k-graph" tabindex="0" role="region" aria-label="{0}">{1}</div></div>',
        name, svg,
    )  # fmt: skip


def _box(box: Box, x: float, y: float) -> SafeString:
    note = format_html("<small>{}</small>", box.note) if box.note else NOTHING
    words = (
        format_html('<a href="{}">{}</a>', box.url, box.text) if box.url else format_html("<span>{}</span>", box.text)
    )
    return format_html(
        '<foreignObject x="{}" y="{}" width="{}" height="{}"><div class="k-graph-box is-{}">{}{}</div></foreignObject>',
        f"{x:.0f}", f"{y:.0f}", BOX_WIDTH, BOX_HEIGHT, box.kind, words, note,
    )  # fmt: skip


def _arrows(edges: Iterable[tuple[int, int]], places: Mapping[int, tuple[float, float]],
            language: Language) -> Iterable[tuple[str, SafeString]]:  # fmt: skip
    turn = -1 if language == "fa" else 1
    for source, target in edges:
        if source not in places or target not in places:
            continue
        (left, top), (end_left, end_top) = places[source], places[target]
        x1 = left + (BOX_WIDTH if turn > 0 else 0)
        x2 = end_left + (0 if turn > 0 else BOX_WIDTH) - turn * 6
        y1, y2, bend = top + BOX_HEIGHT / 2, end_top + BOX_HEIGHT / 2, turn * GAP_ACROSS / 2
        tip = format_html(
            '<path class="p-tip" d="M{} {}l{} -5v10z"/>', f"{x2 + turn * 6:.0f}", f"{y2:.0f}", f"{-turn * 8}"
        )
        yield f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}", tip


def gantt(spans: Sequence[Span], marks: Sequence[tuple[float, str]], today: float, *, name: str, language: Language,
          key: Sequence[tuple[str, str]]) -> SafeString:  # fmt: skip
    """Activities by date on one scale. `marks`: place and words of a month; `today`: its place; `key`: look and word."""
    grid = format_html_join(
        "", '<line class="p-grid" x1="{0}%" x2="{0}%" y1="0" y2="26"/>', ((_x(at, language),) for at, _w in marks)
    )
    now = format_html('<line class="p-today" x1="{0}%" x2="{0}%" y1="0" y2="26"/>', _x(today, language))
    axis = format_html_join(
        "", '<text x="{}%" y="16" text-anchor="{}">{}</text>',
        ((_x(at, language), _anchor(at, language), words) for at, words in marks if words),
    )  # fmt: skip
    rows = format_html_join(
        "",
        '<li><div class="k-pic-head"><a class="k-pic-label" href="{}">{}</a><span class="k-pic-words">{}</span></div>{}</li>',
        (
            (
                each.url,
                each.label,
                each.words,
                _svg(26, f"{each.label}: {each.words}", grid + _span(each, language) + now),
            )
            for each in spans
        ),
    )
    sign = '<svg viewBox="0 0 18 16" aria-hidden="true">{}</svg>'
    looks = format_html_join("", "<li>{}{}</li>", ((format_html(sign, _sign(look)), word) for look, word in key))
    return _picture(
        name,
        format_html(
            '<div>{}<ol class="k-gantt">{}</ol></div><ul class="k-pic-key">{}</ul>',
            _svg(22, name, axis), rows, looks,
        ),
    )  # fmt: skip


def _span(span: Span, language: Language) -> SafeString:
    left, right = sorted((float(_x(span.start, language)), float(_x(span.end, language))))
    return format_html(
        '<rect class="p-span is-{}{}" x="{}%" width="{}%" y="5" height="16" rx="4"/>',
        span.state, " is-unfunded" if span.is_unfunded else "", f"{left:.2f}", f"{max(right - left, 0.6):.2f}",
    )  # fmt: skip


def _sign(look: str) -> SafeString:
    if look == "today":
        return mark_safe('<line class="p-today" x1="9" x2="9" y1="0" y2="16"/>')
    return format_html('<rect class="p-span is-{}" x="1" y="3" width="16" height="10" rx="3"/>', look)


def burn(lines: Sequence[Line], years: Sequence[tuple[float, str]], today: float, *, name: str, language: Language,
         top: str) -> SafeString:  # fmt: skip
    """Sums over time as lines on one scale. `years`: place and words of a year's first day; `top`: the highest sum in words."""
    most = max((value for line in lines for value in line.values if value is not None), default=0) or 1
    bottom = CHART_HEIGHT - 26
    grid = format_html_join(
        "", '<line class="p-grid" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/><text x="{0}%" y="{3}" text-anchor="{4}">{5}</text>',
        ((_x(at, language), CHART_TOP, bottom, CHART_HEIGHT - 8, _anchor(at, language), words) for at, words in years),
    )  # fmt: skip
    now = format_html(
        '<line class="p-today" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>', _x(today, language), CHART_TOP, bottom
    )
    floor = format_html('<line class="p-zero" x1="0" x2="100%" y1="{0}" y2="{0}"/>', bottom)
    curves = format_html_join(
        "",
        '<polyline class="p-burn is-{}" points="{}"/>',
        ((each.kind, _points(each, most, language)) for each in lines),
    )
    plot = format_html(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none">{}</svg>',
        CHART_TOP, bottom - CHART_TOP, curves,
    )  # fmt: skip
    words = format_html(
        '<text x="{}%" y="10" text-anchor="{}">{}</text>', "100" if language == "fa" else "0",
        "end" if language == "fa" else "start", _isolated(top, language),
    )  # fmt: skip
    sign = '<svg viewBox="0 0 18 16" aria-hidden="true"><line class="p-burn is-{}" x1="0" x2="18" y1="8" y2="8"/></svg>'
    key = format_html_join("", "<li>{}{}</li>", ((mark_safe(sign.format(each.kind)), each.label) for each in lines))
    svg = _svg(CHART_HEIGHT, name, grid + floor + plot + now + words)
    return _picture(name, format_html('{}<ul class="k-pic-key">{}</ul>', svg, key))


def _points(line: Line, most: int, language: Language) -> str:
    steps = max(len(line.values) - 1, 1)
    return " ".join(
        f"{_x(place / steps, language)},{100 - 100 * value / most:.2f}"
        for place, value in enumerate(line.values)
        if value is not None
    )


def _x(at: float, language: Language) -> str:
    """Percent across of a place from 0 to 1."""
    return f"{100 - 100 * at if language == 'fa' else 100 * at:.2f}"


def _isolated(words: str, language: Language) -> str:
    """Words that keep their own direction inside a drawing, which runs from left to right."""
    return f"\u2067{words}\u2069" if language == "fa" else words


def _anchor(at: float, language: Language) -> str:
    """On which side of its place a word stands, so that it stays inside."""
    if 0.08 < at < 0.92:
        return "middle"
    return "start" if (at <= 0.08) == (language == "en") else "end"


def _picture(name: str, body: SafeString) -> SafeString:
    return format_html('<div class="k-pic" role="group" aria-label="{}">{}</div>', name, body)


def _svg(height: int, title: str, body: SafeString) -> SafeString:
    return format_html('<svg width="100%" height="{}" role="img"><title>{}</title>{}</svg>', height, title, body)
