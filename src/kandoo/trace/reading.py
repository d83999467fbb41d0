"""A trace page's stored content read aloud: figures, pictures and rows in the page's language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.engine.origin import OTHER
from kandoo.site import language as lang
from kandoo.site.pictures import Part, Stage, river, shares_bar

Language = Literal["fa", "en"]
Content = Mapping[str, Any]


def page_context(content: Content, language: Language) -> dict[str, Any]:
    """What the template of a trace page is given."""
    return {
        "content": content,
        "lot": content["lot"],
        "what": f"{_name(content['product'], language)} ({_list(content['kinds'], language)})",
        "place": _name(content["cluster"], language, "place"),
        "cluster_name": _name(content["cluster"], language),
        "is_demo": content["cluster"]["is_demo"],
        "countries": [(_name(each, language), _percent(each["tenths"], language)) for each in content["countries"]],
        "facts": _facts(content, language),
        "harvested_from": _day(content["harvested_from"]),
        "harvested_to": _day(content["harvested_to"]),
        "delivered_on": _day(content["delivered_on"]),
        **_origin(content, language),
        **_river(content["river"], language),
        "standard": _standard(content["tests"]["standard"], language),
        "blend_rows": [_blend_row(each, language) for each in content["tests"]["blend"]],
        "residue_rows": [_residue_row(each, content["batches"], language) for each in content["tests"]["residues"]],
        "authenticity_rows": [
            _residue_row(each, content["batches"], language) for each in content["tests"]["authenticity"]
        ],
        "made": [_who_and_when(each, content["batches"], language) for each in _tests(content) if each["from"]],
    }


def _tests(content: Content) -> list[Content]:
    return [each for group in ("blend", "residues", "authenticity") for each in content["tests"][group]]


def _facts(content: Content, language: Language) -> list[tuple[str, str]]:
    """The few numbers of a lot, label and value."""
    facts = [(_("Net mass"), _kg(content["kg"], language)), (_("Drums"), _number(content["drums"], language))]
    if content["producers"] is not None:
        facts.append((_("Producers"), _number(content["producers"], language)))
    facts.append((_("Batches"), _number(content["batches"], language)))
    return facts


# Where it comes from


def _origin(content: Content, language: Language) -> dict[str, Any]:
    shares = content["origin"]["shares"]
    province, is_by_county = _province(content, language), content["origin"]["level"] == "counties"
    named = [each for each in shares if each["area"] != OTHER]
    largest = max(named, key=lambda each: each["tenths"])
    if is_by_county:
        finding = _("%(share)s comes from %(area)s") % {
            "share": _percent(largest["tenths"], language),
            "area": _name(largest, language),
        }
    else:
        finding = _("All of it comes from %(province)s") % {"province": _name(largest, language)}
    parts = [Part(_name(each, language), each["tenths"] / 1000, _percent(each["tenths"], language)) for each in shares]
    return {
        "province": province,
        "is_by_county": is_by_county,
        "origin_finding": finding,
        "origin_svg": shares_bar(parts, name=finding, language=language),
        "origin_columns": [_("Area"), _("Share"), _("Mass")],
        "origin_rows": [
            [_name(each, language), _percent(each["tenths"], language), _kg(each["kg"], language)] for each in shares
        ],
        "map_values": {
            "values": {each["area"]: each["tenths"] / 10 for each in named} if is_by_county else {},
            "texts": {each["area"]: _percent(each["tenths"], language) for each in named} if is_by_county else {},
        },
    }


def _province(content: Content, language: Language) -> str:
    return _name(content["cluster"], language, "place") or _name(content["cluster"], language)


def _river(masses: Mapping[str, int | None], language: Language) -> dict[str, Any]:
    """The chain in kilograms: what was harvested, homogenised, delivered."""
    harvested, chosen, delivered = (
        masses["harvested_kg"], masses["homogenised_kg"] or 0, masses["delivered_kg"] or 0
    )  # fmt: skip
    lost = chosen - delivered
    stages = [
        Stage(_("Chosen drums, homogenised"), chosen, _kg(chosen, language)),
        Stage(
            _("Weighed and delivered"),
            delivered,
            _kg(delivered, language),
            _("%(kg)s less than the drums were declared to hold") % {"kg": _kg(lost, language)} if lost else "",
        ),
    ]
    if harvested is not None:
        note = _("all batches behind this lot; the rest of them was not part of it") if harvested > chosen else ""
        stages.insert(0, Stage(_("Harvested"), harvested, _kg(harvested, language), note))
    finding = _("%(kg)s reached the buyer") % {"kg": _kg(delivered, language)}
    return {
        "river_finding": finding,
        "river_svg": river(stages, name=finding, language=language),
        "river_columns": [_("Stage"), _("Mass")],
        "river_rows": [[each.label, each.text] for each in stages],
    }


# Which tests were made


def _standard(standard: Content | None, language: Language) -> dict[str, Any] | None:
    if standard is None:
        return None
    return {
        "name": _name(standard, language),
        "market": _name(standard["market"], language),
        "compiled": _day(standard["compiled"]) if standard["compiled"] else None,
        "unconfirmed": standard["unconfirmed"],
    }


def _blend_row(row: Content, language: Language) -> dict[str, Any]:
    unit, value = _name(row["unit"], language), row["blend"]
    number = "" if value is None else lang.format_number(round(value, row["decimals"] + 1), language)
    limited = (row["least"], row["most"]) != (None, None)
    if row["passes"] is None:
        state, words = ("unknown", _("Not predicted")) if limited else ("plain", _("No limit asked"))
    else:
        state, words = ("good", _("Within the limit")) if row["passes"] else ("bad", _("Outside the limit"))
    return {
        "name": _name(row, language),
        "value": f"{number} {unit}".strip() if number else "",
        "limit": _limit(row["least"], row["most"], language),
        "state": state,
        "words": words,
    }


def _limit(least: float | None, most: float | None, language: Language) -> str:
    sides = []
    if least is not None:
        sides.append(_("at least %(value)s") % {"value": lang.format_number(least, language)})
    if most is not None:
        sides.append(_("at most %(value)s") % {"value": lang.format_number(most, language)})
    return lang.comma(language).join(sides)


def _residue_row(row: Content, batches: int, language: Language) -> dict[str, Any]:
    if row["outside"]:
        words = ngettext("%(n)s batch outside the bound", "%(n)s batches outside the bound", row["outside"])
        state, count = "bad", row["outside"]
    elif row["found"]:
        words = ngettext(
            "found in %(n)s batch, below the bound", "found in %(n)s batches, below the bound", row["found"]
        )
        state, count = "warn", row["found"]
    else:
        words = _("Within the bound") if row["found"] is None else _("Not found")
        state, count = "good", 0
    return {
        "name": _name(row, language),
        "group": _name(row["group"], language),
        "state": state,
        "words": words % {"n": _number(count, language)} if count else words,
        "tested": _tested(row, batches, language),
    }


def _who_and_when(row: Content, batches: int, language: Language) -> dict[str, Any]:
    return {
        "name": _name(row, language),
        "tested": _tested(row, batches, language),
        "laboratories": _list(row["laboratories"], language),
        "methods": lang.comma(language).join(row["methods"]),
        "from": _day(row["from"]),
        "to": _day(row["to"]),
    }


def _tested(row: Content, batches: int, language: Language) -> str:
    return _("%(tested)s of %(all)s batches") % {
        "tested": _number(row["tested"], language),
        "all": _number(batches, language),
    }


# Words


def _name(record: Content, language: Language, stem: str = "name") -> str:
    other = "en" if language == "fa" else "fa"
    return str(record[f"{stem}_{language}"] or record[f"{stem}_{other}"])


def _list(records: Sequence[Content], language: Language) -> str:
    return lang.comma(language).join(_name(each, language) for each in records)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _number(value: int, language: Language) -> str:
    return lang.format_number(value, language)


def _kg(value: int, language: Language) -> str:
    return _("%(kg)s kg") % {"kg": lang.format_number(value, language)}


def _percent(tenths: int, language: Language) -> str:
    text = lang.format_number(tenths / 10, language, 0 if tenths == 1000 else 1)
    return f"{text}٪" if language == "fa" else f"{text}%"
