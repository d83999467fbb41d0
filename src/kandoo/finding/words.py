"""What a study found, in plain sentences of the page's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from kandoo.finding.importing.faults import LIST_TEXTS, REMARKS, TEXTS, Fault, sentence
from kandoo.finding.models import Job, Study
from kandoo.finding.related import Moved
from kandoo.finding.results import CHANCE, GATHERED, SCATTERED, Industry, Row, Tables, Verdict
from kandoo.site import language as lang
from kandoo.site.lists import joined, page_language

NAMES: Mapping[str, Any] = {
    GATHERED: gettext_lazy("closer together than chance"),
    SCATTERED: gettext_lazy("farther apart than chance"),
    CHANCE: gettext_lazy("no different from chance"),
}
PROBLEMS: Mapping[str, Any] = {
    "lost": gettext_lazy("The work broke off three times. Ask again; if it breaks off once more, measure fewer rows or call for help."),
    "faulty": gettext_lazy("The list is not whole any more. Confirm its columns again."),
    "refused": gettext_lazy("The list passed our checks, but the measures cannot use it:"),
    "memory": gettext_lazy("The machine had too little memory for this list. Measure fewer rows, or use the command “kandoo census” on a larger machine."),
    "broken": gettext_lazy("The work broke off by a fault of the program. Your list is kept; the log of the worker has the details."),
}  # fmt: skip
MATRICES: Mapping[str, Any] = {
    "employment": gettext_lazy("the regions where their people work"),
    "establishments": gettext_lazy("the regions where their sites lie"),
    "coagglomeration": gettext_lazy("co-agglomeration"),
    "input-output": gettext_lazy("what they buy from each other"),
    "occupations": gettext_lazy("the occupations of their people"),
}
NAMED_MAX = 6  # members of a set that a sentence names
_DOING: Mapping[str, Any] = {
    "read": gettext_lazy("Reading the list"),
    "rows": gettext_lazy("Looking at every row"),
    "tables": gettext_lazy("Location quotients, stars, groups and related industries"),
    "kd": gettext_lazy("Distances between the sites of %(name)s"),
    "m": gettext_lazy("Neighbourhoods of %(name)s"),
}


def number(value: float, decimals: int | None = 0) -> str:
    return lang.format_number(value, page_language(), decimals)


def figures(value: float) -> str:
    """Two or three figures that matter."""
    size = abs(value)
    return number(value, 0 if size >= 100 else 1 if size >= 10 else 2)


def name_of(text: str) -> str:
    """A name with a direction of its own, so that it does not turn the sentence around it."""
    return f"\u2068{text}\u2069"


def p_words(value: float) -> str:
    """“p < 0.01” or “p = 0.03”, kept in one piece in a text of either direction."""
    least = next((limit for limit in (0.001, 0.01) if value < limit), None)
    text = f"p < {number(least, None)}" if least else f"p = {number(value, 2)}"
    return f"\u2066{text}\u2069"


def sites_word(study: Study) -> str:
    if study.profile == Study.Profile.APIARY:
        return _("these apiaries")
    return _("these firms")


def verdict_words(verdict: Verdict | None) -> str:
    """For a badge."""
    return str(NAMES[verdict.verdict]) if verdict else _("too few sites")


def badge_kind(verdict: Verdict | None) -> str:
    if verdict is None:
        return "unknown"
    return "good" if verdict.is_gathered else "plain"


def verdict_sentence(tables: Tables, industry: Industry) -> str:
    """What the curve of an industry says, how sure it is, and how the nearest comparable one does."""
    verdict = industry.main
    if verdict is None:
        return _("%(name)s has too few sites, or lies in one place, so no curve was made of it.") % {
            "name": name_of(industry.name)
        }
    parts = [_curve_sentence(tables.study, verdict)]
    if verdict.verdict != CHANCE and not verdict.is_sure:
        parts.append(
            _("With so many industries looked at, this may be luck (false-discovery rate %(q)s).")
            % {"q": number(verdict.q_value, 2)}
        )
    near = industry.verdicts.get("m")
    if near is not None and near.is_gathered and verdict.verdict != GATHERED and near.reach_km is not None:
        text = _("Yet up to %(km)s km they are a larger share of their neighbours than elsewhere (%(p)s).")
        parts.append(text % {"km": figures(near.reach_km), "p": p_words(near.p_value)})
    other = tables.comparable(industry)
    if other is not None and other.main is not None:
        parts.append(_other_sentence(verdict, other, other.main))
    return " ".join(parts)


def _curve_sentence(study: Study, verdict: Verdict) -> str:
    values = {"sites": sites_word(study), "p": p_words(verdict.p_value)}
    if verdict.verdict == GATHERED and verdict.reach_km is not None:
        text = _("Within %(km)s km %(sites)s are closer together than chance would have it (%(p)s).")
        return _capital(text % {**values, "km": figures(verdict.reach_km)})
    texts = {
        GATHERED: _("%(sites)s are closer together than chance would have it (%(p)s)."),
        SCATTERED: _("%(sites)s are farther apart than chance would have it (%(p)s)."),
        CHANCE: _("Where %(sites)s lie is no different from chance (%(p)s)."),
    }
    return _capital(texts[verdict.verdict] % values)


def _other_sentence(verdict: Verdict, other: Industry, its: Verdict) -> str:
    values = {"name": name_of(other.name), "n": number(other.sites), "p": p_words(its.p_value)}
    if its.verdict == verdict.verdict:
        text = _("The nearest comparable in size, %(name)s with %(n)s sites, is so too (%(p)s).")
    elif its.verdict == GATHERED:
        text = _("The nearest comparable in size, %(name)s with %(n)s sites, is closer together than chance (%(p)s).")
    elif its.verdict == SCATTERED:
        text = _("The nearest comparable in size, %(name)s with %(n)s sites, is farther apart than chance (%(p)s).")
    else:
        text = _("The nearest comparable in size, %(name)s with %(n)s sites, is no different from chance (%(p)s).")
    return text % values


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def quotient_sentence(row: Row) -> str:
    """How over- or under-represented an industry is in a region."""
    values = {
        "region": name_of(row["region"]),
        "lq": figures(float(row["lq"])),
        "low": figures(float(row["low"])),
        "high": figures(float(row["high"])),
    }
    return _("In %(region)s its share is %(lq)s times its share everywhere (between %(low)s and %(high)s).") % values


def concentration_sentence(row: Row) -> str:
    """What gamma says, by the bands usual in the literature."""
    gamma = float(row["gamma"])
    strength = _("strong") if gamma > 0.05 else _("moderate") if gamma > 0.02 else _("weak")
    values = {"gamma": number(gamma, 3), "strength": strength, "p": p_words(float(row["p_value"]))}
    return _("Ellison and Glaeser’s index is %(gamma)s: %(strength)s concentration among regions (%(p)s).") % values


def move_sentence(moved: Moved) -> str:
    """Which industry was put into another set of related ones, and why."""
    values = {
        "name": name_of(moved.name),
        "left": _some(moved.left),
        "joined": _some(moved.joined),
        "less": number(moved.relatedness_left, 2),
        "more": number(moved.relatedness_joined, 2),
    }
    text = _("%(name)s was moved to %(joined)s: it is more related to them (%(more)s) than to %(left)s (%(less)s), with whom the grouping had put it.") % values  # fmt: skip
    reasons = [str(MATRICES[each]) for each in moved.reasons if each in MATRICES]
    if reasons:
        text += " " + _("What speaks for it: %(reasons)s.") % {"reasons": joined(reasons)}
    return text


def _some(names: Sequence[str]) -> str:
    """The first names of a set."""
    more = (_("others"),) if len(names) > NAMED_MAX else ()
    return joined([*map(name_of, names[:NAMED_MAX]), *more])


def change_sentence(tables: Tables, industry: Industry) -> str:
    """How the industry did between the two years; empty without a year to compare with."""
    before = tables.before.get(industry.name)
    if not tables.has_before:
        return ""
    years = {"year": year(tables.choices.year), "before": year(tables.choices.before)}
    if before is None:
        return _("In %(before)s it had no site.") % years
    values = {**years, "was": number(before.sites), "now": number(industry.sites)}
    text = _("From %(before)s to %(year)s its sites went from %(was)s to %(now)s.") % values
    if before.main is not None and industry.main is not None and before.main.verdict != industry.main.verdict:
        text += " " + _("In %(before)s it was %(verdict)s.") % {**years, "verdict": NAMES[before.main.verdict]}
    return text


def year(value: int | None) -> str:
    """A year without thousands marks."""
    return lang.localise_digits(str(value or ""), page_language())


def doing_words(doing: str) -> str:
    """What the worker is at."""
    measure, _colon, name = doing.partition(": ")
    if measure not in _DOING:
        return pgettext("work", "Beginning")
    return str(_DOING[measure]) % {"name": name_of(name)}


def left_words(seconds: int | None) -> str:
    """The time left, rounded as people say it."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute left")
    if seconds < 5400:
        minutes = round(seconds / 60)
        return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": number(minutes)}
    hours = round(seconds / 3600)
    return ngettext("about %(n)s hour left", "about %(n)s hours left", hours) % {"n": number(hours)}


def problem_words(job: Job) -> str:
    """Why the work failed."""
    code, _line, detail = job.problem.partition("\n")
    return " ".join(filter(None, (str(PROBLEMS.get(code, PROBLEMS["broken"])), detail)))


def fault_words(fault: Fault) -> str:
    return sentence((TEXTS if fault.line else LIST_TEXTS)[fault.code], fault.values, page_language())


def remark_words(study: Study) -> list[str]:
    """What was said of the list beside its faults."""
    found = [Fault.from_json(each) for each in study.remarks]
    return [sentence(REMARKS[each.code], each.values, page_language()) for each in found]
