"""The files of a seat with the state of their study and plan, in one query."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kandoo.credit.models import Activity, Commitment
from kandoo.engine.budget import WHOLE
from kandoo.programme.models import ClusterFile
from kandoo.strategy.models import Diagnosis, Vision

STATES = ("baseline", "open", "none", "late", "unfunded")


def listed(files: QuerySet[ClusterFile], today: date) -> QuerySet[Any]:
    """Files with `study` (state of the newest edition), `baseline_on`, `has_vision`, `planned`, `done`, `late`, `unfunded`."""
    editions = Diagnosis.objects.filter(file=OuterRef("pk")).order_by("-number")
    frozen = editions.filter(status=Diagnosis.Status.FROZEN)
    return files.annotate(
        study=Subquery(editions.values("status")[:1]),
        baseline_on=Subquery(frozen.values("baseline_on")[:1]),
        has_vision=Exists(Vision.objects.filter(file=OuterRef("pk"))),
        planned=_count(),
        done=_count(done_on__lte=today),
        late=_count(_not_done(today), ends_on__lt=today),
        unfunded=_count(_not_done(today), _not_funded(), starts_on__lt=today),
    )


def narrowed(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Those in a state; all for any other word."""
    wanted = {
        "baseline": Q(baseline_on__isnull=False),
        "open": Q(study__in=["draft", "prepared"]),
        "none": Q(study=None),
        "late": Q(late__gt=0),
        "unfunded": Q(unfunded__gt=0),
    }
    return rows.filter(wanted[state]) if state in wanted else rows


def _count(*conditions: Any, **wanted: Any) -> Coalesce:
    """How many activities of the file are so."""
    rows = Activity.objects.filter(*conditions, file=OuterRef("pk"), **wanted).order_by().values("file")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def _not_done(today: date) -> Q:
    return Q(done_on=None) | Q(done_on__gt=today)


def _not_funded() -> Q:
    """The programme is to bear a part, and nothing is committed."""
    bound = Commitment.objects.filter(activity=OuterRef("pk"), committed__gt=F("carried"))
    return ~Q(Exists(bound)) & Q(member_share__lt=WHOLE - F("other_share"))
