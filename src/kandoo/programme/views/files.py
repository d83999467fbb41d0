"""The register of clusters: listed, exported, one file with all that stands on it, opened and corrected."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme import access, actions, importing, reading
from kandoo.programme.access import at_desk
from kandoo.programme.forms.files import AgentForm, CorrectionForm, CountForm, FileForm, LinkForm
from kandoo.programme.models import ClusterFile
from kandoo.programme.queries import files as queries
from kandoo.programme.queries import people, procedure
from kandoo.programme.views.parts import form_page
from kandoo.register.access import Seat, seated
from kandoo.site import tables
from kandoo.site.lists import asker, in_order, page_of


@at_desk()
def files(request: HttpRequest) -> HttpResponse:
    """Every cluster a seat sees: how many, by stage, then the list."""
    seat, wanted = asker(request), queries.Wanted.of(request.GET)
    found = in_order(request, queries.listed(seat, wanted), queries.SORTS, "sort_key")
    stages = procedure.all_stages(seat.cluster)
    counted = queries.by_stage(access.files_seen_by(seat))
    page = page_of(request, found)
    context = {
        "page_obj": page,
        "rows": [_row(each) for each in page],
        "all": sum(counted.values()),
        "place": reading.province_name(seat.province),
        "by_stage": [(each, counted[each.code]) for each in stages if each.code in counted],
        "stage_names": reading.stage_names(stages),
        "selects": _selects(seat, wanted, reading.stage_names(stages)),
        "wanted": wanted,
        "may_open": seat.role == "officer",
    }
    return render(request, "programme/files.html", context)


def _row(file: ClusterFile) -> dict[str, Any]:
    return {"file": file, "province": reading.province_name(file.province), "badge": reading.status_badge(file)}


def _selects(seat: Seat, wanted: queries.Wanted, stages: dict[str, str]) -> list[dict[str, Any]]:
    provinces = [] if seat.province else [("province", _("Province"), list(reading.province_names().items()))]
    asked = [
        *provinces,
        ("product", _("Product"), [(each, each) for each in queries.products(seat)]),
        ("stage", _("Stage"), list(stages.items())),
        ("status", _("State"), ClusterFile.Status.choices),
    ]
    return [
        {"name": name, "label": label, "options": options, "value": getattr(wanted, name)}
        for name, label, options in asked
    ]


@at_desk()
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed now, in the columns an import reads."""
    seat = asker(request)
    found = in_order(request, queries.listed(seat, queries.Wanted.of(request.GET)), queries.SORTS, "sort_key")
    rows = queries.export_rows(found, reading.province_names())
    return tables.as_file(request.GET.get("as", "xlsx"), importing.headings(), rows, "clusters")


@seated(*access.READERS_OF_A_FILE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One cluster: where it stands, what the next gate needs, its papers, decisions, figures and agents."""
    seat = asker(request)
    found = access.file_seen_by(seat, pk)
    stages = procedure.stages_of(found.procedure_id)
    gate = procedure.next_gate(found)
    by_stage, others = queries.papers_by_stage(found)
    context = {
        "file": found,
        "province": reading.province_name(found.province),
        "county": reading.county_name(found.county),
        "badge": reading.status_badge(found),
        "stage": next((each for each in stages if each.code == found.stage), None),
        "steps": reading.steps(stages, found, queries.marks_of(found)),
        "gate": gate,
        "question": reading.question(gate) if gate else "",
        "missing": procedure.papers_missing(found, gate) if gate else [],
        "papers": by_stage,
        "others": others,
        "names": people.names(found.cluster_id),
        "is_officer": seat.role == "officer",
        "may_bring": access.may_bring_papers(seat),
        "in_programme": access.is_programme(seat),
        "rooms": _rooms(found, seat),
        **_history(found),
    }
    return render(request, "programme/file.html", context)


def _rooms(file: ClusterFile, seat: Seat) -> list[tuple[str, str, str]]:
    """What else is kept of a cluster: words, address and icon."""
    rooms = [
        (_("Diagnosis and plan"), "strategy:file", "route"),
        (_("Results"), "results:file", "flag"),
        (_("Reports"), "reports:file", "file-text"),
        (_("Visits"), "visits:file", "calendar-event"),
        (_("Stage of life"), "maturity:file", "refresh"),
        (_("Self-assessment"), "maturity:assessments", "list-check"),
    ]
    found = [(label, reverse(name, args=[file.pk]), icon) for label, name, icon in rooms]
    if not access.is_programme(seat):
        return [*found, (_("Contracts"), reverse("credit:contracts"), "certificate")]
    calls = (_("Calls for offers"), f"{reverse('tender:calls')}?file={file.pk}", "clipboard-list")
    return [(_("Money"), reverse("credit:file", args=[file.pk]), "coins"), *found, calls]


def _history(file: ClusterFile) -> dict[str, Any]:
    decisions = file.decisions.select_related("stage").order_by("-on", "-pk")
    return {
        "decisions": [(each, reading.outcome_badge(each)) for each in decisions],
        "conditions": list(file.conditions.order_by("kept_on", "due_on")),
        "counts": queries.counts_of(file),
        "agents": list(file.agents.order_by("-from_on")),
        "scored": list(file.candidatures.select_related("round").order_by("-round__opened_on")),
        "today": timezone.localdate(),
    }


@seated("agent")
def own(request: HttpRequest) -> HttpResponse:
    """The agent's way to the file of its own cluster."""
    found = access.files_seen_by(asker(request)).first()
    if found is None:
        return render(request, "programme/no_file.html")
    return redirect("programme:file", found.pk)


@at_desk("officer")
def file_new(request: HttpRequest) -> HttpResponse:
    """Begin the file of a cluster."""
    seat, today = asker(request), timezone.localdate()
    form = FileForm(request.POST or None, seat=seat, today=today, initial={"province": seat.province or "IR-15"})

    def do() -> HttpResponse:
        opened = actions.open_file(by=seat.person, programme=seat.cluster, terms=form.terms(), today=today)
        messages.success(request, _("The file is open under number %(code)s.") % {"code": opened.code})
        return redirect("programme:file", opened.pk)

    return form_page(request, "programme/file_new.html", form, do, {"products": queries.products(seat)})


@at_desk("officer")
def file_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct how a cluster is described."""
    seat = asker(request)
    found = access.file_kept_by(seat, pk)
    held = {name: getattr(found, name) for name in ("name_fa", "name_en", "county", "product")}
    form = CorrectionForm(request.POST or None, initial=held)

    def do() -> HttpResponse:
        actions.change_file(by=seat.person, file=found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("programme:file", pk)

    title = _("Correct the description")
    context = _part(found, title, _("Save"), _("Stage and state are moved by decisions alone."))
    return form_page(request, "programme/part.html", form, do, context | {"products": queries.products(seat)})


def _part(file: ClusterFile, title: str, submit: str, answer: str) -> dict[str, Any]:
    """A page with one form about a file."""
    url = reverse("programme:file", args=[file.pk])
    return {"title": title, "submit": submit, "answer": answer, "trail": [(str(file), url)], "back": url}


@at_desk("officer")
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """Another agent takes over, and the one before hands over by a list."""
    seat, today = asker(request), timezone.localdate()
    found = access.file_kept_by(seat, pk)
    form = AgentForm(request.POST or None, today=today, has_before=found.agents.filter(to_on=None).exists())

    def do() -> HttpResponse:
        actions.change_agent(by=seat.person, file=found, **form.cleaned_data)
        messages.success(request, _("The agent is written down."))
        return redirect("programme:file", pk)

    answer = _("A change of the agent is known to harm a project: it rests on trust. What is handed over is kept here.")
    return form_page(
        request, "programme/part.html", form, do, _part(found, _("Agent of the cluster"), _("Write down"), answer)
    )


@at_desk("officer")
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which cluster on Kandoo the file is about."""
    seat = asker(request)
    found = access.file_kept_by(seat, pk)
    form = LinkForm(request.POST or None)

    def do() -> HttpResponse:
        actions.link_tenant(by=seat.person, file=found, code=form.cleaned_data["code"])
        is_linked = bool(form.cleaned_data["code"].strip())
        messages.success(
            request, _("The file is linked to its cluster.") if is_linked else _("The link is taken away.")
        )
        return redirect("programme:file", pk)

    answer = _("The programme reads nothing of the cluster’s own books through this link.")
    return form_page(
        request, "programme/part.html", form, do, _part(found, _("The cluster on Kandoo"), _("Link"), answer)
    )


@at_desk("officer")
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """A published figure of one cluster, beside those there are."""
    seat, today = asker(request), timezone.localdate()
    found = access.file_kept_by(seat, pk)
    form = CountForm(request.POST or None, seat=seat, today=today, stages=[], of_file=True)

    def do() -> HttpResponse:
        terms, now = form.terms(), timezone.now()
        actions.add_count(by=seat.person, programme=seat.cluster, terms=terms, today=today, now=now, file=found)
        messages.success(request, _("The figure stands beside the others."))
        return redirect("programme:file", pk)

    answer = _("No figure replaces another: two sources that differ stand side by side.")
    return form_page(
        request, "programme/part.html", form, do, _part(found, _("Add a figure"), _("Write it down"), answer)
    )


def stage_choices(seat: Seat) -> list[tuple[str, str]]:
    """The stages to choose from."""
    return list(reading.stage_names(procedure.all_stages(seat.cluster)).items())
