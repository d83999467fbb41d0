"""What the pages of the programme say: names of places and stages, where a file stands, states as badges."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kandoo.programme.models import ClusterFile, Decision, PaperEdition, Stage
from kandoo.register import places
from kandoo.site import language as lang
from kandoo.site.lists import page_language

STATUS_KINDS: Mapping[str, str] = {"active": "good", "waiting": "warn", "rejected": "bad", "exited": "plain"}
EDITION_KINDS: Mapping[str, str] = {"prepared": "plain", "confirmed": "warn", "approved": "good", "returned": "bad"}
OUTCOME_KINDS: Mapping[str, str] = {"passed": "good", "conditional": "warn", "waiting": "unknown", "rejected": "bad"}


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a file's way: its place from 1, the place the file is at, words, the day it was reached."""

    place: int
    present: int
    word: str
    note: str


def province_names() -> dict[str, str]:
    """Every province by its code, in the language of the page."""
    language = page_language()
    return {each.code: each.name_fa if language == "fa" else each.name_en for each in places.provinces()}


def province_name(code: str) -> str:
    """A province's name; the whole nation where no province is meant."""
    return places.name_of(code, page_language()) if code else _("The whole nation")


def county_name(code: str) -> str:
    """A county's name where its boundary ships, else as it was written."""
    return places.name_of(code, page_language()) if code else ""


def stage_names(stages: Iterable[Stage]) -> dict[str, str]:
    """Stages by code, with the code before the name: it is the one thing all pages share."""
    return {each.code: stage_name(each) for each in stages}


def stage_name(stage: Stage) -> str:
    """G2 · Feasible"""
    return f"{stage.code} · {stage}"


def question(stage: Stage) -> str:
    """What a gate asks."""
    first, second = stage.question_fa, stage.question_en
    return (second or first) if page_language() == "en" else first


def steps(stages: Sequence[Stage], file: ClusterFile, marks: Mapping[str, Any]) -> list[Step]:
    """The way of a file; `marks`: the day each stage was reached."""
    here = next((each.position for each in stages if each.code == file.stage), 0)
    return [
        Step(
            each.position + 1,
            here + 1,
            str(each),
            lang.format_day(marks[each.code], page_language(), style="short") if each.code in marks else "",
        )
        for each in stages
    ]


def status_badge(file: ClusterFile) -> dict[str, str]:
    """The state of a file as a badge."""
    return {"kind": STATUS_KINDS[file.status], "text": file.get_status_display()}


def edition_badge(edition: PaperEdition) -> dict[str, str]:
    """The state of an edition as a badge."""
    return {"kind": EDITION_KINDS[edition.status], "text": edition.get_status_display()}


def outcome_badge(decision: Decision) -> dict[str, str]:
    """The outcome of a decision as a badge."""
    return {"kind": OUTCOME_KINDS[decision.outcome], "text": decision.get_outcome_display()}


def number(value: float) -> str:
    """A figure in the digits of the page."""
    return lang.format_number(value, page_language(), 0)


def day(value: Any) -> str:
    """A day in figures."""
    return lang.format_day(value, page_language(), style="short")
