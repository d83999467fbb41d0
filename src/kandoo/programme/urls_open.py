"""Addresses for everybody."""

from django.urls import path

from kandoo.programme.views import public

app_name = "open"
urlpatterns = [
    path("", public.page, name="page"),
    path("clusters/<path:code>/", public.cluster, name="cluster"),
    path("clusters.csv", public.clusters_csv, name="clusters_csv"),
    path("clusters.json", public.clusters_json, name="clusters_json"),
    path("counts.csv", public.counts_csv, name="counts_csv"),
    path("counts.json", public.counts_json, name="counts_json"),
]
