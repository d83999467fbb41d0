from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kandoo.ledger"
    label = "ledger"
