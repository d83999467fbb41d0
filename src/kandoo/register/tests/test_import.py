"""Members from a file: nothing is written until all is right and decided, then all at once."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from kandoo import profiles
from kandoo.register import actions, exporting, queries
from kandoo.register.importing import files as out
from kandoo.register.importing import reading
from kandoo.register.models import Enterprise, ImportDraft, Membership, Site
from kandoo.register.tests import files
from kandoo.register.tests.conftest import TODAY, Stage
from kandoo.site.models import AuditRecord

SignIn = Callable[[Stage, str], Client]


def brought(stage: Stage, content: bytes) -> ImportDraft:
    return actions.import_members(
        by=stage.agent, cluster=stage.cluster, file_name="members.csv", content=content, today=TODAY
    )


def written(stage: Stage, draft: ImportDraft, rest: str = "") -> Any:
    if rest:
        actions.decide_doubles(by=stage.agent, draft=draft, decisions={}, rest=rest)
    return actions.confirm_import(by=stage.agent, draft=draft, today=TODAY)


def test_a_right_file_is_written_whole_in_one_step(empty_stage: Stage) -> None:
    stage = empty_stage
    with stage.acting():
        draft = brought(stage, files.csv_file([files.row("علی رضایی", 1), files.row("زهرا پاپی", 2, files.DORUD)]))
        assert (draft.faults, draft.doubles, Enterprise.objects.count()) == ([], [], 0)
        result = written(stage, draft)
        assert (result.added, result.sites, result.memberships) == (2, 2, 2)
        zahra = Enterprise.objects.get(name_fa="زهرا پاپی")
        assert (zahra.sites.get().county, zahra.sites.get().hives, zahra.identifiers.get().scheme) == (
            "Dorud",
            40,
            "natural_person",
        )
        assert queries.members_on(stage.cluster, TODAY).count() == 2
        assert AuditRecord.objects.get(verb="import-members").detail["added"] == 2
        assert not ImportDraft.objects.exists()


def test_one_fault_and_nothing_is_written(empty_stage: Stage) -> None:
    stage = empty_stage
    with stage.acting():
        draft = brought(stage, files.csv_file([files.row("علی"), files.row("رضا", hives="چهل")]))
        assert [fault[:3] for fault in draft.faults] == [[3, "hives", "not-whole"]]
        with pytest.raises(actions.NotPossible):
            written(stage, draft)
        assert Enterprise.objects.count() == 0


def test_an_undecided_double_stops_the_writing(acting_agent: Stage) -> None:
    draft = brought(acting_agent, files.csv_file([files.row("زنبورداري انبار")]))
    assert [each["reason"] for each in draft.doubles] == ["name"]
    before = Enterprise.objects.count()
    with pytest.raises(actions.UndecidedDoubles):
        written(acting_agent, draft)
    assert Enterprise.objects.count() == before


def test_a_double_that_comes_up_meanwhile_is_shown_not_written(acting_agent: Stage) -> None:
    draft = brought(acting_agent, files.csv_file([files.row("زنبورداری تازه")]))
    acting_agent.add_beekeeper("زنبورداری تازه")
    with pytest.raises(actions.UndecidedDoubles):
        written(acting_agent, draft)
    actions.refresh_doubles(by=acting_agent.agent, draft=draft, today=TODAY)
    assert [each["reason"] for each in ImportDraft.objects.get().doubles] == ["name"]


def test_a_row_left_out_changes_nothing(acting_agent: Stage) -> None:
    draft = brought(acting_agent, files.csv_file([files.row("زنبورداری انبار", hives=99)]))
    result = written(acting_agent, draft, "skip")
    assert (result.added, result.updated, result.skipped) == (0, 0, 1)
    assert acting_agent.firms["anbar"].sites.get().hives == 60


def test_the_same_firm_is_updated_and_loses_nothing(acting_agent: Stage) -> None:
    anbar = acting_agent.firms["anbar"]
    cells = [["زنبورداری انبار", "beekeeping", "زنبورستان", *files.KHORRAMABAD, 99, "1405/08/01", "census"]]
    headings = ["name_fa", "stage", "site_name", "latitude", "longitude", "hives", "hives_on", "hives_source"]
    result = written(acting_agent, brought(acting_agent, files.csv_file(cells, headings)), "same")
    assert (result.added, result.updated, result.sites) == (0, 1, 0)
    assert (anbar.sites.get().hives, anbar.sites.get().hives_source) == (99, "census")
    anbar.particulars.refresh_from_db()
    assert anbar.particulars.phone == "09160000001"
    assert anbar.memberships.count() == 1


def test_another_firm_of_the_same_name_may_be_added(acting_agent: Stage) -> None:
    result = written(acting_agent, brought(acting_agent, files.csv_file([files.row("زنبورداری انبار")])), "new")
    assert result.added == 1
    assert Enterprise.objects.filter(name_fa="زنبورداری انبار").count() == 2


def test_a_shared_number_leaves_no_room_for_another_firm(acting_agent: Stage) -> None:
    rows = [["نام دیگر", "beekeeping", "0084575948"]]
    draft = brought(acting_agent, files.csv_file(rows, ["name_fa", "stage", "national_id"]))
    draft = actions.decide_doubles(by=acting_agent.agent, draft=draft, decisions={2: "new"})
    assert [(each["reason"], each["decision"]) for each in draft.doubles] == [("number", "")]


def test_a_second_row_of_a_new_firm_adds_its_site(empty_stage: Stage) -> None:
    stage = empty_stage
    with stage.acting():
        draft = brought(stage, files.csv_file([files.row("علی رضایی", 1), files.row("علی رضایی", 1, files.DORUD, 25)]))
        assert [(each["reason"], each["other_line"]) for each in draft.doubles] == [("number", 2)]
        result = written(stage, draft, "same")
        assert (result.added, result.updated, result.sites, result.memberships) == (1, 0, 2, 1)
        assert sorted(Site.objects.values_list("county", "hives")) == [("Dorud", 25), ("Khorramabad", 40)]


def test_a_row_without_a_day_of_joining_is_on_record_but_no_member(empty_stage: Stage) -> None:
    with empty_stage.acting():
        written(empty_stage, brought(empty_stage, files.csv_file([["نهاد نمونه", "support"]], ["name_fa", "stage"])))
        assert Enterprise.objects.count() == 1
        assert not Membership.objects.exists()


def test_a_new_file_puts_the_older_draft_aside(acting_agent: Stage) -> None:
    brought(acting_agent, files.csv_file([files.row("یک")]))
    brought(acting_agent, files.csv_file([files.row("دو")]))
    assert ImportDraft.objects.get().rows["lines"][0][1][0] == "دو"


def test_formulas_and_unreadable_files_reach_no_table(acting_agent: Stage) -> None:
    draft = brought(acting_agent, b"name_fa,stage\n=HYPERLINK(1),packing\n")
    assert [fault[2] for fault in draft.faults] == ["formula"]
    with pytest.raises(reading.BadFile):
        brought(acting_agent, files.protected_workbook())


def test_five_thousand_rows_go_in_and_are_all_known_again(empty_stage: Stage) -> None:
    stage, content = empty_stage, files.csv_file(files.many(5000))
    with stage.acting():
        draft = brought(stage, content)
        assert (draft.faults, draft.doubles) == ([], [])
        result = written(stage, draft)
        assert (result.added, result.sites, result.memberships) == (5000, 5000, 5000)
        again = brought(stage, content)
        assert len(again.doubles) == 5000
        result = written(stage, again, "same")
        assert (result.added, result.updated, result.sites) == (0, 5000, 0)
        assert Enterprise.objects.count() == Site.objects.count() == Membership.objects.count() == 5000


def test_the_template_filled_in_is_a_right_file(empty_stage: Stage) -> None:
    for language in ("fa", "en"):
        book = load_workbook(io.BytesIO(out.template_xlsx(profiles.load("honey"), language)))
        sheet = book.worksheets[0]
        places = {str(cell.value).rpartition("(")[2].rstrip(")"): place for place, cell in enumerate(sheet[1], 1)}
        for code, value in zip(files.HEADINGS, files.row("علی", 1), strict=True):
            sheet.cell(2, places[code], value)
        filled = io.BytesIO()
        book.save(filled)
        with empty_stage.acting():
            assert brought(empty_stage, filled.getvalue()).faults == []


names = st.text("ابپتجچحخدرزسشعفقکگلمنوهی \u200c", min_size=4, max_size=30).filter(
    lambda text: len(text.replace("\u200c", "").strip()) > 3
)
notes = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Co")), max_size=20)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    found=st.lists(st.tuples(names, notes, st.integers(0, 999), st.booleans()), min_size=1, max_size=6),
    as_csv=st.booleans(),
)
def test_what_is_exported_comes_back_as_doubles_alone(empty_stage: Stage, found: list[Any], as_csv: bool) -> None:
    stage = empty_stage
    with stage.acting():
        for number, (name, source, hives, has_code) in enumerate(found, start=1):
            site = actions.SiteTerms(
                "زنبورستان",
                Decimal(files.KHORRAMABAD[0]),
                Decimal(files.KHORRAMABAD[1]),
                hives=hives,
                hives_on=TODAY,
                hives_source=source.strip() or "x",
            )
            actions.add_enterprise(
                by=stage.agent,
                cluster=stage.cluster,
                name_fa=" ".join(name.split()),
                stage="beekeeping",
                phone="+989160000000",
                identifiers={"natural_person": files.national_code(number)} if has_code else {},
                sites=[site] if number % 2 else [site, site],
                joined_on=TODAY,
            )
        seat = stage.seat()
        firms = queries.firms_listed(seat, queries.Wanted(), TODAY)
        draft = brought(stage, exporting.firms_file(seat, firms, as_csv=as_csv).content)
        rows = len(draft.rows["lines"])
        assert draft.faults == []
        assert len(draft.doubles) == rows
        result = written(stage, draft, "same")
        assert (result.added, result.sites, result.memberships) == (0, 0, 0)
        transaction.set_rollback(True)


def test_the_pages_lead_from_the_file_to_the_list(empty_stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(empty_stage, "agent")
    content = files.xlsx_file([files.row("علی رضایی", 1), files.row("علي رضایی", place=files.DORUD)])
    page = client.post("/register/import/", {"file": SimpleUploadedFile("members.xlsx", content)}, follow=True)
    assert b"Likely doubles" in page.content
    draft = page.redirect_chain[0][0]
    page = client.post(draft, {"d-3": "new"}, follow=True)
    assert b"New firms: <strong>2</strong>" in page.content
    page = client.post(draft, {"step": "confirm"}, follow=True)
    assert b"2 members</strong> belong to the cluster today" in page.content


def test_the_pages_list_every_fault_and_offer_the_list_as_a_file(empty_stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(empty_stage, "agent")
    content = files.csv_file([files.row("", hives="x")] * 40)
    page = client.post("/register/import/", {"file": SimpleUploadedFile("m.csv", content)}, follow=True)
    assert "80 faults" in page.content.decode()
    assert b"This is needed and is empty." in page.content
    address = page.redirect_chain[0][0]
    assert client.get(f"{address}?page=3").status_code == 200
    assert len(client.get(f"{address}faults/?as=csv").content.decode("utf-8-sig").splitlines()) == 81
    assert reading.read(client.get(f"{address}faults/").content).rows[0][1][0] == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (files.protected_workbook(), "protected by a password"),
        (b"%PDF-1.7", "neither an Excel workbook"),
        ("نام,مرحله\nعلي محمدي,packing\n".encode("windows-1256"), "Windows-1256"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_beside_the_field(
    empty_stage: Stage, signed_in: SignIn, content: bytes, words: str
) -> None:
    page = signed_in(empty_stage, "agent").post("/register/import/", {"file": SimpleUploadedFile("m.xlsx", content)})
    assert page.status_code == 200
    assert words in page.content.decode()
