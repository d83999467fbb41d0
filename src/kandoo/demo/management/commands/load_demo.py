"""Load the demo cluster, once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from kandoo.demo import building
from kandoo.register.models import Cluster


class Command(BaseCommand):
    help = "Load the demo cluster, once. --found makes the cluster itself and its agent, as the owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--found", action="store_true")

    def handle(self, *args: Any, found: bool = False, **options: Any) -> None:
        if found:
            if not Cluster.objects.filter(code=building.CLUSTER["code"]).exists():
                building.found(timezone.localdate())
            return
        if not building.is_loaded():
            self.stdout.write("Kandoo: loading the demo cluster (about a minute, once) …")
            self.stdout.flush()
            building.build(timezone.localdate(), timezone.now())
