"""Addresses of the books."""

from django.urls import path

from kandoo.ledger import views

app_name = "ledger"
urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("journal/export.<str:form>", views.export, name="journal_export"),
    path("journal/<int:pk>/", views.entry, name="entry"),
    path("journal/<int:pk>/reverse/", views.reverse_entry, name="entry_reverse"),
]
