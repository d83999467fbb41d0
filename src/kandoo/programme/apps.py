from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "kandoo.programme"
    label = "programme"
