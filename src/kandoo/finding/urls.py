"""Addresses of studies."""

from django.urls import path

from kandoo.finding.views import bringing, finding, showing

app_name = "finding"
urlpatterns = [
    path("", bringing.studies, name="studies"),
    path("new/", bringing.new, name="new"),
    path("own/", bringing.own, name="own"),
    path("template/", bringing.template, name="template"),
    path("<int:pk>/", finding.study, name="study"),
    path("<int:pk>/columns/", bringing.columns, name="columns"),
    path("<int:pk>/faults/", bringing.faults, name="faults"),
    path("<int:pk>/leave-out/", bringing.leave_out, name="leave_out"),
    path("<int:pk>/years/", bringing.years, name="years"),
    path("<int:pk>/ask/", finding.ask, name="ask"),
    path("<int:pk>/progress/", finding.progress, name="progress"),
    path("<int:pk>/cancel/", finding.cancel, name="cancel"),
    path("<int:pk>/put-aside/", finding.put_aside, name="put_aside"),
    path("<int:pk>/all/", showing.download_all, name="download_all"),
    path("<int:pk>/years/compared/", showing.compared, name="compared"),
    path("<int:pk>/industries/<int:place>/", showing.industry, name="industry"),
    path("<int:pk>/industries/<int:place>/areas/", showing.areas, name="areas"),
    path("<int:pk>/propose/", showing.propose, name="propose"),
]
