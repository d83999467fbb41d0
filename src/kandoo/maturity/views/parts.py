"""What the pages of this room share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from kandoo.maturity.problems import NotPossible
from kandoo.site.lists import words_of


def form_page(
    request: HttpRequest, template: str, form: Form, do: Callable[[], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """A page with one form: what the action refuses is said on top of it and what was typed stays."""
    if request.method == "POST" and form.is_valid():
        try:
            return do()
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
    return render(request, template, {"form": form} | context)


def tried(request: HttpRequest, do: Callable[[], Any], done: Any) -> bool:
    """Take a step of one button; say what came of it."""
    try:
        do()
    except NotPossible as problem:
        messages.error(request, words_of(problem))
        return False
    messages.success(request, done)
    return True


def document_answer(held: FieldFile, name: str) -> HttpResponse:
    """A document as it was sent, to be saved, never shown."""
    with held.open() as opened:
        answer = HttpResponse(opened.read(), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
