"""Pictures of a plan: results chain, Gantt and budget burn, each with its finding and the table behind."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from persiantools.jdatetime import JalaliDate

from kandoo.site import language as lang
from kandoo.site.lists import page_language
from kandoo.strategy import pictures
from kandoo.strategy.models import Level, Node
from kandoo.strategy.queries.burn import Burn
from kandoo.strategy.queries.chain import Chain, Gap
from kandoo.strategy.queries.gantt import Gantt, Mark
from kandoo.strategy.reading import Picture
from kandoo.strategy.words import STATE_KINDS, STATE_WORDS, money, number, percent, standing_words

MONTHS = {
    "fa": ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    "en": ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
}  # fmt: skip


def results_chain(chain: Chain, gaps: list[Gap]) -> Picture | None:
    """From inputs to impact; None without a link."""
    if not chain.nodes:
        return None
    weak = {each.row.pk for each in gaps if isinstance(each.row, Node)}
    layers = [
        (str(label), [_box(chain, each, weak) for each in chain.at_level(value)]) for value, label in Level.choices
    ]
    found = ngettext("The chain has %(n)s gap", "The chain has %(n)s gaps", len(gaps)) % {"n": number(len(gaps))}
    return {
        "title": found if gaps else _("The chain is whole: every activity leads to an output, every outcome is measured"),
        "text": _("Each arrow is a step that holds if its assumption does."),
        "svg": pictures.graph(
            layers, [(each.source_id, each.target_id) for each in chain.edges], name=_("Results chain"),
            language=page_language(),
        ),
        "columns": [_("From"), _("To"), _("Assumption"), _("Risk")],
        "rows": [
            (f"{each.source.get_level_display()}: {each.source}", f"{each.target.get_level_display()}: {each.target}",
             each.assumption or "—", each.risk or "—")
            for each in chain.edges
        ],
    }  # fmt: skip


def _box(chain: Chain, node: Node, weak: set[int]) -> pictures.Box:
    standing = chain.standing(node)
    note = str(STATE_WORDS[standing.state]) if standing else str(node.indicator or "")
    kind = "warn" if node.pk in weak else STATE_KINDS[standing.state] if standing else "plain"
    url = reverse("strategy:node", args=[node.file_id, node.pk])
    return pictures.Box(node.pk, str(node), note, kind, url)


def gantt(plan: Gantt | None) -> Picture | None:
    """The activities by date; None without one."""
    if plan is None:
        return None
    late = sum(1 for each in plan.rows if each.state == "late")
    unfunded = sum(1 for each in plan.rows if each.is_unfunded and each.activity.starts_on < plan.today)
    done = sum(1 for each in plan.rows if each.state == "done")
    spans = [
        pictures.Span(
            str(each.activity), reverse("strategy:activity", args=[each.activity.pk]), plan.at(each.activity.starts_on),
            plan.at(each.activity.ends_on), each.state, each.is_unfunded, standing_words(each),
        )
        for each in plan.rows
    ]  # fmt: skip
    key = [(state, str(STATE_WORDS[state])) for state in ("done", "running", "late", "ahead")]
    key += [("ahead is-unfunded", pgettext("activity", "unfunded")), ("today", _("today"))]
    marks = [(plan.at(each.day), month_words(each)) for each in plan.marks]
    counted = {"done": number(done), "all": number(len(plan.rows)), "late": number(late), "unfunded": number(unfunded)}
    return {
        "title": _("Activities done: %(done)s of %(all)s; late: %(late)s; begun without money: %(unfunded)s") % counted,
        "text": _("Each bar goes from the first day of an activity to its last."),
        "svg": pictures.gantt(
            spans, marks, plan.at(plan.today), name=_("Activities by date"), language=page_language(), key=key
        ),
        "columns": [_("Activity"), _("State and days"), _("Owner"), _("Whole cost"), pgettext("credit", "Committed")],
        "rows": [
            (str(each.activity), standing_words(each), each.activity.owner or "—", money(each.activity.cost),
             money(each.committed))
            for each in plan.rows
        ],
    }  # fmt: skip


def month_words(mark: Mark) -> str:
    """A month by its name; the first of a year by the year as well."""
    name = MONTHS[page_language()][mark.month - 1]
    return f"{name} {year_words(mark.year)}" if mark.month == 1 else name


def year_words(year: int) -> str:
    """A year without a thousands mark."""
    return lang.localise_digits(str(year), page_language())


def burn(burnt: Burn | None) -> Picture | None:
    """Planned, committed and paid over time; None without an activity."""
    if burnt is None:
        return None
    count = len(burnt.points)
    lines = [
        pictures.Line(_("planned"), "planned", [0, *(each.planned for each in burnt.points)]),
        pictures.Line(pgettext("credit", "Committed"), "committed", [0, *(each.committed for each in burnt.points)]),
        pictures.Line(pgettext("credit", "Paid"), "paid", [0, *(each.paid for each in burnt.points)]),
    ]
    now = burnt.now
    whole = max(max(each.planned, each.committed or 0) for each in burnt.points)
    past = sum(1 for each in burnt.points if each.committed is not None)
    return {
        "title": _("%(paid)s of what was planned by now is paid") % {"paid": percent(now.paid or 0, now.planned)},
        "text": _("The programme’s part, added up month by month: what the plan spends, what is committed, what is paid."),
        "svg": pictures.burn(
            lines, _year_marks(burnt), past / count, name=_("Budget burn"), language=page_language(),
            top=money(whole),
        ),
        "columns": [_("Fiscal year"), _("planned"), pgettext("credit", "Committed"), pgettext("credit", "Paid"),
                    _("planned by its end"), _("committed by its end"), _("paid by its end")],
        "rows": [
            (year_words(each.year), *map(money, (each.planned, each.committed, each.paid, each.planned_by,
                                                 each.committed_by, each.paid_by)))
            for each in burnt.years
        ],
    }  # fmt: skip


def _year_marks(burnt: Burn) -> list[tuple[float, str]]:
    """Where each fiscal year begins on the scale of months."""
    firsts = [burnt.first, *(each.until for each in burnt.points)]
    count = len(burnt.points)
    jalali = [(place, JalaliDate(day)) for place, day in enumerate(firsts[:-1])]
    return [(place / count, year_words(day.year)) for place, day in jalali if day.month == 1 or place == 0]


def standing_rows(chain: Chain, nodes: list[Node]) -> list[dict[str, Any]]:
    """Links of the chain with the state and money of their activities, for the walk both ways."""
    return [{"node": each, "standing": chain.standing(each)} for each in nodes]
