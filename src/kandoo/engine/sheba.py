"""Sheba: the Iranian bank account number (IBAN of IR), its check digits and the bank it names.

Input is Latin digits, as the form layer hands them over.
"""

import re

from kandoo.engine.product import Name

_FORM = re.compile(r"IR[0-9]{24}")

# Digits 5 to 7 name the bank. Banks that were merged into others are left out: their numbers live on, their names do not.
BANKS: dict[str, Name] = {
    "010": Name("بانک مرکزی", "Central Bank of Iran"),
    "011": Name("بانک صنعت و معدن", "Bank of Industry and Mine"),
    "012": Name("بانک ملت", "Bank Mellat"),
    "013": Name("بانک رفاه کارگران", "Bank Refah"),
    "014": Name("بانک مسکن", "Bank Maskan"),
    "015": Name("بانک سپه", "Bank Sepah"),
    "016": Name("بانک کشاورزی", "Bank Keshavarzi"),
    "017": Name("بانک ملی ایران", "Bank Melli Iran"),
    "018": Name("بانک تجارت", "Bank Tejarat"),
    "019": Name("بانک صادرات ایران", "Bank Saderat Iran"),
    "020": Name("بانک توسعه صادرات ایران", "Export Development Bank of Iran"),
    "021": Name("پست بانک ایران", "Post Bank of Iran"),
    "022": Name("بانک توسعه تعاون", "Tose'e Ta'avon Bank"),
    "053": Name("بانک کارآفرین", "Karafarin Bank"),
    "054": Name("بانک پارسیان", "Parsian Bank"),
    "055": Name("بانک اقتصاد نوین", "EN Bank"),
    "056": Name("بانک سامان", "Saman Bank"),
    "057": Name("بانک پاسارگاد", "Bank Pasargad"),
    "058": Name("بانک سرمایه", "Sarmayeh Bank"),
    "059": Name("بانک سینا", "Sina Bank"),
    "060": Name("بانک قرض‌الحسنه مهر ایران", "Mehr Iran Bank"),
    "061": Name("بانک شهر", "City Bank"),
    "064": Name("بانک گردشگری", "Tourism Bank"),
    "066": Name("بانک دی", "Day Bank"),
    "069": Name("بانک ایران زمین", "Iran Zamin Bank"),
    "070": Name("بانک قرض‌الحسنه رسالت", "Resalat Bank"),
    "078": Name("بانک خاورمیانه", "Middle East Bank"),
}


def is_sheba(number: str) -> bool:
    """Whether a number has the form of a Sheba (IR and 24 digits) and its check digits fit (ISO 7064 mod 97-10).

    >>> is_sheba("IR110170000000123456789001"), is_sheba("IR120170000000123456789001")
    (True, False)
    """
    return bool(_FORM.fullmatch(number)) and int(f"{number[4:]}1827{number[2:4]}") % 97 == 1


def bank_of(number: str) -> Name | None:
    """The bank a Sheba names; None where its code is not known.

    >>> bank_of("IR110170000000123456789001").en
    'Bank Melli Iran'
    """
    return BANKS.get(number[4:7]) if _FORM.fullmatch(number) else None


def ending(number: str) -> str:
    """The last four digits, by which an owner knows its account and nobody else does.

    >>> ending("IR110170000000123456789001")
    '9001'
    """
    return number[-4:]
