"""Files of members as people make them: good ones, and each kind of bad one."""

import csv
import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

HEADINGS = (
    "name_fa",
    "stage",
    "national_id",
    "joined_on",
    "latitude",
    "longitude",
    "hives",
    "hives_on",
    "hives_source",
)
KHORRAMABAD, DORUD, AZNA, TEHRAN = (
    ("33.48780", "48.35580"),
    ("33.49550", "49.05780"),
    ("33.4557", "49.4555"),
    ("35.70", "51.40"),
)


def national_code(number: int) -> str:
    """A national code of a natural person whose check digit fits."""
    digits = f"{number:09d}"
    rest = sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11
    return digits + str(rest if rest < 2 else 11 - rest)


def row(name: str, number: int | None = None, place: tuple[str, str] = KHORRAMABAD, hives: Any = 40) -> list[Any]:
    """One beekeeper, a member since 1403."""
    code = national_code(number) if number else ""
    return [name, "beekeeping", code, "1403/02/01", *place, hives, "1405/07/10", "apiary census 1405"]


def csv_file(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS, separator: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue().encode()


def xlsx_file(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(headings))
    for cells in rows:
        sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def protected_workbook() -> bytes:
    """What Excel makes of a workbook with a password: an OLE container with an encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


def old_workbook() -> bytes:
    """The beginning of an .xls file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "Workbook".encode("utf-16-le") + bytes(500)


def zipped(name: str, content: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def many(count: int, seed: int = 7) -> list[list[Any]]:
    """Beekeepers with names that repeat as names do, each with a national code of its own."""
    random_ = random.Random(seed)
    first = ["علی", "محمد", "حسین", "رضا", "احمد", "زهرا", "مریم", "فاطمه", "کریم", "یوسف"]
    last = ["سپهوند", "بیرانوند", "پاپی", "ساکی", "دالوند", "گودرزی", "رحیمی", "سوری", "مرادی", "نظری"]
    rows = []
    for number in range(count):
        name = f"{random_.choice(first)} {random_.choice(first)} {random_.choice(last)}"
        place = (f"{random_.uniform(33.3, 33.6):.5f}", f"{random_.uniform(48.2, 48.5):.5f}")
        rows.append(row(name, 100_000_000 + number * 13, place, random_.randint(5, 300)))
    return rows


A_DAY = date(2026, 11, 22)
