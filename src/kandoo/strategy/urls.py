"""Addresses of diagnosis and plan. A part hangs on an edition (`diagnosis/<number>`) or on the plan."""

from django.urls import URLPattern, path

from kandoo.strategy.views import editions, overview, papers, plans, rows, tables

app_name = "strategy"
EDITION = "files/<int:pk>/diagnosis/<int:number>/"
PLAN = "files/<int:pk>/plan/"


def _parts(prefix: str, name: str) -> list[URLPattern]:
    """The pages of a part under an edition (names `edition_…`) or the plan (`plan_…`)."""
    return [
        path(f"{prefix}<slug:code>/", rows.part, name=f"{name}_part"),
        path(f"{prefix}<slug:code>/new/", rows.row_new, name=f"{name}_row_new"),
        path(f"{prefix}<slug:code>/import/", tables.part_import, name=f"{name}_import"),
        path(f"{prefix}<slug:code>/table.<str:form>", tables.part_table, name=f"{name}_table"),
        path(f"{prefix}<slug:code>/template.<str:form>", tables.part_template, name=f"{name}_template"),
        path(f"{prefix}<slug:code>/<int:row>/", rows.row_edit, name=f"{name}_row"),
        path(f"{prefix}<slug:code>/<int:row>/remove/", rows.row_remove, name=f"{name}_row_remove"),
    ]


urlpatterns = [
    path("", overview.files, name="files"),
    path("own/", overview.own, name="own"),
    path("files/<int:pk>/", overview.file, name="file"),
    path("files/<int:pk>/plan.pdf", papers.plan_pdf, name="plan_pdf"),
    path("files/<int:pk>/vision/", plans.vision, name="vision"),
    path("files/<int:pk>/chain/", plans.chain, name="chain"),
    path("files/<int:pk>/chain/<int:node>/", plans.node, name="node"),
    path("files/<int:pk>/indicators/<slug:code>/", plans.indicator, name="indicator"),
    path("files/<int:pk>/problems/<int:row>/answers/", plans.answers, name="answers"),
    path("files/<int:pk>/objectives/<int:row>/activities/", plans.servings, name="servings"),
    path("files/<int:pk>/activities/import/", tables.activities_import, name="activities_import"),
    path("files/<int:pk>/activities/table.<str:form>", tables.activities_table, name="activities_table"),
    path("activities/template.<str:form>", tables.activities_template, name="activities_template"),
    path("activities/<int:pk>/", plans.activity, name="activity"),
    path("files/<int:pk>/diagnosis/", editions.newest, name="diagnosis"),
    path("files/<int:pk>/diagnosis/new/", editions.edition_new, name="edition_new"),
    path(EDITION, editions.edition, name="edition"),
    path(f"{EDITION}study.pdf", papers.study_pdf, name="study_pdf"),
    path(f"{EDITION}prepare/", editions.prepare, name="prepare"),
    path(f"{EDITION}confirm/", editions.confirm, name="confirm"),
    path(f"{EDITION}back/", editions.send_back, name="send_back"),
    *_parts(EDITION, "edition"),
    *_parts(PLAN, "plan"),
]
