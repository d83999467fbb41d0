"""Self-assessments: of one file, one whole, one question, what shows it, submission, remarks, papers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.maturity import access, actions, papers, reading
from kandoo.maturity.catalogue import Question, catalogue
from kandoo.maturity.forms import AnswerForm, EvidenceForm, RemarkForm
from kandoo.maturity.models import Assessment
from kandoo.maturity.queries import assessments as queries
from kandoo.maturity.queries.assessments import Line, Standing
from kandoo.maturity.views.parts import document_answer, form_page, tried
from kandoo.programme.access import READERS_OF_A_FILE, file_seen_by, is_programme
from kandoo.programme.queries import people
from kandoo.register.access import seated
from kandoo.site import tables
from kandoo.site.lists import asker, page_language, words_of


@seated(*READERS_OF_A_FILE)
def of_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All self-assessments of a file, the newest first."""
    seat = asker(request)
    found = file_seen_by(seat, pk)
    context = {
        "file": found,
        "in_programme": is_programme(seat),
        "rows": [(each, reading.score_of(each)) for each in queries.all_of(found)],
        "open": queries.open_of(found),
        "may_write": access.may_write(seat),
        "questions": len(catalogue().questions),
    }
    return render(request, "maturity/assessments.html", context)


@require_POST
@seated("officer", "agent")
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next one."""
    seat = asker(request)
    found = access.file_written_by(seat, pk)
    try:
        begun = actions.begin_assessment(seat=seat, file=found, today=timezone.localdate())
    except actions.NotPossible as problem:
        messages.error(request, words_of(problem))
        return redirect("maturity:assessments", pk)
    return redirect("maturity:assessment", begun.pk)


@seated(*READERS_OF_A_FILE)
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """One whole: bars by theme beside the one before, every question, remarks."""
    seat = asker(request)
    found = access.assessment_seen_by(seat, pk)
    standing = queries.standing_of(found)
    earlier = queries.before(found)
    before = queries.standing_of(earlier) if earlier else None
    context = {
        "assessment": found,
        "file": found.file,
        "earlier": earlier,
        "picture": reading.themes_picture(standing, before),
        "table": [(reading.named(theme.name), *rest) for theme, *rest in reading.theme_rows(standing, before)],
        "groups": _groups(standing),
        "remarks": standing.remarks,
        "names": people.names(found.cluster_id),
        "may_answer": access.may_write(seat) and found.status == Assessment.Status.OPEN,
        "may_remark": access.may_remark(seat),
        "remark_form": RemarkForm(),
        "first": _first(standing),
        **reading.facts_of(standing),
    }
    return render(request, "maturity/assessment.html", context)


def _groups(standing: Standing) -> list[dict[str, Any]]:
    return [
        {
            "name": reading.named(score.theme.name),
            "lines": [_line(each) for each in standing.lines if each.question.theme == score.theme.code],
        }
        for score in standing.themes
    ]


def _line(line: Line) -> dict[str, Any]:
    level = line.answer.level if line.answer else None
    return {
        "line": line,
        "code": line.question.code,
        "text": reading.named(line.question.text),
        "level": level,
        "level_words": reading.named(line.question.levels[level]) if level is not None else "",
        "evidence": [(each, reading.evidence_words(each)) for each in line.evidence],
    }


def _first(standing: Standing) -> str:
    return standing.unanswered[0].question.code if standing.unanswered else ""


@seated("officer", "agent")
def question(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Answer one question; saved at once, then the next."""
    seat = asker(request)
    found = access.assessment_answered_by(seat, pk)
    asked = _asked(code)
    line = next(each for each in queries.standing_of(found).lines if each.question.code == code)
    initial = {"level": line.answer.level, "note": line.answer.note} if line.answer else {}
    form = AnswerForm(request.POST or None, question=asked, initial=initial)

    def do() -> HttpResponse:
        held = form.cleaned_data
        actions.answer_question(
            seat=seat, assessment=found, question=code, level=held["level"], why=held["note"], now=timezone.now()
        )
        messages.success(request, _("Saved. You can go on now or another day."))
        following = _next(code)
        if following is None:
            return redirect("maturity:assessment", found.pk)
        return redirect("maturity:question", found.pk, following)

    return form_page(request, "maturity/question.html", form, do, _question_page(found, asked, line))


def _asked(code: str) -> Question:
    asked = catalogue().question(code)
    if asked is None:
        raise Http404
    return asked


def _next(code: str) -> str | None:
    codes = [each.code for each in catalogue().questions]
    place = codes.index(code) + 1
    return codes[place] if place < len(codes) else None


def _question_page(found: Assessment, asked: Question, line: Line) -> dict[str, Any]:
    codes = [each.code for each in catalogue().questions]
    theme = reading.theme_of(asked.theme)
    return {
        "assessment": found,
        "text": reading.named(asked.text),
        "papers": reading.named(asked.papers),
        "theme": reading.named(theme.name) if theme else "",
        "code": asked.code,
        "place": codes.index(asked.code) + 1,
        "most": len(codes),
        "line": line,
        "evidence": [(each, reading.evidence_words(each)) for each in line.evidence],
        "evidence_form": EvidenceForm(file=found.file),
        "names": people.names(found.cluster_id),
        "trail": [
            (str(found.file), reverse("maturity:file", args=[found.file_id])),
            (_("Self-assessment"), reverse("maturity:assessment", args=[found.pk])),
        ],
    }


@require_POST
@seated("officer", "agent")
def evidence_add(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Attach what shows an answer."""
    seat = asker(request)
    found = access.assessment_answered_by(seat, pk)
    form = EvidenceForm(request.POST, request.FILES, file=found.file)
    if not form.is_valid():
        messages.error(request, _("Choose one: a document, a paper of the file, or a meeting."))
        return redirect("maturity:question", pk, _asked(code).code)
    done = _("The evidence is attached.")
    tried(
        request,
        lambda: actions.add_evidence(
            seat=seat, assessment=found, question=code, shown=form.shown(), now=timezone.now()
        ),
        done,
    )
    return redirect("maturity:question", pk, _asked(code).code)


@require_POST
@seated("officer", "agent")
def evidence_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take evidence off again."""
    seat = asker(request)
    found = access.evidence_seen_by(seat, pk)
    access.assessment_answered_by(seat, found.assessment_id)
    to = (found.assessment_id, found.question)
    tried(request, lambda: actions.take_back_evidence(seat=seat, evidence=found), _("The evidence is taken off."))
    return redirect("maturity:question", *to)


@seated(*READERS_OF_A_FILE)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """What shows an answer: the document, the paper's page, or the meeting's."""
    seat = asker(request)
    found = access.evidence_seen_by(seat, pk)
    if found.edition_id:
        return redirect("programme:edition", found.edition_id)
    if found.meeting_id:
        return redirect("programme:meeting", found.meeting_id)
    return document_answer(found.document, found.name)


@require_POST
@seated("officer", "agent")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix it for good."""
    seat = asker(request)
    found = access.assessment_answered_by(seat, pk)
    done = _("The self-assessment is submitted and never changes. The supervisor and the officers are told.")
    tried(request, lambda: actions.submit_assessment(seat=seat, assessment=found, now=timezone.now()), done)
    return redirect("maturity:assessment", pk)


@require_POST
@seated("officer", "supervisor")
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something to the whole or to one answer."""
    seat = asker(request)
    found = access.assessment_seen_by(seat, pk)
    code, text = request.POST.get("question", ""), request.POST.get("text", "")
    asked = _asked(code).code if code else ""
    tried(
        request,
        lambda: actions.remark(seat=seat, assessment=found, text=text, question=asked, now=timezone.now()),
        _("Your remark stands."),
    )
    return redirect("maturity:assessment", pk)


@seated(*READERS_OF_A_FILE)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question with its level and evidence as a table."""
    found = access.assessment_seen_by(asker(request), pk)
    headings, rows = papers.table_of(queries.standing_of(found))
    return tables.as_file(request.GET.get("as", "xlsx"), headings, rows, "self-assessment")


@seated(*READERS_OF_A_FILE)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole on paper."""
    found = access.assessment_seen_by(asker(request), pk)
    earlier = queries.before(found)
    content = papers.assessment_pdf(
        queries.standing_of(found), queries.standing_of(earlier) if earlier else None, page_language()
    )
    name = f"self-assessment-{found.file.code}-{found.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
