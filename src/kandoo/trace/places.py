"""The areas a trace page may name: the counties of a cluster's province, the province, its country."""

from kandoo.engine.product import Name
from kandoo.register.places import Area, counties, outlines, provinces

__all__ = ["country_of", "county_of", "outlines", "province_name"]

_COUNTRIES = {"IR": Name("ایران", "Iran")}


def country_of(province: str) -> tuple[str, Name]:
    """The country of a province's ISO 3166-2 code: its own code and names."""
    code = province.partition("-")[0]
    return code, _COUNTRIES.get(code, Name(code, code))


def province_name(province: str) -> Name:
    """The names of a province by its ISO code; the code itself when no boundary of it ships."""
    return _name_in(provinces(), province)


def county_of(province: str, county: str) -> Name:
    """The names of a county by its key; the key itself when no boundary of it ships."""
    return _name_in(counties(province), county)


def _name_in(areas: tuple[Area, ...], code: str) -> Name:
    return next((Name(each.name_fa, each.name_en) for each in areas if each.code == code), Name(code, code))
