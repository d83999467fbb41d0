from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "kandoo.finding"
    label = "finding"
