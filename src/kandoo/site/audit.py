"""Write the trail: every action says who did what to which thing."""

from typing import Any

from kandoo.site.models import AuditRecord


def record(*, by: Any, cluster_id: int | None, verb: str, subject: str, **detail: Any) -> None:
    """Add one line to the trail within the action's own transaction."""
    AuditRecord.objects.create(
        person_id=getattr(by, "pk", None), cluster_id=cluster_id, verb=verb, subject=subject, detail=detail
    )
