"""A list of sites is brought, its columns confirmed, its faulty rows left out knowingly, its years chosen."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.finding import queries
from kandoo.finding.actions.common import hand_over, keep_look, locked, note, sheet_of
from kandoo.finding.choices import Choices
from kandoo.finding.importing.checking import check, mapping_faults
from kandoo.finding.importing.columns import guess_columns, guess_profile
from kandoo.finding.importing.looked import Looked
from kandoo.finding.importing.reading import read_sheet
from kandoo.finding.models import Job, Study
from kandoo.finding.problems import NotPossible
from kandoo.register.access import Seat


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
    """Say what the columns mean and what is asked; every row is checked at once, and faults are kept to be shown."""
    study = _with_columns(study, title, profile, mapping, choices)
    _look(study)
    note(seat, study, "confirm-columns", faults=study.fault_rows, step=study.step)
    return study


@transaction.atomic
def hand_over_columns(
    *, seat: Seat, study: Study, title: str, profile: str, mapping: Mapping[str, int], choices: Choices, now: datetime
) -> Study:
    """As `confirm_columns`, for a long list: the worker looks at its rows."""
    study = _with_columns(study, title, profile, mapping, choices)
    if mapping_faults(mapping, profile):  # no row need be read
        _look(study)
    else:
        _look_later(seat, study, now)
    note(seat, study, "confirm-columns", faults=study.fault_rows, step=study.step)
    return study


@transaction.atomic
def leave_rows_out(*, seat: Seat, study: Study, later: datetime | None = None) -> Study:
    """Go on without the rows at fault, knowingly. later: now, for the worker to look at the others."""
    study = locked(study)
    if study.step != Study.Step.FAULTY:
        raise NotPossible(_("There is no fault left."))
    if study.is_whole_at_fault:
        raise NotPossible(_("Something is wrong with the list as a whole; leaving rows out would not help."))
    left = study.fault_rows
    study.leaves_out = True
    if later is None:
        _look(study)
    else:
        _look_later(seat, study, later)
    note(seat, study, "leave-rows-out", rows=left)
    return study


def _with_columns(study: Study, title: str, profile: str, mapping: Mapping[str, int], choices: Choices) -> Study:
    """The study, locked, with other columns; what was measured by the former ones is not shown any more."""
    study = locked(study)
    if study.work is not None:
        if study.work.is_open:
            raise NotPossible(_("This study is being measured. Stop it first."))
        study.work.delete()
        study = locked(study)
    study.title, study.profile, study.mapping = title.strip()[:120], profile, dict(mapping)
    study.options, study.leaves_out = choices.to_dict(), False
    return study


def _look(study: Study) -> None:
    is_abroad = Choices.from_dict(study.options).is_abroad
    found = check(sheet_of(study), study.mapping, study.profile, leaves_out=study.leaves_out, is_abroad=is_abroad)
    keep_look(study, Looked.of(found))


def _look_later(seat: Seat, study: Study, now: datetime) -> None:
    keep_look(study, Looked([], 0, False, [], []))
    study.step = Study.Step.CHECKING
    study.save(update_fields=["step"])
    hand_over(seat=seat, study=study, kind=Job.Kind.CHECK, now=now)


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
