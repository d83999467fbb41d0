"""The public address behind the QR code."""

from django.urls import path

from kandoo.trace import views

app_name = "trace"
urlpatterns = [
    path("<str:token>/", views.trace_page, name="page"),
    path("<str:token>/areas.json", views.areas, name="areas"),
]
