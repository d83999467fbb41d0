"""Addresses of reports."""

from django.urls import path

from kandoo.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("own/", views.own, name="own"),
    path("write/", views.write, name="write_place"),
    path("files/<int:pk>/", views.of_file, name="file"),
    path("files/<int:pk>/write/", views.write, name="write"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/report.pdf", views.pdf, name="pdf"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/receive/", views.receive, name="receive"),
    path("<int:pk>/back/", views.send_back, name="send_back"),
    path("<int:pk>/drop/", views.drop, name="drop"),
]
