"""Addresses of calls for everybody."""

from django.urls import path

from kandoo.tender import views

app_name = "open_tender"
urlpatterns = [
    path("calls/", views.public, name="calls"),
    path("calls/<str:number>/", views.public_call, name="call"),
    path("calls.csv", views.calls_csv, name="calls_csv"),
    path("calls.json", views.calls_json, name="calls_json"),
]
