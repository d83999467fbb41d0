from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "kandoo.visits"
    label = "visits"
