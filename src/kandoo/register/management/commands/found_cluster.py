"""Found a cluster with its first agent: `kandoo manage --as-owner found_cluster --code … --profile honey …`."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.crypto import get_random_string

from kandoo.register import actions
from kandoo.site.language import parse_day

# No letter or digit that is taken for another when read aloud.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Found a cluster and its first agent; prints the agent's password once. Runs as the database's owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--code", help="short name in addresses, e.g. lorestan-honey")
        parser.add_argument("--name-fa", help="the cluster's name in Persian")
        parser.add_argument("--name-en", default="", help="the cluster's name in English")
        parser.add_argument("--profile", help="product profile, e.g. honey")
        parser.add_argument("--province", help="ISO 3166-2 code of the province, e.g. IR-15")
        parser.add_argument("--started-on", default="", help="day the cluster began, e.g. 1405/09/01 (default: today)")
        parser.add_argument("--agent-username", help="with which the first agent signs in")
        parser.add_argument("--agent-name-fa", default="", help="the agent's name in Persian")
        parser.add_argument("--agent-name-en", default="", help="the agent's name in English")

    def handle(self, *args: Any, **options: Any) -> None:
        password = "-".join(get_random_string(4, _LEGIBLE) for _ in range(4))
        asked: dict[str, Any] = {
            name: options[name] or self._ask(name)
            for name in ("code", "name_fa", "profile", "province", "agent_username")
        }
        given: dict[str, Any] = {name: options[name] for name in ("name_en", "agent_name_fa", "agent_name_en")}
        with translation.override("en"):
            try:
                cluster, agent = actions.found_cluster(
                    **asked, **given, started_on=self._day(options["started_on"]), agent_password=password
                )
            except actions.NotPossible as problem:
                raise CommandError(str(problem)) from None
        self.stdout.write(f"Cluster {cluster.code} is founded.")
        if agent.check_password(password):
            self.stdout.write(f"Agent {agent.username} signs in with this password, shown once: {password}")
        else:
            self.stdout.write(f"Agent {agent.username} has an account already and keeps its password.")

    def _ask(self, name: str) -> str:
        word = name.replace("_", " ")
        try:
            answer = input(f"{word}: ").strip()
        except EOFError:
            answer = ""
        if not answer:
            raise CommandError(f"Say the {word} with --{name.replace('_', '-')}.")
        return answer

    def _day(self, text: str) -> date:
        try:
            return parse_day(text) if text else timezone.localdate()
        except ValueError:
            raise CommandError(f"There is no day {text}; write 1405/09/01 or 2026-11-22.") from None
