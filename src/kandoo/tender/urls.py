"""Addresses."""

from django.urls import URLPattern

app_name = "tender"
urlpatterns: list[URLPattern] = []
