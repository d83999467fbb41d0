"""Remind of conditions that are due; `kandoo run` starts it once a day. Nobody is told twice in a week."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from kandoo.programme import actions
from kandoo.register.models import Cluster, Role
from kandoo.site.security import acting_as


class Command(BaseCommand):
    help = "Remind owners and officers of conditions that are due. Run it daily, with KANDOO_DB_ROLE=owner."

    def handle(self, *args: Any, **options: Any) -> None:
        """Each programme is reminded in the name of its first officer of the nation."""
        for programme in Cluster.objects.filter(kind=Cluster.Kind.PROGRAMME):
            officer = Role.objects.filter(cluster=programme, role=Role.Name.OFFICER, province="", to_on=None).first()
            if officer is None:
                continue
            with acting_as(officer.person_id):
                told = actions.remind(programme=programme, today=timezone.localdate())
            self.stdout.write(f"{programme.code}: {told}")
