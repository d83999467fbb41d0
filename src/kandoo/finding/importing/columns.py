"""What the columns of a list of sites mean, how they are headed, and the guess which is which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kandoo.site.language import fold

BY_PLACE = -1  # instead of a column: the county (else province) in which the coordinates lie


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a row says. `headings`: under which names files bring it."""

    code: str
    label: Any
    help: Any
    headings: tuple[str, ...]
    is_required: bool = False


_SITE = ("site_id", "apiary_id", "id", "code", "شناسه", "کد", "شناسه واحد", "کد واحد", "شناسه کارگاه", "کد کارگاه", "شناسه بنگاه", "شناسه محل", "شناسه زنبورستان", "کد زنبورستان", "establishment", "plant", "plant_id", "firm_id")  # fmt: skip
_REGION = ("region", "district", "county", "province", "city", "شهرستان", "منطقه", "ناحیه", "استان", "بخش", "دهستان", "نام شهرستان")  # fmt: skip
_LAT = ("lat", "latitude", "عرض", "عرض جغرافیایی")
_LON = ("lon", "lng", "long", "longitude", "طول", "طول جغرافیایی")
_YEAR = ("year", "سال", "سال آمار", "سال سرشماری")

_PLACES = (
    Field("lat", _("Latitude"), _("Decimal degrees, such as 33.4878."), _LAT),
    Field("lon", _("Longitude"), _("Decimal degrees, such as 48.3558."), _LON),
    Field("x_km", _("Kilometres eastwards on a map"), _("Instead of longitude, where straight lines on the map are distances."), ("x_km", "x")),
    Field("y_km", _("Kilometres northwards on a map"), _("Instead of latitude."), ("y_km", "y")),
)  # fmt: skip

ESTABLISHMENTS = (
    Field("site", _("Site"), _("A name or number that is unique; in a list of several years unique in each."), _SITE, True),
    Field("industry", _("Industry"), _("Name or activity code."), ("industry", "sector", "activity", "isic", "nace", "isic4", "صنعت", "رشته فعالیت", "رشته صنعتی", "کد فعالیت", "فعالیت", "کد آیسیک", "آیسیک", "نام صنعت"), True),
    Field("size", _("People working"), _("0 or more; another size will do."), ("employment", "employees", "workers", "jobs", "size", "اشتغال", "شاغلان", "شاغلین", "تعداد شاغلان", "تعداد شاغلین", "کارکنان", "شمار کارکنان", "تعداد کارکنان"), True),
    *_PLACES,
    Field("region", _("Region"), _("County or province; needed for location quotients, stars and related industries."), _REGION),
    Field("year", _("Year"), _("Where the list has several years, two of them can be compared."), _YEAR),
    Field("exports", _("Exports"), _("Money; counts in the order of priority."), ("exports", "export", "صادرات")),
)  # fmt: skip

APIARIES = (
    Field("site", _("Apiary"), _("A name or number that is unique; in a list of several years unique in each."), _SITE, True),
    Field("region", _("District"), _("County or district; the apiaries of each are compared with all."), _REGION, True),
    Field("size", _("Colonies"), _("0 or more."), ("colonies", "hives", "کلنی", "تعداد کلنی", "شمار کلنی", "کندو", "تعداد کندو", "شمار کندو", "جمع کلنی"), True),
    *_PLACES,
    Field("year", _("Year"), _("Where the list has several years, two of them can be compared."), _YEAR),
)  # fmt: skip

FIELDS: Mapping[str, tuple[Field, ...]] = {"establishments": ESTABLISHMENTS, "apiary": APIARIES}


def label_of(profile: str, code: str) -> str:
    """What a field is called; the code itself for one of the other profile."""
    return next((str(each.label) for each in FIELDS[profile] if each.code == code), code)


def guess_columns(headings: Sequence[str], profile: str) -> dict[str, int]:
    """For each field the place of the column that is headed like it; fields without one are left out."""
    folded = [fold(heading) for heading in headings]
    found: dict[str, int] = {}
    for each in FIELDS[profile]:
        names = [fold(name) for name in each.headings]
        place = next((folded.index(name) for name in names if name in folded), None)
        if place is not None and place not in found.values():
            found[each.code] = place
    return found


def guess_profile(headings: Sequence[str]) -> str:
    """An apiary census counts colonies and has no industries."""
    apiary, firms = (guess_columns(headings, each) for each in ("apiary", "establishments"))
    return "apiary" if "size" in apiary and "industry" not in firms else "establishments"
