"""What surrounds a request: its reference, and the transaction in which the database knows who asks."""

import logging
import secrets
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from kandoo.register.access import Seat
from kandoo.site import redenomination, security, units

log = logging.getLogger("kandoo.requests")
Next = Callable[[HttpRequest], HttpResponse]

# Served without a person and without the database's help.
_PLAIN = ("/static/", "/healthz")


class ReferenceMiddleware:
    """Give each request a reference, shown on error pages and written beside the fault in the log."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = secrets.token_hex(4)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code in (403, 404) or response.status_code >= 500:
            level = logging.ERROR if response.status_code >= 500 else logging.INFO
            log.log(level, "%s %s %s %s", request.reference, response.status_code, request.method, request.path)  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if not isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
            log.error("%s %s", request.reference, exception, exc_info=exception)  # type: ignore[attr-defined]


class LanguageMiddleware:
    """Persian, unless the reader chose English: by the switch, or by an address with `?language=en`.

    The browser's own wish does not count: phones sold here often ask for English.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = {code for code, _name in settings.LANGUAGES}
        asked = request.GET.get("language")
        chosen = asked if asked in known else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
        response.headers.setdefault("Content-Language", language)
        if asked in known:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


class MoneyMiddleware:
    """Amounts are written in the unit in force in the reader's cluster, looked up when the first is written."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        @cache
        def writing() -> units.Writing:
            seat = Seat.of(request)
            return redenomination.writing_in(seat.cluster.pk, timezone.localdate()) if seat else units.Writing()

        undo = units.write_by(writing)
        try:
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
            return response
        finally:
            undo()


class RowSecurityMiddleware:
    """One transaction a request, in which `kandoo.person` is the session's person.

    Sign-in has a desk of its own: there the person is not known yet, and the tables of people and
    their keys (nothing else) answer. The view itself runs in a savepoint (ATOMIC_REQUESTS), so a
    fault undoes all it did and the error page can still ask the database.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_PLAIN):
            return self.get_response(request)
        person = request.session.get(SESSION_KEY)
        desk = "sign-in" if request.path.startswith("/account/") else ""
        with transaction.atomic():
            security.set_person(int(person) if person else None, desk=desk)
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
            return response


class NullMiddleware:
    """No name holds the null character, and the database takes none: an address that asks for one finds nothing."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\0" in each for values in request.GET.lists() for each in (values[0], *values[1])):
            raise Http404
        return self.get_response(request)
