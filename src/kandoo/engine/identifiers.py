"""Check digits of the identifiers a register holds.

A check digit catches a slip of the pen; it does not prove that the person or firm exists.
Input is Latin digits, as the form layer hands them over.
"""

from collections.abc import Callable

_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


def iran_legal_person(number: str) -> bool:
    """National ID of a legal person (11 digits).

    With t = tenth digit + 2: the check digit is the sum of weight * (digit + t) over the first
    ten digits, mod 11, read as 0 when it is 10. Weights 29, 27, 23, 19, 17 twice.

    >>> iran_legal_person("10380284790")
    True
    """
    if len(number) != 11 or not _is_latin_digits(number):
        return False
    digits = [int(each) for each in number]
    shift = digits[9] + 2
    total = sum(w * (d + shift) for w, d in zip(_LEGAL_WEIGHTS, digits[:10], strict=True))
    return total % 11 % 10 == digits[10]


def iran_natural_person(number: str) -> bool:
    """National code of a person (10 digits).

    r = the sum of (10 - i) * digit_i over the first nine digits, mod 11; the check digit is r
    when r < 2 and 11 - r otherwise. Ten equal digits are no code.

    >>> iran_natural_person("0084575948")
    True
    """
    if len(number) != 10 or not _is_latin_digits(number) or len(set(number)) == 1:
        return False
    remainder = sum((10 - place) * int(digit) for place, digit in enumerate(number[:9])) % 11
    return int(number[9]) == (remainder if remainder < 2 else 11 - remainder)


def gs1_mod10(number: str) -> bool:
    """GS1 check digit (GTIN, GLN, SSCC): weights 3, 1, 3, … from the right, to a multiple of ten.

    >>> gs1_mod10("4006381333931")
    True
    """
    if len(number) < 8 or not _is_latin_digits(number):
        return False
    weighted = (int(d) * (3 if place % 2 else 1) for place, d in enumerate(reversed(number)))
    return sum(weighted) % 10 == 0


def _is_latin_digits(number: str) -> bool:
    return number.isascii() and number.isdigit()


CHECKS: dict[str, Callable[[str], bool]] = {
    "none": lambda number: bool(number),
    "iran_legal_person": iran_legal_person,
    "iran_natural_person": iran_natural_person,
    "gs1_mod10": gs1_mod10,
}
