"""Write the trail: every action says who did what to which thing."""

from typing import Any

from kandoo.site.models import AuditRecord


def record(*, by: Any, cluster_id: int | None, verb: str, subject: str, province: str = "", **detail: Any) -> None:
    """Add one line to the trail within the action's own transaction.

    In a programme `province` (ISO 3166-2) says whose auditors read it beside the nation's; blank: the nation's alone.
    """
    AuditRecord.objects.create(
        person_id=getattr(by, "pk", None), cluster_id=cluster_id, province=province, verb=verb, subject=subject,
        detail=detail,
    )  # fmt: skip
