"""The report of a visit on paper."""

from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.site.language import format_day, localise_digits
from kandoo.trace.papers.sheet import Words, typeset
from kandoo.visits.models import Visit


def visit_pdf(visit: Visit, supervisor: str, language: str) -> bytes:
    """In Persian or English: facts, what was found, then the advice as a table."""
    with translation.override(language):
        paper = Words(language)
        assert visit.visited_on is not None
        facts = [
            (_("Day of the visit"), format_day(visit.visited_on, language)), (_("Technical supervisor"), supervisor),
            (_("Place"), visit.place), (_("Whom the supervisor met"), visit.met),
            (_("How the project stands"), visit.get_course_display()),
        ]  # fmt: skip
        rows = [
            [each.text, each.owner_name, format_day(each.due_on, language, style="short"), each.kept_how]
            for each in visit.advice.all()
        ]
        columns = [_("Advice"), _("Who does it"), _("Due on"), _("What was done")]
        sections = [(_("What was found"), visit.found, []), (_("Advice"), "", rows)]
        data = {
            "cluster": paper.isolated(str(visit.file)),
            "title": _("Report of a supervisor’s visit"),
            "code": localise_digits(str(visit.pk), language),
            "example": _("Example: invented") if visit.file.is_example else "",
            "facts": [[label, paper.isolated(text)] for label, text in facts if text],
            "sections": [
                {
                    "heading": heading, "finding": text, "columns": columns if cells else [], "wide": 0, "notes": [],
                    "rows": [[localise_digits(cell, language) for cell in row] for row in cells],
                }
                for heading, text, cells in sections
                if text or cells
            ],
            "words": {},
        }  # fmt: skip
        return typeset("strategy", language, data)
