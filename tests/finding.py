"""Studies beside the small world: one measured in the programme and proposed, one of the cluster waiting, one of its apiaries."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kandoo.finding import actions, computing, results
from kandoo.finding.choices import Choices
from kandoo.finding.importing.checking import check
from kandoo.finding.importing.columns import guess_columns
from kandoo.finding.importing.reading import read_sheet
from kandoo.finding.importing.writing import write_sites
from kandoo.finding.models import Job, Proposed, Study
from kandoo.finding.tests.stage import as_csv, rows
from kandoo.register.access import Seat, seats_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from tests.world import World

Row = dict[str, Any]
FEW = Choices(simulations=99)
WITHOUT_CURVES = "lq,stars,eg,extents,related,priority"  # curves are compiled first, which takes long


def study_lists(world: World, now: datetime, today: date) -> None:
    """At least one row of every table of studies."""
    measured = bring(world, "province", as_csv(rows()), now)
    with world.as_("province"):
        job = Job.objects.get(study=measured)
        actions.keep_outputs(measured, outputs())
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, share=1.0, begun_at=now, ended_at=now)
        Proposed.objects.create(
            cluster=measured.cluster,
            study=measured,
            industry="سنگ",
            region="ازنا",
            file=world.files["stone"],
            by=world.people["province"],
            at=now,
        )
    bring(world, "nation", as_csv(rows(4)), now)
    bring(world, "agent", as_csv(rows(5)), now)
    with world.as_("agent"):
        actions.take_own_apiaries(seat=seat_of(world, "agent"), title="زنبورستان‌های خوشه", today=today, now=now)


def seat_of(world: World, name: str) -> Seat:
    return seats_of(world.people[name])[0]


def bring(world: World, name: str, content: bytes, now: datetime) -> Study:
    """A list with confirmed columns, waiting for the worker."""
    with world.as_(name):
        seat = seat_of(world, name)
        study = actions.bring_list(seat=seat, name="sites.csv", content=content, now=now, title="کارگاه‌های نمونه")
        study = actions.confirm_columns(
            seat=seat, study=study, title=study.title, profile=study.profile, mapping=study.mapping, choices=FEW
        )
        actions.ask(seat=seat, study=study, now=now)
    return study


@cache
def outputs() -> dict[str, bytes]:
    """The tables of the measured list, made once for all tests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheet = read_sheet(as_csv(rows()), "sites.csv")
        found = check(sheet, guess_columns(sheet.headings, "establishments"), "establishments")
        write_sites(folder / "sites.csv", found, "establishments", ())
        words = FEW.words("establishments", str(folder / "sites.csv"), str(folder / "report"))
        computing.measure([*words, "--measure", WITHOUT_CURVES], lambda _share, _doing: None)
        (folder / "summary.json").write_text(results.summary_of(found, "establishments", FEW), encoding="utf-8")
        return results.gather(folder)


def answers(truth: dict[str, list[Row]], person: int, row: Row) -> dict[str, Callable[[], bool]]:
    """Who may see what of studies: agents and auditors, and officers of the desk that asked; own apiaries no officer."""
    mine = [role for role in truth["register_role"] if role["person_id"] == person]

    def seen(study: Row) -> bool:
        for role in mine:
            if role["cluster_id"] != study["cluster_id"]:
                continue
            at_desk = study["province"] == "" or role["province"] in ("", study["province"])
            if role["role"] == "agent" or (role["role"] == "auditor" and at_desk):
                return True
            if role["role"] == "officer" and study["source"] != "register" and at_desk:
                return True
        return False

    studies = {each["id"] for each in truth["finding_study"] if seen(each)}
    return {
        "finding_study": lambda: row["id"] in studies,
        **dict.fromkeys(("finding_job", "finding_output", "finding_proposed"), lambda: row["study_id"] in studies),
    }
