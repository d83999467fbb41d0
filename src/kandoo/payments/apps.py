from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "kandoo.payments"
    label = "payments"
