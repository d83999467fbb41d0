"""Approved lines brought in by a table: what cannot be kept as it stands is refused with its row, never cut."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from kandoo.credit.line_files import CODE_MAX, NAME_MAX, RIAL_MAX, read

HEAD = "code,name,province,cluster,amount\n"


def faults(**cell: str) -> list[tuple[int, str, str]]:
    row = {"code": "1-15-02", "name": "Honey", "province": "IR-15", "cluster": "", "amount": "1000"} | cell
    with override("en"):
        rows, found = read((HEAD + ",".join(row.values())).encode(), "lines.csv", [], frozenset())
    assert bool(rows) != bool(found)
    return [(each.line, each.field, each.reason) for each in found]


@pytest.mark.parametrize(
    ("cell", "field", "reason"),
    [
        ({"code": "1" * (CODE_MAX + 1)}, "Code of the line", "longer than 24 letters"),
        ({"name": "n" * (NAME_MAX + 1)}, "Title", "longer than 160 letters"),
        ({"amount": str(RIAL_MAX)}, "Approved (toman)", "too large"),
        ({"amount": "0"}, "Approved (toman)", "above zero"),
        ({"amount": "0.05"}, "Approved (toman)", "above zero"),
    ],
)
def test_a_cell_that_cannot_be_kept_whole_is_refused_with_its_row(
    cell: dict[str, str], field: str, reason: str
) -> None:
    ((line, column, words),) = faults(**cell)
    assert (line, column) == (2, field) and reason in words


def test_what_just_fits_is_kept_whole() -> None:
    largest = str(Decimal(RIAL_MAX) / 10)
    assert not faults(code="1" * CODE_MAX, name="n" * NAME_MAX, amount=largest)
