"""Papers: those that wait for me, an edition with its remarks and its chain, its document."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.programme import access, actions, reading
from kandoo.programme.access import READERS_OF_A_FILE, at_desk
from kandoo.programme.forms.gates import PaperForm, RemarkForm
from kandoo.programme.models import ClusterFile, PaperEdition, RequiredPaper
from kandoo.programme.queries import people
from kandoo.programme.queries.procedure import stages_of
from kandoo.programme.views.parts import form_page, tried
from kandoo.register.access import Seat, seated
from kandoo.site import language
from kandoo.site.lists import asker, page_of

Status = PaperEdition.Status


@at_desk()
def papers(request: HttpRequest) -> HttpResponse:
    """Editions of all files a seat sees, the newest first; those that wait for this person above all."""
    seat = asker(request)
    editions = PaperEdition.objects.filter(file__in=access.files_seen_by(seat).values("pk"))
    editions = editions.select_related("paper__required", "file")
    waiting = list(waiting_for(seat).order_by("prepared_at")[:20])
    page = page_of(request, _found(request, editions).order_by("-prepared_at", "-pk"))
    context = {
        "page_obj": page,
        "rows": [_row(each) for each in page],
        "waiting": [_row(each) for each in waiting],
        "names": people.names(seat.cluster.pk),
        "selects": [{"name": "state", "label": _("State"), "options": Status.choices, "value": request.GET.get("state", "")}],
    }  # fmt: skip
    return render(request, "programme/papers.html", context)


def _found(request: HttpRequest, editions: QuerySet[PaperEdition]) -> QuerySet[PaperEdition]:
    for word in request.GET.get("q", "").split():
        same, folded = language.same_letters(word), language.fold(word)
        editions = editions.filter(
            Q(paper__title__icontains=same)
            | Q(paper__required__name_fa__icontains=same)
            | Q(paper__required__name_en__icontains=same)
            | Q(file__search_key__contains=folded)
        )
    state = request.GET.get("state", "")
    return editions.filter(status=state) if state in Status.values else editions


def _row(edition: PaperEdition) -> dict[str, Any]:
    return {"edition": edition, "badge": reading.edition_badge(edition)}


def waiting_for(seat: Seat) -> QuerySet[PaperEdition]:
    """Editions that this person may confirm or approve."""
    editions = PaperEdition.objects.filter(file__in=access.files_seen_by(seat).values("pk"))
    editions = editions.select_related("paper__required", "file")
    me = seat.person.pk
    if seat.role == "supervisor":
        return editions.filter(status=Status.PREPARED).exclude(prepared_by=me)
    if seat.role != "officer":
        return editions.none()
    to_approve = Q(status=Status.CONFIRMED) & ~Q(prepared_by=me) & ~Q(confirmed_by=me)
    if seat.province:
        to_approve &= Q(paper__required=None) | Q(paper__required__approved_by=RequiredPaper.Level.PROVINCE)
    return editions.filter(to_approve)


@seated("officer", "agent")
def paper_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an edition of a paper of a file."""
    seat = asker(request)
    file = access.file_seen_by(seat, pk)
    asked = {str(each.pk): each for each in _asked(file)}
    choices = [(key, f"{each.stage.code} · {each}") for key, each in asked.items()]
    form = PaperForm(
        request.POST or None, request.FILES or None, papers=choices, initial={"required": request.GET.get("paper", "")}
    )

    def do() -> HttpResponse:
        held = form.cleaned_data
        edition = actions.bring_paper(
            seat=seat, file=file, required=asked.get(held["required"]), title=held["title"],
            name=held["document"].name, content=held["document"].read(), note=held["note"], now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The edition is in the file. A supervisor or officer confirms it next."))
        return redirect("programme:edition", edition.pk)

    return form_page(request, "programme/paper_new.html", form, do, {"file": file})


def _asked(file: ClusterFile) -> list[RequiredPaper]:
    stages = [each.pk for each in stages_of(file.procedure_id)]
    return list(RequiredPaper.objects.filter(stage__in=stages).select_related("stage"))


@seated(*READERS_OF_A_FILE)
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its document, who answers for it, remarks, and the editions before it."""
    seat = asker(request)
    found = access.edition_seen_by(seat, pk)
    context = {
        "edition": found,
        "badge": reading.edition_badge(found),
        "names": people.names(found.cluster_id),
        "remarks": list(found.comments.order_by("at", "pk")),
        "editions": [(each, reading.edition_badge(each)) for each in found.paper.editions.order_by("-number")],
        "may_confirm": access.may_confirm(seat, found),
        "may_approve": access.may_approve(seat, found),
        "may_return": access.may_return(seat, found),
        "remark_form": RemarkForm(),
    }
    return render(request, "programme/edition.html", context)


@seated(*READERS_OF_A_FILE)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The document of an edition, as it was sent."""
    found = access.edition_seen_by(asker(request), pk)
    with found.document.open() as held:
        answer = HttpResponse(held.read(), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@at_desk("officer", "supervisor")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an edition is right."""
    seat, found = asker(request), access.edition_seen_by(asker(request), pk)
    done = _("The edition is confirmed. An officer approves it next.")
    tried(request, lambda: actions.confirm_edition(seat=seat, edition=found, now=timezone.now()), done)
    return redirect("programme:edition", pk)


@require_POST
@at_desk("officer")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve an edition."""
    seat, found = asker(request), access.edition_seen_by(asker(request), pk)
    done = _("The edition is approved and counts for its gate.")
    tried(request, lambda: actions.approve_edition(seat=seat, edition=found, now=timezone.now()), done)
    return redirect("programme:edition", pk)


@require_POST
@at_desk("officer", "supervisor")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an edition back with the reason."""
    seat, found = asker(request), access.edition_seen_by(asker(request), pk)
    reason, done = request.POST.get("text", ""), _("The edition was sent back with your remark.")
    tried(request, lambda: actions.return_edition(seat=seat, edition=found, reason=reason, now=timezone.now()), done)
    return redirect("programme:edition", pk)


@require_POST
@seated(*READERS_OF_A_FILE)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a remark on an edition."""
    seat, found = asker(request), access.edition_seen_by(asker(request), pk)
    text, done = request.POST.get("text", ""), _("Your remark stands under the edition.")
    tried(request, lambda: actions.comment_on(seat=seat, edition=found, text=text, now=timezone.now()), done)
    return redirect("programme:edition", pk)
