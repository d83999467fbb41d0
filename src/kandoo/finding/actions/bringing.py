"""A list of sites is brought, its columns confirmed, its faulty rows left out knowingly, its years chosen."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.finding import queries
from kandoo.finding.actions.common import locked, note, sheet_of
from kandoo.finding.choices import Choices
from kandoo.finding.importing.checking import Checked, check
from kandoo.finding.importing.columns import guess_columns, guess_profile
from kandoo.finding.importing.reading import read_sheet
from kandoo.finding.models import Study
from kandoo.finding.problems import NotPossible
from kandoo.register.access import Seat

FAULTS_KEPT = 1000


@transaction.atomic
def bring_list(
    *, seat: Seat, name: str, content: bytes, now: datetime, title: str = "", is_example: bool = False
) -> Study:
    """Keep a file of sites with its checksum and guess its columns. Nothing of it is used before they are confirmed.

    Raises Unreadable when it is no table, NotPossible when the very file is here already.
    """
    sheet = read_sheet(content, name)
    profile = guess_profile(sheet.headings)
    checksum = hashlib.sha256(content).hexdigest()
    _refuse_same(seat, checksum, Study.Source.UPLOAD)
    study = Study(
        cluster=seat.cluster,
        province=seat.province,
        person=seat.person,
        title=(title or PurePath(name).stem)[:120],
        profile=profile,
        file_name=PurePath(name).name[-200:],
        sha256=checksum,
        rows=len(sheet.rows),
        headings=sheet.headings,
        mapping=guess_columns(sheet.headings, profile),
        options=Choices().to_dict(),
        is_example=is_example,
        created_at=now,
    )
    study.file.save(
        f"{checksum[:24]}.{PurePath(name).suffix.lstrip('.').lower() or 'csv'}", ContentFile(content), save=False
    )
    study.save(force_insert=True)
    note(seat, study, "bring-list", sha256=checksum, rows=study.rows)
    return study


@transaction.atomic
def take_own_apiaries(*, seat: Seat, title: str, today: date, now: datetime) -> Study:
    """A study of the apiaries of the cluster's members, as the register has them today.

    Raises NotPossible when there are too few, or a study of the very same list is here already.
    """
    content = queries.own_apiaries(seat.cluster, today)
    sheet = read_sheet(content, "apiaries.csv")
    checksum = hashlib.sha256(content).hexdigest()
    _refuse_same(seat, checksum, Study.Source.REGISTER)
    study = Study(
        cluster=seat.cluster,
        person=seat.person,
        title=title[:120],
        source=Study.Source.REGISTER,
        profile=Study.Profile.APIARY,
        file_name=f"apiaries-{today.isoformat()}.csv",
        sha256=checksum,
        rows=len(sheet.rows),
        headings=sheet.headings,
        mapping=guess_columns(sheet.headings, "apiary"),
        options=Choices().to_dict(),
        created_at=now,
    )
    study.file.save(f"{checksum[:24]}.csv", ContentFile(content), save=False)
    study.save(force_insert=True)
    note(seat, study, "bring-list", sha256=checksum, rows=study.rows, source="register")
    return study


def _refuse_same(seat: Seat, checksum: str, source: str) -> None:
    same = Study.objects.filter(cluster=seat.cluster, province=seat.province, source=source, sha256=checksum).first()
    if same is not None:
        raise NotPossible(
            _("This very list is here already: “%(title)s”. Open it to measure it in another way.")
            % {"title": same.title}
        )


@transaction.atomic
def confirm_columns(
    *, seat: Seat, study: Study, title: str, profile: str, mapping: Mapping[str, int], choices: Choices
) -> Study:
    """Say what the columns mean and what is asked; every row is checked, and faults are kept to be shown."""
    study = locked(study)
    if study.work is not None and study.work.is_open:
        raise NotPossible(_("This study is being measured. Stop it first."))
    study.title, study.profile, study.mapping = title.strip()[:120], profile, dict(mapping)
    study.options, study.leaves_out = choices.to_dict(), False
    _look(study, check(sheet_of(study), mapping, profile))
    note(seat, study, "confirm-columns", faults=study.fault_rows, step=study.step)
    return study


@transaction.atomic
def leave_rows_out(*, seat: Seat, study: Study) -> Study:
    """Go on without the rows at fault, knowingly."""
    study = locked(study)
    if study.step != Study.Step.FAULTY:
        raise NotPossible(_("There is no fault left."))
    if study.is_whole_at_fault:
        raise NotPossible(_("Something is wrong with the list as a whole; leaving rows out would not help."))
    left = study.fault_rows
    study.leaves_out = True
    _look(study, check(sheet_of(study), study.mapping, study.profile, leaves_out=True))
    note(seat, study, "leave-rows-out", rows=left)
    return study


def _look(study: Study, found: Checked) -> None:
    """Keep what a check found."""
    study.fault_rows, study.is_whole_at_fault = len(found.bad_lines), found.is_whole_at_fault
    study.faults = [each.to_json() for each in found.faults[:FAULTS_KEPT]]
    study.remarks = [each.to_json() for each in found.remarks]
    study.years = [] if found.faults else found.years
    study.step = Study.Step.FAULTY if found.faults else Study.Step.READY
    if study.years:
        study.options = _with_years(study.options, study.years)
    study.save()


def _with_years(options: Mapping[str, Any], years: list[int]) -> dict[str, Any]:
    """The newest year is measured and the oldest compared with it, unless others were chosen."""
    year = options["year"] if options["year"] in years else years[-1]
    before = options["before"] if options["before"] in years and options["before"] < year else None
    older = [each for each in years if each < year]
    return {**options, "year": year, "before": before or (older[0] if older else None)}


@transaction.atomic
def choose_years(*, seat: Seat, study: Study, year: int, before: int | None) -> Study:
    """Which year of a checked list is measured, and which is compared with it."""
    study = locked(study)
    if study.step != Study.Step.READY or year not in study.years or (before is not None and before not in study.years):
        raise NotPossible(_("Choose among the years of the list."))
    if before is not None and before >= year:
        raise NotPossible(_("The year to compare with comes before the year that is measured."))
    study.options = {**study.options, "year": year, "before": before}
    study.save(update_fields=["options"])
    return study
