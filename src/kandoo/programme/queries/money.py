"""Public money beside each cluster, asked of the credit lines: its sums and its early warnings."""

from collections import defaultdict
from datetime import date

from kandoo.credit.access import lines_seen_by
from kandoo.credit.queries.totals import PublicRow, by_file, public_rows
from kandoo.credit.queries.warnings import warnings_of
from kandoo.engine.budget import LineState
from kandoo.programme.queries.warnings import Warning
from kandoo.register.access import Seat


def sums_by_file(seat: Seat) -> dict[int, LineState]:
    """What the lines of all years of each cluster hold together, in rial; one query."""
    return {file: state.over_years() for file, state in by_file(lines_seen_by(seat)).items()}


def warnings_by_file(seat: Seat, today: date) -> dict[int, list[Warning]]:
    """What may be going wrong with the money of each cluster."""
    found: dict[int, list[Warning]] = defaultdict(list)
    for each in warnings_of(seat, today):
        if each.file is not None:
            found[each.file].append(Warning("money", each.text))
    return dict(found)


def years_in_public(file: int) -> list[PublicRow]:
    """The money of one cluster by fiscal year, as everybody may know it; the newest year first."""
    return [row for row in public_rows() if row.file == file]


def paid_in_public() -> dict[int, int]:
    """Rial paid for each cluster over all years, as everybody may know it."""
    paid: dict[int, int] = defaultdict(int)
    for row in public_rows():
        if row.file is not None:
            paid[row.file] += row.paid
    return dict(paid)
