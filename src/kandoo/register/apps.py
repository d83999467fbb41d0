from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "kandoo.register"
    label = "register"
