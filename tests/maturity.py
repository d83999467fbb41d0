"""Maturity in the small world: a figure typed with its paper, one assessment submitted and remarked on, one begun."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from kandoo.maturity import actions
from kandoo.maturity.catalogue import catalogue
from kandoo.maturity.models import Assessment
from kandoo.programme.models import PaperEdition
from tests.nation import seat_of

if TYPE_CHECKING:
    from tests.world import World


def paper(name: str) -> actions.Document:
    """An invented document."""
    return actions.Document(f"{name}.pdf", f"%PDF-1.4 {name}".encode())


def answer_all(world: World, assessment: Assessment, now: datetime, *, level: int = 2, by: str = "agent") -> None:
    """Every question at one level; nothing shown."""
    with world.as_(by):
        seat = seat_of(world, by)
        for question in catalogue().questions:
            actions.answer_question(
                seat=seat, assessment=assessment, question=question.code, level=level, why="", now=now
            )


def build(world: World, now: datetime, today: date) -> None:
    """At least one row of each table of the room, of the honey; of the file elsewhere a figure and an assessment."""
    honey, saffron = world.files["honey"], world.files["saffron"]
    with world.as_("agent"):
        seat = seat_of(world, "agent")
        terms = actions.FigureTerms(
            "ladder", Decimal(2), today - timedelta(days=30), "typed", "گزارش عامل", document=paper("visit")
        )
        actions.enter_figure(seat=seat, file=honey, terms=terms, today=today, now=now)
        first = actions.begin_assessment(seat=seat, file=honey, today=today - timedelta(days=300))
        edition = PaperEdition.objects.filter(file=honey).first()
        for shown in (actions.Shown(paper("members")), actions.Shown(edition=edition)):
            actions.add_evidence(seat=seat, assessment=first, question="commitment", shown=shown, now=now)
    answer_all(world, first, now)
    with world.as_("agent"):
        actions.submit_assessment(seat=seat, assessment=first, now=now)
        begun = actions.begin_assessment(seat=seat, file=honey, today=today)
        actions.answer_question(seat=seat, assessment=begun, question="mass", level=3, why="", now=now)
    with world.as_("supervisor"):
        actions.remark(seat=seat_of(world, "supervisor"), assessment=first, text="سند بیشتر", now=now)
    with world.as_("elsewhere"):
        seat = seat_of(world, "elsewhere")
        terms = actions.FigureTerms(
            "entry", Decimal("0.2"), today, "published", "سالنامه", count=40, document=paper("saffron")
        )
        actions.enter_figure(seat=seat, file=saffron, terms=terms, today=today, now=now)
        actions.begin_assessment(seat=seat, file=saffron, today=today)
