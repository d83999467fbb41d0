"""The brief of a gate: one page made from the file alone, for those who decide."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.programme import reading
from kandoo.programme.models import AgendaItem, ClusterFile, RequiredPaper, Stage
from kandoo.programme.queries import files as queries
from kandoo.programme.queries.procedure import papers_missing
from kandoo.programme.queries.selection import Place, kept
from kandoo.site.lists import joined
from kandoo.trace.papers.sheet import Words, typeset

ROWS_MAX = 8  # of each part, so that it stays one page


@dataclass(frozen=True, slots=True)
class Brief:
    """What the members read before they decide."""

    item: AgendaItem
    file: ClusterFile
    gate: Stage
    papers: tuple[queries.PaperRow, ...]
    missing: tuple[RequiredPaper, ...]
    open_conditions: tuple[Any, ...]
    decisions: tuple[Any, ...]
    counts: tuple[Any, ...]
    place: Place | None  # in the newest closed round of selection
    candidates: int

    @property
    def is_ready(self) -> bool:
        """Whether the gate can be passed today."""
        return not self.missing and not self.open_conditions


def brief_of(item: AgendaItem) -> Brief:
    """Gather a gate's brief from the file."""
    file, gate = item.file, item.stage
    by_stage, _others = queries.papers_by_stage(file)
    candidature = (
        file.candidatures.select_related("round").exclude(round__closed_on=None).order_by("-round__closed_on").first()
    )
    order = kept(candidature.round) if candidature else ()
    return Brief(
        item=item,
        file=file,
        gate=gate,
        papers=next((each.rows for each in by_stage if each.stage.pk == gate.pk), ()),
        missing=tuple(papers_missing(file, gate)),
        open_conditions=tuple(file.conditions.filter(kept_on=None).order_by("due_on")),
        decisions=tuple(file.decisions.select_related("stage").order_by("-on", "-pk")[:ROWS_MAX]),
        counts=tuple(queries.counts_of(file)[:ROWS_MAX]),
        place=next((each for each in order if each.file == file.pk), None),
        candidates=len(order),
    )


def brief_pdf(brief: Brief, language: str) -> bytes:
    """The brief as a PDF of one page."""
    with translation.override(language):
        return typeset("brief", language, brief_data(brief, Words(language)))


def brief_data(brief: Brief, words: Words) -> dict[str, Any]:
    """What the paper says."""
    file, meeting = brief.file, brief.item.meeting
    return {
        "meeting": f"{words.isolated(str(meeting.body))} · {_('meeting %(n)s') % {'n': words.number(meeting.number)}}",
        "cluster": words.name(file),
        "day": words.day(meeting.on),
        "code": file.code,
        "ready": brief.is_ready,
        "question": f"{brief.gate.code} · {brief.gate}: {reading.question(brief.gate)}",
        "standing": standing(brief),
        "facts": _facts(brief, words),
        "papers": [_paper(each, words) for each in brief.papers],
        "figures": [
            [each.get_measure_display(), words.number(each.value), each.definition, f"{words.short_day(each.dated)} · {each.source}"]
            for each in brief.counts
        ],
        "conditions": [[each.text, each.owner_name, words.short_day(each.due_on)] for each in brief.open_conditions],
        "decisions": [
            [words.short_day(each.on), f"{each.stage.code} · {each.get_outcome_display()}", each.resolution[:160]]
            for each in brief.decisions
        ],
        "scores": scored(brief),
        "words": {
            "papers": _("Papers of this gate"),
            "figures": _("Published figures, each with its definition"),
            "conditions": _("Conditions not kept yet"),
            "decisions": _("Decisions so far"),
            "scores": _("Selection:"),
            "foot": _("Made from the file of the programme; every figure stands there with its source and date."),
        },
    }  # fmt: skip


def standing(brief: Brief) -> str:
    """Whether the gate can be passed, and what is lacking."""
    if brief.missing:
        return _("Not yet: papers are not approved: %(papers)s.") % {"papers": joined(brief.missing)}
    if brief.open_conditions:
        return _("Not yet: conditions of an earlier gate are not kept.")
    return _("All papers are approved and no condition is open: it can be decided.")


def scored(brief: Brief) -> str:
    """Its place in the selection, and how sure that is."""
    if brief.place is None:
        return ""
    figures = {
        "rank": reading.number(brief.place.rank),
        "all": reading.number(brief.candidates),
        "low": reading.number(brief.place.rank_low),
        "high": reading.number(brief.place.rank_high),
    }
    return _("place %(rank)s of %(all)s; between %(low)s and %(high)s when weights change") % figures


def _facts(brief: Brief, words: Words) -> list[list[str]]:
    file = brief.file
    return [
        [_("Province"), reading.province_name(file.province)],
        [_("Product"), file.product],
        [_("At stage"), f"{file.stage} · {words.short_day(file.stage_since)}"],
        [_("Cluster development agent"), file.agent_name or "—"],
        [_("Definition"), f"{file.definition} ({file.source}، {words.short_day(file.dated)})"],
    ]


def _paper(row: queries.PaperRow, words: Words) -> list[str]:
    if row.edition is None:
        return [str(row.required), _("not there"), ""]
    number = _("edition %(n)s") % {"n": words.number(row.edition.number)}
    return [str(row.required), row.edition.get_status_display(), number]
