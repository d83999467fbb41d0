"""Addresses of the budget for everybody."""

from django.urls import path

from kandoo.credit.views import public

app_name = "open_credit"
urlpatterns = [
    path("budget.csv", public.budget_csv, name="budget_csv"),
    path("budget.json", public.budget_json, name="budget_json"),
]
