"""What the batch pages are given."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.engine.standards import Verdict
from kandoo.register import places
from kandoo.register.access import Seat
from kandoo.register.models import Site
from kandoo.selling import access, batch_queries, queries, verdict_words
from kandoo.selling.batch_queries import BADGES, State, Wanted
from kandoo.selling.models import Batch
from kandoo.site import language as lang
from kandoo.site import pictures


def list_context(seat: Seat, seen: QuerySet[Batch], wanted: Wanted, page: Page[Any]) -> dict[str, Any]:
    """The list: the newest season in figures, the filters, and a row for each batch."""
    profile = profiles.load(seat.cluster.profile)
    seasons = batch_queries.seasons_of(seen)
    rows = [
        {
            "batch": each,
            "kind": kind_name(profile, each.kind),
            "state": State(each.state).label,
            "badge": BADGES[each.state],
        }
        for each in page
    ]
    return {
        "page_obj": page,
        "rows": rows,
        "figures": batch_queries.season_figures(seen, seasons[0]) if seasons else None,
        "is_filtered": any((wanted.q, wanted.kind, wanted.season, wanted.state, wanted.county, wanted.firm)),
        "may_record": seat.is_one_of("agent", "member"),
        "may_import": seat.is_one_of("agent", "member", "laboratory"),
        "shows_firm": seat.role != "member",
        "selects": _filters(seat, seen, wanted, profile, seasons),
    }


def _filters(
    seat: Seat, seen: QuerySet[Batch], wanted: Wanted, profile: profiles.Profile, seasons: list[int]
) -> list[dict[str, Any]]:
    language = queries.page_language()
    kinds = [(code, kind.name.in_language(language)) for code, kind in profile.kinds.items()]
    present = set(seen.order_by().values_list("kind", flat=True).distinct())
    filters = [
        ("state", _("State"), State.choices, wanted.state),
        ("kind", _("Kind"), [each for each in kinds if each[0] in present], wanted.kind),
        (
            "season",
            _("Season"),
            [(each, lang.localise_digits(str(each), language)) for each in seasons],
            wanted.season,
        ),
    ]
    if seat.role != "laboratory":
        counties = [(each, places.name_of(each, language)) for each in batch_queries.counties_of(seen)]
        filters.append(("county", _("County"), counties, wanted.county))
    if wanted.firm and seat.role != "member" and (one := seen.filter(enterprise=_whole(wanted.firm)).first()):
        filters.append(("firm", _("Firm"), [(one.enterprise_id, str(one.enterprise))], wanted.firm))
    names = ("name", "label", "options", "value")
    return [dict(zip(names, each, strict=True)) for each in filters]


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def kind_name(profile: profiles.Profile, code: str) -> str:
    """A kind in the page's language."""
    kind = profile.kinds.get(code)
    return kind.name.in_language(queries.page_language()) if kind else code


def export_table(seat: Seat, batches: QuerySet[Batch]) -> tuple[list[str], Iterator[list[Any]]]:
    """The list as a table, a column for each laboratory parameter."""
    profile = profiles.load(seat.cluster.profile)
    shows_site = seat.role != "laboratory"
    codes = [*profile.parameters, *profile.tests]
    headings = [_("Batch"), _("Firm"), *([_("Apiary"), _("County")] if shows_site else [])]
    headings += [
        _("Kind"),
        _("Harvest date"),
        _("Season"),
        _("Drums"),
        _("Net mass of a drum (kg)"),
        _("Net mass (kg)"),
        _("State"),
    ]
    headings += [
        f"{verdict_words.name_of(profile, code)} ({verdict_words.unit_of(profile, code)})".replace(" ()", "")
        for code in codes
    ]
    return headings, _export_rows(profile, batches, codes, shows_site=shows_site)


def _export_rows(
    profile: profiles.Profile, batches: QuerySet[Any], codes: list[str], *, shows_site: bool
) -> Iterator[list[Any]]:
    rows = list(batches)
    results = queries.latest_results(rows)
    for each in rows:
        found = queries.values_of(results[each.pk])
        site = [str(each.site), places.name_of(each.site.county, queries.page_language())] if shows_site else []
        yield [
            each.code,
            str(each.enterprise),
            *site,
            kind_name(profile, each.kind),
            each.harvested_on,
            each.season,
            each.drums,
            each.drum_kg,
            each.mass_kg,
            str(State(each.state).label),
            *(_export_value(profile, code, found.get(code)) for code in codes),
        ]


def _export_value(profile: profiles.Profile, code: str, found: Any) -> Any:
    return verdict_words.result_words(profile, code, found) if isinstance(found, str) else found


def first_guess(seat: Seat, sites: QuerySet[Site]) -> dict[str, Any]:
    """What a new harvest most likely is: the only apiary, and the kind recorded last."""
    guess: dict[str, Any] = {}
    if len(sites) == 1:
        guess["site"] = sites[0].pk
    last = access.batches_seen_by(seat).filter(site__in=list(sites)).order_by("-pk").first()
    if last and seat.role == "member":
        guess |= {"kind": last.kind, "drum_kg": last.drum_kg}
    return guess


def page_context(seat: Seat, batch: Batch, market: str) -> dict[str, Any]:
    """One batch: its state, the harvest against its hives, verdicts, results, drums, files."""
    profile = profiles.load(seat.cluster.profile)
    facts = batch_queries.facts_of(batch)
    knows_site = seat.role != "laboratory"
    return {
        "batch": facts,
        "site": batch.site if knows_site else None,
        "kind": kind_name(profile, batch.kind),
        "state": State(facts.state),
        "badge": BADGES[facts.state],
        "may_keep": access.may_keep_batch(seat, batch),
        "may_enter": access.may_enter_results(seat, batch) and not batch.withdrawn_at,
        "may_decide": seat.role == "agent",
        "outlook": batch_queries.outlook(batch.site, batch.season) if knows_site else None,
        "whereabouts": batch_queries.whereabouts(batch) if knows_site else [],
        "attachments": [(each, not str(each.file.name).endswith(".pdf")) for each in batch.attachments.order_by("-pk")],
        "excess_kg": (batch.held_harvest_kg or 0) - (batch.held_plausible_kg or 0),
        "samples": batch.samples.select_related("laboratory").order_by("pk"),
        "bar": bar_words(profile, facts),
        **_verdicts(profile, batch, market),
    }


def bar_words(profile: profiles.Profile, batch: Batch) -> dict[str, Any] | None:
    """Why a batch is barred for good: the test, what was found, by whom and when."""
    bar = getattr(batch, "bar", None)
    if bar is None:
        return None
    result = bar.result
    return {
        "test": verdict_words.name_of(profile, result.parameter),
        "found": verdict_words.result_words(profile, result.parameter, queries.result_value(result)),
        "reason": verdict_words.word(profile, "bar_reason", bar.code),
        "laboratory": result.laboratory or result.laboratory_name,
        "tested_on": result.tested_on,
    }


def _verdicts(profile: profiles.Profile, batch: Batch, wanted: str) -> dict[str, Any]:
    """The strip of all markets, and one market opened: its table and picture."""
    latest = queries.results_of(batch)
    found = queries.values_of(latest)
    verdicts = {code: queries.market_verdict(profile, code, batch.kind, found) for code in profile.markets}
    market = wanted if wanted in verdicts else next(iter(verdicts))
    free = [code for code, each in verdicts.items() if each.overall in ("pass", "pass_with_untested")]
    chosen, newest = verdicts[market], {each.pk for each in latest.values()}
    record = profile.markets[market]
    lines = [verdict_words.line_words(profile, each) for each in chosen.lines]
    return {
        "verdicts": [verdict_words.verdict_words(profile, code, each) for code, each in verdicts.items()],
        "free_markets": len(free),
        "market": verdict_words.verdict_words(profile, market, chosen),
        "caution": record.caution.in_language(queries.page_language()) if record.caution else "",
        "broken": [each for each in lines if each.badge == "bad"],
        "kept": [each for each in lines if each.badge in ("good", "plain")],
        "untested": [each for each in lines if each.badge == "unknown"],
        "grade": verdict_words.said(chosen.grade or chosen.grade_possible),
        "is_grade_certain": bool(chosen.grade),
        "colour_class": verdict_words.word(profile, "colour_class", chosen.colour_class) if chosen.colour_class else "",
        "finding": verdict_words.finding(profile, chosen),
        "picture": _picture(profile, chosen, record.name.in_language(queries.page_language())),
        "results": [
            {
                "result": each,
                "name": verdict_words.name_of(profile, each.parameter),
                "found": verdict_words.result_words(profile, each.parameter, queries.result_value(each)),
                "counts": each.pk in newest,
            }
            for each in batch_queries.results_by_day(batch)
        ],
    }


def _picture(profile: profiles.Profile, verdict: Verdict, name: str) -> str:
    """Each measured number against its limit in the market that is open."""
    rows = verdict_words.bullets(profile, verdict)
    if not rows:
        return ""
    language: pictures.Language = "fa" if queries.page_language() == "fa" else "en"
    return pictures.bullet_bars(rows, name=name, language=language, one_batch=True)
