"""The cluster, its map, and the product profile it works by."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control

from kandoo import profiles
from kandoo.register import access, actions, places, queries
from kandoo.register.access import Seat, seated
from kandoo.register.forms import ClusterForm, SeasonYieldForm
from kandoo.register.identifying import language
from kandoo.register.views.shared import seat_of
from kandoo.site.language import format_number, jalali_year

SEES_MAP = ("agent", "member", "officer", "auditor")


@seated()
def cluster(request: HttpRequest) -> HttpResponse:
    """What this cluster is, where, since when, and who leads it."""
    seat, today = seat_of(request), timezone.localdate()
    profile = profiles.load(seat.cluster.profile)
    context = {
        "place": seat.cluster,
        "province": places.name_of(seat.cluster.province, language()),
        "counties": [places.name_of(code, language()) for code in seat.cluster.counties],
        "profile": profile,
        "profile_name": profile.name.in_language(language()),
        "members": None if seat.role == "buyer" else queries.members_on(seat.cluster, today).count(),
        "agents": queries.agents_of(seat.cluster),
        "yields": seat.cluster.season_yields.order_by("-season"),
        "basis": profile.yield_rule.basis.in_language(language()),
        "is_agent": seat.role == "agent",
    }
    return render(request, "register/cluster.html", context)


@seated("agent")
def cluster_edit(request: HttpRequest) -> HttpResponse:
    """Correct how the cluster is described."""
    seat = seat_of(request)
    form = ClusterForm(request.POST or None, instance=seat.cluster)
    if form.is_valid():
        actions.change_cluster(by=seat.person, cluster=seat.cluster, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("register:cluster")
    return render(request, "register/cluster_edit.html", {"form": form})


@seated("agent")
def season_yield(request: HttpRequest) -> HttpResponse:
    """Say what a hive plausibly gives in a season."""
    seat, today = seat_of(request), timezone.localdate()
    form = SeasonYieldForm(request.POST or None, today=today, initial={"season": jalali_year(today), "dated": today})
    if form.is_valid():
        actions.set_season_yield(by=seat.person, cluster=seat.cluster, **form.cleaned_data)
        messages.success(request, _("The season’s plausible yield is set."))
        return redirect("register:cluster")
    rule = profiles.load(seat.cluster.profile).yield_rule
    context = {"form": form, "rule": rule, "basis": rule.basis.in_language(language())}
    return render(request, "register/season_yield.html", context)


@seated()
def profile(request: HttpRequest) -> HttpResponse:
    """What the product's profile holds: kinds, parameters, tests, packs, stages, sizes."""
    held = profiles.load(seat_of(request).cluster.profile)
    chosen = language()

    def named(records: Any) -> list[tuple[str, Any]]:
        return [(each.name.in_language(chosen), each) for each in records]

    context = {
        "profile": held,
        "name": held.name.in_language(chosen),
        "kinds": [(name, each, held.word("honey_class", each.honey_class).in_language(chosen)) for name, each in named(held.kinds.values())],
        "parameters": [(name, each, each.unit_name.in_language(chosen)) for name, each in named(held.parameters.values())],
        "tests": [(name, each, held.word("test_group", each.group).in_language(chosen), _rule(held, each, chosen), queries.source_title(held.code, each.bar.source)) for name, each in named(held.tests.values())],
        "packs": named(held.pack_units.values()),
        "stages": named(held.stages.values()),
        "sizes": named(held.size_classes),
        "schemes": named(held.identifier_schemes.values()),
        "basis": held.yield_rule.basis.in_language(chosen),
        "published": [(each.place.in_language(chosen), each) for each in held.yield_rule.published],
    }  # fmt: skip
    return render(request, "register/profile.html", context)


def _rule(held: profiles.Profile, test: Any, chosen: str) -> str:
    """When a result bars a batch, in words."""
    value = test.bar.value
    if isinstance(value, tuple):
        low, high = (format_number(each, chosen) for each in value)
        return _("Outside %(low)s to %(high)s") % {"low": low, "high": high}
    shown = held.word("answer", value).in_language(chosen) if isinstance(value, str) else ""
    if isinstance(value, int | float):
        units = {"ug/kg": _("%(number)s µg/kg"), "%": _("%(number)s%%"), "permil": _("%(number)s per mille")}
        shown = units.get(test.unit, "%(number)s") % {"number": format_number(value, chosen)}
    words = {
        "detected": _("Any finding"),
        "over": _("Over %(value)s"),
        "at_least": _("%(value)s or more"),
        "under": _("Under %(value)s"),
        "equal": _("Answer: %(value)s"),
        "not_equal": _("Any answer but: %(value)s"),
    }
    return words[test.bar.op] % {"value": shown}


@seated(*SEES_MAP)
def map_page(request: HttpRequest) -> HttpResponse:
    """Where the members are, as far as the seat may know; the table says the same."""
    seat, today = seat_of(request), timezone.localdate()
    codes = [each.code for each in places.counties(seat.cluster.province)]
    counts = queries.county_counts(seat, codes, today)
    rows = [(places.name_of(each.county, language()), each) for each in counts]
    known = [each for each in counts if each.enterprises]
    most = max(known, key=lambda each: each.enterprises or 0, default=None)
    context = {
        "rows": sorted(rows, key=lambda row: -(row[1].enterprises or 0)),
        "values": {
            "values": {each.county: each.enterprises for each in known},
            "texts": {each.county: _county_words(each) for each in counts},
        },
        "members": queries.members_on(seat.cluster, today).count(),
        "most": most and places.name_of(most.county, language()),
        "most_count": most and most.enterprises,
        "sees_sites": queries.sees_sites(seat),
        "own_sites": seat.enterprise is not None and seat.role == "member",
        "counted_on": queries.newest_count_on(seat.cluster) if queries.sees_sites(seat) else None,
    }
    return render(request, "register/map.html", context)


def _county_words(count: queries.CountyCount) -> str:
    if count.enterprises is None:
        return _("fewer than five members")
    words = ngettext("%(number)s member", "%(number)s members", count.enterprises) % {
        "number": format_number(count.enterprises, language())
    }
    if count.hives is None:
        return words
    return _("%(members)s, hives: %(hives)s") % {"members": words, "hives": format_number(count.hives, language())}


@cache_control(private=True, max_age=3600)
@seated()
def areas(request: HttpRequest) -> HttpResponse:
    """The boundaries on which the cluster's maps are drawn."""
    return HttpResponse(places.outlines(seat_of(request).cluster.province), content_type="application/geo+json")


@seated(*SEES_MAP)
def points(request: HttpRequest) -> JsonResponse:
    """The sites the seat may see one by one: all of them, or its own."""
    seat = seat_of(request)
    return _as_points(seat, queries.sites_on_map(seat, timezone.localdate()))


@seated()
def firm_points(request: HttpRequest, pk: int) -> JsonResponse:
    """The sites of one firm, for those who may see them; none for the others."""
    seat = seat_of(request)
    firm = access.firm_seen_by(seat, pk)
    sites = firm.sites.select_related("enterprise")
    return _as_points(seat, sites if access.may_see_private(seat, firm) else sites.none())


def _as_points(seat: Seat, sites: Any) -> JsonResponse:
    own = seat.enterprise.pk if seat.enterprise else None
    found = [
        {
            "lat": float(site.latitude),
            "lon": float(site.longitude),
            "area": site.county,
            "title": str(site.enterprise),
            "text": _site_words(site),
            "url": reverse("register:firm", args=[site.enterprise_id]),
            **({"mark": "good"} if site.enterprise_id == own else {}),
        }
        for site in sites
    ]
    response = JsonResponse({"points": found})
    response["Cache-Control"] = "private, no-store"
    return response


def _site_words(site: Any) -> str:
    if site.hives is None:
        return f"{site.get_kind_display()}: {site}"
    hives = _("Hives: %(hives)s") % {"hives": format_number(site.hives, language())}
    return f"{site.get_kind_display()}: {site} · {hives}"
