"""The firms list as a file: the columns of the members file, as far as the seat may see them.

One row a site, so that the file of an agent can be brought in again as it is.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse

from kandoo import profiles
from kandoo.register import queries
from kandoo.register.access import Seat
from kandoo.register.identifying import NATIONAL, language
from kandoo.register.importing import files
from kandoo.register.importing.columns import Column, columns, word_for
from kandoo.register.models import Enterprise, Membership, Site
from kandoo.site.language import day_for_input

OPEN = ("name_fa", "name_en", "form", "commercial", "stage", "workers", "joined_on", "left_on")


def firms_file(seat: Seat, firms: QuerySet[Enterprise], *, as_csv: bool) -> HttpResponse:
    """The firms as a download; everybody gets the directory, agent and auditor the rest as well."""
    wanted = columns_for(seat)
    rows = list(rows_of(seat, firms, [column.code for column in wanted], as_text=as_csv))
    headings = [f"{column.label(language())} ({column.code})" for column in wanted]
    if as_csv:
        return download(files.table_csv(headings, rows), f"{seat.cluster.code}-firms.csv", files.CSV)
    title = "بنگاه‌ها" if language() == "fa" else "Firms"
    book = files.table_xlsx(title, headings, rows, rtl=language() == "fa")
    return download(book, f"{seat.cluster.code}-firms.xlsx", files.XLSX)


def columns_for(seat: Seat) -> list[Column]:
    """The columns a seat may take away."""
    every = columns(profiles.load(seat.cluster.profile))
    return [column for code, column in every.items() if code in OPEN or queries.sees_sites(seat)]


def rows_of(seat: Seat, firms: QuerySet[Enterprise], codes: Iterable[str], *, as_text: bool) -> Iterator[list[Any]]:
    """A row for each site of each firm; a firm without sites (or whose sites are hidden) has one."""
    profile, chosen, wanted = profiles.load(seat.cluster.profile), language(), list(codes)
    fetched = firms.select_related("particulars").prefetch_related(
        "identifiers",
        Prefetch("sites", Site.objects.order_by("sort_key", "pk")),
        Prefetch("memberships", Membership.objects.order_by("-joined_on")),
    )
    sees_sites = queries.sees_sites(seat)
    for firm in fetched:
        values = _firm_values(firm)
        sites: list[Site | None] = list(firm.sites.all()) if sees_sites else []
        for site in sites or [None]:
            row = values | _site_values(site)
            yield [_shown(profile, code, row.get(code), chosen, as_text) for code in wanted]


def _firm_values(firm: Enterprise) -> dict[str, Any]:
    newest = next(iter(firm.memberships.all()), None)
    numbers = {each.scheme: each.value for each in firm.identifiers.all()}
    return {
        "name_fa": firm.name_fa,
        "name_en": firm.name_en,
        "form": firm.form,
        "commercial": "yes" if firm.is_commercial else "no",
        "stage": firm.stage,
        "workers": firm.workers,
        "national_id": next((numbers[scheme] for scheme in NATIONAL if scheme in numbers), None),
        "phone": getattr(getattr(firm, "particulars", None), "phone", ""),
        "joined_on": newest and newest.joined_on,
        "left_on": newest and newest.left_on,
        **numbers,
    }


def _site_values(site: Site | None) -> dict[str, Any]:
    if site is None:
        return {}
    return {
        "site_name": site.name_fa,
        "site_kind": site.kind,
        "latitude": site.latitude,
        "longitude": site.longitude,
        "hives": site.hives,
        "hives_on": site.hives_on,
        "hives_source": site.hives_source,
    }


def _shown(profile: profiles.Profile, code: str, value: Any, chosen: str, as_text: bool) -> Any:
    if value is None or value == "":
        return None
    if code in ("stage", "form", "site_kind"):
        return word_for(profile, code, value, chosen)
    if code == "commercial" and chosen == "fa":
        return "بله" if value == "yes" else "خیر"
    if code in ("joined_on", "left_on", "hives_on") and (as_text or chosen == "fa"):
        return day_for_input(value, chosen)
    return value


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to take away; never kept by the browser, because it holds what others may not see."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
