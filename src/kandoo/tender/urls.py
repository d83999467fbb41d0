"""Addresses of calls."""

from django.urls import path

from kandoo.tender import views

app_name = "tender"
urlpatterns = [
    path("", views.calls, name="calls"),
    path("new/", views.call_new, name="call_new"),
    path("<int:pk>/", views.call, name="call"),
    path("<int:pk>/edit/", views.call_edit, name="call_edit"),
    path("<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/marked/", views.close_marking, name="close_marking"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/offers/new/", views.offer_new, name="offer_new"),
    path("offers/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("offers/<int:pk>/mark/", views.mark, name="mark"),
    path("<int:pk>/prices/", views.open_prices, name="open_prices"),
    path("<int:pk>/choose/", views.award, name="award"),
    path("<int:pk>/contract/", views.link, name="link"),
]
