"""The questions of the self-assessment and the thresholds of the gauge, read once from the data that ship."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from kandoo.engine.life_cycle import LifeCycleProfile
from kandoo.engine.life_cycle_reading import parse_life_cycle
from kandoo.engine.product import Name
from kandoo.engine.reading import BadDocument, Reader

LEVELS = 4  # 0 … 3
MOST = LEVELS - 1


class BadCatalogue(BadDocument):
    """A catalogue of questions that cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, what must be so for each level, and the papers that would show it."""

    code: str
    theme: str
    text: Name
    levels: tuple[Name, ...]
    papers: Name


@dataclass(frozen=True, slots=True)
class Theme:
    """Questions of one theme, in order."""

    code: str
    name: Name
    questions: tuple[Question, ...]

    @property
    def most(self) -> int:
        """The levels that can be reached in all."""
        return MOST * len(self.questions)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An edition of the questions."""

    edition: str
    source: Name
    themes: tuple[Theme, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(question for theme in self.themes for question in theme.questions)

    def question(self, code: str) -> Question | None:
        """A question by its code; None when there is none."""
        return next((each for each in self.questions if each.code == code), None)


@cache
def catalogue() -> Catalogue:
    """The edition that ships."""
    return parse_catalogue(_document("excellence.yaml"))


@cache
def life_cycle_profile() -> LifeCycleProfile:
    """The thresholds that ship."""
    return parse_life_cycle(_document("life_cycle.yaml"))


def _document(name: str) -> Mapping[str, object]:
    document = yaml.safe_load((files("kandoo") / "data" / "programme" / name).read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def parse_catalogue(document: Mapping[str, object]) -> Catalogue:
    """Turn a document into a `Catalogue`; BadCatalogue names the path of what does not fit."""
    try:
        at = Reader(document)
        at.allow_only("edition", "source", "themes")
        themes = tuple(_theme(each) for each in at.children("themes"))
        codes = [question.code for theme in themes for question in theme.questions]
        if not codes or len(set(codes)) != len(codes):
            at.refuse("themes", "hold nothing, or a question twice")
        return Catalogue(at.text("edition"), _name(at, "source"), themes)
    except BadDocument as problem:
        raise BadCatalogue(str(problem)) from None


def _theme(at: Reader) -> Theme:
    at.allow_only("code", "name", "questions")
    code = at.text("code")
    return Theme(code, _name(at, "name"), tuple(_question(each, code) for each in at.children("questions")))


def _question(at: Reader, theme: str) -> Question:
    at.allow_only("code", "text", "levels", "papers")
    levels = tuple(Name(fa=each.text("fa"), en=each.text("en")) for each in at.children("levels"))
    if len(levels) != LEVELS:
        at.refuse("levels", f"should be {LEVELS}")
    return Question(at.text("code"), theme, _name(at, "text"), levels, _name(at, "papers"))


def _name(at: Reader, key: str) -> Name:
    pair = at.child(key)
    pair.allow_only("fa", "en")
    return Name(fa=pair.text("fa"), en=pair.text("en"))
