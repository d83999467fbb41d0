"""Batches: the list, a new harvest, one batch, and what can be done with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo import profiles
from kandoo.register.access import Seat, seated
from kandoo.register.models import Site
from kandoo.selling import access, actions, batch_pages, batch_queries, uploads
from kandoo.selling.forms.batches import BatchForm, ExplainForm, FileForm, ReleaseForm, SampleForm
from kandoo.selling.models import Attachment, Batch
from kandoo.site import language, tables

SEES = ("agent", "auditor", "member", "laboratory")
A_PAGE = 30
SITES_AT_ONCE = 40


def _seat(request: HttpRequest) -> Seat:
    seat = Seat.of(request)
    assert seat is not None, "the views are guarded by `seated`"
    return seat


@require_GET
@seated(*SEES)
def batch_list(request: HttpRequest) -> HttpResponse:
    """The batches one sees: how much is on hand, then the list."""
    seat = _seat(request)
    wanted = batch_queries.Wanted.of(request.GET)
    seen = access.batches_seen_by(seat)
    page = Paginator(batch_queries.listed(seen, wanted), A_PAGE).get_page(
        language.latin_digits(request.GET.get("page", "1"))
    )
    return render(request, "selling/batch_list.html", batch_pages.list_context(seat, seen, wanted, page))


@require_GET
@seated(*SEES)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The list as it is filtered, with the newest value of each parameter."""
    seat = _seat(request)
    rows = batch_queries.listed(access.batches_seen_by(seat), batch_queries.Wanted.of(request.GET))
    headings, cells = batch_pages.export_table(seat, rows)
    return tables.as_file(form, headings, cells, "batches")


@seated("agent", "member")
def new(request: HttpRequest) -> HttpResponse:
    """Write down a harvest."""
    seat = _seat(request)
    sites = _apiaries(seat, request)
    if (request.method == "GET" and sites.count() > SITES_AT_ONCE) or not sites:
        return render(
            request, "selling/batch_new_site.html", {"sites": sites[:SITES_AT_ONCE], "q": request.GET.get("q", "")}
        )
    form = BatchForm(
        request.POST or None,
        request.FILES or None,
        person=seat.person,
        sites=sites,
        profile=profiles.load(seat.cluster.profile),
        today=timezone.localdate(),
        with_firm=seat.role == "agent",
        initial=batch_pages.first_guess(seat, sites),
    )
    if request.method == "POST":
        if form.is_valid() and (batch := _record(seat, form)):
            return redirect("selling:batch", batch.pk)
        form.set_aside("photos")
    return render(request, "selling/batch_new.html", {"form": form})


def _apiaries(seat: Seat, request: HttpRequest) -> QuerySet[Site]:
    """The apiaries a harvest may come from: one's own, or for the agent those it looks for."""
    sites = Site.objects.filter(cluster=seat.cluster, kind=Site.Kind.APIARY)
    sites = sites.select_related("enterprise", "cluster").order_by("enterprise__sort_key", "sort_key")
    if seat.role == "member":
        return sites.filter(enterprise=seat.enterprise)
    if site := language.latin_digits(request.GET.get("site", "")):
        return sites.filter(pk=site) if site.isdecimal() and len(site) < 18 else sites.none()
    if q := language.fold(request.GET.get("q", "")):
        return sites.filter(enterprise__search_key__contains=q) | sites.filter(search_key__contains=q)
    return sites


def _record(seat: Seat, form: BatchForm) -> Batch | None:
    """Record the harvest with its files, or put what stood in the way beside the form."""
    given = form.cleaned_data
    try:
        with transaction.atomic():
            batch = actions.record_batch(
                by=seat.person,
                today=form.today,
                now=timezone.now(),
                **{
                    name: given[name]
                    for name in ("site", "kind", "harvested_on", "drums", "drum_kg", "note", "explanation")
                },
            )
            for each in form.all_uploads("photos"):
                kind = Attachment.Kind.PHOTO if each.is_picture else Attachment.Kind.CERTIFICATE
                actions.add_attachment(by=seat.person, batch=batch, kind=kind, name=each.name, content=each.content)
    except actions.NotPossible as problem:
        form.add_error(None, str(problem))
        return None
    form.forget_kept()
    return batch


@require_GET
@seated(*SEES)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: its state first, then verdicts, results, drums and files."""
    seat = _seat(request)
    return _page(request, seat, access.batch_seen_by(seat, pk))


def _page(request: HttpRequest, seat: Seat, batch: Batch, **forms: Any) -> HttpResponse:
    context = batch_pages.page_context(seat, batch, request.GET.get("market", ""))
    if context["may_keep"]:
        context |= {
            "file_form": FileForm(person=seat.person, auto_id="file_%s"),
            "explain_form": ExplainForm(initial={"explanation": batch.explanation}, auto_id="explain_%s"),
        }
    if seat.role == "agent":
        laboratories = batch_queries.laboratories(seat.cluster).exclude(samples__batch=batch)
        context |= {
            "release_form": ReleaseForm(auto_id="release_%s"),
            "sample_form": SampleForm(laboratories=laboratories, auto_id="sample_%s"),
        }
    return render(request, "selling/batch.html", context | forms)


def _kept_by(seat: Seat, pk: int) -> Batch:
    """A batch whose own record the seat may add to, or 404."""
    batch = access.batch_seen_by(seat, pk)
    if not access.may_keep_batch(seat, batch):
        raise Http404
    return batch


@seated("agent", "member")
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Add photos or certificates to a batch."""
    seat = _seat(request)
    batch = _kept_by(seat, pk)
    if request.method != "POST":
        return redirect("selling:batch", pk)
    form = FileForm(request.POST, request.FILES, person=seat.person, auto_id="file_%s")
    if not form.is_valid():
        return _page(request, seat, batch, file_form=form)
    for each in form.cleaned_data["files"]:
        actions.add_attachment(
            by=seat.person, batch=batch, kind=form.cleaned_data["kind"], name=each.name, content=each.content
        )
    messages.success(request, _("The files are stored."))
    return redirect(reverse("selling:batch", args=[pk]) + "#files")


@seated("agent")
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a sample to a laboratory, which may then enter its results."""
    seat = _seat(request)
    batch = access.batch_seen_by(seat, pk)
    if request.method != "POST":
        return redirect("selling:batch", pk)
    form = SampleForm(request.POST, laboratories=batch_queries.laboratories(seat.cluster), auto_id="sample_%s")
    if not form.is_valid():
        return _page(request, seat, batch, sample_form=form)
    laboratory = form.cleaned_data["laboratory"]
    actions.ask_sample(by=seat.person, batch=batch, laboratory=laboratory, today=timezone.localdate())
    messages.success(request, _("%(laboratory)s was told of the sample.") % {"laboratory": laboratory})
    return redirect("selling:batch", pk)


@seated("agent", "member")
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a held harvest was so large."""
    seat = _seat(request)
    batch = _kept_by(seat, pk)
    form = ExplainForm(request.POST or None, auto_id="explain_%s")
    return _answer(
        request, seat, batch, form, "explain_form", _("Your explanation is stored; the agent decides."),
        lambda given: actions.explain_hold(by=seat.person, batch=batch, explanation=given["explanation"]),
    )  # fmt: skip


@seated("agent")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a held batch go, with the reason."""
    seat = _seat(request)
    batch = access.batch_seen_by(seat, pk)
    form = ReleaseForm(request.POST or None, auto_id="release_%s")
    return _answer(
        request, seat, batch, form, "release_form", _("The batch is released and can be offered."),
        lambda given: actions.release_batch(by=seat.person, batch=batch, reason=given["reason"], now=timezone.now()),
    )  # fmt: skip


def _answer(request: HttpRequest, seat: Seat, batch: Batch, form: Any, name: str, done: str, act: Any) -> HttpResponse:
    """Take a small form of the batch page; what stands in the way is shown beside it."""
    if request.method != "POST":
        return redirect("selling:batch", batch.pk)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except actions.NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done)
            return redirect("selling:batch", batch.pk)
    return _page(request, seat, batch, **{name: form})


@seated("agent", "member")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch back; it stays on record."""
    seat = _seat(request)
    batch = _kept_by(seat, pk)
    if request.method != "POST":
        return redirect("selling:batch", pk)
    try:
        actions.withdraw_batch(by=seat.person, batch=batch, now=timezone.now())
    except actions.NotPossible as problem:
        return _page(request, seat, batch, withdraw_problem=str(problem))
    messages.success(request, _("The batch is withdrawn and stays on record."))
    return redirect("selling:batch", pk)


@require_GET
@seated(*SEES)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo (shown) or a certificate (to keep) of a batch one may see."""
    attachment = access.attachment_seen_by(_seat(request), pk)
    suffix = str(attachment.file.name).rpartition(".")[2]
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(  # type: ignore[return-value]  # it streams, which HttpResponse does not
        content,
        as_attachment=suffix == "pdf" or "download" in request.GET,
        filename=attachment.name,
        content_type=uploads.CONTENT_TYPES.get(suffix, "application/octet-stream"),
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"},
    )
