"""Pictures drawn by the server: rows of words, each with a bar that stretches to any width.

Words are ordinary text, so they never shrink on a phone; positions inside a bar are percentages,
so nothing is scaled. Colours come from classes of `kandoo.css` and follow the light or dark set.
Pure functions: values in, safe markup out. Words and amounts are the caller's, in the page's
language; in Persian the scales run from right to left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kandoo.site.language import format_number

Language = Literal["fa", "en"]
State = Literal["fits", "near", "breaks", "unknown"]

_KEY_WORDS = {
    "fa": ("هر بهر", "آمیخته", "حد", "بازهٔ مجاز"),
    "en": ("each batch", "blend", "limit", "allowed range"),
}
_ONE_BATCH_WORD = {"fa": "این بهر", "en": "this batch"}
_AVERAGE_WORDS = {"fa": "میانگین قیمت هر واحد", "en": "average price of a unit"}
_LIMIT_WORDS = {"fa": ("کمینه", "بیشینه"), "en": ("min", "max")}
_DIAMOND = mark_safe('d="M0-9 8 0 0 9-8 0Z"')


@dataclass(frozen=True, slots=True)
class Bullet:
    """One laboratory parameter of a blend: its figure as `text`, and in `margin` how far the limit is."""

    label: str
    blend: float | None
    text: str
    margin: str
    state: State = "fits"
    low: float | None = None
    high: float | None = None
    batches: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall; a total stands on zero, a change on what was before it."""

    label: str
    amount: float
    text: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole; shares are made to add up to one."""

    label: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the chain with the kilograms that pass it; `note` says what was lost, and how."""

    label: str
    kg: float
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One of several amounts of which each holds the next: approved, allocated, committed, paid."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value stands, in percent of the width."""

    low: float
    high: float
    language: Language

    @classmethod
    def around(cls, values: Iterable[float], language: Language, *, with_zero: bool = False) -> "_Scale":
        known = [*values, 0.0] if with_zero else list(values)
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        if with_zero:
            return cls(low, high if high > low else low + 1, language)
        room = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
        return cls(0.0 if 0 <= low <= room else low - room, high + room, language)

    def at(self, value: float) -> float:
        share = 100 * (value - self.low) / (self.high - self.low)
        return 100 - share if self.language == "fa" else share

    def span(self, start: float, end: float) -> tuple[str, str]:
        left, right = sorted((self.at(start), self.at(end)))
        return f"{left:.2f}%", f"{right - left:.2f}%"


def bullet_bars(rows: Sequence[Bullet], *, name: str, language: Language = "fa", one_batch: bool = False) -> SafeString:
    """How near a blend is to each limit: limits as lines, batches as dots, the blend as a diamond.

    `one_batch`: nothing is blended, the diamond is the batch itself.
    """
    body = format_html_join("", "{}", ((_bullet(row, language),) for row in rows))
    return _picture(name, format_html("{}{}", body, _bullet_key(language, one_batch=one_batch)))


def waterfall(steps: Sequence[Step], *, name: str, language: Language = "fa") -> SafeString:
    """How one amount becomes another, step by step."""
    ends = list(
        accumulate(steps, lambda level, step: step.amount if step.is_total else level + step.amount, initial=0.0)
    )
    scale = _Scale.around(ends, language, with_zero=True)
    last = len(steps) - 1
    rows = format_html_join(
        "",
        '<div class="k-rows-item{}"><span>{}</span>{}<span class="k-rows-amount">{}</span></div>',
        (
            (
                " k-rows-total" if step.is_total else "",
                step.label,
                _fall(step, 0.0 if step.is_total else before, after, scale, is_last=place == last),
                step.text,
            )
            for place, (step, (before, after)) in enumerate(zip(steps, pairwise(ends), strict=True))
        ),
    )
    return _picture(name, format_html('<div class="k-rows">{}</div>', rows))


def shares_bar(parts: Sequence[Part], *, name: str, language: Language = "fa") -> SafeString:
    """Parts of a whole as one bar; numbers join each part to its line below."""
    whole = sum(part.share for part in parts) or 1.0
    scale = _Scale(0.0, whole, language)
    edges = list(accumulate((part.share for part in parts), initial=0.0))
    bars = format_html_join(
        "",
        '<rect class="p-part-{}" x="{}" width="{}" y="20" height="28" rx="2"/>{}',
        (
            (
                place % 8 + 1,
                *scale.span(start, end),
                _text(scale.at((start + end) / 2), 13, format_number(place + 1, language))
                if (end - start) / whole >= 0.05
                else "",
            )
            for place, (start, end) in enumerate(pairwise(edges))
        ),
    )
    lines = format_html_join(
        "",
        '<li><svg viewBox="0 0 20 20" aria-hidden="true"><rect class="p-part-{}" width="20" height="20" rx="4"/></svg>'
        "<span>{}. {}</span><span>{}</span></li>",
        (
            (place % 8 + 1, format_number(place + 1, language), part.label, part.text)
            for place, part in enumerate(parts)
        ),
    )
    return _picture(name, format_html('{}<ol class="k-parts">{}</ol>', _svg(50, name, bars), lines))


def river(stages: Sequence[Stage], *, name: str, language: Language = "fa") -> SafeString:
    """The chain as a short river: its width is the kilograms that pass."""
    widest = max((stage.kg for stage in stages), default=0.0) or 1.0
    widths = [100 * stage.kg / widest for stage in stages]
    rows = format_html_join(
        "",
        '<li>{}<div class="k-river-words"><b>{}</b> <span class="k-nowrap">{}</span>{}</div></li>',
        (
            (
                _reach(width, after),
                stage.label,
                stage.text,
                format_html("<small>{}</small>", stage.note) if stage.note else "",
            )
            for stage, width, after in zip(stages, widths, [*widths[1:], *widths[-1:]], strict=True)
        ),
    )
    return _picture(name, format_html('<ol class="k-river">{}</ol>', rows))


def progress_nested(levels: Sequence[Level], *, name: str, language: Language = "fa") -> SafeString:
    """Amounts of which each holds the next, as bars inside each other on one scale."""
    scale = _Scale.around((level.value for level in levels), language, with_zero=True)
    shade = [min(place, 3) for place in range(len(levels))]
    bars = format_html_join(
        "",
        '<rect class="p-level-{}" x="{}" width="{}" y="{}" height="{}" rx="2"/>',
        (
            (shade[place], *scale.span(0.0, level.value), 1 + 5 * place, max(4, 40 - 10 * place))
            for place, level in enumerate(levels)
        ),
    )
    lines = format_html_join(
        "",
        '<li><svg viewBox="0 0 20 20" aria-hidden="true"><rect class="p-level-{}" x="1" y="1" width="18" height="18" rx="4"/></svg>'
        "<span>{}</span><span>{}</span></li>",
        ((shade[place], level.label, level.text) for place, level in enumerate(levels)),
    )
    return _picture(name, format_html('{}<ul class="k-parts">{}</ul>', _svg(42, name, bars), lines))


def stacked(
    rows: Sequence[tuple[str, str, Sequence[float]]],
    parts: Sequence[str],
    *,
    whole: float,
    name: str,
    language: Language = "fa",
) -> SafeString:
    """One bar a row, made of the same parts laid end to end on a scale from 0 to `whole`. rows: (label, text, part values)."""
    scale = _Scale(0.0, whole, language)
    shade = [3 - 2 * (place % 2) for place in range(len(parts))]

    def bar(values: Sequence[float]) -> SafeString:
        ends = [0.0, *accumulate(values)]
        pieces = ((shade[place], *scale.span(ends[place], ends[place + 1])) for place in range(len(values)))
        return format_html_join("", '<rect class="p-level-{}" x="{}" width="{}" y="1" height="14"/>', pieces)

    lines = format_html_join(
        "",
        '<li><span>{}</span><span>{}</span><svg width="100%" height="16" aria-hidden="true">{}</svg></li>',
        ((label, text, bar(values)) for label, text, values in rows),
    )
    key = format_html_join(
        "",
        '<li><svg viewBox="0 0 20 20" aria-hidden="true"><rect class="p-level-{}" x="1" y="1" width="18" height="18" rx="4"/></svg><span>{}</span></li>',
        zip(shade, parts, strict=True),
    )
    return _picture(name, format_html('<ol class="k-stacked">{}</ol><ul class="k-pic-key">{}</ul>', lines, key))


def dots(
    values: Sequence[float],
    own_index: int | None,
    *,
    name: str,
    own_text: str = "",
    high_text: str = "",
    low_text: str = "",
    language: Language = "fa",
) -> SafeString:
    """Members as dots ordered by size, unnamed; the reader's own is larger and said in words."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    rank = {place: number for number, place in enumerate(order)}
    across = _Scale(-0.5, max(len(values) - 0.5, 0.5), language)
    low, high = min([*values, 0.0]), max([*values, 0.0])
    height, span = 150, (high - low) or 1.0

    def dot(place: int, radius: int, kind: str) -> SafeString:
        y = 12 + (height - 24) * (high - values[place]) / span
        return format_html(
            '<circle class="{}" cx="{}%" cy="{}" r="{}"/>', kind, f"{across.at(rank[place]):.2f}", f"{y:.1f}", radius
        )

    zero = 12 + (height - 24) * high / span
    body = format_html('<line class="p-zero" x1="0" x2="100%" y1="{0}" y2="{0}"/>', f"{zero:.1f}")
    body += format_html_join("", "{}", ((dot(place, 4, "p-other"),) for place in order if place != own_index))
    if own_index is not None:
        body += dot(own_index, 8, "p-own")
    own = format_html(
        '<li><svg viewBox="0 0 18 16" aria-hidden="true"><circle class="p-own" cx="9" cy="8" r="7"/></svg>{}</li>',
        own_text,
    )
    key = format_html(
        '<ul class="k-pic-key">{}{}</ul>',
        own if own_index is not None else "",
        format_html_join("", "<li>{}</li>", ((text,) for text in (low_text, high_text) if text)),
    )
    return _picture(name, format_html("{}{}", _svg(height, name, body), key))


def ranks(values: Sequence[float], texts: Sequence[str], *, name: str, language: Language = "fa") -> SafeString:
    """Amounts as bars side by side, the smallest first; each says its own text to those who point at it."""
    pairs = sorted(zip(values, texts, strict=True), key=lambda pair: pair[0])
    high, low = max([*values, 0.0]), min([*values, 0.0])
    span, height, room = (high - low) or 1.0, 150, 100 / max(len(pairs), 1)
    zero = 8 + (height - 16) * high / span
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}%" width="{}%" y="{}" height="{}" rx="1"><title>{}</title></rect>',
        (
            (
                "p-loss" if value < 0 else "p-gain",
                f"{(100 - (place + 0.92) * room if language == 'fa' else (place + 0.08) * room):.3f}",
                f"{0.84 * room:.3f}",
                f"{min(zero, zero - (height - 16) * value / span):.1f}",
                f"{max((height - 16) * abs(value) / span, 1.5):.1f}",
                text,
            )
            for place, (value, text) in enumerate(pairs)
        ),
    )
    line = format_html('<line class="p-zero" x1="0" x2="100%" y1="{0}" y2="{0}"/>', f"{zero:.1f}")
    return _picture(name, _svg(height, name, line + bars))


def price_steps(
    steps: Sequence[tuple[int, int]],
    kind: str,
    here: int | None,
    *,
    name: str,
    language: str = "fa",
    unit: str,
    texts: Sequence[str],
    here_text: str = "",
) -> SafeString:
    """A supplier's price steps as a stair of unit price over quantity, and where we stand on it.

    `steps`: (quantity from, price of a unit), rising in quantity; `texts`: one line of words a step, in
    their order. `kind` is `all_units` or `incremental`; for the latter a dashed line shows what a unit
    costs on average. `here`: the quantity wanted now, said in `here_text`; below the first step it stands
    on the ground. `unit`: the word behind the quantities of the axis. Prices do not start at zero.
    """
    if not steps:
        return _picture(name, mark_safe(""))
    tongue: Language = "fa" if language == "fa" else "en"
    starts, prices = zip(*steps, strict=True)
    last = max(starts[-1] * 1.3, (here or 0) * 1.08, starts[0] + 1)
    across = _Scale(0.0 if starts[0] * 4 < last else starts[0] * 0.9, last, tongue)
    edges = list(pairwise([*starts, last]))

    def height(price: float) -> float:
        return 24 + 96 * (max(prices) - price) / (max(prices) - min(prices) or 1)

    flats = format_html_join(
        "",
        '<line class="p-step" x1="{0}%" x2="{1}%" y1="{2}" y2="{2}"/>{3}',
        (
            (
                f"{across.at(start):.2f}",
                f"{across.at(end):.2f}",
                f"{height(price):.1f}",
                _text(across.at((start + end) / 2), round(height(price)) - 8, format_number(place, tongue))
                if abs(across.at(end) - across.at(start)) >= 5
                else "",
            )
            for place, ((start, end), price) in enumerate(zip(edges, prices, strict=True), start=1)
        ),
    )
    drops = format_html_join(
        "",
        '<line class="p-link" x1="{0}%" x2="{0}%" y1="{1}" y2="140"/>',
        ((f"{across.at(start):.2f}", f"{height(price):.1f}") for start, price in steps),
    )
    body = mark_safe('<line class="p-zero" x1="0" x2="100%" y1="140" y2="140"/>') + drops + flats
    is_summed = kind == "incremental" and len(steps) > 1
    if is_summed:
        points = " ".join(
            f"{across.at(start + (last - start) * part / 60):.2f},{height(_average(steps, start + (last - start) * part / 60)):.1f}"
            for start in starts[:1]
            for part in range(61)
        )
        body += format_html(
            '<svg viewBox="0 0 100 160" width="100%" height="160" preserveAspectRatio="none">'
            '<polyline class="p-average" vector-effect="non-scaling-stroke" points="{}"/></svg>',
            points,
        )
    if here is not None:
        paid = (
            _average(steps, here) if is_summed else max((step for step in steps if step[0] <= here), default=(0, 0))[1]
        )
        body += format_html(
            '<circle class="p-own" cx="{}%" cy="{}" r="8"/>',
            f"{across.at(max(here, across.low)):.2f}",
            f"{height(paid) if here >= starts[0] else 140:.1f}",
        )
    body += _quantities(starts, across, unit)
    return _picture(name, _svg(160, name, body) + _steps_key(texts, here_text, tongue, is_summed=is_summed))


def _picture(name: str, body: SafeString) -> SafeString:
    return format_html('<div class="k-pic" role="group" aria-label="{}">{}</div>', name, body)


def _svg(height: int, title: str, body: SafeString) -> SafeString:
    return format_html('<svg width="100%" height="{}" role="img"><title>{}</title>{}</svg>', height, title, body)


def _text(x: float, y: int, words: str, anchor: str = "middle") -> SafeString:
    return format_html('<text x="{}%" y="{}" text-anchor="{}">{}</text>', f"{x:.2f}", y, anchor, words)


def _bullet(row: Bullet, language: Language) -> SafeString:
    limits = [limit for limit in (row.low, row.high) if limit is not None]
    known = [] if row.blend is None else [row.blend]
    # Without batches to compare with, the figure stands against nothing and its limit.
    scale = _Scale.around([*row.batches, *known, *limits, *([] if row.batches else [0.0])], language)
    start, width = scale.span(scale.low if row.low is None else row.low, scale.high if row.high is None else row.high)
    body = mark_safe('<rect class="p-track" width="100%" y="8" height="16" rx="4"/>')
    if limits:
        body += format_html('<rect class="p-allowed" x="{}" width="{}" y="8" height="16"/>', start, width)
    body += format_html_join(
        "", '<circle class="p-batch" cx="{}%" cy="16" r="4"/>', ((f"{scale.at(value):.2f}",) for value in row.batches)
    )
    body += _limit(row.low, row.high, 0, scale) + _limit(row.high, row.low, 1, scale)
    if row.blend is not None:
        body += format_html(
            '<svg x="{}%" y="16"><path class="p-blend is-{}" {}/></svg>',
            f"{scale.at(row.blend):.2f}",
            row.state,
            _DIAMOND,
        )
    return format_html(
        '<div><div class="k-pic-head"><span class="k-pic-label">{}</span><span class="k-pic-value">{}</span></div>'
        '{}<span class="k-pic-words is-{}">{}</span></div>',
        row.label,
        row.text,
        _svg(50 if limits else 32, " · ".join(filter(None, (row.label, row.text, row.margin))), body),
        row.state,
        row.margin,
    )


def _limit(limit: float | None, other: float | None, which: int, scale: _Scale) -> SafeString:
    """A limit's line and, under it, its figure, turned away from the other limit and the edges."""
    if limit is None:
        return mark_safe("")
    x = scale.at(limit)
    anchor = "middle"
    if x < 14 or (other is not None and x > scale.at(other) and x < 80):
        anchor = "start"
    elif x > 86 or (other is not None and x < scale.at(other) and x > 20):
        anchor = "end"
    words = f"{_LIMIT_WORDS[scale.language][which]} {format_number(limit, scale.language)}"
    return format_html(
        '<line class="p-limit" x1="{0}%" x2="{0}%" y1="3" y2="29"/>{1}', f"{x:.2f}", _text(x, 44, words, anchor)
    )


def _bullet_key(language: Language, *, one_batch: bool = False) -> SafeString:
    batch, blend, limit, allowed = _KEY_WORDS[language]
    if one_batch:
        blend = _ONE_BATCH_WORD[language]
    svg = '<svg viewBox="0 0 18 16" aria-hidden="true">{}</svg>'
    marks = (
        (mark_safe(svg.format('<circle class="p-batch" cx="9" cy="8" r="4"/>')), batch),
        (
            format_html('<svg viewBox="-9 -9 18 18" aria-hidden="true"><path class="p-blend" {}/></svg>', _DIAMOND),
            blend,
        ),
        (mark_safe(svg.format('<line class="p-limit" x1="9" x2="9" y1="0" y2="16"/>')), limit),
        (mark_safe(svg.format('<rect class="p-allowed" x="1" y="2" width="16" height="12"/>')), allowed),
    )
    return format_html(
        '<ul class="k-pic-key">{}</ul>', format_html_join("", "<li>{}{}</li>", marks[1:] if one_batch else marks)
    )


def _fall(step: Step, before: float, after: float, scale: _Scale, *, is_last: bool) -> SafeString:
    kind = ("p-total-last" if is_last else "p-total") if step.is_total else ("p-gain" if after >= before else "p-loss")
    x, width = scale.span(before, after)
    zero = f"{scale.at(0.0):.2f}"
    body = format_html(
        '<line class="p-zero" x1="{0}%" x2="{0}%" y1="0" y2="28"/><rect class="{1}" x="{2}" width="{3}" y="5" height="18" rx="2"/>',
        zero,
        kind,
        x,
        width,
    )
    return _svg(28, f"{step.label} · {step.text}", body)


def _reach(width: float, after: float) -> SafeString:
    """One stage of the river: as wide as its kilograms, narrowing to the next."""
    points = [
        (50 - width / 2, 0),
        (50 + width / 2, 0),
        (50 + width / 2, 55),
        (50 + after / 2, 100),
        (50 - after / 2, 100),
        (50 - width / 2, 55),
    ]
    return format_html(
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><polygon class="p-water" points="{}"/></svg>',
        " ".join(f"{x:.2f},{y}" for x, y in points),
    )


def _average(steps: Sequence[tuple[int, int]], quantity: float) -> float:
    """What a unit costs on average where each price holds for the units of its step alone; the first price below it."""
    starts = [0, *(start for start, _price in steps[1:])]
    ends = [*starts[1:], float("inf")]
    paid = sum(
        max(0.0, min(quantity, end) - start) * price
        for start, end, (_from, price) in zip(starts, ends, steps, strict=True)
    )
    return paid / quantity if quantity > 0 else float(steps[0][1])


def _quantities(starts: Sequence[int], scale: _Scale, unit: str) -> SafeString:
    """The quantity at each step's foot, as far as the figures do not touch."""
    shown: list[int] = []
    for start in starts:
        if not shown or abs(scale.at(start) - scale.at(shown[-1])) >= 16:
            shown.append(start)
    words = [format_number(start, scale.language) for start in shown]
    words[-1:] = [f"{words[-1]} {unit}".strip()]
    return format_html_join(
        "",
        "{}",
        (
            (_text(x, 156, word, "start" if x < 8 else "end" if x > 92 else "middle"),)
            for x, word in ((scale.at(start), word) for start, word in zip(shown, words, strict=True))
        ),
    )


def _steps_key(texts: Sequence[str], here_text: str, language: Language, *, is_summed: bool) -> SafeString:
    """The steps in words, numbered as in the picture, and what the other marks say."""
    lines = format_html_join(
        "", "<li>{}. {}</li>", ((format_number(place, language), text) for place, text in enumerate(texts, start=1))
    )
    marks = mark_safe("")
    if is_summed:
        marks += format_html(
            '<li><svg viewBox="0 0 18 16" aria-hidden="true"><line class="p-average" x1="0" x2="18" y1="8" y2="8"/></svg>{}</li>',
            _AVERAGE_WORDS[language],
        )
    if here_text:
        marks += format_html(
            '<li><svg viewBox="0 0 18 16" aria-hidden="true"><circle class="p-own" cx="9" cy="8" r="7"/></svg>{}</li>',
            here_text,
        )
    key = format_html('<ul class="k-pic-key">{}</ul>', marks) if marks else ""
    return format_html('{}<ol class="k-pic-steps">{}</ol>', key, lines)
