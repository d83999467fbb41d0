"""Study and plan as PDF."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kandoo.programme.queries.people import names
from kandoo.register.access import seated
from kandoo.site.lists import asker, page_language
from kandoo.strategy import access, papers
from kandoo.strategy.access import READERS_OF_A_FILE


@seated(*READERS_OF_A_FILE)
def study_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An edition of the study on paper."""
    found = access.diagnosis_seen_by(asker(request), pk, number)
    content = papers.study_pdf(found, names(found.cluster_id), page_language())
    return _pdf(content, f"diagnosis-{found.file.code}-{number}.pdf")


@seated(*READERS_OF_A_FILE)
def plan_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of today on paper."""
    found = access.file_seen_by(asker(request), pk)
    return _pdf(papers.plan_pdf(found, timezone.localdate(), page_language()), f"plan-{found.code}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
