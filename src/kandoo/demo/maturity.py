"""The honey's self-assessments in the demo: one submitted a year ago, one begun; figures written down for two others.

All answers are invented and say so; the gauge of the honey itself is counted from the demo's own trade.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from kandoo.demo.nation import LORESTAN, PROGRAMME, seat_of
from kandoo.maturity import actions
from kandoo.maturity.catalogue import catalogue
from kandoo.programme.models import ClusterFile, PaperEdition
from kandoo.register.access import Seat, seats_of

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

# A year ago: level of each question in the order of the catalogue, and how many of them had a paper.
LEVELS = (1, 2, 3, 2, 2, 1, 1, 3, 2, 1, 2, 1, 1, 0, 1, 2, 2, 2, 0, 1, 1, 1, 1, 1, 0, 0)
SHOWN = 9
NOW_ANSWERED = 10  # questions of the one that is begun
NOTE = "پاسخ نمونه"
EXAMPLE = "این سند نمونه است و برای نمایش خودارزیابی ساخته شده: {name}"
FIGURES = (  # product of a file of Lorestan, part, value, of how many, source
    ("سنگ", "entry", "0.04", 85, "فهرست معادن استان (نمونه)"),
    ("سنگ", "exit", "0.03", 82, "فهرست معادن استان (نمونه)"),
    ("سنگ", "services", "0.6", None, "مطالعهٔ شناختی سنگ (نمونه)"),
    ("سنگ", "inner_trade", "0.35", 40, "پرسش از بنگاه‌ها (نمونه)"),
    ("سنگ", "export", "0.3", 60, "گمرک استان (نمونه)"),
    ("سنگ", "ladder", "5", None, "گزارش عامل (نمونه)"),
    ("سنگ", "joint_action", "0.5", 85, "گزارش عامل (نمونه)"),
    ("ماهی سردآبی", "entry", "0.3", 30, "سازمان دامپزشکی (نمونه)"),
    ("ماهی سردآبی", "ladder", "2", None, "گزارش عامل (نمونه)"),
)


def build(stage: Stage) -> None:
    """The honey's two assessments and the figures of two other files."""
    with stage.played_by("lorestan"):
        files = {each.product: each for each in _files()}
        honey = files["عسل"]
    _submitted(stage.on(stage.today - timedelta(days=365)), honey)
    _begun(stage, honey)
    for product, part, value, count, source in FIGURES:
        if product in files:
            _figure(stage, files[product], part, Decimal(value), count, source)


def _files() -> list[ClusterFile]:
    return list(ClusterFile.objects.filter(cluster__code=PROGRAMME["code"], province=LORESTAN))


def _agent(stage: Stage) -> Seat:
    return seats_of(stage.people["agent"])[0]


def _document(name: str) -> actions.Document:
    return actions.Document(f"{name}.txt", EXAMPLE.format(name=name).encode())


def _submitted(stage: Stage, honey: ClusterFile) -> None:
    """A year ago: every question answered, some with papers; then a remark by the supervisor."""
    with stage.played_by("agent"):
        seat = _agent(stage)
        done = actions.begin_assessment(seat=seat, file=honey, today=stage.today)
        questions = catalogue().questions
        for question, level in zip(questions, LEVELS, strict=True):
            actions.answer_question(
                seat=seat, assessment=done, question=question.code, level=level, why=NOTE, now=stage.now
            )
        for question in questions[:SHOWN]:
            shown = actions.Shown(_document(question.code))
            actions.add_evidence(seat=seat, assessment=done, question=question.code, shown=shown, now=stage.now)
        actions.submit_assessment(seat=seat, assessment=done, now=stage.now)
    with stage.played_by("supervisor"):
        text = "برای راهبرد و دستاوردها گواهی پیوست نیست؛ تا بار بعد گرد آید. (نمونه)"
        actions.remark(seat=seat_of(stage, "supervisor"), assessment=done, text=text, now=stage.now)


def _begun(stage: Stage, honey: ClusterFile) -> None:
    """This year's: the first questions answered, two of them shown by a document and a paper of the file."""
    with stage.played_by("agent"):
        seat = _agent(stage)
        begun = actions.begin_assessment(seat=seat, file=honey, today=stage.today - timedelta(days=6))
        for question, level in zip(catalogue().questions[:NOW_ANSWERED], LEVELS, strict=False):
            actions.answer_question(
                seat=seat, assessment=begun, question=question.code, level=min(3, level + 1), why=NOTE, now=stage.now
            )
        edition = PaperEdition.objects.filter(file=honey, status=PaperEdition.Status.APPROVED).first()
        for code, shown in (
            ("commitment", actions.Shown(_document("members"))),
            ("composition", actions.Shown(edition=edition)),
        ):
            actions.add_evidence(seat=seat, assessment=begun, question=code, shown=shown, now=stage.now)


def _figure(stage: Stage, file: ClusterFile, part: str, value: Decimal, count: int | None, source: str) -> None:
    dated = stage.today - timedelta(days=120)
    with stage.played_by("lorestan"):
        terms = actions.FigureTerms(part, value, dated, "published", source, count, _document(f"{part}-{file.code}"))
        seat = seat_of(stage, "lorestan")
        actions.enter_figure(seat=seat, file=file, terms=terms, today=stage.today, now=stage.now)
