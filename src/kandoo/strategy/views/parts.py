"""What the pages share: where they hang, one form a page, one step a button."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat
from kandoo.site.lists import words_of
from kandoo.strategy import access
from kandoo.strategy.parts import PARTS, Part
from kandoo.strategy.problems import NotPossible
from kandoo.strategy.queries.rows import Holder

Trail = list[tuple[str, str]]


def holder_of(seat: Seat, pk: int, number: int | None) -> Holder:
    """The file, and the edition when one is named; or 404."""
    if number is None:
        return Holder(access.file_seen_by(seat, pk))
    found = access.diagnosis_seen_by(seat, pk, number)
    return Holder(found.file, found)


def part_of(holder: Holder, code: str) -> Part:
    """The part of an edition or of the plan, or 404."""
    found = PARTS.get(code)
    if found is None or found.of_plan != (holder.diagnosis is None):
        raise Http404
    return found


def may_write(seat: Seat, holder: Holder) -> bool:
    """Whether the seat may change what hangs here."""
    return access.may_change(seat, holder.diagnosis) if holder.diagnosis else access.may_write(seat)


def address(holder: Holder, name: str, *more: Any) -> str:
    """The address of a page of a part, under the edition or the plan."""
    held = [holder.file.pk] if holder.diagnosis is None else [holder.file.pk, holder.diagnosis.number]
    return reverse(f"strategy:{'plan' if holder.diagnosis is None else 'edition'}_{name}", args=[*held, *more])


def trail_of(holder: Holder) -> Trail:
    """The way back from a part."""
    trail = trail_of_file(holder.file)
    if holder.diagnosis is not None:
        url = reverse("strategy:edition", args=[holder.file.pk, holder.diagnosis.number])
        return [*trail, (_("Diagnosis"), url)]
    return trail


def trail_of_file(file: ClusterFile) -> Trail:
    """The way back to the plan of a file."""
    return [(str(file), reverse("strategy:file", args=[file.pk]))]


def form_page(
    request: HttpRequest, form: Form, do: Callable[[], Any], *, title: Any, submit: Any, back: str, trail: Trail,
    answer: Any = "", done: Any = "", **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page with one form: a refusal is said on top of it and what was typed stays; afterwards one goes `back`."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, done or _("Saved."))
            return redirect(back)
    context = {"form": form, "title": title, "answer": answer, "submit": submit, "back": back, "trail": trail} | more
    return render(request, "strategy/form.html", context)


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
