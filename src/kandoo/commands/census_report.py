"""report.html: what a census says, for reading: a sentence, a map, curves and a table for each industry.

One file, nothing loaded from outside. It is made from the tables beside it, so it shows nothing they hide.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from kandoo.engine.census.sites import Sites

from .census_pictures import Map, curve_picture
from .census_words import counted

SHOWN = 40  # industries with pictures; all are in the tables
REGIONS_SHOWN = 8
PRIORITIES_SHOWN = 20
PAIRS_SHOWN = 20
FILES = {"lq": "lq.csv", "stars": "stars.csv", "shift": "shift_share.csv", "eg": "eg.csv", "kd": "kd.csv", "m": "m.csv",
         "m-density": "m_density.csv"}  # fmt: skip
OF_REGIONS = (  # columns about an industry in a region: measure, column, what it is called
    ("lq", "lq", "location quotient"), ("lq", "low", "from"), ("lq", "high", "to"), ("lq", "q_value", "false-discovery rate"),
    ("stars", "stars", "stars of three"), ("shift", "own", "own part of the change, jobs"),
)  # fmt: skip
DENSE = 1.5  # times its share of all sites, for a group to be outlined
STYLE = """
:root{--ground:#f6f5f0;--surface:#fff;--ink:#1b2420;--soft:#535f58;--line:#dedfd6;--accent:#0b6b4e;--tint:#cfe3d9;--honey:#e3a21a}
@media(prefers-color-scheme:dark){:root{--ground:#141a17;--surface:#1d2521;--ink:#edf1ee;--soft:#a9b5ae;--line:#36413b;
--accent:#59c79d;--tint:#2c4a3e;--honey:#f0bd55}}
body{margin:0 auto;max-width:70rem;padding:1.5rem;background:var(--ground);color:var(--ink);font:1rem/1.6 system-ui,sans-serif}
section{background:var(--surface);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.5rem;margin:1.5rem 0}
h1,h2{line-height:1.25}.soft,figcaption{color:var(--soft);font-size:.9rem}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1.5rem;align-items:start}
figure{margin:0}svg{width:100%;height:auto;font-size:12px}svg text{fill:var(--soft)}
.line{stroke:var(--line);fill:none}.curve{stroke:var(--accent);stroke-width:2.5;fill:none}
.chance{stroke:var(--soft);stroke-dasharray:4 4;fill:none}.global{fill:var(--tint)}.local{fill:var(--soft);opacity:.35}
.all{fill:var(--line)}.own{fill:var(--accent)}.hull{fill:none;stroke:var(--honey);stroke-width:2.5}
table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:start}
td,th+th{text-align:end}td{white-space:nowrap;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}td.many{white-space:normal;text-align:start}
"""
WORDS = {
    "gathered": "gathered more than by chance",
    "scattered": "farther apart than by chance",
    "as chance": "no different from chance",
}


def report_page(folder: Path, sites: Sites, account: Mapping[str, Any]) -> str:
    """The page, from the tables in the folder that this survey has just made."""
    made = account["measures"]
    tables = {name: _by_industry(folder / file) if name in made else {} for name, file in FILES.items()}
    groups: dict[str, list[Any]] = defaultdict(list)
    if "extents" in made:
        for feature in json.loads((folder / "extents.geojson").read_text(encoding="utf-8"))["features"]:
            groups[feature["properties"]["industry"]].append(feature)
    ranked = _ranked(account["verdicts"])
    names = [*ranked, *sorted({*groups}.union(*tables.values()).difference(ranked))]
    ground = Map(
        sites.first, sites.second, is_earth=sites.points.metric != "plane", least=max(account["least_sites"], 1)
    )
    parts = [_head(account, names), _overview(names, account["verdicts"], tables["eg"]), ground.ground()]
    for name in names[:SHOWN]:
        own = {key: table.get(name, []) for key, table in tables.items()}
        parts.append(_section(name, account, own, _map(name, sites, ground, groups[name])))
    parts.append(_priorities(_rows(folder / "priority.csv")) if "priority" in made else "")
    parts.append(_related(_rows(folder / "related.csv")) if "related" in made else "")
    parts.append(_pairs(_rows(folder / "coagglomeration.csv")) if "coagglomeration" in made else "")
    notes = "".join(f"<li>{escape(note)}</li>" for note in account["notes"])
    parts.append(f"<section><h2>Notes</h2><ul>{notes}</ul></section>" if notes else "")
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Clusters in the census</title>'
            f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
            f"<body>{''.join(parts)}</body></html>\n")  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    """Those of a table; none of one that could not be made."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _by_industry(path: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(path):
        found[row["industry"]].append(row)
    return found


def _ranked(verdicts: Mapping[str, Any]) -> list[str]:
    """Gathered industries first, by both curves before by one, the surest before the others."""

    def key(name: str) -> tuple[int, float, str]:
        curves = list(verdicts[name].values())
        return -sum(map(is_gathered, curves)), min(each["p_value"] for each in curves), name

    return sorted(verdicts, key=key)


def is_gathered(curve: Mapping[str, Any]) -> bool:
    """Also after so many industries have been looked at."""
    return bool(curve["verdict"] == "gathered" and curve["q_value"] <= curve["level"])


def _head(account: Mapping[str, Any], names: Sequence[str]) -> str:
    verdicts = account["verdicts"]
    gathered = [name for name in names if any(map(is_gathered, verdicts.get(name, {}).values()))]
    answer = (f"{len(gathered)} of {counted(len(verdicts), 'industries')} {'is' if len(gathered) == 1 else 'are'} gathered more than chance would have it."
              if verdicts else "Location quotients and other measures of a census.")  # fmt: skip
    bands = (f" Bands are of {account['simulations']:,} random industries of the same size on the same sites; "
             f"seed {account['seed']}. The count allows for the number of industries looked at." if verdicts else "")  # fmt: skip
    errors = [each["kd"]["band_error"] for each in verdicts.values() if "band_error" in each.get("kd", {})]
    if errors:
        bands += f" Bands of {counted(len(errors), 'industries')}, the largest, were made on a grid, with an error of {max(errors):.1g} of the top."
    where = f" in {counted(account['regions'], 'regions')}" if account["regions"] else ""
    about = f"{counted(account['sites'], 'sites')} of {counted(account['industries'], 'industries')}{where}.{bands}"
    return f'<h1>{answer}</h1><p class="soft">{about}</p>'


def _overview(
    names: Sequence[str], verdicts: Mapping[str, Any], concentration: Mapping[str, list[dict[str, str]]]
) -> str:
    if not names:
        return ""
    rows = []
    for name in names:
        curves = verdicts.get(name, {})
        cells = [_verdict(curves.get(measure)) for measure in ("kd", "m")]
        gamma = concentration.get(name, [{}])[0].get("gamma", "")
        rows.append(
            f'<tr><th scope="row">{escape(name)}</th><td>{cells[0]}</td><td>{cells[1]}</td><td>{_short(gamma)}</td></tr>'
        )
    return ('<section><h2>All industries</h2><div class="wide"><table><tr><th>industry</th><th>K-density</th><th>M</th>'
            f"<th>gamma</th></tr>{''.join(rows)}</table></div></section>")  # fmt: skip


def _verdict(curve: Mapping[str, Any] | None) -> str:
    if curve is None:
        return ""
    reach = f" to {curve['reach_km']:.3g} km" if curve["reach_km"] is not None else ""
    return f"{curve['verdict']}{reach}, p = {curve['p_value']:.3g}, q = {curve['q_value']:.3g}"


def _section(name: str, account: Mapping[str, Any], rows: Mapping[str, list[dict[str, str]]], map_of_it: str) -> str:
    figures = "".join(_curves(name, account, rows)) + map_of_it
    sentence = escape(_sentence(name, account["verdicts"].get(name, {})))
    return (f'<section><h2>{escape(name)}</h2><p>{sentence}</p><div class="pictures">{figures}</div>'
            f"{_regions(rows)}</section>")  # fmt: skip


def _sentence(name: str, curves: Mapping[str, Any]) -> str:
    told = []
    for measure, what in (
        ("kd", "Distances between its sites"),
        ("m", "Its share of the neighbourhood"),
        ("m-density", "Its share of what lies about a distance away"),
    ):
        curve = curves.get(measure)
        if curve is None:
            continue
        reach = f" up to {curve['reach_km']:.3g} km" if curve["reach_km"] is not None else ""
        told.append(f"{what}: {WORDS[curve['verdict']]}{reach} (p = {curve['p_value']:.3g}).")
    return " ".join(told) or f"{name} has no curve with bands."


def _curves(name: str, account: Mapping[str, Any], rows: Mapping[str, list[dict[str, str]]]) -> Iterator[str]:
    titles = {
        "kd": ("K-density of distances", "per km", None),
        "m": ("M: share of the neighbourhood, 1 = as everywhere", "", 1.0),
        "m-density": ("m: share of what lies about a distance away, 1 = as everywhere", "", 1.0),
    }
    for measure, (title, unit, chance) in titles.items():
        if not rows[measure]:
            continue
        columns = {
            column: np.array([float(row[column] or "nan") for row in rows[measure]])
            for column in ("distance_km", "value", "low", "high", "global_low", "global_high")
        }
        bands = (
            [columns[each] for each in ("low", "high", "global_low", "global_high")] if account["simulations"] else []
        )
        if np.isfinite(columns["value"]).any():
            label = f"{title} of {name}. {_sentence(name, account['verdicts'].get(name, {}))}"
            picture = curve_picture(columns["distance_km"], columns["value"], bands, label, unit, chance=chance)
            yield f"<figure>{picture}<figcaption>{title}; the band of chance behind it</figcaption></figure>"


def _map(name: str, sites: Sites, ground: Map, groups: Sequence[Any]) -> str:
    own = sites.industry == sites.industries.index(name)
    hulls = [
        [(float(x), float(y)) for x, y in group["geometry"]["coordinates"][0]]
        for group in groups
        if group["geometry"]["type"] == "Polygon" and group["properties"]["quotient"] >= DENSE
    ]
    picture = ground.picture(own, hulls, f"Where the sites of {name} are")
    caption = "All sites grey; green where enough of its own are close; groups denser than all sites outlined"
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _priorities(found: Sequence[Mapping[str, str]]) -> str:
    """The first clusters by score, with how sure their rank is."""
    rows = found[:PRIORITIES_SHOWN]
    if not rows:
        return ""
    body = "".join(
        f'<tr><th scope="row">{escape(row["industry"])}, {escape(row["region"])}</th><td>{_short(row["score"])}</td>'
        f"<td>{row['rank']}</td><td>{row['rank_low']} to {row['rank_high']}</td><td>{float(row['first_share']):.0%}</td></tr>"
        for row in rows
    )
    return ('<section><h2>Which first</h2><p class="soft">The rank may move as far as shown when every weight is off by up to a '
            'quarter; the last column is how often a cluster is then first.</p><div class="wide"><table><tr><th>cluster</th>'
            f"<th>score</th><th>rank</th><th>from, to</th><th>first</th></tr>{body}</table></div></section>")  # fmt: skip


def _related(rows: Sequence[Mapping[str, str]]) -> str:
    """A line for each set of related industries, those that fit best first."""
    sets: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        sets[row["cluster"]].append(row)
    if not sets:
        return ""
    body = "".join(
        f'<tr><th scope="row">{label}</th><td class="many">'
        + escape("; ".join(row["industry"] for row in sorted(own, key=lambda row: -float(row["score"] or 0))))
        + "</td></tr>"
        for label, own in sets.items()
    )
    return (f'<section><h2>Related industries</h2><div class="wide"><table><tr><th>set</th><th>industries</th></tr>{body}'
            "</table></div></section>")  # fmt: skip


def _pairs(rows: Sequence[Mapping[str, str]]) -> str:
    """The pairs of industries most found in the same regions."""
    if not rows:
        return ""
    body = "".join(
        f'<tr><th scope="row">{escape(row["industry"])}, {escape(row["other"])}</th><td>{_short(row["gamma"])}</td></tr>'
        for row in rows[:PAIRS_SHOWN]
    )
    return ('<section><h2>Found in the same regions</h2><div class="wide"><table><tr><th>industries</th><th>gamma</th></tr>'
            f"{body}</table></div></section>")  # fmt: skip


def _regions(rows: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    """The regions an industry is most at home in, by the first measure there is."""
    columns = [each for each in OF_REGIONS if rows[each[0]]]
    cells: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for measure, column, _ in columns:
        for row in rows[measure]:
            cells[row["region"]][measure, column] = row[column]
    first = next((key for key in (("lq", "low"), ("stars", "stars"), ("shift", "own")) if rows[key[0]]), None)
    known = [region for region in cells if first and cells[region].get(first)]
    shown = sorted(known, key=lambda region: (-float(cells[region][first or ("", "")]), region))[:REGIONS_SHOWN]
    if not shown:
        return ""
    body = "".join(
        f'<tr><th scope="row">{escape(region)}</th>'
        + "".join(f"<td>{_short(cells[region].get((measure, column), ''))}</td>" for measure, column, _ in columns)
        + "</tr>"
        for region in shown
    )
    heads = "".join(f"<th>{name}</th>" for _, _, name in columns)
    return f'<div class="wide"><table><tr><th>region</th>{heads}</tr>{body}</table></div>'


def _short(cell: str) -> str:
    """Three figures; what is nearly nothing is said to be so."""
    if not cell:
        return ""
    if abs(float(cell)) >= 1000:
        return f"{float(cell):,.0f}"
    return f"{float(cell):.3g}" if abs(float(cell)) >= 1e-4 or float(cell) == 0 else "&lt; 0.0001"
