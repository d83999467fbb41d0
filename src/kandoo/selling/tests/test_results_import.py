"""A file of laboratory results: checked whole, stored whole, each fault by row and column."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from kandoo.selling.models import Bar, LabResult
from kandoo.selling.tests.batch_stage import Stage, found, signed_in
from kandoo.site.security import acting_as


@pytest.fixture
def stage(as_owner: Any) -> Stage:
    with as_owner():
        return found()


def table(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    book = Workbook()
    sheet: Any = book.active
    for row in (("batch", "parameter", "value", "method", "laboratory", "tested_on"), *rows):
        sheet.append(row)
    passing = io.BytesIO()
    book.save(passing)
    return SimpleUploadedFile("results.xlsx", passing.getvalue())


def test_a_file_of_results_is_stored_whole(stage, as_owner):
    batch = stage.record()
    rows = [(batch.code, "رطوبت", "۱۷٫۲", "", "Firm laboratory", "1405/06/29"), (batch.code, "hmf", "<", "", "", "")]
    client = signed_in(stage, "agent", as_owner)
    faulty = client.post("/selling/batches/results/import/", {"file": table(*rows)})
    assert {(each.line, each.column) for each in faulty.context["read"].faults} == {
        (3, "Value"), (3, "Laboratory"), (3, "Test date"),
    }  # fmt: skip
    with acting_as(stage.people["agent"].pk):
        assert not LabResult.objects.exists()
    assert client.post("/selling/batches/results/import/", {"file": table(rows[0])}).status_code == 302
    with acting_as(stage.people["agent"].pk):
        assert LabResult.objects.get().laboratory == stage.firms["laboratory"]


def test_a_name_or_method_too_long_to_be_kept_whole_is_refused(stage, as_owner):
    batch = stage.record()
    rows = table((batch.code, "moisture", "17", "m" * 121, "L" * 161, "2026-09-20"))
    answer = signed_in(stage, "agent", as_owner).post("/selling/batches/results/import/", {"file": rows})
    assert [each.column for each in answer.context["read"].faults] == ["Laboratory", "Method"]


def test_a_file_names_no_batch_of_a_rival(stage, as_owner):
    batch = stage.record("bahar")
    rows = table((batch.code, "moisture", "17", "", "University", "2026-09-20"))
    answer = signed_in(stage, "sahand", as_owner).post("/selling/batches/results/import/", {"file": rows})
    assert [each.column for each in answer.context["read"].faults] == ["Batch"]


def test_a_file_that_bars_is_asked_about_and_kept_meanwhile(stage, as_owner):
    batch = stage.record()
    client = signed_in(stage, "agent", as_owner)
    sent = {"file": table((batch.code, "chloramphenicol", "0.02", "", "University", "2026-09-20"))}
    asked = client.post("/selling/batches/results/import/", sent)
    assert "bars a batch for good" in asked.content.decode()
    answer = client.post(
        "/selling/batches/results/import/", {"kept": asked.context["form"].data["kept"], "confirmed": "on"}
    )
    assert answer.status_code == 302
    with acting_as(stage.people["agent"].pk):
        assert Bar.objects.exists()


def test_the_template_can_be_filled_in_and_sent_back(stage, as_owner):
    batch = stage.record()
    stage.give_sample(batch)
    client = signed_in(stage, "laboratory", as_owner, "fa")
    book = load_workbook(io.BytesIO(client.get("/selling/batches/results/template.xlsx").content))
    sheet: Any = book.active
    sheet.cell(2, 3).value, sheet.cell(2, 6).value = 17.2, "۱۴۰۵/۰۶/۲۹"
    passing = io.BytesIO()
    book.save(passing)
    sent = {"file": SimpleUploadedFile("results.xlsx", passing.getvalue())}
    assert client.post("/selling/batches/results/import/", sent).status_code == 302
    with acting_as(stage.people["laboratory"].pk):
        assert LabResult.objects.get().parameter == "moisture"
