"""Addresses of results for everybody."""

from django.urls import path

from kandoo.results.views import public

app_name = "open_results"
urlpatterns = [
    path("results.csv", public.results_csv, name="results_csv"),
    path("results.json", public.results_json, name="results_json"),
]
