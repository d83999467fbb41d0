"""Batches: recorded, held, tested, barred, and whose they are."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image

from kandoo.selling import actions
from kandoo.selling.models import Attachment, Bar, Batch, LabResult
from kandoo.selling.tests.batch_stage import GOOD, Stage, found, now, signed_in
from kandoo.site.security import acting_as

PRIVATE = ("selling_batch", "selling_labresult", "selling_attachment", "selling_bar", "selling_sample")


@pytest.fixture
def stage(as_owner: Any) -> Stage:
    with as_owner():
        return found()


def harvest(**changes: Any) -> dict[str, Any]:
    return {"kind": "thyme", "harvested_on": "۱۴۰۵/۰۶/۱۰", "drums": "۵", "drum_kg": "۲۹۰", "note": "", **changes}


def picture(**options: Any) -> SimpleUploadedFile:
    passing = io.BytesIO()
    Image.new("RGB", (40, 30), "#d9a441").save(passing, "JPEG", **options)
    return SimpleUploadedFile("drums.jpg", passing.getvalue())


# Recording


def test_a_member_records_a_harvest_in_persian_digits(stage, as_owner):
    client = signed_in(stage, "sahand", as_owner, "fa")
    answer = client.post("/selling/batches/new/", harvest(site=stage.sites["sahand"].pk))
    assert answer.status_code == 302
    with acting_as(stage.people["sahand"].pk):
        batch = Batch.objects.get()
        assert (batch.code, batch.mass_kg, batch.season, batch.is_held) == ("B-1405-0001", 1450, 1405, False)


def test_more_than_the_hives_give_is_asked_about_once_and_then_saved_as_held(stage, as_owner):
    client = signed_in(stage, "sahand", as_owner)
    typed = harvest(site=stage.sites["sahand"].pk, drums="11")
    first = client.post("/selling/batches/new/", typed)
    assert "3,190 kg" in first.content.decode()
    assert "3,000 kg" in first.content.decode()
    assert 'value="11"' in first.content.decode()
    second = client.post("/selling/batches/new/", typed | {"explanation": "Twenty hives were added in June."})
    assert second.status_code == 302
    with acting_as(stage.people["agent"].pk):
        batch = Batch.objects.get()
        assert batch.is_held
        assert (batch.held_harvest_kg, batch.held_plausible_kg) == (3190, 3000)
    page = client.get(f"/selling/batches/{batch.pk}/").content.decode()
    assert "190 kg" in page
    assert "Twenty hives were added in June." in page


def test_a_held_batch_is_released_by_the_agent_alone(stage, as_owner):
    batch = stage.record(drums=11)
    member = signed_in(stage, "sahand", as_owner)
    assert member.post(f"/selling/batches/{batch.pk}/release/", {"reason": "mine"}).status_code == 403
    agent = signed_in(stage, "agent", as_owner)
    assert "required" in agent.post(f"/selling/batches/{batch.pk}/release/", {"reason": ""}).content.decode()
    agent.post(f"/selling/batches/{batch.pk}/release/", {"reason": "New count seen."})
    with acting_as(stage.people["sahand"].pk):
        assert not Batch.objects.get().is_held


def test_a_harvest_cannot_be_recorded_at_a_rivals_apiary(stage, as_owner):
    client = signed_in(stage, "sahand", as_owner)
    answer = client.post("/selling/batches/new/", harvest(site=stage.sites["bahar"].pk))
    assert answer.status_code == 200
    with acting_as(stage.people["agent"].pk):
        assert not Batch.objects.exists()


def test_what_was_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(stage, as_owner):
    client = signed_in(stage, "sahand", as_owner)
    typed = harvest(site=stage.sites["sahand"].pk, drum_kg="900", note="second extraction")
    page = client.post("/selling/batches/new/", typed).content.decode()
    assert "A drum holds at most 320 kg" in page
    assert "second extraction" in page


def test_photos_sent_with_a_faulty_form_are_kept_for_the_next_attempt(stage, as_owner):
    client = signed_in(stage, "sahand", as_owner)
    typed = harvest(site=stage.sites["sahand"].pk)
    first = client.post("/selling/batches/new/", typed | {"drums": "many", "photos": picture()})
    kept = first.context["form"].data["kept"]
    assert kept
    client.post("/selling/batches/new/", typed | {"kept": kept})
    with acting_as(stage.people["sahand"].pk):
        assert Attachment.objects.get().name == "drums.jpg"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(harvests=st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=8))
def test_what_is_not_held_never_exceeds_what_the_hives_give(stage, harvests):
    """Law 3, whatever is harvested and taken back in between."""
    with transaction.atomic():
        for drums, is_withdrawn in harvests:
            batch = stage.record(drums=drums)
            if is_withdrawn:
                with acting_as(stage.people["sahand"].pk):
                    actions.withdraw_batch(by=stage.people["sahand"], batch=batch, now=now())
        with acting_as(stage.people["sahand"].pk):
            free = [each for each in Batch.objects.filter(withdrawn_at=None) if not each.is_held]
            assert sum(each.mass_kg for each in free) <= 100 * 30
        transaction.set_rollback(True)


def test_a_withdrawn_batch_stays_on_record_and_cannot_be_withdrawn_twice(stage, as_owner):
    batch = stage.record()
    client = signed_in(stage, "sahand", as_owner)
    assert client.post(f"/selling/batches/{batch.pk}/withdraw/").status_code == 302
    again = client.post(f"/selling/batches/{batch.pk}/withdraw/").content.decode()
    assert "already withdrawn" in again
    assert client.get("/selling/batches/").content.decode().count(batch.code) == 1


# Results, and what bars for good


def test_the_smallest_trace_of_chloramphenicol_bars_for_good(stage):
    batch = stage.record()
    stage.test(batch, {**GOOD, "chloramphenicol": "0.01"})
    stage.test(batch, {"chloramphenicol": "not_detected"})
    with acting_as(stage.people["agent"].pk):
        assert Bar.objects.get().batch == batch


def test_nobody_lifts_a_bar_not_even_the_owner_of_the_tables(stage, as_owner):
    batch = stage.record()
    stage.test(batch, {"chloramphenicol": "0.01"})
    for statement in ("DELETE FROM selling_bar", "UPDATE selling_bar SET code = 'x'", "DELETE FROM selling_labresult"):
        with pytest.raises(DatabaseError), acting_as(stage.people["agent"].pk):
            connection.cursor().execute(statement)
        with pytest.raises(DatabaseError), transaction.atomic(), as_owner() as cursor:
            cursor.execute(statement)
        with connection.cursor() as cursor:  # the failed step left the owner's role behind
            cursor.execute("SET ROLE kandoo_app")
    with acting_as(stage.people["agent"].pk):
        assert Bar.objects.count() == 1


def test_a_result_that_bars_for_good_is_asked_about_first(stage, as_owner):
    batch = stage.record()
    stage.give_sample(batch)
    client = signed_in(stage, "laboratory", as_owner)
    address = f"/selling/batches/{batch.pk}/results/"
    typed = {"tested_on": "2026-09-20", "value_moisture": "17٫۲", "value_chloramphenicol": "0.01"}
    asked = client.post(address, typed).content.decode()
    assert "will be barred for good" in asked
    with acting_as(stage.people["agent"].pk):
        assert not LabResult.objects.exists()
    assert client.post(address, typed | {"confirmed": "on"}).status_code == 302
    page = client.get(f"/selling/batches/{batch.pk}/").content.decode()
    assert "Barred for good" in page
    assert "0.01 µg/kg" in page


def test_an_implausible_value_is_refused_with_the_plausible_range(stage, as_owner):
    batch = stage.record()
    client = signed_in(stage, "sahand", as_owner)
    typed = {"tested_on": "2026-09-20", "laboratory_name": "University", "value_moisture": "172"}
    page = client.post(f"/selling/batches/{batch.pk}/results/", typed).content.decode()
    assert "Moisture must lie between 10 and 30 g/100 g." in page
    assert 'value="172"' in page


def test_a_laboratory_enters_results_of_its_samples_only_and_under_its_own_name(stage, as_owner):
    given, other = stage.record(), stage.record()
    stage.give_sample(given)
    client = signed_in(stage, "laboratory", as_owner)
    typed = {"tested_on": "2026-09-20", "value_hmf": "8.5", "none_antibiotic": "on", "laboratory_name": "Somebody else"}
    assert client.post(f"/selling/batches/{other.pk}/results/", typed).status_code == 404
    assert client.post(f"/selling/batches/{given.pk}/results/", typed).status_code == 302
    with acting_as(stage.people["sahand"].pk):
        results = {each.parameter: each for each in LabResult.objects.all()}
    assert {each.laboratory_id for each in results.values()} == {stage.firms["laboratory"].pk}
    assert results["chloramphenicol"].finding == "not_detected"
    assert str(results["hmf"].value) == "8.5000"


def test_the_newest_test_of_a_parameter_counts_and_the_older_stays(stage, as_owner):
    batch = stage.record()
    stage.test(batch, {"moisture": "21"})
    stage.test(batch, {"moisture": "17"})
    page = signed_in(stage, "sahand", as_owner).get(f"/selling/batches/{batch.pk}/?market=eu").content.decode()
    assert "3 g/100 g to spare" in page
    assert "replaced by a newer test" in page


def test_a_batch_page_tells_each_market_and_what_would_help(stage, as_owner):
    batch = stage.record()
    stage.test(batch, GOOD | {"moisture": "20.4"})
    client = signed_in(stage, "sahand", as_owner)
    page = client.get(f"/selling/batches/{batch.pk}/?market=usa").content.decode()
    assert "0.4 g/100 g too much" in page
    assert "Dry it or blend with a drier batch" in page
    persian = signed_in(stage, "sahand", as_owner, "fa").get(f"/selling/batches/{batch.pk}/?market=iran")
    assert "استاندارد ملی ایران ۹۲" in persian.content.decode()


# Files


def test_a_photo_loses_the_place_where_it_was_taken(stage, as_owner):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    batch = stage.record()
    client = signed_in(stage, "sahand", as_owner)
    client.post(f"/selling/batches/{batch.pk}/files/", {"kind": "photo", "files": picture(exif=exif)})
    with acting_as(stage.people["sahand"].pk):
        attachment = Attachment.objects.get()
    answer: Any = client.get(f"/selling/files/{attachment.pk}/")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "drums.jpg" in answer.headers["Content-Disposition"]
    stored = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert not stored.getexif()


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"GIF89a....", b"%PDF-1.7 cut off"])
def test_a_file_that_is_neither_picture_nor_pdf_is_refused(stage, as_owner, content):
    batch = stage.record()
    client = signed_in(stage, "sahand", as_owner)
    sent = {"kind": "certificate", "files": SimpleUploadedFile("certificate.pdf", content)}
    assert "k-error" in client.post(f"/selling/batches/{batch.pk}/files/", sent).content.decode()
    with acting_as(stage.people["sahand"].pk):
        assert not Attachment.objects.exists()


# Privacy


def test_a_rival_cannot_tell_that_a_batch_its_file_or_its_results_exist(stage, as_owner):
    batch = stage.record()
    owner = signed_in(stage, "sahand", as_owner)
    owner.post(f"/selling/batches/{batch.pk}/files/", {"kind": "photo", "files": picture()})
    with acting_as(stage.people["sahand"].pk):
        attachment = Attachment.objects.get()
    for name in ("bahar", "laboratory"):
        rival = signed_in(stage, name, as_owner)
        for address in (f"batches/{batch.pk}/", f"batches/{batch.pk}/results/", f"files/{attachment.pk}/"):
            assert rival.get(f"/selling/{address}").status_code == 404, (name, address)
        assert batch.code not in rival.get("/selling/batches/").content.decode()
        assert batch.code not in rival.get("/selling/batches/export.csv").content.decode()
    assert signed_in(stage, "buyer", as_owner).get("/selling/batches/").status_code == 403
    assert rival.post(f"/selling/batches/{batch.pk}/withdraw/").status_code == 403


def test_sql_shows_a_rival_nothing_of_a_batch(stage):
    batch = stage.record()
    stage.give_sample(batch)
    stage.test(batch, {"chloramphenicol": "0.01"})
    for name in ("bahar", "buyer"):
        with acting_as(stage.people[name].pk), connection.cursor() as cursor:
            for table_name in PRIVATE:
                cursor.execute(f"SELECT count(*) FROM {table_name}")
                assert cursor.fetchone() == (0,), (name, table_name)


# The list


def test_the_list_says_what_is_on_hand_and_filters_by_state(stage, as_owner):
    held, good = stage.record(drums=11), stage.record("bahar")
    stage.test(good, GOOD)
    client = signed_in(stage, "agent", as_owner)
    page = client.get("/selling/batches/").content.decode()
    assert "4,640 kg" in page
    assert "1 batch is held (3,190 kg)" in page
    assert [each["batch"].pk for each in client.get("/selling/batches/?state=held").context["rows"]] == [held.pk]
    assert [each["batch"].pk for each in client.get("/selling/batches/?q=bahar").context["rows"]] == [good.pk]
    assert [each["batch"].pk for each in client.get("/selling/batches/?q=۱۴۰۵-۰۰۰۱").context["rows"]] == [held.pk]
    assert client.get("/selling/batches/?season=x&sort=password&page=x").status_code == 200


def test_the_export_carries_the_newest_values(stage, as_owner):
    stage.test(stage.record(), GOOD)
    client = signed_in(stage, "auditor", as_owner)
    book = load_workbook(io.BytesIO(client.get("/selling/batches/export.xlsx").content))
    sheet: Any = book.active
    heading, row = list(sheet.iter_rows(values_only=True))
    assert dict(zip(heading, row, strict=True))["Moisture (g/100 g)"] == 17.2
    assert client.get("/selling/batches/export.pdf").status_code == 404
