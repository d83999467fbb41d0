"""What the pages of this room say of a gauge and of an assessment, in the language of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kandoo.engine.life_cycle import STAGES, Part, PartRule
from kandoo.engine.product import Name
from kandoo.maturity import pictures, words
from kandoo.maturity.catalogue import Theme, catalogue, life_cycle_profile
from kandoo.maturity.models import Assessment, Evidence
from kandoo.maturity.queries.assessments import Standing
from kandoo.maturity.queries.gauge import ClusterGauge, Fact, Figure
from kandoo.site import language as lang
from kandoo.site.lists import page_language


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part on the page."""

    code: str
    label: str
    value: str
    room: str
    points_at: str
    basis: str
    made_of: str
    origin: str
    source: str
    answer: int | None  # the typed figure used, whose document can be opened
    others: tuple[str, ...]
    state: str
    picture: SafeString
    weight: str


def named(name: Name) -> str:
    """A name of the data in the language of the page."""
    return name.fa if page_language() == "fa" else name.en


def percent(share: float, decimals: int = 0) -> str:
    """A share as a percentage."""
    text = lang.format_number(Decimal(f"{100 * share:.6f}"), page_language(), decimals)
    return f"{text}٪" if page_language() == "fa" else f"{text}%"


def number(value: float) -> str:
    """A whole number in the digits of the page."""
    return lang.format_number(value, page_language(), 0)


def day(value: date) -> str:
    """A day in figures."""
    return lang.format_day(value, page_language(), style="short")


def value_of(code: str, value: float | None) -> str:
    """A part's value in words: a share as a percentage, a rung by its name."""
    if value is None:
        return "—"
    if code == "ladder":
        rung = round(value)
        return f"{number(rung)} · {words.RUNGS[rung]}"
    return percent(value, 1 if value < 0.1 else 0)


def stage_badge(gauge: ClusterGauge | None) -> dict[str, str]:
    """Where a cluster stands, as a badge."""
    if gauge is None or gauge.stage is None:
        return {"kind": "unknown", "text": _("Cannot say")}
    return {"kind": words.STAGE_KINDS[gauge.stage], "text": str(words.STAGES[gauge.stage])}


def answer(gauge: ClusterGauge) -> str:
    """The gauge in one sentence."""
    held = gauge.gauge
    if held.stage is not None:
        return _("%(stage)s, %(sure)s (%(percent)s). %(why)s") % {
            "stage": words.STAGES[held.stage],
            "sure": words.SURE[held.word],
            "percent": percent(held.sureness),
            "why": words.STAGE_SENTENCES[held.stage],
        }
    if held.known < life_cycle_profile().known_min:
        return _("Cannot say: only %(known)s of what the gauge weighs is known.") % {"known": percent(held.known)}
    leading = words.STAGES[held.leading] if held.leading else ""
    return _("Cannot say: the parts point at “%(stage)s” most, but not clearly enough.") % {"stage": leading}


def sureness_reasons(gauge: ClusterGauge) -> list[str]:
    """What takes from sureness, each with its figure."""
    held = gauge.gauge
    return [
        _known_words(held.known),
        _("Disagreement between the parts: %(share)s.") % {"share": percent(held.disagreement)},
        _("Small numbers take %(share)s from it.") % {"share": percent(held.lost_to_small_numbers)},
    ]


def _known_words(known: float) -> str:
    if known > 1 - 1e-9:
        return _("All that the gauge weighs is known.")
    return _("%(known)s of the weight is known; the rest counts against the answer.") % {"known": percent(known)}


def gauge_picture(gauge: ClusterGauge) -> SafeString:
    """The four stages with their shares and bands."""
    held = gauge.gauge
    shares = held.shares or (0.0, 0.0, 0.0, 0.0)
    rows = [
        pictures.StageRow(
            str(words.STAGES[stage]),
            shares[place],
            *held.bands[place],
            percent(shares[place]),
            stage == held.leading,
        )
        for place, stage in enumerate(STAGES)
    ]
    return pictures.stages_picture(rows, name=_("Where the parts point"), language=page_language())


def gauge_rows(gauge: ClusterGauge) -> list[list[str]]:
    """The figures behind the picture."""
    held = gauge.gauge
    shares = held.shares or (0.0, 0.0, 0.0, 0.0)
    return [
        [
            str(words.STAGES[stage]),
            percent(shares[place]),
            f"{percent(held.bands[place][0])} – {percent(held.bands[place][1])}",
        ]
        for place, stage in enumerate(STAGES)
    ]


def part_rows(gauge: ClusterGauge) -> list[PartRow]:
    """Every part with its scale, basis and what it is made of."""
    rules = {each.code: each for each in life_cycle_profile().parts}
    return [_part_row(each, rules[each.code], gauge.figures[each.code]) for each in gauge.parts]


def _part_row(part: Part, rule: PartRule, figure: Figure) -> PartRow:
    label, value = str(words.PARTS[part.code]), value_of(part.code, part.value)
    is_room = rule.unit == "share" and part.low is not None and part.high is not None
    return PartRow(
        code=part.code,
        label=label,
        value=value,
        room=f"{percent(part.low or 0, 1)} – {percent(part.high or 0, 1)}" if is_room else "",
        points_at=str(words.STAGES[part.leads]) if part.leads else "",
        basis=str(words.BASES[part.code]),
        made_of=made_of(figure.facts),
        origin=str(words.ORIGINS.get(figure.origin, "")),
        source=f"{figure.answer.source} · {day(figure.answer.dated)}" if figure.answer else "",
        answer=figure.answer.pk if figure.answer else None,
        others=tuple(
            f"{value_of(part.code, float(each.value))} · {each.source} · {day(each.dated)}" for each in figure.others
        ),
        state=str(words.STATES.get(part.state, "")),
        picture=pictures.part_picture(
            rule, part.value, part.low, part.high, name=f"{label}: {value}", language=page_language()
        ),
        weight=percent(part.weight),
    )


def made_of(facts: Sequence[Fact]) -> str:
    """What a figure is made of: so many of this, so many of that."""
    shown = [
        f"{words.FACTS[code]}: {lang.localise_digits(str(held), page_language()) if code == 'season' else number(held)}"
        for code, held in facts
        if held is not None
    ]
    return " · ".join(shown)


def changes(gauge: ClusterGauge) -> list[str]:
    """What would change the answer: parts that turn it, and parts that are not known."""
    said = []
    for part in gauge.parts:
        label = words.PARTS[part.code]
        for turning in part.turnings:
            said.append(
                _("%(part)s at %(value)s instead of %(now)s: “%(stage)s” would lead.")
                % {
                    "part": label,
                    "value": value_of(part.code, turning.value),
                    "now": value_of(part.code, part.value),
                    "stage": words.STAGES[turning.stage],
                }
            )
        if part.state != "known":
            weight = percent(part.weight)
            said.append(_("%(part)s is not known: %(weight)s of the weight.") % {"part": label, "weight": weight})
    return said


def theme_rows(standing: Standing, earlier: Standing | None) -> list[tuple[Theme, str, str, str, int, int]]:
    """Themes as a table: name, claimed, shown, shown before, answered, asked."""
    before = {each.theme.code: each for each in earlier.themes} if earlier else {}
    return [
        (
            each.theme,
            percent(each.claimed / each.most),
            percent(each.shown / each.most),
            percent(before[each.theme.code].shown / each.most) if each.theme.code in before else "",
            each.answered,
            len(each.theme.questions),
        )
        for each in standing.themes
    ]


def themes_picture(standing: Standing, earlier: Standing | None) -> SafeString:
    """Bars by theme: shown on claimed, the time before as a line."""
    before = {each.theme.code: each.shown / each.most for each in earlier.themes} if earlier else {}
    rows = [
        pictures.ThemeRow(
            named(each.theme.name),
            each.claimed / each.most,
            each.shown / each.most,
            before.get(each.theme.code),
            _("%(shown)s shown, %(claimed)s claimed")
            % {"shown": percent(each.shown / each.most), "claimed": percent(each.claimed / each.most)},
        )
        for each in standing.themes
    ]
    return pictures.themes_picture(rows, name=_("Claimed and shown by theme"), language=page_language())


def score_of(assessment: Assessment | None) -> str:
    """What a submitted assessment shows, of all there is."""
    if assessment is None or not assessment.content:
        return ""
    shown = sum(each["shown"] for each in assessment.content.values())
    return percent(shown / sum(each["most"] for each in assessment.content.values()))


def evidence_words(evidence: Evidence) -> str:
    """What a piece of evidence is."""
    if evidence.edition is not None:
        return _("%(paper)s, edition %(n)s") % {
            "paper": evidence.edition.paper,
            "n": number(evidence.edition.number),
        }
    if evidence.meeting_id and evidence.meeting is None:  # of a body whose meetings this reader does not see
        return _("A meeting of the programme")
    if evidence.meeting is not None:
        return _("Meeting of %(body)s on %(day)s") % {"body": evidence.meeting.body, "day": day(evidence.meeting.on)}
    return evidence.name


def theme_of(code: str) -> Theme | None:
    """A theme by its code."""
    return next((each for each in catalogue().themes if each.code == code), None)


def facts_of(standing: Standing) -> dict[str, Any]:
    """Counts for the head of a page."""
    return {
        "asked": len(standing.lines),
        "answered": len(standing.lines) - len(standing.unanswered),
        "shown": percent(standing.shown / standing.most),
        "claimed": percent(standing.claimed / standing.most),
        "only_claimed": sum(each.is_only_claimed for each in standing.lines),
    }
