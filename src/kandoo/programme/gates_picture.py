"""Where does each cluster stand? Gates as columns, clusters as dots, those to look at ringed."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kandoo.programme.models import Stage
from kandoo.programme.queries.portfolio import Standing
from kandoo.site.language import format_number
from kandoo.site.lists import page_language

ACROSS = 6  # dots in a row of a column
STEP = 10  # from dot to dot, in units of the drawing
MARGIN = 6


def picture(
    rows: Sequence[Standing], stages: Sequence[Stage], warned: Collection[int], *, name: str, url: str
) -> SafeString:
    """A column for each gate; each links to its clusters in the list at `url`."""
    columns: dict[str, list[Standing]] = defaultdict(list)
    for row in rows:
        columns[row.stage].append(row)
    body = format_html_join(
        "",
        '<a class="k-gate" href="{}?stage={}"><span class="k-gate-count">{}</span>{}'
        '<span class="k-gate-name"><b>{}</b> {}</span></a>',
        (
            (
                url,
                each.code,
                format_number(len(columns[each.code]), page_language(), 0),
                _column(columns[each.code], warned),
                each.code,
                str(each),
            )
            for each in stages
        ),
    )
    return format_html('<div class="k-gates" role="group" aria-label="{}">{}</div>', name, body)


def _column(held: Sequence[Standing], warned: Collection[int]) -> SafeString:
    """Dots from the bottom up; ringed ones first, so that they are seen."""
    height = MARGIN * 2 + STEP * (max(len(held) - 1, 0) // ACROSS)
    ordered = sorted(held, key=lambda each: each.pk not in warned)
    dots = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="{}"/>',
        (
            (
                "p-warned" if each.pk in warned else f"p-dot-{each.status}",
                MARGIN + STEP * (place % ACROSS),
                height - MARGIN - STEP * (place // ACROSS),
                "3.6" if each.pk in warned else "3.2",
            )
            for place, each in enumerate(ordered)
        ),
    )
    width = MARGIN * 2 + STEP * (ACROSS - 1)
    return format_html('<svg viewBox="0 0 {} {}" aria-hidden="true">{}</svg>', width, height, dots)
