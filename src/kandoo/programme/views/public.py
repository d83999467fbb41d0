"""For everybody: the programme's page and its open data. Nothing here asks who reads it."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo.programme import reading
from kandoo.programme.models import ClusterFile
from kandoo.programme.queries.money import paid_in_public, years_in_public
from kandoo.programme.queries.outcomes import results_in_public
from kandoo.programme.queries.public import PublicCluster, clusters, counts
from kandoo.site import language, tables
from kandoo.site.lists import page_language, page_of

COLUMNS = (
    *(
        "province",
        "product",
        "stage",
        "definition",
        "date",
        "source",
        "name",
        "code",
        "state",
        "stage_since",
        "example",
    ),
)
COUNT_COLUMNS = ("measure", "value", "province", "product", "stage", "definition", "date", "source", "example")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every cluster and its stage, plainly."""
    every = clusters()
    wanted = {name: request.GET.get(name, "").strip() for name in ("q", "province", "stage")}
    found = [each for each in every if _fits(each, wanted)]
    stages = {each.stage: (each.place, _stage(each)) for each in every}
    by_stage = Counter(each.stage for each in every)
    order = sorted(stages, key=lambda code: stages[code][0])
    shown, paid = page_of(request, found), paid_in_public()
    names = reading.province_names()
    provinces = sorted({each.province for each in every}, key=lambda code: language.sort_key(names[code]))
    context = {
        "page_obj": shown,
        "rows": [_row(each) | {"paid": paid.get(each.id)} for each in shown],
        "has_money": any(paid.values()),
        "all": len(every),
        "examples": sum(each.is_example for each in every),
        "provinces": len(provinces),
        "by_stage": [(stages[code][1], by_stage[code], code) for code in order],
        "counts": [(each, reading.province_name(each.province)) for each in counts()],
        "selects": [
            {"name": "province", "label": _("Province"), "options": [(code, names.get(code, code)) for code in provinces], "value": wanted["province"]},
            {"name": "stage", "label": _("Stage"), "options": [(code, stages[code][1]) for code in order], "value": wanted["stage"]},
        ],
    }  # fmt: skip
    return render(request, "programme/public.html", context)


@require_GET
def cluster(request: HttpRequest, code: str) -> HttpResponse:
    """One cluster, plainly: its stage, its public money by year, and the results of its closed periods."""
    found = next((each for each in clusters() if each.code == code), None)
    if found is None:
        raise Http404
    money = years_in_public(found.id)
    results = results_in_public(found.id)
    context = _row(found) | {
        "county": reading.county_name(found.county),
        "money": money,
        "paid": sum(row.paid for row in money),
        "result": results[0] if results else None,
        "results": results,
    }
    return render(request, "programme/public_cluster.html", context)


def _fits(each: PublicCluster, wanted: dict[str, str]) -> bool:
    text = language.fold(f"{each.name_fa} {each.name_en} {each.product} {each.code}")
    return (
        (not wanted["province"] or each.province == wanted["province"])
        and (not wanted["stage"] or each.stage == wanted["stage"])
        and all(language.fold(word) in text for word in wanted["q"].split())
    )


def _stage(each: PublicCluster) -> str:
    return (each.stage_en or each.stage_fa) if page_language() == "en" else each.stage_fa


def _row(each: PublicCluster) -> dict[str, Any]:
    badge = {"kind": reading.STATUS_KINDS[each.status], "text": ClusterFile.Status(each.status).label}
    return {"file": each, "province": reading.province_name(each.province), "stage": _stage(each), "badge": badge}


def _open_rows() -> list[tuple[Any, ...]]:
    return [
        (
            each.province, each.product, each.stage, each.definition, each.dated, each.source,
            each.name_fa, each.code, each.status, each.stage_since, each.is_example,
        )
        for each in clusters()
    ]  # fmt: skip


@require_GET
def clusters_csv(request: HttpRequest) -> HttpResponse:
    """Every cluster as CSV: codes of provinces by ISO 3166-2, days by ISO 8601."""
    return _for_everybody(tables.as_csv(COLUMNS, _open_rows(), "clusters"))


@require_GET
def clusters_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    return _json(COLUMNS, _open_rows())


def _count_rows() -> list[tuple[Any, ...]]:
    return [
        (
            each.measure, each.value, each.province, each.product, each.stage, each.definition, each.dated,
            each.source, each.is_example,
        )
        for each in counts()
    ]  # fmt: skip


@require_GET
def counts_csv(request: HttpRequest) -> HttpResponse:
    """Every published count as CSV, side by side."""
    return _for_everybody(tables.as_csv(COUNT_COLUMNS, _count_rows(), "counts"))


@require_GET
def counts_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    return _json(COUNT_COLUMNS, _count_rows())


def _json(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> HttpResponse:
    made = {"made_on": timezone.localdate(), "columns": columns}
    content = made | {"rows": [dict(zip(columns, row, strict=True)) for row in rows]}
    return _for_everybody(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


def _for_everybody(answer: HttpResponse) -> HttpResponse:
    """Other sites may read it too."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
