"""Pictures of a study with the finding as their title and the table behind; the plan's stand in `reading_plan`."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo.site.lists import joined, page_language
from kandoo.strategy import pictures
from kandoo.strategy.models import Actor, ActorLink, ChainStage, Problem, SwotPoint
from kandoo.strategy.parts import ACTORS, LINKS, PROBLEMS, STAGES, SWOT
from kandoo.strategy.queries.complete import breaks
from kandoo.strategy.queries.rows import Holder
from kandoo.strategy.words import money, number, percent

Picture = dict[str, Any]
STRONG = 4  # power or interest from here on counts as much


def actor_map(holder: Holder) -> Picture | None:
    """Who has power over the cluster and who cares; None without an actor."""
    actors: list[Actor] = list(holder.rows(ACTORS))
    if not actors:
        return None
    links: list[ActorLink] = list(holder.rows(LINKS))
    dots = [
        pictures.Dot(
            each.pk, number(place), each.kind, each.power, each.interest, f"{each} · {each.get_kind_display()}"
        )
        for place, each in enumerate(actors, start=1)
    ]
    strong = [each for each in actors if each.power >= STRONG and each.interest < STRONG]
    title = (
        _("Much power, little interest: %(who)s") % {"who": joined(strong[:3])}
        if strong
        else _("Whoever has much power over the cluster cares about it")
    )
    svg = pictures.actor_map(
        dots, [(each.source_id, each.target_id) for each in links], name=_("Actor map"), language=page_language(),
        axes=(_("more interest"), _("more power")),
    )  # fmt: skip
    rows = [
        (number(place), str(each), each.get_kind_display(), each.role, number(each.members), number(each.power),
         number(each.interest), joined(_ties(each, links)), each.source)
        for place, each in enumerate(actors, start=1)
    ]  # fmt: skip
    columns = ["#", _("Actor"), _("Kind"), _("Role in the cluster"), _("How many"), _("Power (1 to 5)"),
               _("Interest (1 to 5)"), _("Links"), _("Source")]  # fmt: skip
    text = _("Interest in the cluster grows across, power over it upwards; a line is a link.")
    return {"title": title, "text": text, "svg": svg, "columns": columns, "rows": rows}


def _ties(actor: Actor, links: Sequence[ActorLink]) -> list[str]:
    return [f"{each.get_kind_display()} {each.target}" for each in links if each.source_id == actor.pk]


def value_chain(holder: Holder) -> Picture | None:
    """What each stage adds and how much of it stays; None without a stage."""
    stages: list[ChainStage] = list(holder.rows(STAGES))
    if not stages:
        return None
    whole, inside = sum(each.value_added for each in stages), sum(each.value_inside for each in stages)
    bars = [
        pictures.Bar(
            f"{number(each.position)}. {each}", each.value_added, each.value_inside, money(each.value_added),
            _("Firms: %(firms)s · %(volume)s %(unit)s · from %(before)s to %(after)s a unit · %(inside)s inside")
            % {
                "firms": number(each.firms), "volume": number(each.volume), "unit": each.unit,
                "before": money(each.price_in), "after": money(each.price_out), "inside": percent(each.inside, 1000),
            },
        )
        for each in stages
    ]  # fmt: skip
    svg = pictures.value_bars(
        bars,
        name=_("Value chain"),
        language=page_language(),
        key=(_("added by the stage"), _("made inside the cluster")),
    )
    columns = [_("Stage"), _("Firms"), _("Volume in a year"), _("Price of a unit coming in"),
               _("Price of a unit going out"), _("Added in a year"), _("Made inside the cluster"), _("Source")]  # fmt: skip
    rows = [
        (str(each), number(each.firms), f"{number(each.volume)} {each.unit}", money(each.price_in), money(each.price_out),
         money(each.value_added), f"{money(each.value_inside)} · {percent(each.inside, 1000)}", each.source)
        for each in stages
    ]  # fmt: skip
    rows.append(
        (
            pgettext("value chain", "Together"),
            "",
            "",
            "",
            "",
            money(whole),
            f"{money(inside)} · {percent(inside, whole)}",
            "",
        )
    )
    title = _("%(share)s of the value added stays in the cluster") % {"share": percent(inside, whole)}
    text = _("Value added a year: what a unit brings going out less what it costs coming in, times the volume.")
    met = [(each.words, each.explained) for each in breaks(stages)]
    return {"title": title, "text": text, "svg": svg, "columns": columns, "rows": rows, "breaks": met}


def swot(holder: Holder) -> list[dict[str, Any]]:
    """The four quadrants, each with its points, the heaviest first; empty without a point."""
    points: list[SwotPoint] = list(holder.rows(SWOT))
    if not points:
        return []
    return [
        {"label": label, "points": [each for each in points if each.quadrant == value]}
        for value, label in SwotPoint.Quadrant.choices
    ]


def problem_tree(holder: Holder) -> Picture | None:
    """From causes over the core to effects, in the direction of reading; None without a problem."""
    problems: list[Problem] = list(holder.rows(PROBLEMS).prefetch_related("answers__activity"))
    if not problems:
        return None
    depths = _depths(problems)
    layers = [
        (_heading(depth), [_problem(each) for each in problems if depths[each.pk] == depth])
        for depth in sorted(set(depths.values()))
    ]
    edges = [
        (each.pk, each.parent_id) if each.side == Problem.Side.CAUSE else (each.parent_id, each.pk)
        for each in problems
        if each.parent_id is not None
    ]
    causes = [each for each in problems if each.side == Problem.Side.CAUSE]
    answered = sum(1 for each in causes if each.answers.all())
    return {
        "title": _("Causes with an activity that answers them: %(n)s of %(all)s")
        % {"n": number(answered), "all": number(len(causes))},
        "text": _("Each arrow goes from a cause to what it brings about."),
        "svg": pictures.graph(layers, edges, name=_("Problem tree"), language=page_language()),
        "columns": [_("Problem"), _("Side"), _("Hangs on"), pgettext("study", "Evidence"), _("Answered by")],
        "rows": [
            (str(each), each.get_side_display(), str(each.parent or "—"), each.evidence, _answers(each) or "—")
            for each in problems
        ],
    }


def _problem(problem: Problem) -> pictures.Box:
    answers = _answers(problem)
    kind = "core" if problem.side == Problem.Side.CORE else "good" if answers else "plain"
    return pictures.Box(problem.pk, str(problem), answers, kind)


def _answers(problem: Problem) -> str:
    return joined(each.activity for each in problem.answers.all())


def _depths(problems: Sequence[Problem]) -> dict[int, int]:
    """How far each stands from the core: causes below zero, effects above."""
    parents = {each.pk: each.parent_id for each in problems}
    sides = {Problem.Side.CAUSE: -1, Problem.Side.EFFECT: 1, Problem.Side.CORE: 0}
    depths = {}
    for each in problems:
        steps, here = 0, parents[each.pk]
        while here is not None and steps < len(problems):
            steps, here = steps + 1, parents[here]
        depths[each.pk] = sides[Problem.Side(each.side)] * steps
    return depths


def _heading(depth: int) -> str:
    if depth == 0:
        return _("Core problem")
    return _("Causes") if depth < 0 else _("Effects")
