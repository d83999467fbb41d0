"""A verdict in words: each limit with value, margin, clause and what would help, for pages and pictures."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo import profiles
from kandoo.engine.limits import Limit, LimitValue, Op, Result, Standard, When
from kandoo.engine.product import Profile
from kandoo.engine.standards import Line, Verdict
from kandoo.selling.queries import page_language
from kandoo.site import pictures
from kandoo.site.language import format_number

BADGES = {
    "pass": "good",
    "fail": "bad",
    "not_tested": "unknown",
    "pass_with_untested": "warn",
    "not_applicable": "plain",
    "lot": "plain",
}


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line of a verdict as a table shows it."""

    code: str
    name: str
    found: str
    limit: str
    margin: str
    outcome: str
    badge: str
    remedy: str
    clause: str
    source: str
    is_unconfirmed: bool
    basis: str
    note: str


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """One market's verdict: the strip shows `badge` and `outcome`."""

    market: str
    name: str
    outcome: str
    badge: str
    failing: int
    untested: int


def verdict_words(profile: Profile, market: str, verdict: Verdict) -> VerdictWords:
    """A market's verdict for the strip."""
    return VerdictWords(
        market=market,
        name=profile.markets[market].name.in_language(page_language()),
        outcome=word(profile, "outcome", verdict.overall),
        badge=BADGES[verdict.overall],
        failing=len(verdict.failing()),
        untested=len(verdict.untested()),
    )


def line_words(profile: Profile, line: Line) -> LineWords:
    """One line of a verdict for its table."""
    return LineWords(
        code=line.parameter,
        name=name_of(profile, line.parameter),
        found=result_words(profile, line.parameter, line.found),
        limit=limit_words(profile, line.parameter, line.op, line.limit),
        margin=margin_words(profile, line),
        outcome=word(profile, "outcome", line.outcome),
        badge=BADGES[line.outcome],
        remedy=word(profile, "remedy", line.remedy) if line.remedy != "none" else "",
        clause=clause(profile, line.clause),
        source=word(profile, "standard", line.standard) if line.standard != "house" else _("House rule of the product"),
        is_unconfirmed=line.is_unconfirmed,
        basis=said(line.basis),
        note=said(line.note),
    )


def word(profile: Profile, group: str, code: str) -> str:
    """A code of the profile's groups of names, in the page's language."""
    return profile.word(group, code).in_language(page_language())


def said(text: str) -> str:
    """A remark of the standards document in the page's language, as far as it is translated."""
    return pgettext("standard", text) if text else ""


def clause(profile: Profile, text: str) -> str:
    """Where a limit stands; where only a source's code is given, the source's title."""
    return _titles(profile.code).get(text) or said(text)


@cache
def _titles(product: str) -> dict[str, str]:
    sources = profiles.standards_document(product)["sources"]
    assert isinstance(sources, dict)
    return {code: str(each["title"]) for code, each in sources.items()}


def name_of(profile: Profile, code: str) -> str:
    """The name of a parameter or test."""
    record = profile.parameters.get(code) or profile.tests.get(code)
    return record.name.in_language(page_language()) if record else code


def unit_of(profile: Profile, code: str) -> str:
    """The unit of a parameter or test as people write it; empty for ratios and statements."""
    if code in profile.parameters:
        parameter = profile.parameters[code]
        return "" if parameter.unit == "1" else parameter.unit_name.in_language(page_language())
    unit = profile.tests[code].unit if code in profile.tests else ""
    known = {"ug/kg": _("µg/kg"), "permil": "‰", "statement": "", "%": pgettext("unit", "%")}
    return known.get(unit, unit)


def amount(profile: Profile, code: str, value: float) -> str:
    """A number with its unit, in the page's digits."""
    return f"{format_number(value, page_language())} {unit_of(profile, code)}".strip()


def result_words(profile: Profile, code: str, found: Result) -> str:
    """A result: a number with its unit, "below 0.1 µg/kg", or the finding's word."""
    if found is None or found == "":
        return ""
    if isinstance(found, int | float):
        return amount(profile, code, found)
    if found.startswith("<"):
        return _("below %(amount)s") % {"amount": amount(profile, code, float(found[1:]))}
    return word(profile, "answer", found)


def limit_words(profile: Profile, code: str, op: Op, value: LimitValue) -> str:
    """A bound: "at most 20 g/100 g"."""
    if op == "none" or value is None:
        return _("no limit")
    if isinstance(value, tuple):
        low, high = (format_number(each, page_language()) for each in value)
        return _("between %(low)s and %(high)s %(unit)s") % {"low": low, "high": high, "unit": unit_of(profile, code)}
    if isinstance(value, str):
        answer = word(profile, "answer", value)
        return answer if op == "eq" else _("not “%(answer)s”") % {"answer": answer}
    texts = {
        "le": _("at most %(amount)s"),
        "ge": _("at least %(amount)s"),
        "lt": _("below %(amount)s"),
        "gt": _("above %(amount)s"),
    }
    return texts[op] % {"amount": amount(profile, code, value)}


def margin_words(profile: Profile, line: Line) -> str:
    """How far from the bound, and on which side; names the other parameter where it decided."""
    if line.margin is None or line.op == "none":
        return ""
    size = amount(profile, line.decided_by, abs(line.margin))
    if line.margin > 0:
        text = _("%(amount)s to spare")
    elif line.margin == 0:
        text = _("exactly at the limit")
    elif line.op == "within":
        text = _("%(amount)s outside")
    elif _upper(line):
        text = _("%(amount)s too much")
    else:
        text = _("%(amount)s too little")
    words = text % {"amount": size}
    if line.decided_by == line.parameter:
        return words
    return _("by %(name)s: %(words)s") % {"name": name_of(profile, line.decided_by), "words": words}


def _upper(line: Line) -> bool:
    op = next((each.op for each in line.requires if each.parameter == line.decided_by), line.op)
    return op in ("le", "lt")


def bullets(profile: Profile, verdict: Verdict) -> list[pictures.Bullet]:
    """A row of the picture for each measured number with a bound."""
    rows = []
    for line in verdict.lines:
        if not isinstance(line.found, int | float) or not isinstance(line.limit, float | tuple):
            continue
        low, high = _ends(line)
        rows.append(
            pictures.Bullet(
                label=name_of(profile, line.parameter),
                blend=float(line.found),
                text=result_words(profile, line.parameter, line.found),
                margin=margin_words(profile, line),
                state=_state(line),
                low=low,
                high=high,
            )
        )
    return rows


def _ends(line: Line) -> tuple[float | None, float | None]:
    if isinstance(line.limit, tuple):
        return line.limit
    assert isinstance(line.limit, float)
    return (None, line.limit) if line.op in ("le", "lt") else (line.limit, None)


def _state(line: Line) -> pictures.State:
    """Near means within a twentieth of the bound, or outside one that binds only the blended lot."""
    if line.margin is None:
        return "unknown"
    if line.margin < 0:
        return "near" if line.outcome == "lot" else "breaks"
    bound = max(map(abs, line.limit)) if isinstance(line.limit, tuple) else abs(float(line.limit or 0))
    return "near" if line.margin <= bound / 20 else "fits"


def finding(profile: Profile, verdict: Verdict) -> str:
    """What the picture says: which number breaks its limit, or leaves least room."""
    measured = [line for line in verdict.lines if line.margin is not None and line.op != "none"]
    outside = [line for line in measured if line.margin is not None and line.margin < 0]
    failing = [line for line in outside if line.outcome == "fail"]
    if outside:
        names = _(", ").join(name_of(profile, line.parameter) for line in failing or outside)
        text = _("Outside the limit: %(names)s") if failing else _("Only blending can put right: %(names)s")
        return text % {"names": names}
    if not measured:
        return ""
    tightest = min(measured, key=_share_left)
    return _("%(name)s leaves least room: %(words)s") % {
        "name": name_of(profile, tightest.parameter),
        "words": margin_words(profile, tightest),
    }


def _share_left(line: Line) -> float:
    bound = max(map(abs, line.limit)) if isinstance(line.limit, tuple) else abs(float(line.limit or 0))
    return (line.margin or 0.0) / (bound or 1.0)


# The conditions of a standard


@dataclass(frozen=True, slots=True)
class LimitWords:
    """One limit of a standard as its page shows it."""

    name: str
    limit: str
    condition: str
    clause: str
    source: str
    binds_lot: bool
    is_only: bool  # the parameter has no other limit
    is_unconfirmed: bool
    basis: str
    note: str


def standard_lines(profile: Profile, limits: Iterable[Limit]) -> list[LimitWords]:
    """The limits of a standard in words."""
    limits = list(limits)
    times = Counter(each.parameter for each in limits)
    return [
        LimitWords(
            name=name_of(profile, each.parameter),
            limit=limit_words(profile, each.parameter, each.op, each.value),
            condition=_condition(profile, each),
            clause=clause(profile, each.clause),
            source=word(profile, "standard", each.standard),
            binds_lot=each.binds == "lot",
            is_only=times[each.parameter] == 1,
            is_unconfirmed=each.is_unconfirmed,
            basis=said(each.basis),
            note=said(each.note),
        )
        for each in limits
    ]


def _condition(profile: Profile, limit: Limit) -> str:
    """For which kinds a limit holds, and what else must hold with it."""
    parts = [_when(profile, limit.when)]
    for need in limit.requires:
        words = limit_words(profile, need.parameter, need.op, need.value)
        parts.append(_("if %(name)s is %(limit)s") % {"name": name_of(profile, need.parameter), "limit": words})
    return _("; ").join(filter(None, parts))


def _when(profile: Profile, when: When) -> str:
    groups = (
        [word(profile, "honey_class", each) for each in when.honey_class],
        [floral_name(profile, each) for each in when.floral],
        [word(profile, "extraction", each) for each in when.extraction],
        [word(profile, "flag", each) for each in when.flags],
        [_when(profile, each) for each in when.any_of],
    )
    return _("; ").join(_(", ").join(group) for group in groups if group)


def floral_name(profile: Profile, code: str) -> str:
    """The name of a flower: the profile's kind of it, or the word for it."""
    kind = next((each for each in profile.kinds.values() if each.floral == code), None)
    if kind:
        return kind.name.in_language(page_language())
    return pgettext("flower", code.replace("_", " "))


def counts(standard: Standard) -> Mapping[str, int]:
    """How many limits and grades have been seen in the official text, and how many not."""
    marks = [each.is_unconfirmed for each in standard.limits] + [each.is_unconfirmed for each in standard.grades]
    return {"confirmed": marks.count(False), "unconfirmed": marks.count(True)}
