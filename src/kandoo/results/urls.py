"""Addresses of results."""

from django.urls import path

from kandoo.results.views import files, indicators

app_name = "results"
urlpatterns = [
    path("", indicators.compare, name="compare"),
    path("own/", files.own, name="own"),
    path("indicators/", indicators.definitions, name="definitions"),
    path("indicators/new/", indicators.define, name="define"),
    path("indicators/<slug:code>/", indicators.change, name="change"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/close/", files.close, name="close"),
    path("files/<int:pk>/import/", files.import_page, name="import"),
    path("files/<int:pk>/template/", files.template, name="template"),
    path("files/<int:pk>/<slug:code>/", indicators.one, name="indicator"),
    path("files/<int:pk>/<slug:code>/figure/", indicators.figure, name="figure"),
    path("files/<int:pk>/<slug:code>/target/", indicators.target, name="target"),
    path("files/<int:pk>/<slug:code>/baseline/", indicators.baseline, name="baseline"),
]
