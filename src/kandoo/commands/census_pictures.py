"""Curves and maps of a census as SVG text: numbers in, markup out, nothing loaded from anywhere."""

from collections.abc import Iterable, Sequence
from html import escape
from math import cos, floor, log10, radians

import numpy as np

from kandoo.engine.census.points import Floats

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 520.0, 240.0, 52.0, 34.0, 10.0
MAP_SIDE, CELLS = 520.0, 64
Ring = Sequence[tuple[float, float]]


def curve_picture(
    distance: Floats, value: Floats, bands: Sequence[Floats], label: str, unit: str, *, chance: float | None = None
) -> str:
    """A curve over its bands.

    bands: low, high, global_low, global_high; or none. label: what the picture says, for those who do not see it.
    chance: where a line for mere chance is drawn.
    """
    known = np.isfinite(value)
    distance, value, bands = distance[known], value[known], [band[known] for band in bands]
    top = max(float(np.max([value, *bands])), chance or 0.0) * 1.05 or 1.0
    across, up = WIDTH - LEFT - 8, HEIGHT - BOTTOM - TOP

    def place(at: Floats, values: Floats) -> Floats:
        return np.column_stack([LEFT + at / distance[-1] * across, TOP + up - values / top * up])

    parts = [*_axes(float(distance[-1]), top, unit)]
    if bands:
        for name, low, high in (("global", bands[2], bands[3]), ("local", bands[0], bands[1])):
            ring = np.vstack([place(distance, low), place(distance, high)[::-1]])
            parts.append(f'<polygon class="{name}" points="{_points(ring)}"/>')
    if chance is not None:
        parts.append(f'<polyline class="chance" points="{_points(place(distance[[0, -1]], np.full(2, chance)))}"/>')
    parts.append(f'<polyline class="curve" points="{_points(place(distance, value))}"/>')
    return _svg(WIDTH, HEIGHT, label, parts)


def map_picture(
    first: Floats, second: Floats, own: Floats, hulls: Iterable[Ring], label: str, *, is_earth: bool, least: int
) -> str:
    """Where all sites are, in grey squares, and the industry's own, in colour; outlines of its groups.

    own: bool. A square with fewer than `least` of the industry's sites is not coloured, so no single one shows.
    """
    squeeze = cos(radians(float(second.mean()))) if is_earth else 1.0  # a degree of longitude is shorter
    low = np.array([first.min() * squeeze, second.min()])
    span = max(float(first.max() * squeeze - low[0]), float(second.max() - low[1])) or 1.0
    side = MAP_SIDE / CELLS

    def cells(east: Floats, north: Floats) -> tuple[list[tuple[int, int]], list[int]]:
        column = np.minimum((east * squeeze - low[0]) / span * CELLS, CELLS - 1).astype(int)
        row = np.minimum((north - low[1]) / span * CELLS, CELLS - 1).astype(int)
        found, count = np.unique(row * CELLS + column, return_counts=True)
        return [divmod(int(cell), CELLS) for cell in found], count.tolist()

    parts = []
    for name, chosen, fewest in (("all", np.ones(first.size, bool), 1), ("own", own.astype(bool), least)):
        where, count = cells(first[chosen], second[chosen])
        most = max(count, default=1)
        parts += [
            f'<rect class="{name}" x="{column * side:.1f}" y="{MAP_SIDE - (row + 1) * side:.1f}" width="{side:.1f}" '
            f'height="{side:.1f}" opacity="{0.25 + 0.75 * (number / most) ** 0.5:.2f}"/>'
            for (row, column), number in zip(where, count, strict=True)
            if number >= fewest
        ]
    for hull in hulls:
        ring = np.array(hull) * [squeeze, 1.0] - low
        placed = np.column_stack([ring[:, 0] / span, 1 - ring[:, 1] / span]) * MAP_SIDE
        parts.append(f'<polygon class="hull" points="{_points(placed)}"/>')
    return _svg(MAP_SIDE, MAP_SIDE, label, parts)


def _axes(reach: float, top: float, unit: str) -> Iterable[str]:
    base = HEIGHT - BOTTOM
    for at in _ticks(reach):
        x = LEFT + at / reach * (WIDTH - LEFT - 8)
        yield f'<path class="line" d="M{x:.1f} {base:.1f}v4"/><text x="{x:.1f}" y="{base + 16:.1f}" text-anchor="middle">{at:g}</text>'
    for at in _ticks(top):
        y = TOP + (1 - at / top) * (base - TOP)
        yield f'<path class="line" d="M{LEFT} {y:.1f}H{WIDTH - 8}"/><text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{at:g}</text>'
    yield f'<text x="{WIDTH - 8}" y="{HEIGHT - 3}" text-anchor="end">km</text><text x="4" y="{HEIGHT - 3}">{escape(unit)}</text>'


def _ticks(top: float) -> list[float]:
    """Round numbers from 0 to the top, four to eight of them."""
    step = 10.0 ** floor(log10(top / 4))
    for times in (5, 2):
        if top / (step * times) >= 4:
            step *= times
            break
    return [round(step * k, 12) for k in range(int(top / step + 1e-9) + 1)]


def _points(ring: Floats) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in ring)


def _svg(width: float, height: float, label: str, parts: Iterable[str]) -> str:
    return (f'<svg role="img" viewBox="0 0 {width:g} {height:g}" aria-label="{escape(label, quote=True)}">'
            f"{''.join(parts)}</svg>")  # fmt: skip
