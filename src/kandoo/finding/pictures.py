"""Curves with their bands and maps of groups, drawn by the server: values in, safe markup out."""

from collections.abc import Iterable, Sequence
from math import cos, floor, log10, radians
from typing import Any

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kandoo.finding.results import Curve, Floats
from kandoo.site.language import format_number

HEIGHT, TOP, BASE = 220, 12, 190
MAP_WIDTH = 560.0
POINTS_MAX = 160  # of a curve; more cannot be seen
Ring = Sequence[Sequence[float]]


def curve_with_band(
    curve: Curve, *, name: str, language: str, unit: str, chance: float | None = None, before: Curve | None = None
) -> SafeString:
    """A curve over distance, behind it the band of chance at each distance and, paler, over all distances at once.

    unit: of the distances. chance: the value where nothing is gathered, drawn as a line. before: the same in
    another year, dashed. In Persian the distances run from right to left.
    """
    shown = [curve, *([before] if before else [])]
    reach = float(max(each.distance[-1] for each in shown))
    parts = [each.value for each in shown] + [band[np.isfinite(band)] for band in curve.bands]
    top = max([float(part.max()) for part in parts if part.size] + [chance or 0.0]) * 1.06 or 1.0

    def at(distance: Floats, values: Floats) -> str:
        across = 100 * distance / reach
        x = 100 - across if language == "fa" else across
        y = BASE - (BASE - TOP) * np.clip(values / top, 0, 1)
        return " ".join(f"{a:.2f},{b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))

    drawn = _bands(curve, at)
    if chance is not None:
        ends = np.array([0.0, reach])
        drawn += format_html('<polyline class="p-chance" points="{}"/>', at(ends, np.full(2, chance)))
    for each, kind in ((before, "p-curve-before"), (curve, "p-curve")):
        if each is not None:
            thin = _thinned(each.distance.size)
            drawn += format_html('<polyline class="{}" points="{}"/>', kind, at(each.distance[thin], each.value[thin]))
    stretched = format_html(
        '<svg viewBox="0 0 100 {0}" width="100%" height="{0}" preserveAspectRatio="none" aria-hidden="true">{1}</svg>',
        HEIGHT,
        drawn,
    )
    body = _grid(top, language) + stretched + _distances(reach, language, unit)
    svg = format_html('<svg width="100%" height="{}" role="img"><title>{}</title>{}</svg>', HEIGHT + 4, name, body)
    return format_html('<div class="k-pic" role="group" aria-label="{}">{}</div>', name, svg)


def _bands(curve: Curve, at: Any) -> SafeString:
    low, high, global_low, global_high = curve.bands
    thin = _thinned(curve.distance.size)
    drawn = format_html("")
    for kind, under, over in (("p-band-all", global_low, global_high), ("p-band", low, high)):
        if np.isfinite(under).all() and np.isfinite(over).all():
            distance = curve.distance[thin]
            ring = f"{at(distance, over[thin])} {at(distance[::-1], under[thin][::-1])}"
            drawn += format_html('<polygon class="{}" points="{}"/>', kind, ring)
    return drawn


def _thinned(number: int) -> Any:
    """Which points of a curve are drawn, the first and the last among them."""
    return np.unique(np.linspace(0, number - 1, min(number, POINTS_MAX)).astype(int))


def _grid(top: float, language: str) -> SafeString:
    rows = []
    for value in _round_numbers(top):
        y = BASE - (BASE - TOP) * value / top
        start, anchor = ("100%", "end") if language == "fa" else ("0", "start")
        rows.append((f"{y:.1f}", start, f"{y - 3:.1f}", anchor, format_number(value, language)))
    return format_html_join(
        "",
        '<line class="p-zero" x1="0" x2="100%" y1="{0}" y2="{0}"/><text x="{1}" y="{2}" text-anchor="{3}" direction="ltr">{4}</text>',
        rows,
    )


def _distances(reach: float, language: str, unit: str) -> SafeString:
    rows = []
    for value in _round_numbers(reach)[1:]:
        share = 100 * value / reach
        if 6 <= share <= 94:
            rows.append((f"{100 - share if language == 'fa' else share:.2f}", format_number(value, language), unit))
    return format_html_join("", f'<text x="{{}}%" y="{BASE + 18}" text-anchor="middle">{{}} {{}}</text>', rows)


def _round_numbers(top: float) -> list[float]:
    """0 and up to five round numbers below the top."""
    step = 10.0 ** floor(log10(top / 2.5))
    step *= next((times for times in (1, 2, 5) if top / (step * times) <= 5), 10)
    return [round(step * k, 12) for k in range(int(top / step + 1e-9) + 1)]


def map_of_groups(
    groups: Iterable[dict[str, Any]],
    outlines: Iterable[Ring],
    box: Sequence[float],
    *,
    name: str,
    is_earth: bool,
) -> SafeString:
    """The groups of an industry as areas over outlines; `box`: west, south, east, north of all sites."""
    squeeze = cos(radians((box[1] + box[3]) / 2)) if is_earth else 1.0
    room = 0.04 * max((box[2] - box[0]) * squeeze, box[3] - box[1], 1e-6)
    across = (box[2] - box[0]) * squeeze + 2 * room
    scale = MAP_WIDTH / across
    height = (box[3] - box[1] + 2 * room) * scale

    def placed(ring: Ring) -> str:
        return " ".join(
            f"{((x - box[0]) * squeeze + room) * scale:.1f},{height - (y - box[1] + room) * scale:.1f}" for x, y in ring
        )

    ground = format_html_join("", '<polygon class="p-outline" points="{}"/>', ((placed(ring),) for ring in outlines))
    own = format_html_join(
        "",
        '<polygon class="p-group" points="{}"/>',
        ((placed(each["geometry"]["coordinates"][0]),) for each in groups),
    )
    return format_html(
        '<svg class="k-pic-map" viewBox="0 0 {} {}" role="img"><title>{}</title>{}{}</svg>',
        f"{MAP_WIDTH:.0f}",
        f"{height:.0f}",
        name,
        ground,
        own,
    )
