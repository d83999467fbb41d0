"""Standards: by what each market judges the goods, where each limit is from, and what passes today."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo import profiles
from kandoo.engine.limits import Grade, Standard
from kandoo.register.access import Seat, seated
from kandoo.selling import access, batch_queries, verdict_words
from kandoo.selling.queries import page_language
from kandoo.site.language import format_number, localise_digits

READS = ("agent", "member", "laboratory", "buyer", "officer", "auditor")
SEES_BATCHES = ("agent", "auditor", "member", "laboratory")


@require_GET
@seated(*READS)
def standard_list(request: HttpRequest) -> HttpResponse:
    """The markets, each with its standard and how much of it was seen in the official text."""
    seat = Seat.of(request)
    assert seat is not None
    profile = profiles.load(seat.cluster.profile)
    markets = [_market(profile, code) for code in profile.markets]
    used = {each["standard"].code for each in markets}
    others = [_other(profile, each) for each in profiles.standards(profile.code) if each.code not in used]
    return render(
        request,
        "selling/standard_list.html",
        {
            "markets": markets,
            "others": others,
            "compiled": markets[0]["standard"].compiled,
            "confirmed": sum(each["confirmed"] for each in markets),
            "unconfirmed": sum(each["unconfirmed"] for each in markets),
        },
    )


def _market(profile: profiles.Profile, code: str) -> dict[str, Any]:
    market, standard = profile.markets[code], profiles.market_standard(profile.code, code)
    return {
        "code": code,
        "name": market.name.in_language(page_language()),
        "title": verdict_words.word(profile, "standard", standard.code),
        "standard": standard,
        "caution": market.caution.in_language(page_language()) if market.caution else "",
        **verdict_words.counts(standard),
    }


def _other(profile: profiles.Profile, standard: Standard) -> dict[str, Any]:
    """A section that a market draws on, or that is kept for reference."""
    return {
        "title": verdict_words.word(profile, "standard", standard.code),
        "standard": standard,
        "markets": [
            each.name.in_language(page_language())
            for each in profile.markets.values()
            if standard.code in (*each.residues, *each.labels, *(section for section, _group in each.none_detected))
        ],
        "rules": [(verdict_words.said(each.text), each) for each in standard.rules],
        **verdict_words.counts(standard),
    }


@require_GET
@seated(*READS)
def standard_page(request: HttpRequest, market: str) -> HttpResponse:
    """One market: every limit with its condition, clause and how sure we are of it."""
    seat = Seat.of(request)
    assert seat is not None
    profile = profiles.load(seat.cluster.profile)
    if market not in profile.markets:
        raise Http404
    record, standard = profile.markets[market], profiles.market_standard(profile.code, market)
    tests = set(profile.tests)
    context = _market(profile, market) | {
        "composition": _lines(profile, [each for each in standard.limits if each.parameter not in tests]),
        "residues": _lines(
            profile, [each for each in standard.limits if _group(profile, each.parameter) == "residues"]
        ),
        "authenticity": _lines(
            profile, [each for each in standard.limits if _group(profile, each.parameter) == "authenticity"]
        ),
        "rules": [
            (verdict_words.said(each.text), verdict_words.said(each.note), each) for each in _rules(profile, market)
        ],
        "note": verdict_words.said(standard.note),
        "grades": [_grade(profile, each) for each in standard.grades],
        "colours": [_colour(profile, each) for each in standard.colour_classes],
        "papers": [profile.papers[each].name.in_language(page_language()) for each in record.papers],
        "today_passing": _passing(seat, profile, market),
    }
    return render(request, "selling/standard.html", context)


def _lines(profile: profiles.Profile, limits: Any) -> list[verdict_words.LimitWords]:
    return verdict_words.standard_lines(profile, limits)


def _group(profile: profiles.Profile, code: str) -> str:
    """`residues` or `authenticity` for a test; nothing for a measured parameter."""
    if code not in profile.tests:
        return ""
    return "authenticity" if profile.tests[code].group == "authenticity" else "residues"


def _rules(profile: profiles.Profile, market: str) -> list[Any]:
    """Demands in words: the standard's own, and those of the sections it draws on."""
    record = profile.markets[market]
    wanted = (record.standard, *record.labels, *record.residues, *(section for section, _group in record.none_detected))
    by_code = {each.code: each for each in profiles.standards(profile.code)}
    return [rule for code in wanted for rule in by_code[code].rules]


def _grade(profile: profiles.Profile, grade: Grade) -> dict[str, Any]:
    """A grade with its bounds; points are given by a grader and are not measured here."""
    language = page_language()
    bounds = []
    for each in grade.limits:
        if each.is_measured:
            words = verdict_words.limit_words(profile, each.parameter, each.op, each.value)
            name = verdict_words.name_of(profile, each.parameter)
        else:
            words, name = _("at least %(amount)s") % {"amount": format_number(each.value, language)}, _("Points")
        group = "extraction" if each.variant in profile.names["extraction"] else "flag"
        variant = verdict_words.word(profile, group, each.variant) if each.variant else ""
        bounds.append(f"{name}: {words}" + (f" ({variant})" if variant else ""))
    return {"name": localise_digits(verdict_words.said(grade.name), language), "bounds": bounds, "grade": grade}


def _colour(profile: profiles.Profile, colour: Any) -> tuple[str, str]:
    """A colour class and its range in mm Pfund."""
    language = page_language()
    unit = verdict_words.unit_of(profile, "colour")
    name = verdict_words.word(profile, "colour_class", colour.name)
    if colour.up_to == float("inf"):
        return name, _("above %(amount)s") % {"amount": f"{format_number(colour.above, language)} {unit}"}
    return name, _("at most %(amount)s") % {"amount": f"{format_number(colour.up_to, language)} {unit}"}


def _passing(seat: Seat, profile: profiles.Profile, market: str) -> dict[str, Any] | None:
    """How the newest season's batches that one sees stand in this market."""
    if not seat.is_one_of(*SEES_BATCHES):
        return None
    seen = access.batches_seen_by(seat)
    seasons = batch_queries.seasons_of(seen)
    if not seasons:
        return None
    counts = batch_queries.what_passes(seen, profile, market, seasons[0])
    shown = ("pass", "pass_with_untested", "fail", "not_tested")
    return {
        "season": localise_digits(str(seasons[0]), page_language()),
        "all": sum(counts.values()),
        "passing": counts.get("pass", 0) + counts.get("pass_with_untested", 0),
        "parts": [
            (verdict_words.word(profile, "outcome", each), verdict_words.BADGES[each], counts.get(each, 0))
            for each in shown
        ],
    }
