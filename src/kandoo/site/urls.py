"""Every address of the site."""

from django.urls import include, path
from django.views.i18n import set_language

from kandoo.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("seat/", views.take_seat, name="take_seat"),
    path("profile/", views.profile, name="profile"),
    path("notices/", views.notices_page, name="notices"),
    path("trail/", views.trail, name="trail"),
    path("money-unit/", views.money_unit, name="money_unit"),
    path("money-unit/call-off/", views.call_off_money_unit, name="call_off_money_unit"),
    path("account/", include("allauth.account.urls")),
    path("account/security/", include("allauth.mfa.urls")),
    path("register/", include("kandoo.register.urls")),
    path("selling/", include("kandoo.selling.urls")),
    path("ledger/", include("kandoo.ledger.urls")),
    path("payments/", include("kandoo.payments.urls")),
    path("buying/", include("kandoo.buying.urls")),
    path("sharing/", include("kandoo.sharing.urls")),
    path("benefit/", include("kandoo.benefit.urls")),
    path("programme/", include("kandoo.programme.urls")),
    path("credit/", include("kandoo.credit.urls")),
    path("open/", include("kandoo.credit.urls_open")),
    path("open/", include("kandoo.results.urls_open")),
    path("open/", include("kandoo.reports.urls_open")),
    path("open/", include("kandoo.tender.urls_open")),
    path("finding/", include("kandoo.finding.urls")),
    path("open/", include("kandoo.programme.urls_open")),
    path("results/", include("kandoo.results.urls")),
    path("strategy/", include("kandoo.strategy.urls")),
    path("maturity/", include("kandoo.maturity.urls")),
    path("reports/", include("kandoo.reports.urls")),
    path("tender/", include("kandoo.tender.urls")),
    path("visits/", include("kandoo.visits.urls")),
    path("t/", include("kandoo.trace.urls")),
]

handler403 = "kandoo.site.views.forbidden"
handler404 = "kandoo.site.views.not_found"
handler500 = "kandoo.site.views.server_error"
