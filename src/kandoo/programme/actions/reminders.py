"""Reminders of conditions: near their day, and every week after it, until they are kept."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max

from kandoo.programme.models import ClusterFile, Condition, Reminder
from kandoo.programme.queries.people import people_for
from kandoo.register.models import Cluster
from kandoo.site import language, notices

BEFORE = timedelta(days=7)
AGAIN = timedelta(days=7)


@transaction.atomic
def remind(*, programme: Cluster, today: date) -> int:
    """Tell owners and officers of every condition that is due within a week or overdue; returns how many.

    Once a week for each condition, whoever asks and however often.
    """
    due = (
        Condition.objects.filter(cluster=programme, kept_on=None, due_on__lte=today + BEFORE)
        .select_for_update(of=("self",))
        .select_related("file")
        .order_by("due_on", "pk")
    )
    last = dict(
        Reminder.objects.filter(condition__in=due.order_by().values("pk"))
        .order_by()
        .values_list("condition")
        .annotate(last=Max("on"))
        .values_list("condition", "last")
    )
    told = [each for each in due if each.pk not in last or last[each.pk] + AGAIN <= today]
    Reminder.objects.bulk_create(
        Reminder(cluster=programme, file_id=each.file_id, condition=each, on=today) for each in told
    )
    for each in told:
        _tell(each, each.file)
    return len(told)


def _tell(condition: Condition, file: ClusterFile) -> None:
    people = {*people_for(file.cluster_id, file.province, "officer"), *filter(None, [condition.owner_id])}
    notices.tell(
        people,
        cluster_id=file.cluster_id,
        code="condition-due",
        url=f"/programme/clusters/{file.pk}/",
        condition=condition.text,
        cluster=file.name_fa,
        day=language.format_day(condition.due_on, "fa", style="short"),
    )
