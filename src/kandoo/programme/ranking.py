"""A ranking as a picture: each candidate's place, and how far it moves when weights change."""

from collections.abc import Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kandoo.programme.queries.selection import Place
from kandoo.site.language import format_number
from kandoo.site.lists import page_language


def picture(places: Sequence[Place], names: Mapping[int, str]) -> SafeString:
    """A row for each candidate: a bar from its best to its worst place, a mark at its place."""
    language, last = page_language(), max((each.rank_high for each in places), default=1)
    rows = format_html_join(
        "",
        '<div class="k-rows-item"><span>{}. {}</span>{}<span class="k-rows-amount">{}</span></div>',
        (
            (
                format_number(each.rank, language, 0),
                names[each.file],
                _bar(each, last, language),
                words(each),
            )
            for each in places
        ),
    )
    name = _("Places of the candidates and how far they move when weights change")
    return format_html('<div class="k-pic" role="group" aria-label="{}"><div class="k-rows">{}</div></div>', name, rows)


def words(place: Place) -> str:
    """place 2, between 1 and 3"""
    language = page_language()
    low, high = (format_number(each, language, 0) for each in (place.rank_low, place.rank_high))
    return _("surely %(low)s") % {"low": low} if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _bar(place: Place, last: int, language: str) -> SafeString:
    def at(rank: float) -> float:
        share = 100 * rank / last
        return 100 - share if language == "fa" else share

    start, end = sorted((at(place.rank_low - 1), at(place.rank_high)))
    return format_html(
        '<svg width="100%" height="28" role="img"><title>{}</title>'
        '<rect class="p-track" width="100%" y="8" height="12" rx="4"/>'
        '<rect class="p-allowed" x="{}%" width="{}%" y="8" height="12" rx="4"/>'
        '<circle class="p-own" cx="{}%" cy="14" r="7"/></svg>',
        words(place),
        f"{start:.2f}",
        f"{end - start:.2f}",
        f"{at(place.rank - 0.5):.2f}",
    )
