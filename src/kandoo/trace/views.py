"""The public page behind a label's QR code. No sign-in; a stranger gets no cookie but a chosen language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from kandoo.selling.queries import page_language
from kandoo.trace import places, reading
from kandoo.trace.access import page_behind

MINUTES = 60


@require_safe
def trace_page(request: HttpRequest, token: str) -> HttpResponse:
    """Where a lot comes from and which tests stand behind it, for anybody with the label."""
    page = page_behind(token)
    wanted = request.GET.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        return _in_language(request, wanted)
    language: Any = page_language()
    context = {"page": page, **reading.page_context(page.content, language)}
    if request.user.is_authenticated:
        response = render(request, "trace/page.html", context)
        patch_cache_control(response, private=True)
        return response
    # Nothing on the page is sent back, so a stranger needs no CSRF cookie.
    response = render(request, "trace/page.html", {"csrf_token": "", **context})
    patch_cache_control(response, public=True, max_age=5 * MINUTES)
    return response


def _in_language(request: HttpRequest, wanted: str) -> HttpResponse:
    """The same page in another language, which the browser is told to remember."""
    response = redirect(request.path)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


@require_safe
def areas(request: HttpRequest, token: str) -> HttpResponse:
    """The outlines of the areas on the page's map."""
    page = page_behind(token)
    response = HttpResponse(
        places.outlines(page.content["cluster"]["province"]), content_type="application/geo+json"
    )
    patch_cache_control(response, public=True, max_age=24 * 60 * MINUTES)
    return response
