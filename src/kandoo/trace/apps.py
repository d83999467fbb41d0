from django.apps import AppConfig


class TraceConfig(AppConfig):
    name = "kandoo.trace"
    label = "trace"
