from django.apps import AppConfig


class BenefitConfig(AppConfig):
    name = "kandoo.benefit"
    label = "benefit"
