"""Addresses of reports for everybody."""

from django.urls import path

from kandoo.reports import views

app_name = "open_reports"
urlpatterns = [path("iati.xml", views.iati_xml, name="iati")]
