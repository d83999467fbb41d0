from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "kandoo.strategy"
    label = "strategy"
