"""The sampling sheet of a planned lot: which drum of whose batch gives a sample, and room to sign.

It names producers and batches, so it is for the agent and the sampler, never for the public.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo import profiles
from kandoo.selling.models import Lot, PlanLine
from kandoo.site.language import comma
from kandoo.trace.papers.sheet import Words, typeset

MOST_PAGES = 200


def sampling_pdf(lot: Lot, language: str) -> bytes:
    """The sheet of the lot's present plan."""
    lines = list(
        PlanLine.objects.filter(plan=lot.plan_id)
        .select_related("enterprise", "offer__batch__site", "order")
        .order_by("enterprise__sort_key", "offer__batch__code", "numbers")
    )
    with translation.override(language):
        return typeset("sampling", language, sampling_data(lot, lines, language))


def sampling_data(lot: Lot, lines: Sequence[PlanLine], language: str) -> dict[str, Any]:
    """What the sheet says."""
    words = Words(language)
    rule = profiles.load(lot.cluster.profile).sampling
    samples = sum(len(line.sample_drums) for line in lines)
    producers = len({line.enterprise_id for line in lines})
    grams = {"grams": words.number(rule.sample_grams)}
    return {
        "lot": f"{lot.code} {words.isolated(lot.title)}",
        "answer": _("Samples of %(grams)s g: %(samples)s; producers: %(producers)s")
        % {"samples": words.number(samples), "producers": words.number(producers), **grams},
        "facts": [
            [_("Lot"), f"{lot.code} · {words.isolated(lot.title)}"],
            [_("Cluster"), words.name(lot.cluster)],
            [_("Orders"), words.joined(sorted({line.order.code for line in lines}))],
        ],
        "columns": _columns(),
        "rows": [_row(line, words) for line in lines],
        "total-drums": words.number(sum(line.drums for line in lines)),
        "total-samples": words.number(samples),
        "total-mass": _("%(grams)s g in all") % {"grams": words.number(samples * rule.sample_grams)},
        "signatures": [
            _("Sampler: name, day, signature"),
            _("Agent: name, signature"),
            _("Laboratory: received, signature"),
        ],
        "page-words": _("page {page} of {pages}"),
        "digits": [words.number(number) for number in range(1, MOST_PAGES)],
        "words": {"title": _("Sampling sheet"), "total": _("Total"), "how": _how(rule.drums_per_sample, words, grams)},
    }


def _columns() -> list[str]:
    drums = [_("Drums in the lot"), _("Drums to sample"), _("Samples")]
    return [_("Producer and apiary"), _("Batch"), *drums, _("Seal numbers"), _("Signature")]


def _how(drums_per_sample: int, words: Words, grams: dict[str, str]) -> str:
    """The rule in words, above the table."""
    rule = ngettext(
        "One sample for every started %(drums)s drum of a producer.",
        "One sample for every started %(drums)s drums of a producer.",
        drums_per_sample,
    ) % {"drums": words.number(drums_per_sample)}
    way = _(
        "Stir each drum, take %(grams)s g into a clean glass, seal it, write the seal number here and on the glass."
    )
    return f"{rule} {way % grams}"


def _row(line: PlanLine, words: Words) -> dict[str, str]:
    batch = line.offer.batch
    numbers = comma(words.language).join(
        words.number(first)
        if first == last
        else _("%(first)s to %(last)s") % {"first": words.number(first), "last": words.number(last)}
        for first, last in line.spans
    )
    return {
        "producer": words.name(line.enterprise),
        "apiary": words.name(batch.site),
        "batch": batch.code,
        "drums": numbers,
        "sampled": words.joined([words.number(each) for each in sorted(line.sample_drums)]) or "—",
        "samples": words.number(len(line.sample_drums)),
    }
