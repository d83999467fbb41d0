from django.apps import AppConfig


class SellingConfig(AppConfig):
    name = "kandoo.selling"
    label = "selling"
