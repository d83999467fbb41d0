"""The plan's own pages: vision, chain, and the walk both ways from money to indicator."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit.access import activities_seen_by, movements_seen_by
from kandoo.credit.models import Activity
from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat, seated
from kandoo.results.models import Indicator
from kandoo.site.lists import asker, page_of
from kandoo.strategy import access, actions, laws, reading_plan, words
from kandoo.strategy.access import READERS_OF_A_FILE
from kandoo.strategy.forms import ActivitiesForm, VisionForm
from kandoo.strategy.models import Level, Node, Objective, Problem, Vision
from kandoo.strategy.parts import EDGES, NODES
from kandoo.strategy.queries.activities import planned
from kandoo.strategy.queries.chain import Chain, chain_of, gaps_of
from kandoo.strategy.queries.rows import Holder
from kandoo.strategy.views.parts import address, form_page, trail_of_file


@seated(*READERS_OF_A_FILE)
def vision(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the vision that was agreed; those before stay below."""
    seat = asker(request)
    file = access.file_written_by(seat, pk)
    form = VisionForm(request.POST or None, today=timezone.localdate())

    def do() -> None:
        actions.set_vision(by=seat.person, file=file, terms=form.terms(), now=timezone.now())

    back, answer = (
        reverse("strategy:file", args=[pk]),
        _("One sentence of what the cluster wants to be. The one before stays on file."),
    )
    earlier = Vision.objects.filter(file=file)
    return form_page(
        request, form, do, title=_("Vision"), answer=answer, submit=_("Write it down"), back=back,
        trail=trail_of_file(file), earlier=earlier,
    )  # fmt: skip


@seated(*READERS_OF_A_FILE)
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    """The results chain as a picture with its gaps, its links by level, and the way to change it."""
    seat, today = asker(request), timezone.localdate()
    file = access.file_seen_by(seat, pk)
    found, holder = chain_of(file, today), Holder(file)
    gaps = gaps_of(found)
    context = {
        "file": file,
        "trail": trail_of_file(file),
        "chain": reading_plan.results_chain(found, gaps),
        "gaps": [(each, words.gap_words(each)) for each in gaps],
        "levels": [(label, reading_plan.standing_rows(found, found.at_level(value))) for value, label in Level.choices],
        "may_write": access.may_write(seat),
        "nodes_url": address(holder, "part", NODES.code),
        "edges_url": address(holder, "part", EDGES.code),
        "new_url": address(holder, "row_new", NODES.code),
        "step_url": address(holder, "row_new", EDGES.code),
    }
    return render(request, "strategy/chain.html", context)


@seated(*READERS_OF_A_FILE)
def node(request: HttpRequest, pk: int, node: int) -> HttpResponse:
    """One link of the chain: what leads to it with its money, and what it leads to with its indicators."""
    seat = asker(request)
    file = access.file_seen_by(seat, pk)
    held = chain_of(file, timezone.localdate())
    found = held.by_pk.get(node)
    if found is None:
        raise Http404
    return _walk(request, seat, held, str(found), [found], found.activity)


@seated(*READERS_OF_A_FILE)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: its money, and where it leads in the chain."""
    seat = asker(request)
    found = get_object_or_404(activities_seen_by(seat).exclude(file=None), pk=pk)
    assert found.file is not None
    held = chain_of(found.file, timezone.localdate())
    own = [each for each in held.nodes if each.activity_id == found.pk]
    return _walk(request, seat, held, str(found), own, found)


@seated(*READERS_OF_A_FILE)
def indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One indicator: which links it measures, and the activities and money that lead there."""
    seat = asker(request)
    file = access.file_seen_by(seat, pk)
    found = get_object_or_404(Indicator, cluster=file.cluster_id, code=code)
    held = chain_of(file, timezone.localdate())
    own = [each for each in held.nodes if each.indicator_id == found.pk]
    return _walk(request, seat, held, str(found), own, None)


def _walk(
    request: HttpRequest, seat: Seat, chain: Chain, title: str, own: list[Node], activity: Activity | None
) -> HttpResponse:
    """The page that walks both ways from some links of the chain."""
    before = _together(own, chain.upstream)
    after = _together(own, chain.downstream)
    paid_for = {each.activity_id for each in (*before, *own) if each.activity_id} | (
        {activity.pk} if activity else set()
    )
    movements = movements_seen_by(seat).filter(activity__in=paid_for).order_by("-on", "-pk")
    context = {
        "file": chain.file,
        "trail": [*trail_of_file(chain.file), (_("Results chain"), reverse("strategy:chain", args=[chain.file.pk]))],
        "title": title,
        "activity": activity,
        "standing": next((each for each in chain.activities if activity and each.activity.pk == activity.pk), None),
        "own": reading_plan.standing_rows(chain, own),
        "before": reading_plan.standing_rows(chain, before),
        "after": reading_plan.standing_rows(chain, after),
        "indicators": sorted({each.indicator for each in (*own, *after) if each.indicator}, key=lambda each: each.code),
        "page_obj": page_of(request, movements),
        "in_programme": access.is_programme(seat),
        "may_write": access.may_write(seat),
    }
    return render(request, "strategy/walk.html", context)


def _together(own: list[Node], way: Callable[[Node], list[Node]]) -> list[Node]:
    """What several links lead to (or rest on), once each, in the order of the levels."""
    found = {each.pk: each for node in own for each in way(node)}
    return sorted(found.values(), key=lambda each: (laws.rank(each.level), each.pk))


@seated(*READERS_OF_A_FILE)
def answers(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Which activities answer a problem; also when its study is the baseline."""
    seat = asker(request)
    file = access.file_written_by(seat, pk)
    found = get_object_or_404(Problem.objects.select_related("diagnosis"), file=file, pk=row)
    every = Activity.objects.filter(file=file).order_by("code")
    form = ActivitiesForm(request.POST or None, choices=every, chosen=every.filter(answers__problem=found))

    def do() -> None:
        actions.answer_problem(by=seat.person, problem=found, activities=form.cleaned_data["activities"])

    back = reverse("strategy:edition", args=[pk, found.diagnosis.number])
    return _choose(request, file, form, do, str(found), _("Which activities of the plan answer this problem?"), back)


@seated(*READERS_OF_A_FILE)
def servings(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Which activities serve an objective."""
    seat = asker(request)
    file = access.file_written_by(seat, pk)
    found = get_object_or_404(Objective, file=file, pk=row)
    every = Activity.objects.filter(file=file).order_by("code")
    form = ActivitiesForm(request.POST or None, choices=every, chosen=every.filter(serving__objective=found))

    def do() -> None:
        actions.serve_objective(by=seat.person, objective=found, activities=form.cleaned_data["activities"])

    back = reverse("strategy:file", args=[pk])
    return _choose(request, file, form, do, str(found), _("Which activities of the plan serve this objective?"), back)


def _choose(
    request: HttpRequest,
    file: ClusterFile,
    form: ActivitiesForm,
    do: Callable[[], None],
    title: str,
    answer: str,
    back: str,
) -> HttpResponse:
    if not planned(file, timezone.localdate()):
        return redirect("strategy:file", file.pk)
    return form_page(
        request, form, do, title=title, answer=answer, submit=_("Save"), back=back, trail=trail_of_file(file)
    )
