"""What the pages and the report of a study show: values for their templates, in the page's language."""

import json
from typing import Any

from django.utils.translation import gettext as _

from kandoo.finding import pictures, words
from kandoo.finding.models import Proposed
from kandoo.finding.related import sets_of
from kandoo.finding.results import CURVES, DENSE, Curve, Industry, Row, Tables
from kandoo.register import places
from kandoo.site.lists import page_language

REGIONS_SHOWN = 12
GROUPS_SHOWN = 10
PRIORITIES_SHOWN = 15

INTERNAL = ("summary.json",)


def table_files(tables: Tables) -> list[str]:
    """The names of the tables that leave."""
    return [name for name in tables.names if name not in INTERNAL]


def overview(tables: Tables) -> dict[str, Any]:
    """The study as a whole: how many industries are gathered, how sure, what was left out."""
    lines = tables.industries
    curved = [each for each in lines if each.verdicts]
    account = tables.account
    return {
        "study": tables.study,
        "industries": lines,
        "curved": len(curved),
        "gathered": sum(each.is_gathered for each in curved),
        "sites": sum(each.sites for each in lines),
        "is_apiary": tables.study.profile == "apiary",
        "simulations": account.get("simulations", 0),
        "seed": account.get("seed", 0),
        "stars_profile": account.get("stars", ""),
        "year": words.year(tables.choices.year),
        "before": words.year(tables.choices.before),
        "remarks": words.remark_words(tables.study),
        "priorities": priorities(tables),
        "related": related(tables),
    }


def line(tables: Tables, industry: Industry) -> dict[str, Any]:
    """One industry in the list."""
    verdict = industry.main
    return {
        "industry": industry,
        "sites": words.number(industry.sites) if not industry.is_few else _("fewer than 3"),
        "badge": words.badge_kind(verdict),
        "verdict": words.verdict_words(verdict),
        "sentence": words.verdict_sentence(tables, industry),
        "reach": words.figures(verdict.reach_km) if verdict and verdict.reach_km is not None else "",
        "p": words.p_words(verdict.p_value) if verdict else "",
        "change": words.change_sentence(tables, industry),
    }


def industry_context(tables: Tables, industry: Industry, *, drawn_map: bool = False) -> dict[str, Any]:
    """Everything on one industry. `drawn_map`: with the map as a picture, for paper and for lists in kilometres."""
    groups = tables.groups(industry.name)[:GROUPS_SHOWN]
    is_earth = bool(tables.summary.get("is_earth"))
    quotients = tables.quotients(industry.name)
    gamma = tables.concentration(industry.name)
    return line(tables, industry) | {
        "study": tables.study,
        "curves": [each for measure in CURVES if (each := _curve(tables, industry, measure))],
        "groups": [_group(each) for each in groups],
        "is_earth": is_earth,
        "map": _map(tables, industry, groups) if groups and (drawn_map or not is_earth) else "",
        "quotients": [_quotient(row, tables.quotients_before(industry.name)) for row in quotients[:REGIONS_SHOWN]],
        "first_quotient": words.quotient_sentence(quotients[0]) if quotients else "",
        "concentration": words.concentration_sentence(gamma) if gamma else "",
        "shift": _shift(tables, industry),
        "has_before": tables.has_before,
        "before": words.year(tables.choices.before),
        "year": words.year(tables.choices.year),
    }


def _curve(tables: Tables, industry: Industry, measure: str) -> dict[str, Any] | None:
    curve = tables.curve(measure, industry.name)
    if curve is None:
        return None
    verdict = industry.verdicts.get(measure)
    titles = {
        "kd": _("Distances between its sites: %(verdict)s"),
        "m": _("Its share of the neighbourhood: %(verdict)s"),
    }
    texts = {
        "kd": _("The line is how often two of its sites lie at a distance; the dark band what chance would give at that distance, the pale one over all distances. K-density of Duranton and Overman."),
        "m": _("The line is its share among neighbours up to a distance over its share everywhere; 1 is no concentration. M of Marcon and Puech, with the bands of chance."),
    }  # fmt: skip
    title = titles[measure] % {"verdict": words.verdict_words(verdict)}
    return {
        "measure": measure,
        "title": title,
        "text": texts[measure],
        "svg": pictures.curve_with_band(
            curve,
            name=title,
            language=page_language(),
            unit=_("km"),
            chance=1.0 if measure == "m" else None,
            before=tables.curve(measure, industry.name, before=True),
        ),
        "columns": [_("Distance (km)"), _("Value"), _("Band from"), _("Band to")],
        "rows": list(_behind(curve)),
        "p": words.p_words(verdict.p_value) if verdict else "",
        "q": words.number(verdict.q_value, 2) if verdict else "",
    }


def _behind(curve: Curve) -> Any:
    """A dozen rows of a curve, as words."""
    last = curve.distance.size - 1
    for k in sorted({round(last * part / 11) for part in range(12)}):
        values = (curve.value[k], curve.bands[2][k], curve.bands[3][k])
        yield [words.figures(float(curve.distance[k])), *(_small(float(each)) for each in values)]


def _small(value: float) -> str:
    return words.number(value, 5 if abs(value) < 0.1 else 3) if value == value else ""


def _group(feature: dict[str, Any]) -> dict[str, Any]:
    of = feature["properties"]
    return {
        "key": feature["id"],
        "sites": of["sites"],
        "size": of["employment"],
        "area": of["area_km2"],
        "quotient": of["quotient"],
        "is_dense": of["quotient"] >= DENSE,
        "text": _("%(sites)s sites on %(area)s km², %(times)s times as dense in this industry as everywhere")
        % {
            "sites": words.number(of["sites"]),
            "area": words.figures(of["area_km2"]),
            "times": words.figures(of["quotient"]),
        },
    }


def _quotient(row: Row, before: dict[str, Row]) -> dict[str, Any]:
    was = before.get(row["region"])
    return {
        "region": row["region"],
        "lq": words.figures(float(row["lq"])),
        "low": words.figures(float(row["low"])),
        "high": words.figures(float(row["high"])),
        "q": words.number(float(row["q_value"]), 3),
        "is_sure": float(row["low"]) > 1,
        "stars": int(row["stars"] or 0),
        "was": words.figures(float(was["lq"])) if was else "",
    }


def _shift(tables: Tables, industry: Industry) -> list[dict[str, Any]]:
    """Parts of the change of jobs between the years, by region: of the whole, of the industry, of the place."""
    rows = [row for row in tables.rows("shift_share.csv", industry.name) if row["own"]]
    rows.sort(key=lambda row: (-float(row["own"]), row["region"]))
    return [
        {"region": row["region"]} | {part: words.number(float(row[part])) for part in ("national", "mix", "own")}
        for row in rows[:REGIONS_SHOWN]
    ]


def priorities(tables: Tables) -> list[dict[str, Any]]:
    """Which clusters first, and how far the rank moves with the weights; with whether it was proposed."""
    given = {
        (each.industry, each.region): each.file_id
        for each in Proposed.objects.filter(study=tables.study)
        if tables.study.pk
    }
    place_of = {each.name: each.place for each in tables.industries}
    return [
        {
            "industry": row["industry"],
            "region": row["region"],
            "place": place_of.get(row["industry"]),
            "score": words.number(float(row["score"]), 2),
            "rank": int(row["rank"]),
            "low": int(row["rank_low"]),
            "high": int(row["rank_high"]),
            "first": words.number(100 * float(row["first_share"])),
            "file": given.get((row["industry"], row["region"])),
        }
        for row in tables.rows("priority.csv")[:PRIORITIES_SHOWN]
    ]


def related(tables: Tables) -> dict[str, Any] | None:
    """Sets of related industries (one alone is left out), the misfits that were moved and why, the next best sets."""
    found = tables.related
    if found is None:
        return None
    return {
        "sets": found.sets(),
        "score": words.number(found.score, 2),
        "moves": [words.move_sentence(each) for each in found.moves()],
        "alternatives": [
            {"score": words.number(each["score"], 2), "sets": sets_of(each["clusters"])} for each in found.alternatives
        ],
    }


def areas(tables: Tables, industry: Industry) -> dict[str, Any]:
    """GeoJSON for the map: counties or provinces around, over them the groups."""
    groups = tables.groups(industry.name)[:GROUPS_SHOWN]
    features = [*_ground(tables), *groups]
    return {"type": "FeatureCollection", "features": [_named(each) for each in features]}


def area_values(tables: Tables, industry: Industry) -> dict[str, Any]:
    """For the same map: how dense each group is, and its words."""
    groups = [_group(each) for each in tables.groups(industry.name)[:GROUPS_SHOWN]]
    return {
        "values": {each["key"]: round(each["quotient"], 1) for each in groups},
        "texts": {each["key"]: each["text"] for each in groups},
    }


def _named(feature: dict[str, Any]) -> dict[str, Any]:
    has = feature["properties"]
    return feature if "industry" not in has else {**feature, "properties": {"id": feature["id"]}}


def _ground(tables: Tables) -> list[dict[str, Any]]:
    """Counties in which the sites lie where their boundaries ship, else provinces."""
    box = tables.summary.get("box", [0.0, 0.0, 0.0, 0.0])
    lying = {tuple(each) for each in tables.summary.get("regions", {}).values()}
    lying |= {tuple(each) for each in tables.summary.get("places", {}).values()}
    provinces = sorted({province for province, _county in lying if province})
    if not provinces:
        return []
    if len(provinces) == 1:
        found: list[dict[str, Any]] = json.loads(places.outlines(provinces[0]))["features"]
        return found
    every: list[dict[str, Any]] = json.loads(places.province_outlines())["features"]
    return [each for each in every if each["properties"]["key"] in provinces and box]


def _map(tables: Tables, industry: Industry, groups: list[dict[str, Any]]) -> Any:
    rings = [ring for each in _ground(tables) for ring in _outer(each["geometry"])]
    box = tables.summary["box"]
    if rings:
        points = [point for ring in rings for point in ring]
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        box = [min(xs), min(ys), max(xs), max(ys)]
    title = _("Where the groups of %(name)s lie") % {"name": words.name_of(industry.name)}
    return pictures.map_of_groups(groups, rings, box, name=title, is_earth=bool(tables.summary.get("is_earth")))


def _outer(geometry: dict[str, Any]) -> list[Any]:
    shapes = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [each[0] for each in shapes]


def change_lines(tables: Tables) -> list[dict[str, Any]]:
    """Every industry of both years: sites, size and verdict then and now."""
    names = sorted({*tables.before, *(each.name for each in tables.industries)})
    now = {each.name: each for each in tables.industries}
    rows = []
    for name in names:
        then, today = tables.before.get(name), now.get(name)
        rows.append({
            "name": name,
            "place": today.place if today else None,
            "sites": [_count(each) for each in (then, today)],
            "size": [words.number(each.size) if each and not each.is_few else "" for each in (then, today)],
            "verdicts": [words.verdict_words(each.main) if each else "–" for each in (then, today)],
            "kinds": [words.badge_kind(each.main if each else None) for each in (then, today)],
            "is_new": bool(today and today.is_gathered and not (then and then.is_gathered)),
        })  # fmt: skip
    return rows


def _count(each: Industry | None) -> str:
    if each is None:
        return words.number(0)
    return _("fewer than 3") if each.is_few else words.number(each.sites)
