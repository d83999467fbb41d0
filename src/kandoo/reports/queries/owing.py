"""Which clusters owe a report on a period, and which report was the one before."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from kandoo.programme.models import ClusterFile, Decision
from kandoo.reports.models import Report
from kandoo.results.periods import Period

STAGES = ("G3", "G4", "G5", "G6", "G7")  # from the contract of the agent to its exit
GRACE = 15  # days after a quarter's last day in which its report is owed, not yet overdue


def owed(files: QuerySet[ClusterFile], period: Period) -> list[ClusterFile]:
    """Clusters under contract without a submitted report on a period that has ended."""
    return list(_owing(files, period).order_by("sort_key"))


def overdue(files: QuerySet[ClusterFile], today: date) -> dict[int, Period]:
    """By file: the newest quarter that ended more than GRACE days ago, where no report on it is in. One query.

    A draft is not in, nor is a report that was sent back.
    """
    quarter = Period.holding(today - timedelta(days=GRACE), "quarter").before()
    return dict.fromkeys(_owing(files, quarter).order_by().values_list("pk", flat=True), quarter)


def _owing(files: QuerySet[ClusterFile], period: Period) -> QuerySet[ClusterFile]:
    """Under contract since the period's last day or before, and no report on it is in."""
    reports = Report.objects.filter(file=OuterRef("pk"), kind=period.kind, year=period.year, number=period.number)
    reported = Exists(reports.filter(status__in=["submitted", "confirmed", "received"]))
    passed = Decision.objects.filter(
        file=OuterRef("pk"), stage__code__in=STAGES, outcome__in=Decision.PASSING, on__lte=period.last
    )
    since = Q(stage_since__lte=period.last) | Exists(passed)  # a later gate may have been passed after the period
    running = files.filter(status=ClusterFile.Status.ACTIVE, stage__in=STAGES).filter(since)
    return running.exclude(reported)


def newest_before(report: Report) -> Report | None:
    """The newest frozen report of the same kind and place on an earlier period."""
    earlier = Report.objects.filter(
        cluster=report.cluster_id, file=report.file_id, province=report.province, supervisor=report.supervisor_id,
        kind=report.kind, last__lt=report.first, status__in=["submitted", "confirmed", "received"],
    )  # fmt: skip
    return earlier.order_by("-last", "-edition").first()
