"""Results as open data. Nothing here asks who reads it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kandoo.results.queries.public import PublicResult, public_results
from kandoo.site import tables

COLUMNS = (
    *("province", "product", "stage", "definition", "date", "source", "cluster", "name", "indicator", "indicator_name"),
    *("level", "value", "unit", "baseline", "target", "period_from", "period_to", "origin", "example"),
)


def _row(each: PublicResult) -> tuple[Any, ...]:
    return (
        each.province, each.product, each.stage, each.definition, each.as_of, each.source, each.cluster, each.name_fa,
        each.indicator, each.indicator_fa, each.level, _plain(each.value), "IRR" if each.kind == "rial" else each.unit,
        _plain(each.baseline), _plain(each.target), each.first, each.last, each.origin, each.is_example,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return None if value is None else int(value) if value == value.to_integral_value() else float(value)


@require_GET
def results_csv(request: HttpRequest) -> HttpResponse:
    """Figures of closed periods as CSV: provinces by ISO 3166-2, days by ISO 8601, money in rial."""
    return _for_everybody(tables.as_csv(COLUMNS, map(_row, public_results()), "results"))


@require_GET
def results_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    rows = [dict(zip(COLUMNS, _row(each), strict=True)) for each in public_results()]
    content = {"made_on": timezone.localdate(), "columns": COLUMNS, "rows": rows}
    return _for_everybody(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


def _for_everybody(answer: HttpResponse) -> HttpResponse:
    """Other sites may read it too."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
