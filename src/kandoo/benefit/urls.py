"""Addresses of the account of cooperation."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from kandoo.benefit.views import account, evidence, gains, statements, values


class JointConverter(StringConverter):
    """The kind of a joint action in an address."""

    regex = "lots|rounds"


register_converter(JointConverter, "joint")
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
    path("<joint:place>/<int:pk>/", evidence.joint, name="joint"),
    path("<joint:place>/<int:pk>/subsidy/", evidence.add_subsidy, name="subsidy_add"),
    path("<joint:place>/<int:pk>/subsidy/<int:subsidy>/remove/", evidence.remove_subsidy, name="subsidy_remove"),
    path("<joint:place>/<int:pk>/<int:enterprise>/", evidence.alone, name="alone"),
    path("<joint:place>/<int:pk>/<int:enterprise>/time/", evidence.own_time, name="own_time"),
    path("<joint:place>/<int:pk>/<int:enterprise>/median/", evidence.median, name="median"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("evidence/<int:pk>/document/", evidence.document, name="evidence_document"),
    path("hour/", values.hour, name="hour"),
]
