"""Study and plan on paper: the same parts as on the page, as tables, in Persian or English."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo.programme.models import ClusterFile
from kandoo.programme.reading import province_name
from kandoo.site.lists import joined
from kandoo.strategy import reading, reading_plan, words
from kandoo.strategy.models import Diagnosis, Vision
from kandoo.strategy.queries.burn import burn_of
from kandoo.strategy.queries.chain import chain_of, gaps_of, objectives_of
from kandoo.strategy.queries.gantt import gantt_of
from kandoo.strategy.queries.rows import Holder
from kandoo.trace.papers.sheet import Words, typeset

Section = dict[str, Any]


def study_pdf(diagnosis: Diagnosis, people: dict[int, str], language: str) -> bytes:
    """An edition of the study."""
    with translation.override(language):
        paper, holder = Words(language), Holder(diagnosis.file, diagnosis)
        chain = reading.value_chain(holder)
        sections = [
            _section(_("Actor map"), reading.actor_map(holder), wide=3),
            _section(_("Value chain"), chain, notes=_breaks(chain)),
            _swot(holder),
            _section(_("Problem tree"), reading.problem_tree(holder)),
        ]
        edition = _("Edition %(n)s") % {"n": words.number(diagnosis.number)}
        facts = [[_("State"), diagnosis.get_status_display()]]
        for label, person, moment in (
            (_("Prepared by"), diagnosis.prepared_by_id, diagnosis.prepared_at),
            (_("Confirmed by"), diagnosis.confirmed_by_id, diagnosis.confirmed_at),
        ):
            if person and moment:
                facts.append(
                    [label, f"{paper.isolated(people.get(person, ''))} · {paper.short_day(timezone.localdate(moment))}"]
                )
        if diagnosis.baseline_on:
            facts.append([_("Baseline of"), paper.day(diagnosis.baseline_on)])
        title = f"{_('Diagnosis')} · {edition}"
        return typeset("strategy", language, _data(diagnosis.file, paper, title, facts, sections))


def plan_pdf(file: ClusterFile, today: date, language: str) -> bytes:
    """The plan as it stands on a day."""
    with translation.override(language):
        paper = Words(language)
        chain = chain_of(file, today)
        gaps = gaps_of(chain)
        vision = Vision.objects.filter(file=file).first()
        facts = [[_("As of"), paper.day(today)]]
        if vision is not None:
            facts.append([_("Vision"), paper.isolated(str(vision))])
            facts.append([_("By the year"), reading_plan.year_words(vision.by_year)])
        sections = [
            _objectives(file),
            _section(
                _("Results chain"),
                reading_plan.results_chain(chain, gaps),
                notes=[words.gap_words(each) for each in gaps],
            ),
            _section(_("Activities by date"), reading_plan.gantt(gantt_of(file, today))),
            _section(_("Budget burn"), reading_plan.burn(burn_of(file, today))),
        ]
        return typeset("strategy", language, _data(file, paper, _("Plan"), facts, sections))


def _data(
    file: ClusterFile, paper: Words, title: str, facts: list[list[str]], sections: Sequence[Section | None]
) -> dict[str, Any]:
    place = province_name(file.province)
    return {
        "cluster": paper.name(file),
        "title": title,
        "code": file.code,
        "facts": [[_("Province"), place], *facts],
        "sections": [each for each in sections if each is not None],
        "example": _("Example: invented") if file.is_example else "",
        "words": {},
    }


def _section(
    heading: str, picture: reading.Picture | None, *, notes: Sequence[str] = (), wide: int = 0
) -> Section | None:
    """A picture as its finding and its table. `wide`: the column that may take the room."""
    if picture is None:
        return None
    return {
        "heading": heading,
        "finding": picture["title"],
        "columns": [str(each) for each in picture["columns"]],
        "rows": [[str(cell) for cell in row] for row in picture["rows"]],
        "notes": list(notes),
        "wide": wide,
    }


def _breaks(chain: reading.Picture | None) -> list[str]:
    return [f"{said} {why}".strip() for said, why in chain["breaks"]] if chain else []


def _swot(holder: Holder) -> Section | None:
    rows = [
        [str(each["label"]), str(point), point.evidence, words.number(point.weight)]
        for each in reading.swot(holder)
        for point in each["points"]
    ]
    columns = [_("Quadrant"), pgettext("swot", "Point"), pgettext("study", "Evidence"), _("Weight (1 to 5)")]
    heading = _("Strengths, weaknesses, opportunities, threats")
    return _section(heading, {"title": "", "columns": columns, "rows": rows}, wide=1) if rows else None


def _objectives(file: ClusterFile) -> Section | None:
    rows = [
        [
            each.objective.code,
            str(each.objective),
            str(each.objective.indicator or "—"),
            joined(each.activities) or "—",
        ]
        for each in objectives_of(file)
    ]
    columns = [_("Code"), pgettext("plan", "Objective"), _("Indicator"), _("Activities")]
    return _section(_("Objectives"), {"title": "", "columns": columns, "rows": rows}, wide=1) if rows else None
