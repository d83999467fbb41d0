"""What lists share: who asks, the order of rows, and pages."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

from kandoo.register.access import Seat
from kandoo.site import language

PAGE_ROWS = 25


def page_language() -> Literal["fa", "en"]:
    """The language of the page: fa or en."""
    return "en" if (get_language() or "fa").startswith("en") else "fa"


def joined(words: Iterable[Any]) -> str:
    """Words in a row, with the comma of the page's language."""
    return language.comma(page_language()).join(str(each) for each in words)


def asker(request: HttpRequest) -> Seat:
    """The seat of a request that a `seated` view has let in."""
    seat = Seat.of(request)
    assert seat is not None
    return seat


def in_order(request: HttpRequest, rows: QuerySet[Any], keys: Mapping[str, str], default: str) -> QuerySet[Any]:
    """Rows in the order the address asks for (`?sort=-price`), or the usual one."""
    wanted = request.GET.get("sort", "")
    column = keys.get(wanted.removeprefix("-"))
    if column is None:
        return rows.order_by(*default.split())
    return rows.order_by(f"-{column}" if wanted.startswith("-") else column, "pk")


def page_of(request: HttpRequest, rows: Any, size: int = PAGE_ROWS) -> Page[Any]:
    """The page of a list that the address asks for."""
    return Paginator(rows, size).get_page(language.latin_digits(request.GET.get("page", "1")))


def words_of(problem: Exception) -> str:
    """Why an action was not taken, its figures in the digits of the page."""
    return language.localise_digits(str(problem), page_language())
