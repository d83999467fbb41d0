"""Members from a file: kept as a draft until it is faultless and decided, then written in one step."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.register import queries
from kandoo.register.actions.import_writing import Written, write_rows
from kandoo.register.importing import reading
from kandoo.register.importing.checking import MemberRow, check
from kandoo.register.importing.doubles import Candidate, Double, Doubles
from kandoo.register.models import Cluster, ImportDraft, Person
from kandoo.register.problems import NotPossible, UndecidedDoubles
from kandoo.site import audit

SKIP, SAME, NEW = "skip", "same", "new"  # leave the row out · it is that firm · it is another firm


@transaction.atomic
def import_members(
    *, by: Person, cluster: Cluster, file_name: str, content: bytes, today: date | None = None
) -> ImportDraft:
    """Read and check a file of members; nothing reaches the register yet.

    Older drafts of the person are thrown away. Raises `reading.BadFile` when the file cannot be
    read at all; faults of rows and likely doubles stand in the draft.
    """
    table = reading.read(content)
    checked = check(table, profiles.load(cluster.profile), today or timezone.localdate())
    ImportDraft.objects.filter(person=by, cluster=cluster).delete()
    return ImportDraft.objects.create(
        cluster=cluster,
        person=by,
        file_name=file_name.replace("\x00", "")[:200],
        rows={"headings": table.headings, "lines": table.rows},
        faults=[fault.to_json() for fault in checked.faults],
        doubles=_doubles_of(cluster, checked.rows, {}),
    )


@transaction.atomic
def decide_doubles(*, by: Person, draft: ImportDraft, decisions: Mapping[int, str], rest: str = "") -> ImportDraft:
    """Say for rows, by line, what each likely double is; `rest` decides all that are still open."""
    draft = ImportDraft.objects.select_for_update().get(pk=draft.pk, person=by)
    for double in draft.doubles:
        wanted = decisions.get(double["line"]) or (rest if not double["decision"] else "")
        if wanted in choices_for(double):
            double["decision"] = wanted
    draft.save(update_fields=["doubles"])
    return draft


@transaction.atomic
def confirm_import(*, by: Person, draft: ImportDraft, today: date | None = None) -> Written:
    """Write all rows of a faultless, decided draft, and throw the draft away.

    The file is compared with the register once more; doubles that came up meanwhile are shown for
    decision instead of being written.
    """
    draft = ImportDraft.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=draft.pk, person=by)
    rows = rows_of(draft, today or timezone.localdate())
    decided = {double["line"]: double for double in draft.doubles}
    doubles = _doubles_of(draft.cluster, rows, decided)
    if any(not double["decision"] for double in doubles):
        raise UndecidedDoubles(_("Some likely doubles are not decided yet."))
    try:
        with transaction.atomic():
            written = write_rows(draft.cluster, rows, {double["line"]: double for double in doubles})
    except IntegrityError as problem:
        raise NotPossible(_("Two rows claim the same number for different firms. Nothing was written.")) from problem
    audit.record(
        by=by,
        cluster_id=draft.cluster_id,
        verb="import-members",
        subject=f"cluster/{draft.cluster_id}",
        file=draft.file_name,
        **written.as_dict(),
    )
    draft.delete()
    return written


@transaction.atomic
def refresh_doubles(*, by: Person, draft: ImportDraft, today: date | None = None) -> ImportDraft:
    """Compare a draft with the register as it is now, keeping what was decided."""
    rows = rows_of(draft, today or timezone.localdate())
    draft.doubles = _doubles_of(draft.cluster, rows, {double["line"]: double for double in draft.doubles})
    draft.save(update_fields=["doubles"])
    return draft


def throw_away(*, by: Person, draft: ImportDraft) -> None:
    """Forget an uploaded file; nothing of it was written."""
    ImportDraft.objects.filter(pk=draft.pk, person=by).delete()


def rows_of(draft: ImportDraft, today: date) -> list[MemberRow]:
    """The rows of a faultless draft as values."""
    if draft.faults:
        raise NotPossible(_("The file still has faults; nothing was written."))
    lines = tuple((line, tuple(cells)) for line, cells in draft.rows["lines"])
    table = reading.Table(tuple(draft.rows["headings"]), lines)
    return check(table, profiles.load(draft.cluster.profile), today).rows


def choices_for(double: Mapping[str, Any]) -> tuple[str, ...]:
    """What may be decided: a shared number leaves no room for another firm, torn ones none for either."""
    if double["is_torn"]:
        return (SKIP,)
    return (SKIP, SAME) if double["reason"] == "number" else (SKIP, SAME, NEW)


def _doubles_of(
    cluster: Cluster, rows: list[MemberRow], decided: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Likely doubles of each row, in the register or earlier in the file, with decisions that still hold."""
    index = Doubles(queries.candidates(cluster))
    found = []
    for row in rows:
        candidate = Candidate(
            row.name_fa, row.name_en, row.identifiers, frozenset(filter(None, [row.county])), line=row.line
        )
        if double := index.find(candidate):
            found.append(_as_json(row, double, decided.get(row.line, {})))
        index.add(candidate)
    return found


def _as_json(row: MemberRow, double: Double, before: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        "line": row.line,
        "name": row.name_fa,
        "reason": double.reason,
        "scheme": double.scheme,
        "is_torn": double.is_torn,
        "firm": double.other.firm,
        "other_line": double.other.line,
        "other_name": double.other.name_fa,
        "decision": "",
    }
    if all(before.get(key) == kept[key] for key in ("reason", "firm", "other_line")):
        kept["decision"] = before.get("decision", "")
    return kept
