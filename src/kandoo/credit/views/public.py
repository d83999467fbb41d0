"""Public money as open data. Nothing here asks who reads it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kandoo.credit.queries.totals import PublicRow, public_rows
from kandoo.site import tables

COLUMNS = (
    *("year", "province", "product", "stage", "definition", "date", "source", "cluster", "name"),
    *("approved", "allocated", "committed", "paid", "returned", "lapsed", "carried_over", "currency", "example"),
)
DEFINITION = (
    "Sum of the credit lines of this cluster (or of the province's lines of no cluster) in the fiscal year; rial; "
    "paid <= committed <= allocated <= approved"
)
SOURCE = "Ledger of the programme"


def _row(each: PublicRow) -> tuple[Any, ...]:
    return (
        each.year, each.province, each.product, each.stage, DEFINITION, each.dated, SOURCE, each.code, each.name_fa,
        each.approved, each.allocated, each.committed, each.paid, each.returned, each.lapsed, each.carried, "IRR",
        each.is_example,
    )  # fmt: skip


@require_GET
def budget_csv(request: HttpRequest) -> HttpResponse:
    """A year's money for each cluster as CSV: years Jalali, provinces by ISO 3166-2, days by ISO 8601, rial."""
    return _for_everybody(tables.as_csv(COLUMNS, map(_row, public_rows()), "budget"))


@require_GET
def budget_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    made = {"made_on": timezone.localdate(), "columns": COLUMNS}
    content = made | {"rows": [dict(zip(COLUMNS, _row(each), strict=True)) for each in public_rows()]}
    return _for_everybody(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


def _for_everybody(answer: HttpResponse) -> HttpResponse:
    """Other sites may read it too."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
