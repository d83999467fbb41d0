"""A self-assessment to take away: as a table, and on paper with what is claimed beside what is shown."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kandoo.maturity import reading
from kandoo.maturity.models import Assessment
from kandoo.maturity.queries.assessments import Line, Standing
from kandoo.trace.papers.sheet import Words, typeset


def table_of(standing: Standing) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Headings and a row for each question."""
    headings = [_("Theme"), _("Question"), _("Level"), _("What that means"), _("Why"), _("Evidence"), _("State")]
    return headings, [_row(each) for each in standing.lines]


def _row(line: Line) -> tuple[Any, ...]:
    theme = reading.theme_of(line.question.theme)
    level = line.answer.level if line.answer else None
    return (
        reading.named(theme.name) if theme else "",
        reading.named(line.question.text),
        level,
        reading.named(line.question.levels[level]) if level is not None else "",
        line.answer.note if line.answer else "",
        " · ".join(reading.evidence_words(each) for each in line.evidence),
        state_of(line),
    )


def state_of(line: Line) -> str:
    """How an answer stands."""
    if line.answer is None:
        return _("not answered yet")
    if line.is_only_claimed:
        return _("claimed, not shown")
    return _("shown") if line.answer.level else _("nothing claimed")


def assessment_pdf(standing: Standing, earlier: Standing | None, language: str) -> bytes:
    """The paper in Persian or English."""
    with translation.override(language):
        return typeset("assessment", language, assessment_data(standing, earlier, language))


def assessment_data(standing: Standing, earlier: Standing | None, language: str) -> dict[str, Any]:
    """What the paper says."""
    words, whole = Words(language), standing.assessment
    facts = reading.facts_of(standing)
    return {
        "cluster": words.isolated(str(whole.file)),
        "day": words.day(timezone.localdate(whole.submitted_at) if whole.submitted_at else whole.begun_on),
        "state": whole.get_status_display() if whole.status else "",
        "answer": _("%(shown)s of what there is to reach is shown, %(claimed)s is claimed.") % facts,
        "note": _("This is the cluster’s own view of itself. No label is claimed by it."),
        "columns": [_("Theme"), _("Shown"), _("Claimed"), _("Shown the time before")],
        "rows": [
            [reading.named(theme.name), shown, claimed, before or "—"]
            for theme, claimed, shown, before, _answered, _asked in reading.theme_rows(standing, earlier)
        ],
        "lines": [
            [text, "—" if level is None else reading.number(level), meaning, evidence or "—", state]
            for _theme, text, level, meaning, _why, evidence, state in (_row(each) for each in standing.lines)
        ],
        "line-columns": [_("Question"), _("Level"), _("What that means"), _("Evidence"), _("State")],
        "is-open": whole.status == Assessment.Status.OPEN,
        "signatures": [_("Agent: name, day, signature"), _("Supervisor: name, day, signature")],
        "words": {"title": _("Self-assessment of the cluster’s management")},
    }
