"""The frame of the house: settings, base pages, language, row security, audit, notices."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "kandoo.site"
    label = "site"

    def ready(self) -> None:
        post_migrate.connect(_secure, sender=self)


def _secure(using: str, **_: Any) -> None:
    from kandoo.site import security

    security.apply(using)
