"""What every step of a payment run shares: the lock, the line in the trail, and whom it tells."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from kandoo.payments.models import PaymentLine, PaymentRemark, PaymentRun
from kandoo.payments.problems import NotPossible
from kandoo.payments.queries import people
from kandoo.register.models import Person
from kandoo.site import audit, notices

Status = PaymentRun.Status
LineStatus = PaymentLine.Status
_LOCK = 0x0BA7  # one number for all that pays, beside the cluster's


def lock_payments(cluster_id: int) -> None:
    """Until this transaction ends nobody else makes, approves or answers payments of the cluster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, cluster_id])


def locked(run: PaymentRun, *steps: str) -> PaymentRun:
    """The run as it stands now under the cluster's lock, or a word on why it is not at one of these steps."""
    lock_payments(run.cluster_id)
    run = PaymentRun.objects.select_related("cluster").get(pk=run.pk)
    if run.status not in steps:
        raise NotPossible(
            _("Payment run %(run)s is now “%(step)s”, so this cannot be done.")
            % {"run": run.number, "step": run.get_status_display()}
        )
    return run


def drafted_by(by: Person, run: PaymentRun) -> PaymentRun:
    """The draft under lock; only the person who made it changes it, so that two persons stand behind every run."""
    run = locked(run, Status.DRAFT)
    if run.made_by_id != by.pk:
        raise NotPossible(
            _("Only %(person)s, who made this run, changes it. Make another one.")
            % {"person": people(run.cluster_id).get(run.made_by_id, "")}
        )
    return run


def note(by: Person, run: PaymentRun, verb: str, **detail: Any) -> None:
    audit.record(by=by, cluster_id=run.cluster_id, verb=verb, subject=f"run/{run.pk}", **detail)


def tell(run: PaymentRun, people: Iterable[int], code: str, **values: Any) -> None:
    """Leave a notice about the run."""
    notices.tell(
        people, cluster_id=run.cluster_id, code=code, url=f"/payments/runs/{run.pk}/", run=run.number, **values
    )


def remark(by: Person, run: PaymentRun, text: str, kind: str = PaymentRemark.Kind.REMARK) -> PaymentRemark:
    """Write to a run."""
    if not text.strip():
        raise NotPossible(_("Write why, so that the others know."))
    return PaymentRemark.objects.create(cluster_id=run.cluster_id, run=run, kind=kind, text=text.strip(), by=by)
