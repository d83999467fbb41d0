"""Self-assessments of a file: the newest, how it stands by theme, line by line, beside the one before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kandoo.maturity.catalogue import Question, Theme, catalogue
from kandoo.maturity.models import Answer, Assessment, Evidence, Remark
from kandoo.programme.models import ClusterFile


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """Levels of one theme, added up: claimed in all, of them shown by evidence, and the most there can be."""

    theme: Theme
    claimed: int
    shown: int
    answered: int

    @property
    def most(self) -> int:
        """What full levels would come to."""
        return self.theme.most


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer, what shows it and what was remarked."""

    question: Question
    answer: Answer | None
    evidence: tuple[Evidence, ...]
    remarks: tuple[Remark, ...]

    @property
    def is_only_claimed(self) -> bool:
        """A level above 0 that nothing shows."""
        return self.answer is not None and self.answer.level > 0 and not self.evidence


@dataclass(frozen=True, slots=True)
class Standing:
    """An assessment whole."""

    assessment: Assessment
    lines: tuple[Line, ...] = field(repr=False)
    themes: tuple[ThemeScore, ...]
    remarks: tuple[Remark, ...]  # on the whole

    @property
    def claimed(self) -> int:
        """All levels claimed."""
        return sum(each.claimed for each in self.themes)

    @property
    def shown(self) -> int:
        """All levels shown."""
        return sum(each.shown for each in self.themes)

    @property
    def most(self) -> int:
        """All levels there are."""
        return sum(each.most for each in self.themes)

    @property
    def unanswered(self) -> tuple[Line, ...]:
        """Questions without an answer, in order."""
        return tuple(each for each in self.lines if each.answer is None)


def newest_of(file: ClusterFile) -> Assessment | None:
    """The newest submitted self-assessment of a file."""
    return Assessment.objects.filter(file=file, status=Assessment.Status.SUBMITTED).order_by("-number").first()


def open_of(file: ClusterFile) -> Assessment | None:
    """The one being answered."""
    return Assessment.objects.filter(file=file, status=Assessment.Status.OPEN).first()


def all_of(file: ClusterFile) -> list[Assessment]:
    """All of a file, the newest first."""
    return list(Assessment.objects.filter(file=file).order_by("-number"))


def before(assessment: Assessment) -> Assessment | None:
    """The submitted one before it."""
    earlier = Assessment.objects.filter(
        file=assessment.file_id, status=Assessment.Status.SUBMITTED, number__lt=assessment.number
    )
    return earlier.order_by("-number").first()


def standing_of(assessment: Assessment) -> Standing:
    """Answers, evidence and remarks by question, and the themes added up. Three queries."""
    answers = {each.question: each for each in Answer.objects.filter(assessment=assessment)}
    evidence = Evidence.objects.filter(assessment=assessment).select_related(
        "edition__paper__required", "meeting__body"
    )
    shown = list(evidence.order_by("pk"))
    remarks = list(Remark.objects.filter(assessment=assessment).order_by("at", "pk"))
    lines = tuple(
        Line(
            question,
            answers.get(question.code),
            tuple(each for each in shown if each.question == question.code),
            tuple(each for each in remarks if each.question == question.code),
        )
        for question in catalogue().questions
    )
    themes = tuple(
        _score(theme, [each for each in lines if each.question.theme == theme.code]) for theme in catalogue().themes
    )
    return Standing(assessment, lines, themes, tuple(each for each in remarks if not each.question))


def _score(theme: Theme, lines: Sequence[Line]) -> ThemeScore:
    answered = [(each.answer.level, bool(each.evidence)) for each in lines if each.answer]
    return ThemeScore(
        theme,
        claimed=sum(level for level, _shown in answered),
        shown=sum(level for level, is_shown in answered if is_shown),
        answered=len(answered),
    )
