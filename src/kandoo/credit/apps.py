from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "kandoo.credit"
    label = "credit"
