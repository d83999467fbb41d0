from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "kandoo.reports"
    label = "reports"
