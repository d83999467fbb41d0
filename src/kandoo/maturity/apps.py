from django.apps import AppConfig


class MaturityConfig(AppConfig):
    name = "kandoo.maturity"
    label = "maturity"
