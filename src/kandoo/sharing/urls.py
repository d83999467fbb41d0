"""Addresses of sharing rules."""

from django.urls import path

from kandoo.sharing.views import proposals, rules

app_name = "sharing"
urlpatterns = [
    path("", rules.rules, name="rules"),
    path("history/", rules.history, name="history"),
    path("try/", rules.try_rule, name="try"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/new/", proposals.new, name="proposal_new"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/open/", proposals.open_for_votes, name="proposal_open"),
    path("proposals/<int:pk>/vote/", proposals.vote, name="proposal_vote"),
    path("proposals/<int:pk>/count/", proposals.count, name="proposal_count"),
    path("proposals/<int:pk>/withdraw/", proposals.withdraw, name="proposal_withdraw"),
]
