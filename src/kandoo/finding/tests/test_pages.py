"""The pages of a study, from the file to what was found and what leaves, for each seat."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kandoo.finding.models import Job, Study
from kandoo.finding.tests.stage import as_csv, rows
from kandoo.programme.models import ClusterFile, Paper
from tests.test_pages import ENGLISH, read
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


def own_study(world: World, name: str, **wanted: Any) -> Study:
    with world.as_(name):
        return Study.objects.get(**wanted)


def upload(client: Client, content: bytes, name: str = "sites.csv") -> Any:
    return client.post("/finding/new/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_list_is_brought_confirmed_and_handed_to_the_worker(world: World) -> None:
    client = world.client("agent")
    answer = upload(client, as_csv(rows(9)))
    assert "معنای ستون‌ها" in text_of(answer)
    form = answer.context["form"]
    chosen = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    address = answer.redirect_chain[-1][0]
    answer = client.post(address, chosen | {"profile": "establishments", "simulations": "99"}, follow=True)
    assert "آماده سنجش" in text_of(answer)
    pk = answer.context["study"].pk
    answer = client.post(f"/finding/{pk}/ask/", follow=True)
    assert f'hx-get="/finding/{pk}/progress/"' in text_of(answer)
    assert client.get(f"/finding/{pk}/progress/").status_code == 200
    client.post(f"/finding/{pk}/cancel/")
    assert client.get(f"/finding/{pk}/progress/").headers["HX-Refresh"] == "true"
    assert "متوقف" in text_of(client.get(f"/finding/{pk}/"))
    assert client.post(f"/finding/{pk}/put-aside/", follow=True).status_code == 200
    assert client.get(f"/finding/{pk}/").status_code == 404


def test_faults_are_shown_by_row_and_column_and_can_be_left_out(world: World) -> None:
    client = world.client("agent")
    table = rows(9)
    table[0][2] = "33°29'"
    table[4][0] = "s003"
    answer = upload(client, as_csv(table))
    study = own_study(world, "agent", step=Study.Step.COLUMNS, source="upload")
    data = {**study.mapping, "title": "کارگاه‌ها", "simulations": "99", "stars": "small-regions"}
    answer = client.post(f"/finding/{study.pk}/columns/", data, follow=True)
    text = text_of(answer)
    assert "ایرادهای فهرست" in text and "۲ ردیف" in text
    assert "درجه و دقیقه" in text and "پیش‌تر در ردیف ۵" in text
    assert "sheet" in client.get(f"/finding/{study.pk}/faults/?form=xlsx")["Content-Type"]
    answer = client.post(f"/finding/{study.pk}/leave-out/", follow=True)
    assert "آگاهانه کنار گذاشته شدند" in text_of(answer)


def test_a_file_that_is_no_list_is_refused_beside_the_field_and_so_is_a_doubled_one(world: World) -> None:
    client = world.client("agent")
    assert "نه CSV است" in text_of(upload(client, b"%PDF-1.4", "a.pdf"))
    upload(client, as_csv(rows(9)))
    assert "پیش‌تر آورده شده" in text_of(upload(client, as_csv(rows(9))))


@pytest.mark.parametrize("name", ["province", "nation", "inspector"])
def test_a_measured_study_is_read_in_persian_and_english(world: World, name: str) -> None:
    client = world.client(name)
    study = own_study(world, "province", province="IR-15")
    for address in (f"/finding/{study.pk}/", *(f"/finding/{study.pk}/industries/{place}/" for place in range(1, 6))):
        text = text_of(client.get(address))
        left = [words for words in read(text).words if ENGLISH.search(words)]
        assert left == [], address
        assert 'dir="ltr"' in text_of(client.get(address, {"language": "en"}))
        client.get("/", {"language": "fa"})
    areas = client.get(f"/finding/{study.pk}/industries/1/areas/").json()
    assert {"key", "name_fa", "name_en"} <= set(areas["features"][0]["properties"])
    assert client.get(f"/finding/{study.pk}/industries/99/").status_code == 404
    assert client.get(f"/finding/{study.pk}/years/compared/").status_code == 404


def test_everything_leaves_in_one_package_with_a_report_in_both_languages(world: World) -> None:
    study = own_study(world, "province", province="IR-15")
    answer = world.client("province").get(f"/finding/{study.pk}/all/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = set(archive.namelist())
        assert {
            "lq.csv",
            "stars.csv",
            "eg.csv",
            "extents.geojson",
            "run.json",
            "report-fa.html",
            "report-en.html",
        } <= names
        persian, english = (archive.read(f"report-{each}.html").decode() for each in ("fa", "en"))
        json.loads(archive.read("extents.geojson"))
    assert '<html lang="fa" dir="rtl">' in persian and '<html lang="en" dir="ltr">' in english
    for page in (persian, english):
        assert "http://" not in page.replace("http://www.w3.org", "") and "<script" not in page and "src=" not in page


def test_a_found_cluster_becomes_a_candidate_with_the_study_as_its_paper(world: World) -> None:
    study = own_study(world, "province", province="IR-15")
    client = world.client("province")
    answer = client.post(f"/finding/{study.pk}/propose/", {"industry": "نساجی", "region": "الیگودرز"}, follow=True)
    assert "نامزد در پرونده است" in text_of(answer)
    with world.as_("province"):
        file = ClusterFile.objects.get(product="نساجی")
        assert (file.province, file.stage) == ("IR-15", "G0")
        assert "سهمش" in file.definition and study.sha256[:12] in file.source
        assert Paper.objects.filter(file=file).count() == 1
    again = client.post(f"/finding/{study.pk}/propose/", {"industry": "نساجی", "region": "الیگودرز"}, follow=True)
    assert "پیش‌تر پیشنهاد شده" in text_of(again)
    other = client.post(f"/finding/{study.pk}/propose/", {"industry": "نفت", "region": ""}, follow=True)
    assert "چنین صنعت" in text_of(other)
    assert world.client("inspector").post(f"/finding/{study.pk}/propose/").status_code == 403


def test_studies_stay_at_the_desk_that_asked(world: World) -> None:
    measured = own_study(world, "province", province="IR-15")
    own = own_study(world, "agent", source="register")
    for name, study, answer in (
        ("elsewhere", measured, 404),
        ("agent", measured, 404),
        ("officer", own, 404),
        ("auditor", own, 200),
        ("kuh", own, 403),
    ):
        assert world.client(name).get(f"/finding/{study.pk}/").status_code == answer, name


def test_the_agent_takes_the_cluster_s_own_apiaries(world: World) -> None:
    client = world.client("agent")
    study = own_study(world, "agent", source="register")
    assert study.profile == "apiary" and study.rows == 6
    assert "پیش‌تر آورده شده" in text_of(client.post("/finding/own/", follow=True))
    answer = client.post(
        f"/finding/{study.pk}/columns/", {**study.mapping, "title": "زنبورستان‌ها", "simulations": "99"}, follow=True
    )
    assert "تنها ۶ ردیف" in text_of(answer)
    assert world.client("officer").post("/finding/own/").status_code == 403


def test_work_that_failed_says_why(world: World) -> None:
    study = own_study(world, "agent", source="upload")
    with world.as_("agent"):
        Job.objects.filter(study=study).update(state="failed", problem="memory")
    assert "حافظه این رایانه" in text_of(world.client("agent").get(f"/finding/{study.pk}/"))
