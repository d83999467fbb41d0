from django.apps import AppConfig


class TenderConfig(AppConfig):
    name = "kandoo.tender"
    label = "tender"
