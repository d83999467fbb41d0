"""The pages of results: each role reads what it may, figures come in by form and by table, and leave as files."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from kandoo.results.models import ImportedValues, Indicator, Value
from kandoo.results.periods import Period
from kandoo.results.words import shown
from tests.world import TODAY, World

AsOwner = Callable[[], AbstractContextManager[Any]]
OPEN = Period.holding(TODAY, "quarter")
QUARTER = OPEN.before()  # closed


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


@pytest.mark.parametrize("name", ["nation", "province", "supervisor", "voter", "inspector", "treasurer", "agent"])
def test_every_reader_of_the_file_sees_its_figures(world: World, name: str) -> None:
    client, pk = world.client(name), world.files["honey"].pk
    page = client.get(f"/results/files/{pk}/?period={QUARTER.key}")
    assert page.status_code == 200
    text = page.content.decode()
    assert "اعضا" in text and "آموزش‌دیدگان" in text
    for code in ("members", "trained", "kg-sold", "credit-paid", "meetings"):
        assert client.get(f"/results/files/{pk}/{code}/?period={QUARTER.key}").status_code == 200
    assert client.get(f"/results/files/{pk}/?period=1405-q9").status_code == 404


@pytest.mark.parametrize("name", ["elsewhere", "kuh"])
def test_to_others_the_file_is_missing(world: World, name: str) -> None:
    assert world.client(name).get(f"/results/files/{world.files['honey'].pk}/").status_code in (403, 404)


def test_an_agent_drills_down_to_its_members_and_an_officer_to_none(world: World) -> None:
    address = f"/results/files/{world.files['honey'].pk}/members/"
    assert "/register/firms/" in world.client("agent").get(address).content.decode()
    text = world.client("province").get(address).content.decode()
    assert "/register/firms/" not in text and "از آنِ خود خوشه" in text


def test_the_table_leaves_as_excel_and_csv(world: World) -> None:
    address = f"/results/files/{world.files['honey'].pk}/?period={QUARTER.key}"
    assert world.client("province").get(f"{address}&as=xlsx").content[:2] == b"PK"
    lines = world.client("province").get(f"{address}&as=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) > 30 and any("trained" in each for each in lines)


def test_files_and_comparison_tell_unit_and_source_in_the_language_of_the_reader(world: World) -> None:
    client, pk = world.client("province"), world.files["honey"].pk
    client.cookies["django_language"] = "en"
    for period in (OPEN, QUARTER):
        table = client.get(f"/results/files/{pk}/?period={period.key}&as=csv").content.decode("utf-8-sig")
        meetings = next(each for each in csv.DictReader(io.StringIO(table)) if each["Code"] == "meetings")
        assert (meetings["Unit"], meetings["Source"]) == ("meetings", "Kandoo’s records")
    page = client.get("/results/?code=meetings").content.decode()
    assert "Kandoo’s records" in page and "رکوردهای کندو" not in page


def test_one_of_a_thing_is_told_without_a_wrong_plural() -> None:
    with override("en"):
        assert shown(Decimal(1), "number", "meetings") == "meetings: 1"
        assert shown(Decimal(2), "number", "meetings") == "2 meetings"
    with override("fa"):
        assert shown(Decimal(1), "number", "نشست") == "۱ نشست"


def test_a_closed_figure_keeps_the_unit_it_was_closed_with(world: World, as_owner: AsOwner) -> None:
    client, pk = world.client("province"), world.files["honey"].pk
    with as_owner():
        Indicator.objects.filter(code="meetings").update(unit="جلسه", unit_en="sessions")
    client.cookies["django_language"] = "en"
    for period, unit in ((OPEN, "sessions"), (QUARTER, "meetings")):
        table = client.get(f"/results/files/{pk}/?period={period.key}&as=csv").content.decode("utf-8-sig")
        meetings = next(each for each in csv.DictReader(io.StringIO(table)) if each["Code"] == "meetings")
        assert meetings["Unit"] == unit


def test_a_figure_without_evidence_is_refused_and_one_with_it_stands(world: World) -> None:
    client, address = world.client("agent"), f"/results/files/{world.files['honey'].pk}/satisfaction/figure/"
    data = {"value": "۷۱", "first": "1405/07/01", "last": "1405/07/30", "source": "پیمایش", "dated": "1405/08/01"}
    with world.as_("agent"):
        number = Value.objects.count()
    assert client.post(address, data).status_code == 200
    with world.as_("agent"):
        assert Value.objects.count() == number
    sent = client.post(address, data | {"document": SimpleUploadedFile("survey.pdf", b"%PDF-1.4 survey")})
    assert sent.status_code == 302
    with world.as_("agent"):
        assert Value.objects.count() == number + 1


def test_a_table_with_a_fault_changes_nothing_and_names_row_and_column(world: World) -> None:
    client, address = world.client("province"), f"/results/files/{world.files['honey'].pk}/import/"
    table = (
        "indicator,first,last,value,source,dated\n"
        "trained,1405/07/01,1405/07/30,12,فهرست,1405/08/01\n"
        "هیچ,1405/07/01,1405/07/30,دوازده,فهرست,1405/13/01\n"
    )

    def send(text: str) -> Any:
        return client.post(address, {"file": SimpleUploadedFile("figures.csv", text.encode())})

    with world.as_("province"):
        number = Value.objects.count()
    text = send(table).content.decode()
    assert "هیچ" in text and text.count('class="k-num">۳</th>') == 3  # three faults, all of row 3
    with world.as_("province"):
        assert Value.objects.count() == number
    right = "\n".join(table.splitlines()[:2])
    assert send(right).status_code == 302
    assert "پیش‌تر" in send(right).content.decode()  # the very file again
    with world.as_("province"):
        assert Value.objects.count() == number + 1 and ImportedValues.objects.count() == 2
    assert send("\x00\x01").status_code == 200


def test_an_officer_closes_a_quarter_by_page_and_an_agent_does_not(world: World) -> None:
    earlier = QUARTER.before()
    address = f"/results/files/{world.files['honey'].pk}/close/"
    assert world.client("agent").post(address, {"period": earlier.key}).status_code in (403, 404)
    assert world.client("province").post(address, {"period": earlier.key}).status_code == 302
    page = world.client("province").get(f"/results/files/{world.files['honey'].pk}/?period={earlier.key}")
    assert "بسته: این رقم‌ها می‌مانند" in page.content.decode()


def test_indicators_are_kept_by_the_nation_alone(world: World) -> None:
    assert world.client("province").get("/results/indicators/new/").status_code == 404
    client = world.client("nation")
    data = {
        "code": "brand", "level": "outcome", "kind": "number", "name_fa": "نشان‌های ثبت‌شده", "name_en": "Brands",
        "unit": "نشان", "definition": "نشان‌های ثبت‌شده در دوره", "source": "مرکز مالکیت", "verifier": "ناظر",
        "bias": "نشان بی‌کاربرد هم شمرده می‌شود", "frequency": "year", "better": "up",
    }  # fmt: skip
    assert client.post("/results/indicators/new/", data).status_code == 302
    assert client.post("/results/indicators/new/", data).status_code == 200  # the code is taken
    assert "نشان‌های ثبت‌شده" in client.get("/results/indicators/").content.decode()
    assert client.get("/results/indicators/brand/").status_code == 200
    assert client.get("/results/?code=trained").status_code == 200


def test_figures_of_closed_periods_are_told_in_english_in_english(world: World) -> None:
    address = f"/open/clusters/{world.files['honey'].code}/"
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    text = client.get(address).content.decode()
    assert "Kandoo’s records" in text and "رکوردهای کندو" not in text
    assert "بنگاه" not in text.partition("Results,")[2].partition("</table>")[0]


def test_open_results_are_for_everybody(world: World) -> None:
    answer = Client().get("/open/results.json")
    content = json.loads(answer.content)
    for column in ("province", "product", "stage", "definition", "date", "source", "indicator", "value"):
        assert column in content["columns"]
    assert content["rows"] and all(each["province"] == "IR-15" for each in content["rows"])
    head = io.StringIO(Client().get("/open/results.csv").content.decode("utf-8-sig")).readline()
    assert head.startswith("province,product,stage,definition,date,source")
