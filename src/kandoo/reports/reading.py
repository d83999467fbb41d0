"""A report as people read it: its content in sections of a finding and a table, for page, paper and Excel alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo.maturity.words import STAGES
from kandoo.programme.models import Decision, PaperEdition
from kandoo.programme.reading import province_name
from kandoo.reports.difference import Leaf, Path, differences
from kandoo.reports.models import Report
from kandoo.results import words
from kandoo.results.models import Indicator
from kandoo.results.periods import Period
from kandoo.site.language import format_day, format_number, format_toman
from kandoo.site.lists import page_language

MONEY = ("approved", "allocated", "committed", "paid")
PLAIN: Mapping[str, Any] = {"kind": "number", "unit": ""}
RIAL: Mapping[str, Any] = {"kind": "rial", "unit": ""}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: what it comes to, then the rows."""

    heading: str
    finding: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)
    notes: Sequence[str] = ()


def period_of(report: Report) -> Period:
    """The period a report is on."""
    return Period(report.year, report.number, report.kind)


def subject(report: Report) -> str:
    """What a report is on: a cluster, a province, the nation."""
    return str(report.file) if report.file else province_name(report.province)


def title(report: Report) -> str:
    """Quarterly report · Autumn 1405"""
    kinds = {"month": _("Monthly report"), "quarter": _("Quarterly report"), "year": _("Annual report")}
    return f"{kinds[report.kind]} · {period_of(report)}"


def sections(content: Mapping[str, Any]) -> list[Section]:
    """All parts of a report's content, in the language of the page."""
    if "place" in content:
        return [_clusters(content), _money(content), _totals(content)]
    return [
        _standing(content), _money(content), _indicators(content), _activities(content), _phases(content),
        _papers(content), _conditions(content), _warnings(content),
    ]  # fmt: skip


def _name(each: Mapping[str, Any]) -> str:
    return str((page_language() == "en" and each["name_en"]) or each["name_fa"])


def _day(text: str | None) -> str:
    return format_day(date.fromisoformat(text), page_language(), style="short") if text else "—"


def _n(value: int) -> str:
    return format_number(value, page_language(), 0)


def _standing(content: Mapping[str, Any]) -> Section:
    held, outcomes = content["standing"], dict(Decision.Outcome.choices)
    stage = (page_language() == "en" and held["stage_en"]) or held["stage_fa"]
    finding = _("%(stage)s since %(day)s.") % {"stage": f"{held['stage']} · {stage}", "day": _day(held["since"])}
    rows = [
        [_day(each["on"]), each["gate"], str(outcomes[each["outcome"]]), each["resolution"]]
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
        said = {"stage": name, "n": _n(round(100 * gauge["sureness"]))}
        notes.append(_("Life cycle: %(stage)s; sure to %(n)s percent") % said)
    text = _("Plan: %(all)s activities, %(done)s done, %(late)s late, %(unfunded)s unfunded; %(objectives)s objectives")
    plan = {name: _n(value) for name, value in content["plan"].items()}
    return [*notes, text % (plan | {"all": plan["activities"]})]


def _money(content: Mapping[str, Any]) -> Section:
    names = (
        pgettext("credit", "Approved"), pgettext("credit", "Allocated"), pgettext("credit", "Committed"),
        pgettext("credit", "Paid"),
    )  # fmt: skip
    period, to_date, language = content["money"]["period"], content["money"]["to_date"], page_language()
    rows = [
        [name, format_toman(period[key], language), format_toman(to_date[key], language)]
        for key, name in zip(MONEY, names, strict=True)
    ]
    said = {"period": format_toman(period["paid"], language), "all": format_toman(to_date["paid"], language)}
    finding = _("%(period)s was paid in the period, %(all)s in all.") % said
    return Section(_("Money"), finding, [_("Step"), _("In the period"), _("To its end")], rows)


def _figure(text: str | None, each: Mapping[str, Any]) -> str:
    return words.shown(None if text is None else Decimal(text), each["kind"], each["unit"])


def _indicators(content: Mapping[str, Any]) -> Section:
    levels = {str(value): str(label) for value, label in Indicator.Level.choices}
    held = sorted(content["indicators"].values(), key=lambda each: words.LEVELS.index(each["level"]))
    known = [each for each in held if each["value"] is not None or each["withheld"]]
    rows = [
        [
            levels[each["level"]], _name(each), _("withheld") if each["withheld"] else _figure(each["value"], each),
            _figure(each["previous"], each), _figure(each["baseline"], each), _figure(each["target"], each), _sources(each),
        ]
        for each in known
    ]  # fmt: skip
    finding = _("%(known)s of %(all)s indicators have a figure.") % {"known": _n(len(known)), "all": _n(len(held))}
    columns = [_("Level"), _("Indicator"), _("Figure"), _("Period before"), _("Baseline"), _("Target"), _("Source")]
    return Section(_("Indicators"), finding, columns, rows)


def _sources(each: Mapping[str, Any]) -> str:
    own = _("Kandoo’s records") if each["computed"] else each["source"]
    return "؛ ".join([own, *(f"{_figure(other['value'], each)} — {other['source']}" for other in each["others"])])


def _activities(content: Mapping[str, Any]) -> Section:
    held = content["activities"]
    named = (("begun", _("Begun")), ("done", _("Done")), ("late", _("Late")))
    rows = [[label, each["code"], _name(each), _day(each["ends"])] for key, label in named for each in held[key]]
    finding = _("%(begun)s begun, %(done)s done, %(late)s late.") % {key: _n(len(held[key])) for key, _label in named}
    return Section(_("Activities"), finding, [_("State"), _("Code"), _("Activity"), _("Ends on")], rows)


def _phases(content: Mapping[str, Any]) -> Section:
    rows = [
        [each["contract"], each["title"], _day(each["delivered"]), _day(each["confirmed"])]
        for each in content["phases"]
    ]
    columns = [_("Contract"), _("Phase"), _("Delivered on"), _("Confirmed on")]
    return Section(_("Phases of contracts"), "" if rows else _("None moved in the period."), columns, rows)


def _papers(content: Mapping[str, Any]) -> Section:
    states = dict(PaperEdition.Status.choices)
    rows = [[_name(each), _n(each["edition"]), str(states[each["status"]])] for each in content["papers"]]
    columns = [_("Paper"), _("Edition"), _("State")]
    return Section(_("Papers that moved"), "" if rows else _("None moved in the period."), columns, rows)


def _conditions(content: Mapping[str, Any]) -> Section:
    held = content["conditions"]
    said = {"kept": _n(held["kept"]), "open": _n(len(held["open"])), "overdue": _n(held["overdue"])}
    finding = _("%(kept)s kept in the period, %(open)s open, %(overdue)s of them overdue.") % said
    rows = [[each["text"], each["owner"], _day(each["due"])] for each in held["open"]]
    return Section(_("Conditions"), finding, [_("Condition"), _("Owner"), _("Due on")], rows)


def _warnings(content: Mapping[str, Any]) -> Section:
    said = content["warnings"][page_language()]
    return Section(_("Early warnings"), "" if said else _("None."), notes=said)


def _clusters(content: Mapping[str, Any]) -> Section:
    held = content["clusters"].values()
    reported = sum(each["report"] is not None for each in held)
    rows = [
        [
            _name(each), each["stage"],
            _("reported, edition %(n)s") % {"n": _n(each["report"]["edition"])} if each["report"] else _("not reported"),
        ]
        for each in held
    ]  # fmt: skip
    finding = _("%(n)s of %(all)s clusters under contract have reported.") % {"n": _n(reported), "all": _n(len(held))}
    stages = " · ".join(f"{stage} {_n(n)}" for stage, n in sorted(content["stages"].items()))
    notes = [_("By stage: %(stages)s") % {"stages": stages}]
    return Section(_("Clusters"), finding, [_("Cluster"), _("Stage"), _("Report")], rows, notes)


def _totals(content: Mapping[str, Any]) -> Section:
    held = sorted(content["totals"].values(), key=lambda each: words.LEVELS.index(each["level"]))
    rows = [[_name(each), _figure(each["value"], each), _n(each["clusters"])] for each in held]
    finding = "" if rows else _("No cluster has a confirmed report on this period yet.")
    columns = [_("Indicator"), _("Sum"), _("Clusters")]
    return Section(_("Figures of the clusters that reported, added up"), finding, columns, rows)


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[list[str]]:
    """What changed between two contents, of figures, money and standing: [what, before, now]."""
    if before is None:
        return []
    found = []
    for path, (old, new) in differences(before, after).items():
        said = _change(path, before, after)
        if said is not None:
            found.append([said[0], _leaf(old, said[1]), _leaf(new, said[1])])
    return found


def _change(path: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """What a leaf is called and how it is shown; None for one that is told in the sections alone."""
    match path:
        case ("indicators" | "totals" as part, code, "value"):
            each = after[part].get(code) or before[part][code]
            return _name(each), each
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
            return None


def _leaf(value: Leaf, each: Mapping[str, Any]) -> str:
    if value is None:
        return "—"
    try:
        return words.shown(Decimal(str(value)), each["kind"], each["unit"])
    except ArithmeticError:
        return str(value)
