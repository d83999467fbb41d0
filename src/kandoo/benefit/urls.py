"""Addresses of the account of cooperation."""

from django.urls import path

from kandoo.benefit.views import account, evidence, gains, statements, values

app_name = "benefit"
urlpatterns = [
    path("", account.home, name="home"),
    path("export.<str:form>", account.export, name="export"),
    path("members/", statements.members, name="members"),
    path("statements/<int:enterprise>/", statements.statement, name="statement"),
    path("statements/<int:enterprise>/<int:season>/<str:language>.pdf", statements.pdf, name="statement_pdf"),
    path("seasons/<int:season>/<str:language>.pdf", statements.season_pdf, name="season_pdf"),
    path("gains/<int:pk>/", gains.gain, name="gain"),
    path("gains/<int:pk>/correct/", gains.correct, name="correct"),
    path("lots/<int:lot>/", evidence.lot, name="lot"),
    path("lots/<int:lot>/subsidy/", evidence.add_subsidy, name="subsidy_add"),
    path("lots/<int:lot>/subsidy/<int:pk>/remove/", evidence.remove_subsidy, name="subsidy_remove"),
    path("lots/<int:lot>/<int:enterprise>/", evidence.alone, name="alone"),
    path("lots/<int:lot>/<int:enterprise>/time/", evidence.own_time, name="own_time"),
    path("lots/<int:lot>/<int:enterprise>/median/", evidence.median, name="median"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("evidence/<int:pk>/document/", evidence.document, name="evidence_document"),
    path("hour/", values.hour, name="hour"),
]
