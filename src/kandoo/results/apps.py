from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "kandoo.results"
    label = "results"
