"""A report on paper."""

from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.reports import reading
from kandoo.reports.cells import Section
from kandoo.reports.models import Report
from kandoo.site.language import localise_digits
from kandoo.trace.papers.sheet import Words, typeset


def report_pdf(report: Report, sections: list[Section], facts: list[list[str]], language: str) -> bytes:
    """The report in Persian or English: facts, the author's words, then each part with its table."""
    with translation.override(language):
        paper = Words(language)
        worded = [Section(heading, text) for heading, text in reading.author_words(report) if text]
        data = {
            "cluster": paper.isolated(reading.subject(report)),
            "title": reading.title(report),
            "code": report.sha256[:12],
            "example": _("Example: invented") if report.file and report.file.is_example else "",
            "facts": [[label, paper.isolated(localise_digits(text, language))] for label, text in facts],
            "sections": [_data(each, language) for each in [*worded, *sections]],
            "words": {},
        }
        return typeset("strategy", language, data)


def _data(section: Section, language: str) -> dict[str, object]:
    rows = [[localise_digits(str(cell), language) for cell in row] for row in section.rows]
    return {
        "heading": section.heading, "finding": localise_digits(section.finding, language),
        "columns": list(section.columns) if rows else [], "wide": 1, "rows": rows,
        "notes": [localise_digits(each, language) for each in section.notes],
    }  # fmt: skip
