"""The columns of a members file: code, headings in two languages, help, and the order in the template."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kandoo.profiles import Profile
from kandoo.register.identifying import NATIONAL
from kandoo.register.models import Enterprise, Site
from kandoo.site.language import fold


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `others` are further headings under which files bring it."""

    code: str
    fa: str
    en: str
    help_fa: str
    help_en: str
    is_required: bool = False
    is_text: bool = False  # digits that Excel must not take for a number
    others: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        return self.fa if language == "fa" else self.en

    def help(self, language: str) -> str:
        return self.help_fa if language == "fa" else self.help_en

    @property
    def heading(self) -> str:
        """As the template prints it: Persian name and code."""
        return f"{self.fa} ({self.code})"


_FIRM = (
    Column("name_fa", "نام", "Name in Persian", "نام بنگاه یا نهاد به فارسی", "Name of the firm or institution in Persian", True, others=("نام فارسی", "نام به فارسی", "نام بنگاه", "نام عضو", "name", "persian name")),
    Column("name_en", "نام انگلیسی", "Name in English", "اختیاری", "Optional", others=("نام به انگلیسی", "english name")),
    Column("form", "نوع", "Form", "بنگاه یا نهاد؛ خالی یعنی بنگاه", "firm or institution; empty means firm", others=("نوع بنگاه",)),
    Column("commercial", "انتفاعی", "Commercial", "بله یا خیر؛ خالی یعنی بله برای بنگاه و خیر برای نهاد", "yes or no; empty means yes for a firm, no for an institution", others=("تجاری", "is_commercial")),
    Column("stage", "مرحله زنجیره ارزش", "Stage of the value chain", "نام یا کد مرحله؛ فهرست در همین برگه", "Name or code of a stage; listed on this sheet", True, others=("مرحله", "حلقه زنجیره", "stage", "value-chain stage")),
    Column("workers", "شمار کارکنان", "Workers", "عدد صحیح؛ اختیاری", "Whole number; optional", others=("کارکنان", "تعداد کارکنان")),
    Column("national_id", "شناسه یا کد ملی", "National ID", "شناسه ملی ۱۱ رقمی یا کد ملی ۱۰ رقمی", "11 digits of a legal person or 10 of a person", is_text=True, others=("کد ملی", "شناسه ملی", "national code")),
)  # fmt: skip
_CONTACT = (
    Column("phone", "تلفن", "Phone", "مانند ۰۹۱۶۰۰۰۰۰۰۰", "Such as 09160000000", is_text=True, others=("شماره تلفن", "موبایل", "تلفن همراه", "mobile")),
    Column("joined_on", "تاریخ عضویت", "Joined on", "مانند ۱۴۰۵/۰۹/۰۱ (یا تاریخ میلادی)؛ خالی یعنی هنوز عضو نیست", "1405/09/01 or 2026-11-22; empty means not a member yet", others=("عضو از",)),
    Column("left_on", "تاریخ خروج", "Left on", "تنها برای عضو پیشین", "For a past member only", others=("عضو تا",)),
    Column("site_name", "نام محل", "Site", "نام زنبورستان یا محل کار؛ خالی یعنی همان نام", "Name of the apiary or plant; empty takes the firm's name", others=("نام زنبورستان", "محل", "site name")),
    Column("site_kind", "نوع محل", "Kind of site", "زنبورستان، کارگاه، انبار، آزمایشگاه یا دفتر", "apiary, plant, store, laboratory or office", others=("site kind",)),
    Column("latitude", "عرض جغرافیایی", "Latitude", "درجه اعشاری، ۲۵ تا ۴۰", "Decimal degrees, 25 to 40", others=("lat", "عرض")),
    Column("longitude", "طول جغرافیایی", "Longitude", "درجه اعشاری، ۴۴ تا ۶۴", "Decimal degrees, 44 to 64", others=("lon", "lng", "long", "طول")),
    Column("hives", "شمار کندو", "Hives", "عدد صحیح؛ با تاریخ و منبع شمارش", "Whole number, with day and source of the count", others=("کندو", "تعداد کندو", "تعداد کلنی", "کلنی")),
    Column("hives_on", "تاریخ شمارش کندو", "Hives counted on", "مانند ۱۴۰۵/۰۷/۱۵", "1405/07/15 or 2026-10-07", others=("تاریخ شمارش",)),
    Column("hives_source", "منبع شمارش کندو", "Source of the count", "مانند: سرشماری زنبورستان‌ها ۱۴۰۵", "Such as: apiary census 1405", others=("منبع شمارش",)),
)  # fmt: skip


def columns(profile: Profile) -> dict[str, Column]:
    """The columns for a product, by code: further numbers come from the profile's schemes."""
    numbers = (
        Column(
            scheme.code,
            scheme.name.fa,
            scheme.name.en,
            "اختیاری",
            "Optional",
            is_text=True,
        )
        for scheme in profile.identifier_schemes.values()
        if scheme.code not in NATIONAL
    )
    return {each.code: each for each in (*_FIRM, *numbers, *_CONTACT)}


_IN_BRACKETS = re.compile(r"\(([A-Za-z_]+)\)\s*$")


def heading_codes(profile: Profile) -> Mapping[str, str]:
    """Folded heading → code of its column."""
    known: dict[str, str] = {}
    for column in columns(profile).values():
        for word in (column.code, column.fa, column.en, *column.others):
            known.setdefault(fold(word), column.code)
    return known


def code_of(heading: str, known: Mapping[str, str]) -> str:
    """The column a heading means: code, Persian or English name, or name with the code in brackets."""
    inside = _IN_BRACKETS.search(heading)
    if inside and fold(inside.group(1)) in known:
        return known[fold(inside.group(1))]
    return known.get(fold(heading), "")


YES = ("بله", "آری", "هست", "yes", "y", "true", "1")
NO = ("خیر", "نه", "نیست", "no", "n", "false", "0")

_FORMS_FA = {Enterprise.Form.FIRM: "بنگاه", Enterprise.Form.INSTITUTION: "نهاد"}
_KINDS_FA = {
    Site.Kind.APIARY: "زنبورستان",
    Site.Kind.PLANT: "کارگاه",
    Site.Kind.STORE: "انبار",
    Site.Kind.LABORATORY: "آزمایشگاه",
    Site.Kind.OFFICE: "دفتر",
}
_MORE = {"شرکت": "firm", "مؤسسه": "institution", "کارخانه": "plant", "کندوستان": "apiary", "کارگاه بسته‌بندی": "plant"}


def choices(profile: Profile, code: str) -> dict[str, str]:
    """The words a column of choices accepts, folded → the value kept; empty for other columns."""
    if code == "stage":
        words = [
            (word, each.code) for each in profile.stages.values() for word in (each.code, each.name.fa, each.name.en)
        ]
    elif code == "form":
        words = [(word, form.value) for form, fa in _FORMS_FA.items() for word in (form.value, fa)]
    elif code == "site_kind":
        words = [(word, kind.value) for kind, fa in _KINDS_FA.items() for word in (kind.value, fa)]
    elif code == "commercial":
        words = [*((word, "yes") for word in YES), *((word, "no") for word in NO)]
    else:
        return {}
    kept = {value for _word, value in words}
    words += [(word, value) for word, value in _MORE.items() if value in kept]
    return {fold(word): value for word, value in words}


def shown_choices(profile: Profile, code: str, language: str) -> list[str]:
    """The words of a column of choices as a person picks them."""
    if code == "stage":
        return [each.name.in_language(language) for each in profile.stages.values()]
    fa = language == "fa"
    if code == "form":
        return [word if fa else form.value for form, word in _FORMS_FA.items()]
    if code == "site_kind":
        return [word if fa else kind.value for kind, word in _KINDS_FA.items()]
    if code == "commercial":
        return ["بله", "خیر"] if fa else ["yes", "no"]
    return []


def word_for(profile: Profile, code: str, value: str, language: str) -> str:
    """A kept value as the file says it."""
    if code == "stage":
        return profile.stages[value].name.in_language(language) if value in profile.stages else value
    if language != "fa":
        return value
    if code == "form":
        return _FORMS_FA[Enterprise.Form(value)]
    return _KINDS_FA[Site.Kind(value)] if code == "site_kind" else value
