from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "kandoo.sharing"
    label = "sharing"
