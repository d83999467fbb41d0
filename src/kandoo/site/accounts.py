"""Sign-in as the clusters want it: an agent adds people, nobody signs up alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Closed sign-up: a person enters through a role that an agent gave."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
