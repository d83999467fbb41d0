"""Write a table of clusters that was checked whole: new files, and further figures of known ones."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.programme.actions.files import CountTerms, FileTerms, new_count, new_file
from kandoo.programme.importing import COLUMNS, Fault, Row, read
from kandoo.programme.models import AgentTerm, ClusterFile, Count, ImportedFile
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.procedure import in_force, stages_of
from kandoo.register.access import Seat
from kandoo.register.models import Person
from kandoo.site import audit
from kandoo.site.language import fold
from kandoo.site.tables import read_table


class Faulty(Exception):
    """The table has faults; nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(len(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Imported:
    """What a table brought."""

    opened: int
    counts: int
    known: int  # clusters that were on record


@transaction.atomic
def import_files(*, seat: Seat, name: str, content: bytes, today: date, now: datetime) -> Imported:
    """Open a file for every new cluster of a table; of a known one keep its figures beside those there are.

    Raises UnreadableTable when it is no table, Faulty with every fault of it, NotPossible when the same
    table was read before. An officer of a province brings in that province's clusters alone.
    """
    checksum = hashlib.sha256(content).hexdigest()
    earlier = ImportedFile.objects.filter(cluster=seat.cluster, sha256=checksum).first()
    if earlier is not None:
        raise NotPossible(_("This very file was brought in before, as %(name)s.") % {"name": earlier.name})
    procedure = in_force(seat.cluster, today)
    if procedure is None:
        raise NotPossible(_("No edition of the procedure is in force on this day."))
    stages = [each.code for each in stages_of(procedure.pk)]
    rows, faults = read(read_table(content, name), stages=stages, today=today)
    known = _known(seat, rows)
    faults = sorted(
        [*faults, *_not_new(rows, known), *_contradicted(rows, known), *_elsewhere(seat, rows)],
        key=lambda each: each.line,
    )
    if faults:
        raise Faulty(faults)
    found = _write(seat.person, seat, rows, known, today, now)
    kept = ImportedFile.objects.create(
        cluster=seat.cluster, name=name[-200:], sha256=checksum, rows=len(rows), by=seat.person, at=now
    )
    audit.record(
        by=seat.person, cluster_id=seat.cluster.pk, verb="import-files", subject=f"table/{kept.pk}", province=seat.province,
        rows=len(rows),
    )  # fmt: skip
    return found


def _known(seat: Seat, rows: Sequence[Row]) -> dict[tuple[str, str], ClusterFile]:
    provinces = {row.values.get("province", "") for row in rows}
    files = ClusterFile.objects.filter(cluster=seat.cluster, province__in=provinces)
    return {(each.province, fold(each.name_fa)): each for each in files}


def _key(row: Row) -> tuple[str, str]:
    return row.values.get("province", ""), fold(row.values.get("name_fa", ""))


def _not_new(rows: Sequence[Row], known: dict[tuple[str, str], ClusterFile]) -> list[Fault]:
    """A known cluster may bring further figures of another source; without any the row says nothing new."""
    reason = _("This cluster is on record as %(code)s, and the row has no figure to add.")
    return [
        Fault(row.line, str(COLUMNS["name_fa"][0]), reason % {"code": known[_key(row)].code})
        for row in rows
        if _key(row) in known and not row.counts
    ]


def _contradicted(rows: Sequence[Row], known: dict[tuple[str, str], ClusterFile]) -> list[Fault]:
    """One source says one figure of a day by a definition; what differs from what it said is no further figure."""
    files = {known[_key(row)].pk for row in rows if _key(row) in known}
    told = {
        (each.file_id, each.measure, each.definition, each.dated, each.source): each.value
        for each in Count.objects.filter(file__in=files)
    }
    reason = _("By this definition the same source gave another figure on that day: %(n)s. It is not overwritten.")
    return [
        Fault(row.line, str(COLUMNS[measure][0]), reason % {"n": before})
        for row in rows
        if _key(row) in known and "dated" in row.values
        for measure, value in row.counts.items()
        if (before := told.get(_source(known[_key(row)].pk, measure, row), value)) != value
    ]


def _source(file: int, measure: str, row: Row) -> tuple[Any, ...]:
    """Who counted what of a cluster, when and by which definition."""
    held = row.values
    return file, measure, held.get("definition"), held["dated"], held.get("source")


def _elsewhere(seat: Seat, rows: Sequence[Row]) -> list[Fault]:
    if not seat.province:
        return []
    reason = _("You bring in the clusters of your own province alone.")
    return [
        Fault(row.line, str(COLUMNS["province"][0]), reason)
        for row in rows
        if row.values.get("province", seat.province) != seat.province
    ]


def _write(
    by: Person, seat: Seat, rows: Sequence[Row], known: dict[tuple[str, str], ClusterFile], today: date, now: datetime
) -> Imported:
    fresh = {
        row.line: new_file(by=by, programme=seat.cluster, terms=_terms(row), today=today)
        for row in rows
        if _key(row) not in known
    }
    ClusterFile.objects.bulk_create(fresh.values())
    AgentTerm.objects.bulk_create(
        AgentTerm(cluster=seat.cluster, file=file, name=file.agent_name, from_on=file.stage_since)
        for file in fresh.values()
        if file.agent_name
    )
    counts = [
        new_count(
            by=by, programme=seat.cluster, terms=_count(row, measure, value), now=now,
            file=fresh.get(row.line) or known[_key(row)],
        )
        for row in rows
        for measure, value in row.counts.items()
    ]  # fmt: skip
    before = Count.objects.filter(cluster=seat.cluster).count()
    Count.objects.bulk_create(counts, ignore_conflicts=True)
    added = Count.objects.filter(cluster=seat.cluster).count() - before
    return Imported(len(fresh), added, len(rows) - len(fresh))


def _terms(row: Row) -> FileTerms:
    values = {name: value for name, value in row.values.items() if name != "agent"}
    return FileTerms(**values, agent_name=row.values.get("agent", ""), from_records=True)


def _count(row: Row, measure: str, value: int) -> CountTerms:
    held = row.values
    return CountTerms(measure, value, held["definition"], held["dated"], held["source"])
