"""Typeset a paper: a template of this folder, its data as JSON, the site's own fonts."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import typst

from kandoo.site import language as lang

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER.parents[1] / "site" / "fonts"


def typeset(template: str, language: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template such as `label`, set in Persian (right to left) or English."""
    given = {"language": language, "is_rtl": language == "fa", **data}
    pdf = typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(given, ensure_ascii=False)},
    )
    assert isinstance(pdf, bytes)
    return pdf


class Words:
    """Numbers, days and money in the language of a paper; the unit is always printed."""

    def __init__(self, language: str) -> None:
        self.language = language

    def number(self, value: Any, decimals: int | None = None) -> str:
        return lang.format_number(value, self.language, decimals)

    def day(self, value: date) -> str:
        return lang.format_day(value, self.language)

    def short_day(self, value: date) -> str:
        return lang.format_day(value, self.language, style="short")

    def toman(self, rial: int) -> str:
        return lang.format_toman(rial, self.language)

    def rial(self, rial: int) -> str:
        return lang.format_rial(rial, self.language)

    def name(self, record: Any, stem: str = "name") -> str:
        """`name_fa` or `name_en` of a row or mapping, whichever there is."""
        first, second = ("fa", "en") if self.language == "fa" else ("en", "fa")
        if isinstance(record, Mapping):
            return str(record.get(f"{stem}_{first}") or record.get(f"{stem}_{second}") or "")
        return str(getattr(record, f"{stem}_{first}", "") or getattr(record, f"{stem}_{second}", "") or "")

    def isolated(self, text: str) -> str:
        """A text of unknown language among words of this one: it keeps its own direction."""
        return f"\u2068{text}\u2069"

    def joined(self, texts: list[str]) -> str:
        return lang.comma(self.language).join(texts)
