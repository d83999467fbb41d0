"""Measure the studies that people ask for, one after the other, until told to stop."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kandoo.finding.worker import Worker


class Command(BaseCommand):
    help = "Measure studies in the background until stopped. --once: the next one, if any, then end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        worker = Worker()
        if once:
            worker.work_once()
        else:
            worker.serve()
