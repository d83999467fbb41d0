"""What the pages of payments share: the payments an address asks for, and a step with its words."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kandoo.payments.models import PaymentLine
from kandoo.payments.problems import NotPossible
from kandoo.site import language
from kandoo.site.lists import words_of

LINE_SORTS = {"number": "number", "name": "enterprise__sort_key", "amount": "amount"}


def lines_wanted(request: HttpRequest, lines: QuerySet[PaymentLine]) -> QuerySet[PaymentLine]:
    """The payments that match what the address asks for: words, and a state."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    if words:
        number = language.latin_digits(words)
        found = Q(number__icontains=number) | Q(bank_reference__icontains=number) | Q(sheba__endswith=number)
        key = language.fold(words)
        lines = lines.filter(found | Q(enterprise__search_key__contains=key) if key else found)
    if state in PaymentLine.Status.values:
        lines = lines.filter(status=state)
    return lines


def step(request: HttpRequest, take: Callable[[], Any], done: str, page: str, *args: Any) -> HttpResponse:
    """Take a step, say what came of it, and go to a page."""
    try:
        take()
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, done)
    return redirect(page, *args)
