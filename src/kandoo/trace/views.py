"""The public page behind a label's QR code. No sign-in; a stranger gets no cookie but a chosen language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
    language: Any = page_language()
    context = {"page": page, **reading.page_context(page.content, language)}
    if not request.user.is_authenticated:
        context["csrf_token"] = ""  # a stranger sends nothing back from here, so it takes no cookie
    response = render(request, "trace/page.html", context)
    is_common = not request.user.is_authenticated and not request.GET
    patch_cache_control(response, **({"public": True, "max_age": 5 * MINUTES} if is_common else {"private": True}))
    return response


@require_safe
def areas(request: HttpRequest, token: str) -> HttpResponse:
    """The outlines of the areas on the page's map."""
    page = page_behind(token)
    response = HttpResponse(places.outlines(page.content["cluster"]["province"]), content_type="application/geo+json")
    patch_cache_control(response, public=True, max_age=24 * 60 * MINUTES)
    return response
