"""All of a study to take away: its tables, and a report in Persian and in English that loads nothing."""

import io
import zipfile
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from kandoo.finding.models import Study
from kandoo.finding.reading import industry_context, overview, table_files
from kandoo.finding.results import Tables

SHOWN = 40  # industries with pictures in a report; all are in the tables
DATED = (1980, 1, 1, 0, 0, 0)  # of every file in the package, so that equal tables make an equal package


def package(study: Study) -> bytes:
    """A zip of the tables and both reports."""
    tables = Tables(study)
    files = {each: tables.data(each) for each in table_files(tables)}
    files |= {f"report-{language}.html": report(tables, language).encode() for language in ("fa", "en")}
    passing = io.BytesIO()
    with zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, DATED), content, zipfile.ZIP_DEFLATED)
    return passing.getvalue()


def report(tables: Tables, language: str) -> str:
    """The report in one language, one file."""
    with override(language):
        context: dict[str, Any] = overview(tables)
        shown = [each for each in tables.industries if each.verdicts or tables.quotients(each.name)][:SHOWN]
        context["sections"] = [industry_context(tables, each, drawn_map=True) for each in shown]
        context["language"], context["direction"] = language, "rtl" if language == "fa" else "ltr"
        return render_to_string("finding/report.html", context)
