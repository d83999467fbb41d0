"""What the pages of the programme share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kandoo.programme.problems import NotPossible
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
