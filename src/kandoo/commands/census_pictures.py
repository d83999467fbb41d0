"""Curves and maps of a census as SVG text: numbers in, markup out, nothing loaded from anywhere."""

from collections.abc import Iterable, Sequence
from html import escape
from math import cos, floor, log10, radians

import numpy as np

from kandoo.engine.census.points import Bools, Floats

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


class Map:
    """A map of all sites in grey squares, drawn once; industries are drawn over it in colour.

    first, second: longitude and latitude, or x and y. A square with fewer than `least` of an industry's sites is
    not coloured, so no single one shows.
    """

    def __init__(self, first: Floats, second: Floats, *, is_earth: bool, least: int) -> None:
        squeeze = cos(radians(float(second.mean()))) if is_earth else 1.0  # a degree of longitude is shorter
        self.scale, self.least = np.array([squeeze, 1.0]), least
        self.places = np.column_stack([first, second]) * self.scale
        self.low = self.places.min(axis=0)
        across, up = (self.places.max(axis=0) - self.low).tolist()
        self.side = max(across, up) / CELLS or 1.0
        self.width, self.height = (MAP_SIDE / CELLS * max(int(each / self.side) + 1, 1) for each in (across, up))

    def ground(self) -> str:
        """All sites, hidden until a picture uses them."""
        squares = "".join(self._squares(self.places, "all", 1))
        return f'<svg width="0" height="0" aria-hidden="true"><symbol id="sites" overflow="visible">{squares}</symbol></svg>'

    def picture(self, own: Bools, hulls: Iterable[Ring], label: str) -> str:
        """One industry's sites and the outlines of its groups, over `ground`."""
        parts = ['<use href="#sites"/>', *self._squares(self.places[own], "own", self.least)]
        for hull in hulls:
            parts.append(f'<polygon class="hull" points="{_points(self._placed(np.array(hull) * self.scale))}"/>')
        return _svg(self.width, self.height, label, parts)

    def _squares(self, places: Floats, name: str, fewest: int) -> Iterable[str]:
        cells, count = np.unique(((places - self.low) / self.side).astype(int), axis=0, return_counts=True)
        edge = MAP_SIDE / CELLS
        for (column, row), number in zip(cells.tolist(), count.tolist(), strict=True):
            if number >= fewest:
                yield (f'<rect class="{name}" x="{column * edge:.1f}" y="{self.height - (row + 1) * edge:.1f}" '
                       f'width="{edge:.1f}" height="{edge:.1f}" opacity="{0.3 + 0.7 * (number / count.max()) ** 0.5:.2f}"/>')  # fmt: skip

    def _placed(self, places: Floats) -> Floats:
        at = (places - self.low) / self.side * MAP_SIDE / CELLS
        return np.column_stack([at[:, 0], self.height - at[:, 1]])


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
