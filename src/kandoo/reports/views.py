"""Reports: who owes one, written from what computes itself, submitted, confirmed, received; on page, paper and in Excel."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from kandoo.programme.access import at_desk, file_seen_by, files_seen_by, is_programme
from kandoo.programme.models import ClusterFile
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.people import names
from kandoo.register.access import Seat, seated
from kandoo.reports import access, actions, iati, reading
from kandoo.reports.cells import Section
from kandoo.reports.forms import PeriodForm, RemarkForm, SummaryForm, WordsForm
from kandoo.reports.models import Report
from kandoo.reports.papers import report_pdf
from kandoo.reports.queries.owing import newest_before, owed
from kandoo.reports.workbook import report_xlsx
from kandoo.results.periods import Period, recent
from kandoo.site import tables
from kandoo.site.language import format_day
from kandoo.site.lists import asker, page_language, page_of, words_of

Status = Report.Status
OFFERED = (("quarter", 5), ("month", 4), ("year", 2))
SUBJECTS = {
    "cluster": Q(file__isnull=False),
    "place": Q(file=None, supervisor=None),
    "supervisor": Q(supervisor__isnull=False),
}
OWING_SHOWN = 12  # clusters named at once; the others fold away
SUPERVISORS_SHOWN = 5  # on a cluster's page; the others stand in the list of reports
BADGES = {"draft": "unknown", "submitted": "warn", "confirmed": "warn", "received": "good", "returned": "bad"}


@at_desk()
def home(request: HttpRequest) -> HttpResponse:
    """Reports that wait, those owed for the quarter that has ended, and all there are."""
    seat, today = asker(request), timezone.localdate()
    quarter = Period.holding(today, "quarter").before()
    found = access.reports_seen_by(seat).select_related("file")
    wanted = {name: request.GET.get(name, "") for name in ("kind", "state", "on")}
    narrowed = {name: value for name, value in (("kind", wanted["kind"]), ("status", wanted["state"])) if value}
    page = page_of(request, found.filter(SUBJECTS.get(wanted["on"], Q()), **narrowed).order_by("-last", "-pk"))
    open_ones = found.filter(status__in=[Status.SUBMITTED, Status.CONFIRMED])
    context = {
        "page_obj": page,
        "rows": [_row(each) for each in page],
        "quarter": quarter,
        **_owing(files_seen_by(seat), quarter),
        "waiting": sum(access.may_confirm(seat, each) or access.may_receive(seat, each) for each in open_ones),
        "selects": [
            {"name": "kind", "label": _("Kind"), "options": Report.Kind.choices, "value": wanted["kind"]},
            {"name": "state", "label": _("State"), "options": Status.choices, "value": wanted["state"]},
            {"name": "on", "label": pgettext("report", "On"), "options": _subjects(seat), "value": wanted["on"]},
        ],
        "may_write": access.may_write(seat),
        "writes_own": access.writes_own(seat),
        "has_own": found.filter(supervisor=seat.person, kind=quarter.kind, year=quarter.year, number=quarter.number)
        .exclude(status__in=[Status.DRAFT, Status.RETURNED])
        .exists(),
        "form": _period_form(),
    }
    return render(request, "reports/home.html", context)


def _subjects(seat: Seat) -> list[tuple[str, Any]]:
    """What the list can be narrowed to; supervisors' own only where the seat may see some."""
    options = [("cluster", _("Clusters")), ("place", _("Province or nation"))]
    sees_own = seat.role in access.OVERSEERS or access.writes_own(seat)
    return [*options, ("supervisor", _("Technical supervisors"))] if sees_own else options


def _owing(files: QuerySet[ClusterFile], quarter: Period) -> dict[str, Any]:
    found = owed(files, quarter)
    return {"owing": found, "owing_first": found[:OWING_SHOWN], "owing_rest": found[OWING_SHOWN:]}


def _row(report: Report) -> dict[str, Any]:
    badge = {"kind": BADGES[report.status], "text": report.get_status_display()}
    return {"report": report, "title": reading.title(report), "subject": reading.subject(report), "badge": badge}


def _period_form(data: Any = None) -> PeriodForm:
    today = timezone.localdate()
    offered = [each for kind, count in OFFERED for each in recent(today, kind, count)]
    start = {"period": Period.holding(today, "quarter").before().key}
    return PeriodForm(data, periods=[(each.key, str(each)) for each in offered], initial=start)


@seated("agent")
def own(request: HttpRequest) -> HttpResponse:
    """The agent's way to the reports of its own cluster."""
    found = files_seen_by(asker(request)).first()
    return render(request, "programme/no_file.html") if found is None else redirect("reports:file", found.pk)


@seated(*access.READERS)
def of_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The reports of one cluster, and the one that is due."""
    seat, today = asker(request), timezone.localdate()
    file = file_seen_by(seat, pk)
    quarter = Period.holding(today, "quarter").before()
    page = page_of(request, access.reports_seen_by(seat).filter(file=file).order_by("-last", "-edition"))
    context = {
        "file": file,
        "page_obj": page,
        "rows": [_row(each) for each in page],
        "quarter": quarter,
        "is_owed": bool(owed(ClusterFile.objects.filter(pk=pk), quarter)),
        "may_write": access.may_write(seat),
        "form": _period_form(),
        "in_programme": is_programme(seat),
        "supervisors": [_row(each) for each in _supervisors_on(seat, file)],
    }
    return render(request, "reports/file.html", context)


def _supervisors_on(seat: Seat, file: ClusterFile) -> QuerySet[Report]:
    """The newest frozen reports of supervisors that tell of a cluster."""
    told = access.reports_seen_by(seat).filter(supervisor__isnull=False, content__clusters__has_key=file.code)
    return told.order_by("-last", "-edition")[:SUPERVISORS_SHOWN]


@require_POST
@seated("agent", "officer", "supervisor")
def write(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Begin the report of a period, or open the one there is."""
    seat, today = asker(request), timezone.localdate()
    file = access.file_reported_by(seat, pk) if pk else None
    if file is None and not is_programme(seat):
        raise Http404
    back = redirect("reports:file", pk) if pk else redirect("reports:home")
    try:
        report = actions.begin_report(
            seat=seat, period=Period.of(request.POST.get("period", "")), today=today, now=timezone.now(), file=file,
            province=seat.province,
        )  # fmt: skip
    except ValueError:
        messages.error(request, _("Choose a period."))
        return back
    except NotPossible as problem:
        messages.error(request, words_of(problem))
        return back
    if report.status == Status.DRAFT and report.by_id != seat.person.pk:
        messages.error(request, _("Somebody else is writing this report."))
        return back
    return redirect("reports:report", report.pk)


@seated(*access.READERS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: what it says, who answered for it, what changed since the one before, what the records say today."""
    seat, today = asker(request), timezone.localdate()
    found = access.report_seen_by(seat, pk)
    form = _words_form(request, found) if found.status == Status.DRAFT else None
    if request.method == "POST" and form is not None and form.may_be_kept():
        return _worded(request, seat, found, form.cleaned_data)
    content = found.content or actions.content_of(found, today)
    sections, before = reading.sections(content), newest_before(found)
    if request.GET.get("as"):
        return _file(request.GET["as"], found, [*reading.changed(before, content), *sections])
    context = {
        **_row(found),
        "form": form,
        "words": reading.author_words(found),
        "facts": _facts(found),
        "sections": sections,
        "consequence": reading.consequence(found, sections) if form else [],
        "before": before and str(reading.period_of(before)),
        "changes": reading.changes(before.content, content) if before else [],
        "since": reading.changes(found.content, actions.content_of(found, today)) if found.content else [],
        "may_confirm": access.may_confirm(seat, found),
        "may_receive": access.may_receive(seat, found),
        "remark_form": RemarkForm() if access.may_return(seat, found) else None,
        "may_again": found.status == Status.RETURNED and found.by_id == seat.person.pk,
        "is_over": found.last < today,
        "period_key": reading.period_of(found).key,
    }
    return render(request, "reports/report.html", context)


def _words_form(request: HttpRequest, draft: Report) -> WordsForm:
    kind = WordsForm if draft.supervisor_id is None else SummaryForm
    return kind(request.POST or None, instance=draft)


def _worded(request: HttpRequest, seat: Seat, found: Report, texts: dict[str, str]) -> HttpResponse:
    try:
        actions.word_report(seat=seat, report=found, **texts)
        if "submit" in request.POST:
            actions.submit_report(seat=seat, report=found, today=timezone.localdate(), now=timezone.now())
            messages.success(request, _("The report is submitted; its numbers stay as they are."))
        else:
            messages.success(request, _("Saved."))
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    return redirect("reports:report", found.pk)


def _facts(found: Report) -> list[list[str]]:
    people = names(found.cluster_id)
    steps = [
        (_("Written by"), found.by_id, found.submitted_at), (_("Confirmed by"), found.confirmed_by_id, found.confirmed_at),
        (_("Received by"), found.received_by_id, found.received_at), (_("Sent back by"), found.returned_by_id, found.returned_at),
    ]  # fmt: skip
    facts = [
        [label, f"{people.get(person, '')} · {_short(timezone.localdate(moment))}"]
        for label, person, moment in steps
        if person and moment
    ]
    return [[_("Period"), f"{_short(found.first)} – {_short(found.last)}"], [_("Edition"), str(found.edition)], *facts]


def _short(day: date) -> str:
    return format_day(day, page_language(), style="short")


def _file(form: str, found: Report, sections: list[Section]) -> HttpResponse:
    if form != "xlsx":
        raise Http404
    book = report_xlsx(found, sections, _facts(found))
    headers = {"Content-Disposition": f'attachment; filename="report-{found.pk}.xlsx"'}
    return HttpResponse(book, content_type=tables.XLSX, headers=headers)


@require_GET
@seated(*access.READERS)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report on paper."""
    found = access.report_seen_by(asker(request), pk)
    content = found.content or actions.content_of(found, timezone.localdate())
    sections = [*reading.changed(newest_before(found), content), *reading.sections(content)]
    paper = report_pdf(found, sections, _facts(found), page_language())
    headers = {"Content-Disposition": f'inline; filename="report-{found.pk}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def _step(request: HttpRequest, pk: int, step: Any, done: Any, **more: Any) -> HttpResponse:
    seat = asker(request)
    found = access.report_seen_by(seat, pk)
    try:
        step(seat=seat, report=found, now=timezone.now(), **more)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, done)
    return redirect("reports:report", pk)


@require_POST
@at_desk("supervisor")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The supervisor says that it is right."""
    return _step(request, pk, actions.confirm_report, _("The report is confirmed."))


@require_POST
@at_desk("officer")
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer takes it in."""
    return _step(request, pk, actions.receive_report, _("The report is received; its author is told."))


@require_POST
@at_desk("officer", "supervisor")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back with a remark."""
    done = _("The report is sent back; its author is told.")
    return _step(request, pk, actions.return_report, done, remark=request.POST.get("remark", ""))


@require_POST
@seated("agent", "officer", "supervisor")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an own draft away."""
    seat = asker(request)
    found = access.draft_of(seat, pk)
    actions.drop_draft(seat=seat, report=found)
    messages.success(request, _("The draft is gone."))
    return redirect("reports:file", found.file_id) if found.file_id else redirect("reports:home")


@require_GET
def iati_xml(request: HttpRequest) -> HttpResponse:
    """The clusters with public money as activities of the IATI standard, version 2.03."""
    answer = HttpResponse(iati.document(timezone.now()), content_type="application/xml; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
