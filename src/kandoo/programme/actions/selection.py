"""Choosing among candidates: a round is opened with criteria, scored on evidence, and closed with its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.programme.models import Candidate, ClusterFile, Criterion, Score, SelectionRound
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.selection import ranked, table_of
from kandoo.register.access import Seat
from kandoo.site import audit

LEAST = 2  # candidates, for an order to mean anything


@dataclass(frozen=True, slots=True)
class CriterionTerms:
    """A criterion with its weight, 1 to 100; only the proportions of weights matter."""

    name_fa: str
    weight: int
    name_en: str = ""
    guide: str = ""


@transaction.atomic
def open_round(
    *,
    seat: Seat,
    name_fa: str,
    province: str,
    year: int,
    criteria: Sequence[CriterionTerms],
    files: Sequence[ClusterFile],
    today: date,
    name_en: str = "",
    spread: int = 25,
) -> SelectionRound:
    """Open a round among some files of a province (blank: of the nation). `spread` is in percent of a weight."""
    if seat.province and province != seat.province:
        raise NotPossible(_("You open rounds of your own province."))
    if not criteria:
        raise NotPossible(_("Name at least one criterion."))
    if len(files) < LEAST:
        raise NotPossible(_("Choose at least two candidates."))
    if any(province and each.province != province for each in files):
        raise NotPossible(_("All candidates of a round are of its province."))
    opened = SelectionRound.objects.create(
        cluster=seat.cluster,
        name_fa=name_fa,
        name_en=name_en,
        province=province,
        year=year,
        spread=spread,
        opened_on=today,
        opened_by=seat.person,
    )
    Criterion.objects.bulk_create(
        Criterion(
            cluster=seat.cluster,
            round=opened,
            position=place,
            name_fa=each.name_fa,
            name_en=each.name_en,
            weight=each.weight,
            guide=each.guide,
        )
        for place, each in enumerate(criteria)
    )
    Candidate.objects.bulk_create(Candidate(cluster=seat.cluster, round=opened, file=each) for each in files)
    _note(seat, opened, "open-selection", candidates=len(files))
    return opened


@transaction.atomic
def score(
    *, seat: Seat, candidate: Candidate, criterion: Criterion, value: int, evidence: str, dated: date, today: date
) -> Score:
    """Give a candidate 0 to 100 on a criterion, on evidence; given again while the round is open, it is corrected."""
    if candidate.round_id != criterion.round_id:
        raise NotPossible(_("This criterion belongs to another round."))
    _open(candidate.round_id)
    if not 0 <= value <= 100:
        raise NotPossible(_("A score is 0 to 100."))
    if not evidence.strip():
        raise NotPossible(_("Say on what evidence the score stands."))
    if dated > today:
        raise NotPossible(_("This day is still to come."))
    row, _is_new = Score.objects.update_or_create(
        candidate=candidate,
        criterion=criterion,
        defaults={
            "cluster_id": candidate.cluster_id,
            "round_id": candidate.round_id,
            "value": value,
            "evidence": evidence.strip(),
            "dated": dated,
            "by": seat.person,
        },
    )
    audit.record(
        by=seat.person, cluster_id=candidate.cluster_id, verb="score-candidate", subject=f"selection/{candidate.round_id}",
        province=candidate.round.province, file=candidate.file_id, criterion=criterion.pk, value=value,
    )  # fmt: skip
    return row


@transaction.atomic
def close_round(*, seat: Seat, round: SelectionRound, today: date) -> SelectionRound:
    """Fix the order for good. Every candidate stays with its scores, chosen or not: they are compared with later.

    Raises NotPossible while a candidate lacks a score.
    """
    found = _open(round.pk)
    table = table_of(found)
    if table.missing:
        first = table.missing[0]
        raise NotPossible(
            _("Scores missing: %(n)s, the first: %(file)s by %(criterion)s.")
            % {"n": len(table.missing), "file": first[0], "criterion": first[1]}
        )
    found.ranking = [each.to_dict() for each in ranked(table)]
    found.closed_on, found.closed_by = today, seat.person
    found.save(update_fields=["ranking", "closed_on", "closed_by"])
    _note(seat, found, "close-selection")
    return found


def _open(pk: int) -> SelectionRound:
    found = SelectionRound.objects.select_for_update().get(pk=pk)
    if found.closed_on is not None:
        raise NotPossible(_("This round is closed; its scores stay as they are."))
    return found


def _note(seat: Seat, round: SelectionRound, verb: str, **detail: Any) -> None:
    audit.record(
        by=seat.person, cluster_id=round.cluster_id, verb=verb, subject=f"selection/{round.pk}", province=round.province,
        **detail,
    )  # fmt: skip
