from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "kandoo.demo"
    label = "demo"
