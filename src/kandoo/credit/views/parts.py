"""What the pages of money share: one form a page, one step a button."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kandoo.credit.problems import NotPossible
from kandoo.site.lists import words_of


def form_page(
    request: HttpRequest,
    form: Form,
    do: Callable[[], str],
    *,
    title: Any,
    answer: Any = "",
    submit: Any,
    back: str,
    **more: Any,
) -> HttpResponse:
    """A page with one form: a refusal is said on top of it and what was typed stays.

    `do` gives the address to go on to.
    """
    if request.method == "POST" and form.is_valid():
        try:
            address = do()
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, more.pop("done", _("It is done.")))
            return redirect(address)
    context = {"form": form, "title": title, "answer": answer, "submit": submit, "back": back} | more
    return render(request, "credit/form.html", context)


def tried(request: HttpRequest, do: Callable[[], Any], done: Any) -> bool:
    """Take a step of one button; say what came of it."""
    try:
        do()
    except NotPossible as problem:
        messages.error(request, words_of(problem))
        return False
    messages.success(request, done)
    return True


def require(allowed: bool) -> None:
    """Refuse a seat that may see this and not do it."""
    if not allowed:
        raise PermissionDenied
