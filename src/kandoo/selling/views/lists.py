"""What the lists of this room share: who asks, the order of rows, and pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from kandoo.register.access import Seat
from kandoo.selling import queries
from kandoo.site import language, tables

PAGE_ROWS = 25


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
    return language.localise_digits(str(problem), queries.page_language())


def table_file(form: str, name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table to take away, as `xlsx` or `csv`; any other form is not there."""
    return tables.as_file(form, heads, rows, name)
