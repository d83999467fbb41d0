"""A technical supervisor's own report as people read it: where the clusters stand, visits, advice, what was answered."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo.reports.cells import Cell, Section, count_of, day_of, name_of, said
from kandoo.reports.difference import Path
from kandoo.visits.models import Visit

Content = Mapping[str, Any]


def sections(content: Content) -> list[Section]:
    """All parts of a supervisor's report, in the language of the page."""
    return [_clusters(content), _visits(content), _advice(content), _handled(content)]


def _counts(held: Content, *names: str) -> dict[str, Cell]:
    return {name: count_of(held[name]) for name in names}


def _open_labels() -> dict[str, str]:
    """What may be open in a cluster, in the order of its columns."""
    return {
        "visits_late": _("Visits late"), "advice_open": _("Advice open"), "advice_late": _("Advice late"),
        "waiting": _("Waits for the supervisor"), "conditions_overdue": _("Conditions overdue"),
        "reports_overdue": _("Agent’s reports overdue"),
    }  # fmt: skip


def _clusters(content: Content) -> Section:
    labels = _open_labels()
    held = sorted(content["clusters"].values(), key=lambda each: each["place"])
    rows: list[list[Cell]] = [
        [name_of(each), each["stage"], count_of(each["visits_made"]), *_counts(each, *labels).values()] for each in held
    ]
    finding = _("Clusters: %(n)s; visits late: %(visits_late)s; agents’ reports overdue: %(reports_overdue)s.") % (
        _counts(content["open"], *labels) | {"n": count_of(len(held))}
    )
    notes = [
        _("A supervisor’s clusters are those it visits: a visit, or advice not yet followed, ran in the period."),
        _("Counted as of the period’s last day, or of today while it runs. A visit is late a week after its day, an agent’s report on a quarter fifteen days after its end."),
    ]  # fmt: skip
    return Section(_("Clusters"), finding, [_("Cluster"), _("Stage"), _("Visits made"), *labels.values()], rows, notes)


def _visits(content: Content) -> Section:
    held, courses = content["visits"], dict(Visit.Course.choices)
    states = {
        "planned": pgettext("visit", "Planned"), "made": pgettext("visit", "Made"), "late": pgettext("visit", "Late"),
        "called_off": pgettext("visit", "Called off"),
    }  # fmt: skip
    rows: list[list[Cell]] = [
        [
            said(each["cluster"]), day_of(each["planned"]), states[each["state"]], day_of(each["visited"]),
            str(courses.get(each["course"], "—")), count_of(each["advice"]),
        ]
        for each in held["rows"]
    ]  # fmt: skip
    finding = _("Planned visits made: %(made)s of %(planned)s; further ones: %(further)s; late: %(late)s.") % _counts(
        held, "made", "planned", "further", "late"
    )
    columns = [
        _("Cluster"), _("Planned for"), _("State"), _("Day of the visit"), _("How the project stands"), _("Advice given"),
    ]  # fmt: skip
    return Section(_("Visits"), finding, columns, rows)


def _advice(content: Content) -> Section:
    held = content["advice"]
    states = {"kept": pgettext("advice", "Followed"), "late": pgettext("advice", "Overdue"), "open": _("Open")}
    rows: list[list[Cell]] = [
        [said(each["cluster"]), each["text"], each["owner"], day_of(each["due"]), states[each["state"]]]
        for each in held["rows"]
    ]
    finding = _("%(given)s given, %(kept)s followed in the period, %(open)s open, %(late)s of them late.") % _counts(
        held, "given", "kept", "open", "late"
    )
    columns = [_("Cluster"), _("Advice"), _("Who does it"), _("Due on"), _("State")]
    return Section(_("Advice"), finding, columns, rows)


def _kinds() -> dict[str, tuple[str, str]]:
    """One of a kind, and many."""
    return {
        "paper": (_("Paper"), _("Papers")), "phase": (_("Phase"), _("Phases")),
        "report": (_("Report"), _("Reports")), "study": (_("Diagnosis"), _("Diagnoses")),
    }  # fmt: skip


def _steps() -> dict[str, str]:
    return {"confirmed": pgettext("paper", "Confirmed"), "returned": _("Sent back")}


def _handled(content: Content) -> Section:
    held, kinds, steps = content["handled"], _kinds(), _steps()
    rows: list[list[Cell]] = [
        [said(each["cluster"]), said(each["what"]), kinds[each["kind"]][0], day_of(each["on"]), steps[each["step"]]]
        for each in held["rows"]
    ]
    total = {step: count_of(sum(held[kind][step] for kind in kinds)) for step in steps}
    finding = _("%(confirmed)s confirmed, %(returned)s sent back in the period.") % total
    columns = [_("Cluster"), _("What"), _("Kind"), _("Day"), _("Answer")]
    return Section(_("Confirmed or sent back"), finding, columns, rows)


def change(path: Path, before: Content, after: Content) -> str | None:
    """What a leaf of a supervisor's content is called where it changed; None for one told in the sections alone."""
    match path:
        case ("visits", "planned" | "made" | "called_off" as name):
            words = {
                "planned": _("Visits planned"),
                "made": _("Visits made, of those planned"),
                "called_off": _("Visits called off"),
            }
            return words[name]
        case ("advice", "given" | "kept" as name):
            return {"given": _("Advice given"), "kept": _("Advice followed")}[name]
        case ("open", name):
            return _("%(what)s, in all") % {"what": _open_labels()[name]}
        case ("handled", kind, "confirmed" | "returned" as step):
            return f"{_kinds()[kind][1]} · {_steps()[step]}"
        case ("clusters", code, name) if name in _open_labels() and _is_one_of_several(code, before, after):
            return f"{name_of(after['clusters'][code])} · {_open_labels()[name]}"
        case _:
            return None


def _is_one_of_several(code: str, before: Content, after: Content) -> bool:
    """Whether a cluster is told by name: it was there before, and it is not the only one, whose figures are the totals."""
    return code in before["clusters"] and code in after["clusters"] and len(after["clusters"]) > 1
