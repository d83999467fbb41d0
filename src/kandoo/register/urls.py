"""The addresses of the register."""

from django.urls import path

from kandoo.register.views import cluster, firms, imports, parts, people

app_name = "register"
urlpatterns = [
    path("", firms.firms, name="firms"),
    path("export/", firms.export, name="export"),
    path("new/", firms.firm_new, name="firm_new"),
    path("firms/<int:pk>/", firms.firm, name="firm"),
    path("firms/<int:pk>/edit/", firms.firm_edit, name="firm_edit"),
    path("firms/<int:pk>/remove/", firms.firm_remove, name="firm_remove"),
    path("firms/<int:pk>/points.json", cluster.firm_points, name="firm_points"),
    path("firms/<int:pk>/membership/", parts.membership_begin, name="membership_begin"),
    path("firms/<int:pk>/sites/new/", parts.site_new, name="site_new"),
    path("memberships/<int:pk>/end/", parts.membership_end, name="membership_end"),
    path("sites/<int:pk>/edit/", parts.site_edit, name="site_edit"),
    path("sites/<int:pk>/remove/", parts.site_remove, name="site_remove"),
    path("import/", imports.import_page, name="import"),
    path("import/template/", imports.template, name="template"),
    path("import/<uuid:pk>/", imports.import_draft, name="import_draft"),
    path("import/<uuid:pk>/faults/", imports.import_faults, name="import_faults"),
    path("map/", cluster.map_page, name="map"),
    path("map/areas.json", cluster.areas, name="areas"),
    path("map/points.json", cluster.points, name="points"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/link/", people.person_link, name="person_link"),
    path("people/<int:pk>/roles/", people.role_give, name="role_give"),
    path("roles/<int:pk>/end/", people.role_end, name="role_end"),
    path("cluster/", cluster.cluster, name="cluster"),
    path("cluster/edit/", cluster.cluster_edit, name="cluster_edit"),
    path("cluster/yield/", cluster.season_yield, name="season_yield"),
    path("cluster/profile/", cluster.profile, name="profile"),
]
