"""A report as people read it: its content in sections of a finding and a table, for page, paper and Excel alike."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo.maturity.words import STAGES
from kandoo.programme.models import Decision, PaperEdition
from kandoo.programme.reading import province_name
from kandoo.reports import reading_supervisor
from kandoo.reports.cells import Cell, Figure, Section, count_of, day_of, name_of, said
from kandoo.reports.difference import Leaf, Path, differences
from kandoo.reports.models import Report
from kandoo.results import words
from kandoo.results.models import Indicator
from kandoo.results.periods import Period
from kandoo.site.language import format_toman
from kandoo.site.lists import page_language

MONEY = ("approved", "allocated", "committed", "paid")
PLAIN: Mapping[str, Any] = {"kind": "number", "unit": ""}
RIAL: Mapping[str, Any] = {"kind": "rial", "unit": ""}


def period_of(report: Report) -> Period:
    """The period a report is on."""
    return Period(report.year, report.number, report.kind)


def subject(report: Report) -> str:
    """What a report is on: a cluster, the work of a supervisor, a province, the nation."""
    if report.supervisor_id is not None:  # a draft's is its reader; of others row security hides the person's record
        name = said(report.content["supervisor"]["name"]) if report.content else str(report.supervisor)
        return _("Supervision by %(name)s") % {"name": name}
    return str(report.file) if report.file else province_name(report.province)


def title(report: Report) -> str:
    """Quarterly report · Autumn 1405"""
    kinds = {"month": _("Monthly report"), "quarter": _("Quarterly report"), "year": _("Annual report")}
    return f"{kinds[report.kind]} · {period_of(report)}"


def author_words(report: Report) -> list[tuple[str, str]]:
    """What no record can say, under its heading."""
    if report.supervisor_id is not None:
        return [(_("Summary"), report.done)]
    return [
        (_("What was done"), report.done), (_("What stood in the way"), report.obstacles),
        (_("What comes next"), report.next_steps),
    ]  # fmt: skip


def sections(content: Mapping[str, Any]) -> list[Section]:
    """All parts of a report's content, in the language of the page."""
    if "supervisor" in content:
        return reading_supervisor.sections(content)
    if "place" in content:
        return [_clusters(content), _money(content), _totals(content)]
    return [
        _standing(content), _money(content), _indicators(content), _activities(content), _phases(content),
        _papers(content), _conditions(content), _warnings(content),
    ]  # fmt: skip


def consequence(report: Report, held: Sequence[Section]) -> list[str]:
    """What submitting fixes for good, in figures: the period, then what the first parts come to."""
    fixed = _("Frozen are the numbers of %(period)s as the records say them today.") % {"period": period_of(report)}
    return [fixed, *(f"{each.heading}: {each.finding}" for each in held[1:3] if each.finding)]


def _amount(rial: int) -> Figure:
    return Figure(format_toman(rial, page_language()), rial, _("rial"))


def _standing(content: Mapping[str, Any]) -> Section:
    held, outcomes = content["standing"], dict(Decision.Outcome.choices)
    stage = (page_language() == "en" and held["stage_en"]) or held["stage_fa"]
    finding = _("%(stage)s since %(day)s.") % {"stage": f"{held['stage']} · {stage}", "day": day_of(held["since"])}
    rows: list[list[Cell]] = [
        [day_of(each["on"]), each["gate"], str(outcomes[each["outcome"]]), each["resolution"]]
        for each in content["decisions"]
    ]
    columns = [_("Day"), _("Gate"), _("Outcome"), _("Resolution")]
    return Section(_("Where it stands"), finding, columns, rows, _standing_notes(content))


def _standing_notes(content: Mapping[str, Any]) -> list[str]:
    notes = []
    if agent := content["standing"]["agent"]:
        notes.append(_("Cluster development agent: %(name)s") % {"name": agent})
    if gauge := content["life_cycle"]:
        name = str(STAGES[gauge["stage"]]) if gauge["stage"] else _("cannot say")
        sure = {"stage": name, "n": count_of(round(100 * gauge["sureness"]))}
        notes.append(_("Life cycle: %(stage)s; sure to %(n)s percent") % sure)
    text = _("Plan: activities %(all)s, done %(done)s, late %(late)s, unfunded %(unfunded)s; objectives %(objectives)s")
    plan = {name: count_of(value) for name, value in content["plan"].items()}
    return [*notes, text % (plan | {"all": plan["activities"]})]


def _money(content: Mapping[str, Any]) -> Section:
    names = (
        pgettext("credit", "Approved"), pgettext("credit", "Allocated"), pgettext("credit", "Committed"),
        pgettext("credit", "Paid"),
    )  # fmt: skip
    period, to_date = content["money"]["period"], content["money"]["to_date"]
    rows: list[list[Cell]] = [
        [name, _amount(period[key]), _amount(to_date[key])] for key, name in zip(MONEY, names, strict=True)
    ]
    paid = {"period": _amount(period["paid"]), "all": _amount(to_date["paid"])}
    finding = _("%(period)s was paid in the period, %(all)s in all.") % paid
    return Section(_("Money"), finding, [_("Step"), _("In the period"), _("To its end")], rows)


def _figure(text: str | None, each: Mapping[str, Any]) -> Figure:
    value, unit = None if text is None else Decimal(text), said(each["unit"])
    units = {"rial": _("rial"), "percent": "%"}
    return Figure(words.shown(value, each["kind"], unit), value, units.get(each["kind"], unit))


def _order(each: Mapping[str, Any]) -> tuple[int, int]:
    """By level, then in the programme's order; contents of before have no places."""
    return words.LEVELS.index(each["level"]), each.get("place", 0)


def _indicators(content: Mapping[str, Any]) -> Section:
    levels = {str(value): str(label) for value, label in Indicator.Level.choices}
    held = sorted(content["indicators"].values(), key=_order)
    known = [each for each in held if each["value"] is not None or each["withheld"]]
    rows: list[list[Cell]] = [
        [
            name_of(each), levels[each["level"]], _("withheld") if each["withheld"] else _figure(each["value"], each),
            _figure(each["previous"], each), _figure(each["baseline"], each), _figure(each["target"], each), _sources(each),
        ]
        for each in known
    ]  # fmt: skip
    finding = _("Indicators with a figure: %(known)s of %(all)s.") % {
        "known": count_of(len(known)),
        "all": count_of(len(held)),
    }
    columns = [_("Indicator"), _("Level"), _("Figure"), _("Period before"), _("Baseline"), _("Target"), _("Source")]
    return Section(_("Indicators"), finding, columns, rows)


def _sources(each: Mapping[str, Any]) -> str:
    own = _("Kandoo’s records") if each["computed"] else said(each["source"])
    mark = "؛ " if page_language() == "fa" else "; "
    return mark.join([own, *(f"{_figure(other['value'], each)} — {other['source']}" for other in each["others"])])


def _activities(content: Mapping[str, Any]) -> Section:
    held = content["activities"]
    named = (("begun", _("Begun")), ("done", _("Done")), ("late", _("Late")))
    rows: list[list[Cell]] = [
        [name_of(each), each["code"], label, day_of(each["ends"])] for key, label in named for each in held[key]
    ]
    finding = _("%(begun)s begun, %(done)s done, %(late)s late.") % {
        key: count_of(len(held[key])) for key, _label in named
    }
    return Section(_("Activities"), finding, [_("Activity"), _("Code"), _("State"), _("Ends on")], rows)


def _phases(content: Mapping[str, Any]) -> Section:
    rows: list[list[Cell]] = [
        [each["contract"], each["title"], day_of(each["delivered"]), day_of(each["confirmed"])]
        for each in content["phases"]
    ]
    columns = [_("Contract"), _("Phase"), _("Delivered on"), _("Confirmed on")]
    return Section(_("Phases of contracts"), "" if rows else _("None moved in the period."), columns, rows)


def _papers(content: Mapping[str, Any]) -> Section:
    states = dict(PaperEdition.Status.choices)
    rows: list[list[Cell]] = [
        [name_of(each), count_of(each["edition"]), str(states[each["status"]])] for each in content["papers"]
    ]
    columns = [_("Paper"), _("Edition"), _("State")]
    return Section(_("Papers that moved"), "" if rows else _("None moved in the period."), columns, rows)


def _conditions(content: Mapping[str, Any]) -> Section:
    held = content["conditions"]
    counts = {"kept": count_of(held["kept"]), "open": count_of(len(held["open"])), "overdue": count_of(held["overdue"])}
    finding = _("%(kept)s kept in the period, %(open)s open, %(overdue)s of them overdue.") % counts
    rows: list[list[Cell]] = [[each["text"], each["owner"], day_of(each["due"])] for each in held["open"]]
    return Section(_("Conditions"), finding, [_("Condition"), _("Owner"), _("Due on")], rows)


def _warnings(content: Mapping[str, Any]) -> Section:
    warned = content["warnings"][page_language()]
    return Section(_("Early warnings"), "" if warned else _("None."), notes=warned)


def _clusters(content: Mapping[str, Any]) -> Section:
    held = sorted(content["clusters"].values(), key=lambda each: each.get("place", 0))
    reported = sum(each["report"] is not None for each in held)
    rows: list[list[Cell]] = [
        [
            name_of(each), each["stage"],
            _("reported, edition %(n)s") % {"n": count_of(each["report"]["edition"])} if each["report"] else _("not reported"),
        ]
        for each in held
    ]  # fmt: skip
    finding = _("Clusters under contract that have reported: %(n)s of %(all)s.") % {
        "n": count_of(reported),
        "all": count_of(len(held)),
    }
    stages = " · ".join(f"{stage} {count_of(n)}" for stage, n in sorted(content["stages"].items()))
    notes = [_("By stage: %(stages)s") % {"stages": stages}]
    return Section(_("Clusters"), finding, [_("Cluster"), _("Stage"), _("Report")], rows, notes)


def _totals(content: Mapping[str, Any]) -> Section:
    held = sorted(content["totals"].values(), key=_order)
    rows: list[list[Cell]] = [
        [name_of(each), _figure(each["value"], each), count_of(each["clusters"])] for each in held
    ]
    finding = "" if rows else _("No cluster has a confirmed report on this period yet.")
    columns = [_("Indicator"), _("Sum"), _("Clusters")]
    return Section(_("Figures of the clusters that reported, added up"), finding, columns, rows)


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[list[Cell]]:
    """What changed between two contents, of figures, money and standing: [what, before, now]."""
    if before is None:
        return []
    found: list[list[Cell]] = []
    for path, (old, new) in differences(before, after).items():
        told = _change(path, before, after)
        if told is not None:
            found.append([told[0], _leaf(old, told[1]), _leaf(new, told[1])])
    return found


def changed(before: Report | None, content: Mapping[str, Any]) -> list[Section]:
    """What changed since the report before, as a part of paper and workbook; none where there is none before."""
    if before is None:
        return []
    rows = changes(before.content, content)
    finding = "" if rows else _("No figure changed.")
    columns = [_("What"), str(period_of(before)), _("Now")]
    return [Section(_("What changed since the report before"), finding, columns, rows)]


def _change(path: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """What a leaf is called and how it is shown; None for one that is told in the sections alone."""
    match path:
        case ("indicators" | "totals" as part, code, "value"):
            each = after[part].get(code) or before[part][code]
            return name_of(each), each
        case ("money", "to_date", step):
            labels = (_("Approved, in all"), _("Allocated, in all"), _("Committed, in all"), _("Paid, in all"))
            return dict(zip(MONEY, labels, strict=True))[step], RIAL
        case ("standing", "stage"):
            return _("Stage"), PLAIN
        case ("standing", "agent"):
            return _("Cluster development agent"), PLAIN
        case ("conditions", "overdue"):
            return _("Conditions overdue"), PLAIN
        case ("plan", "late"):
            return _("Activities late"), PLAIN
        case _:
            label = reading_supervisor.change(path, before, after)
            return None if label is None else (label, PLAIN)


def _leaf(value: Leaf, each: Mapping[str, Any]) -> Cell:
    if value is None:
        return "—"
    try:
        return _figure(str(Decimal(str(value))), each)
    except ArithmeticError:
        return str(value)
