"""Which clusters owe a report on a period, and which report was the one before."""

from django.db.models import Exists, OuterRef, QuerySet

from kandoo.programme.models import ClusterFile
from kandoo.reports.models import Report
from kandoo.results.periods import Period

STAGES = ("G3", "G4", "G5", "G6", "G7")  # from the contract of the agent to its exit


def owed(files: QuerySet[ClusterFile], period: Period) -> list[ClusterFile]:
    """Clusters under contract without a submitted report on a period that has ended."""
    reports = Report.objects.filter(file=OuterRef("pk"), kind=period.kind, year=period.year, number=period.number)
    reported = Exists(reports.filter(status__in=["submitted", "confirmed", "received"]))
    running = files.filter(status=ClusterFile.Status.ACTIVE, stage__in=STAGES, stage_since__lte=period.last)
    return list(running.exclude(reported).order_by("sort_key"))


def newest_before(report: Report) -> Report | None:
    """The newest frozen report of the same kind and place on an earlier period."""
    earlier = Report.objects.filter(
        cluster=report.cluster_id, file=report.file_id, province=report.province, kind=report.kind, last__lt=report.first,
        status__in=["submitted", "confirmed", "received"],
    )  # fmt: skip
    return earlier.order_by("-last", "-edition").first()
