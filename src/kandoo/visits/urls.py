"""Addresses of visits."""

from django.urls import path

from kandoo.visits import views

app_name = "visits"
urlpatterns = [
    path("", views.home, name="home"),
    path("own/", views.own, name="own"),
    path("files/<int:pk>/", views.of_file, name="file"),
    path("files/<int:pk>/plan/", views.plan, name="plan"),
    path("<int:pk>/", views.visit, name="visit"),
    path("<int:pk>/visit.pdf", views.pdf, name="pdf"),
    path("<int:pk>/report/", views.report, name="report"),
    path("<int:pk>/move/", views.move, name="move"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("advice/<int:pk>/", views.follow, name="follow"),
]
