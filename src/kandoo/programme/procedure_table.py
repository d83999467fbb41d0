"""An edition of the procedure as a table: taken away, changed in a spreadsheet, read back whole."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from kandoo.programme.models import Procedure, RequiredPaper, Stage
from kandoo.programme.models.procedure import BodyKind
from kandoo.programme.problems import NotPossible
from kandoo.site import language as lang
from kandoo.site.lists import joined

# column -> its name; a row is a paper, the first row of a stage also tells the stage
COLUMNS: Mapping[str, Any] = {
    "code": gettext_lazy("Gate"),
    "name_fa": gettext_lazy("Name in Persian"),
    "name_en": gettext_lazy("Name in English"),
    "question_fa": gettext_lazy("Question in Persian"),
    "question_en": gettext_lazy("Question in English"),
    "decided_by": gettext_lazy("Decided by"),
    "weight": gettext_lazy("Weight of the phase (thousandths)"),
    "is_exit": gettext_lazy("Ends the programme's support"),
    "paper": gettext_lazy("Code of the paper"),
    "paper_fa": gettext_lazy("Paper in Persian"),
    "paper_en": gettext_lazy("Paper in English"),
    "approved_by": pgettext_lazy("paper", "Approved by"),
}
_STAGE = tuple(COLUMNS)[:8]
_LENGTHS = {
    "code": 8, "name_fa": 160, "name_en": 160, "question_fa": 300, "question_en": 300, "weight": 4,
    "paper": 40, "paper_fa": 160, "paper_en": 160,
}  # fmt: skip


def headings() -> list[str]:
    """The columns in the language of the page."""
    return [str(name) for name in COLUMNS.values()]


def rows_of(procedure: Procedure) -> Iterator[list[Any]]:
    """An edition, a row for each paper."""
    papers: dict[int, list[RequiredPaper]] = {}
    for each in RequiredPaper.objects.filter(stage__procedure=procedure).order_by("position"):
        papers.setdefault(each.stage_id, []).append(each)
    for stage in Stage.objects.filter(procedure=procedure).order_by("position"):
        told = [
            stage.code, stage.name_fa, stage.name_en, stage.question_fa, stage.question_en,
            stage.get_decided_by_display(), stage.weight, _("Yes") if stage.is_exit else "",
        ]  # fmt: skip
        asked: list[RequiredPaper | None] = [*papers.get(stage.pk, [])]
        for paper in asked or [None]:
            held = [paper.code, paper.name_fa, paper.name_en, paper.get_approved_by_display()] if paper else [""] * 4
            yield [*told, *held]
            told = [stage.code, *[""] * 7]


def stages_in(table: Sequence[tuple[int, list[str]]]) -> list[dict[str, Any]]:
    """The stages that a table tells, in the shape an edition is issued in. Raises NotPossible naming row and field."""
    (_line, first), *rest = table
    places = _places(first)
    if not rest:
        raise NotPossible(_("There is no row under the headings."))
    stages: dict[str, dict[str, Any]] = {}
    for line, cells in rest:
        held = {code: cells[place].strip() if place < len(cells) else "" for code, place in places.items()}
        if not held["code"]:
            raise _fault(line, "code", _("This is needed."))
        for code, most in _LENGTHS.items():
            if len(held[code]) > most:
                raise _fault(line, code, _("This is longer than %(n)s letters.") % {"n": most})
        if held["code"] not in stages:
            stages[held["code"]] = _stage(line, held)
        if held["paper"]:
            stages[held["code"]]["papers"].append(_paper(line, held))
    return list(stages.values())


def _places(cells: Sequence[str]) -> dict[str, int]:
    known: dict[str, str] = {}
    for language in ("fa", "en"):
        with override(language):
            known |= {lang.fold(str(name)): code for code, name in COLUMNS.items()}
    found = {known[key]: place for place, key in enumerate(map(lang.fold, cells)) if key in known}
    missing = [str(COLUMNS[code]) for code in COLUMNS if code not in found]
    if missing:
        raise NotPossible(_("Columns are missing: %(names)s.") % {"names": joined(missing)})
    return found


def _stage(line: int, held: Mapping[str, str]) -> dict[str, Any]:
    for code in ("name_fa", "question_fa"):
        if not held[code]:
            raise _fault(line, code, _("This is needed."))
    weight = lang.latin_digits(held["weight"] or "0")
    if not weight.isdecimal():
        raise _fault(line, "weight", _("Write a whole number, not below zero."))
    return {
        "code": held["code"],
        "name": {"fa": held["name_fa"], "en": held["name_en"]},
        "question": {"fa": held["question_fa"], "en": held["question_en"]},
        "decided_by": _choice(line, "decided_by", held, BodyKind.choices),
        "weight": int(weight),
        "is_exit": bool(held["is_exit"]),
        "papers": [],
    }


def _paper(line: int, held: Mapping[str, str]) -> dict[str, Any]:
    if not held["paper_fa"]:
        raise _fault(line, "paper_fa", _("This is needed."))
    level = RequiredPaper.Level
    chosen = _choice(line, "approved_by", held, level.choices) if held["approved_by"] else level.PROVINCE
    return {"code": held["paper"], "fa": held["paper_fa"], "en": held["paper_en"], "approved_by": chosen}


def _choice(line: int, code: str, held: Mapping[str, str], choices: Sequence[tuple[str, Any]]) -> str:
    """A choice by its code or its name in either language."""
    words = {value: value for value, _label in choices}
    for language in ("fa", "en"):
        with override(language):
            words |= {lang.fold(str(label)): value for value, label in choices}
    found = words.get(held[code]) or words.get(lang.fold(held[code]))
    if found is None:
        raise _fault(line, code, _("“%(word)s” is none of: %(words)s.") % {
            "word": held[code], "words": joined(str(label) for _value, label in choices)
        })  # fmt: skip
    return found


def _fault(line: int, code: str, reason: str) -> NotPossible:
    return NotPossible(
        _("Row %(line)s, %(column)s: %(reason)s") % {"line": line, "column": COLUMNS[code], "reason": reason}
    )
