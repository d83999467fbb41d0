"""Addresses of the gauge and of self-assessments."""

from django.urls import path

from kandoo.maturity.views import assessments, gauge

app_name = "maturity"
urlpatterns = [
    path("", gauge.home, name="home"),
    path("own/", gauge.own, name="own"),
    path("files/<int:pk>/", gauge.file, name="file"),
    path("files/<int:pk>/export/", gauge.export, name="export"),
    path("files/<int:pk>/figures/<str:part>/", gauge.figure_new, name="figure_new"),
    path("figures/<int:pk>/document/", gauge.figure_document, name="figure_document"),
    path("files/<int:pk>/assessments/", assessments.of_file, name="assessments"),
    path("files/<int:pk>/assessments/begin/", assessments.begin, name="begin"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("assessments/<int:pk>/questions/<str:code>/", assessments.question, name="question"),
    path("assessments/<int:pk>/questions/<str:code>/evidence/", assessments.evidence_add, name="evidence_add"),
    path("evidence/<int:pk>/", assessments.evidence, name="evidence"),
    path("evidence/<int:pk>/back/", assessments.evidence_back, name="evidence_back"),
    path("assessments/<int:pk>/submit/", assessments.submit, name="submit"),
    path("assessments/<int:pk>/remark/", assessments.remark, name="remark"),
    path("assessments/<int:pk>/export/", assessments.export, name="assessment_export"),
    path("assessments/<int:pk>/pdf/", assessments.pdf, name="pdf"),
]
