"""Django's view of the app."""

from django.apps import AppConfig


class BuyingConfig(AppConfig):
    """Buying together."""

    name = "kandoo.buying"
    label = "buying"
