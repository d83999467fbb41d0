"""Every page of the programme opens for the roles it is meant for, in Persian with nothing left in English."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from kandoo.programme.models import (
    AgendaItem,
    ClusterFile,
    Condition,
    Count,
    PaperEdition,
    Procedure,
    SelectionRound,
    Stage,
)
from tests.test_pages import ENGLISH, reachable
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db
WHO = ("nation", "province", "supervisor", "chair", "inspector", "treasurer", "agent")


@pytest.mark.parametrize("name", WHO)
def test_every_page_of_the_programme_opens(nation_world: World, name: str) -> None:
    for language in ("fa", "en"):
        crawl(nation_world, name, language)


def crawl(world: World, name: str, language: str) -> None:
    client = world.client(name)
    client.cookies["django_language"] = language
    left: list[str] = []
    seen = 0
    for path, text, reader in reachable(client):
        if not path.startswith(("/programme/", "/open/")):
            continue
        seen += 1
        assert f'<html lang="{language}"' in text, path
        assert reader.inline == [], path
        left += [f"{path}: {words}" for words in reader.words if language == "fa" and ENGLISH.search(words)]
    assert left == [], "\n".join(left)
    assert seen > (2 if name == "agent" else 8)


def test_a_cluster_seat_has_no_room_of_the_programme_and_the_other_way_round(nation_world: World) -> None:
    agent, officer = nation_world.client("agent"), nation_world.client("province")
    assert agent.get(reverse("programme:portfolio")).status_code == 403
    assert "/programme/clusters/own/" in agent.get("/").content.decode()
    assert officer.get("/").headers["Location"] == reverse("programme:portfolio")
    text = officer.get(reverse("programme:portfolio")).content.decode()
    assert "/selling/" not in text and "/ledger/" not in text and reverse("register:people") not in text
    assert reverse("register:people") in nation_world.client("nation").get("/programme/").content.decode()


def test_a_strangers_page_and_open_data_hold_every_cluster(nation_world: World) -> None:
    client = Client()
    page = client.get(reverse("open:page")).content.decode()
    assert "عسل لرستان" in page and "زعفران نمونه" in page
    lines = client.get("/open/clusters.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("province,product,stage,definition,date,source")
    assert len(lines) == 1 + 4
    rows = client.get("/open/clusters.json").json()["rows"]
    assert {each["stage"] for each in rows} == {"G0", "G2"}
    assert client.get("/open/counts.json").json()["rows"][0]["value"] == 13
    assert client.get("/open/counts.csv").status_code == 200


def test_an_officer_of_a_province_sees_no_other_provinces_file(nation_world: World) -> None:
    saffron = nation_world.files["saffron"].pk
    client = nation_world.client("province")
    assert client.get(reverse("programme:file", args=[saffron])).status_code == 404
    assert "زعفران نمونه" not in client.get(reverse("programme:files")).content.decode()
    assert "زعفران نمونه" in nation_world.client("nation").get(reverse("programme:files")).content.decode()


def post(client: Client, name: str, data: dict[str, Any], *args: int) -> Any:
    return client.post(reverse(name, args=args), data, follow=True)


def test_a_file_is_opened_corrected_counted_and_given_an_agent_by_page(nation_world: World) -> None:
    client = nation_world.client("province")
    told = {
        "name_fa": "صنایع چوب ملایر",
        "province": "IR-15",
        "product": "چوب",
        "definition": "تمرکز",
        "source": "نامه",
    }
    missing = client.post(reverse("programme:file_new"), told)
    assert missing.status_code == 200 and b"k-error" in missing.content
    post(client, "programme:file_new", told | {"dated": "۱۴۰۵/۰۲/۰۱"})
    with nation_world.as_("province"):
        file = ClusterFile.objects.get(name_fa="صنایع چوب ملایر")
    assert file.code.startswith("IR-15-") and (file.stage, file.first_gate) == ("G0", 0)
    post(client, "programme:file_edit", {"name_fa": "چوب بروجرد", "product": "چوب", "county": "Borujerd"}, file.pk)
    post(client, "programme:agent", {"name": "الف", "from_on": "1405/03/01"}, file.pk)
    refused = post(client, "programme:agent", {"name": "ب", "from_on": "1405/04/01"}, file.pk)
    assert "k-error" in refused.content.decode()
    done = {"name": "ب", "from_on": "1405/04/01", "reason": "استعفا", "handed_over": "فهرست"}
    post(client, "programme:agent", done, file.pk)
    for value in ("40", "40", "55"):
        figure = {
            "measure": "firms",
            "value": value,
            "definition": "کارگاه فعال",
            "source": f"نامه {value}",
            "dated": "1405/01/01",
        }
        answer = post(client, "programme:file_count", figure, file.pk)
    assert "55" in answer.content.decode() or "۵۵" in answer.content.decode()
    with nation_world.as_("province"):
        file.refresh_from_db()
        assert (file.name_fa, file.agent_name, file.agents.count(), file.counts.count()) == ("چوب بروجرد", "ب", 2, 2)


def test_a_table_is_checked_whole_and_refused_a_second_time(nation_world: World) -> None:
    client = nation_world.client("nation")
    head = "province,name_fa,product,definition,source,dated,stage,firms\n"
    bad = (
        head
        + "Lorestan,الف,فرش,تمرکز,نامه,1405/01/01,G12,\nNowhere,ب,فرش,تمرکز,نامه,1505/01/01,G0,x\n,الف,فرش,ت,ن,1405/01/01,,\n"
    )
    before = files_of(nation_world)
    page = client.post(
        reverse("programme:import"), {"file": SimpleUploadedFile("a.csv", bad.encode())}
    ).content.decode()
    assert page.count('<tr><th scope="row" class="k-num">') == 5  # each fault by row and column
    assert files_of(nation_world) == before
    good = head + "Lorestan,فرش خرم‌آباد,فرش,تمرکز,نامه,1405/01/01,G2,12\nIR-10,فرش,فرش,تمرکز,نامه,1405/01/01,,\n"
    for _time in range(2):
        sent = {"file": SimpleUploadedFile("b.csv", good.encode())}
        page = client.post(reverse("programme:import"), sent, follow=True).content.decode()
    assert "b.csv" in page and files_of(nation_world) == before + 2
    with nation_world.as_("nation"):
        carpet = ClusterFile.objects.get(name_fa="فرش خرم‌آباد")
        assert (carpet.stage, carpet.first_gate, carpet.counts.get().value) == ("G2", 3, 12)
    again = head + "Lorestan,فرش خرم‌آباد,فرش,سرشماری,مرکز آمار,1405/02/01,G5,30\n"
    client.post(reverse("programme:import"), {"file": SimpleUploadedFile("c.csv", again.encode())})
    with nation_world.as_("nation"):
        carpet.refresh_from_db()
        assert (carpet.stage, sorted(carpet.counts.values_list("value", flat=True))) == ("G2", [12, 30])


HEAD = "province,name_fa,product,definition,source,dated,firms\n"


def brought(world: World, rows: str, name: str = "t.csv") -> str:
    """What the page says to a table of clusters, tags left out."""
    sent = {"file": SimpleUploadedFile(name, (HEAD + rows).encode())}
    page = world.client("nation").post(reverse("programme:import"), sent, follow=True)
    return re.sub(r"<[^>]+>", " ", page.content.decode())


def test_a_source_does_not_silently_change_its_mind_in_a_table(nation_world: World) -> None:
    row = "IR-15,فرش خرم‌آباد,فرش,تمرکز,نامه,1405/01/01,"
    brought(nation_world, row + "12\n")
    assert "همین منبع در آن روز" in brought(nation_world, row + "13\n")
    brought(nation_world, row + "12\n\n")  # the same once more adds nothing and contradicts nothing
    with nation_world.as_("nation"):
        assert [each.value for each in Count.objects.filter(file__name_fa="فرش خرم‌آباد")] == [12]


def test_a_table_without_rows_or_a_name_without_letters_is_a_fault(nation_world: World) -> None:
    before = files_of(nation_world)
    assert "سطری نیست" in brought(nation_world, "")
    assert "حرف" in brought(nation_world, "IR-15,\u200f\u200c---,فرش,تمرکز,نامه,1405/01/01,\n")
    assert files_of(nation_world) == before


def test_what_no_document_can_hold_is_left_out_of_a_table(nation_world: World) -> None:
    brought(nation_world, "IR-15,فر\x02ش \x01خرم‌آباد,فرش,تمرکز,نامه,1405/01/01,3\n")
    with nation_world.as_("nation"):
        assert ClusterFile.objects.filter(name_fa="فرش خرم‌آباد").exists()
    assert nation_world.client("nation").get(reverse("programme:export")).status_code == 200


def test_another_name_in_english_makes_no_other_cluster(nation_world: World) -> None:
    with nation_world.as_("nation"):
        honey = ClusterFile.objects.get(tenant=nation_world.cluster)
    form = {
        "name_fa": honey.name_fa, "name_en": "Something else", "province": honey.province, "product": "عسل",
        "definition": "تمرکز", "source": "نامه", "dated": "1404/01/01",
    }  # fmt: skip
    before = files_of(nation_world)
    page = nation_world.client("nation").post(reverse("programme:file_new"), form).content.decode()
    assert "ثبت شده است" in page and files_of(nation_world) == before


def files_of(world: World) -> int:
    with world.as_("nation"):
        return ClusterFile.objects.count()


def test_a_paper_goes_through_three_hands_by_page(nation_world: World) -> None:
    stone = nation_world.files["stone"].pk
    client = nation_world.client("deputy")
    sent = {"title": "نامه اتحادیه", "document": SimpleUploadedFile("letter.pdf", b"%PDF-1.4 letter")}
    page = post(client, "programme:paper_new", sent, stone).content.decode()
    with nation_world.as_("deputy"):
        edition = PaperEdition.objects.get(file=stone)
    assert "letter.pdf" in page
    assert "confirm" not in re.findall(r'action="[^"]*/(confirm)/"', page)  # not by who prepared it
    supervisor = nation_world.client("supervisor")
    post(supervisor, "programme:remark", {"text": "صفحه ۳ را ببینید"}, edition.pk)
    post(supervisor, "programme:confirm", {}, edition.pk)
    post(client, "programme:approve", {}, edition.pk)  # refused: prepared it
    assert status_of(nation_world, edition) == "confirmed"
    post(nation_world.client("province"), "programme:approve", {}, edition.pk)
    assert status_of(nation_world, edition) == "approved"
    again = post(
        client, "programme:paper_new", sent | {"document": SimpleUploadedFile("x.pdf", b"%PDF-1.4 letter")}, stone
    )
    assert "همین سند در پرونده هست" in again.content.decode()
    kept = client.get(reverse("programme:document", args=[edition.pk]))
    assert kept.content == b"%PDF-1.4 letter"
    assert nation_world.client("elsewhere").get(reverse("programme:document", args=[edition.pk])).status_code == 404


def status_of(world: World, edition: PaperEdition) -> str:
    with world.as_("nation"):
        edition.refresh_from_db()
    return edition.status


def test_an_edition_is_sent_back_with_its_reason(nation_world: World) -> None:
    sent = {"title": "طرح", "document": SimpleUploadedFile("plan.pdf", b"%PDF-1.4 plan")}
    post(nation_world.client("deputy"), "programme:paper_new", sent, nation_world.files["stone"].pk)
    with nation_world.as_("nation"):
        edition = PaperEdition.objects.get(file=nation_world.files["stone"])
    client = nation_world.client("supervisor")
    post(client, "programme:send_back", {"text": ""}, edition.pk)
    assert status_of(nation_world, edition) == "prepared"
    post(client, "programme:send_back", {"text": "هزینه ندارد"}, edition.pk)
    assert status_of(nation_world, edition) == "returned"
    assert "هزینه ندارد" in client.get(reverse("programme:edition", args=[edition.pk])).content.decode()


def test_a_round_is_opened_scored_and_closed_by_page(nation_world: World) -> None:
    client = nation_world.client("province")
    with nation_world.as_("province"):
        files = list(ClusterFile.objects.filter(stage="G0").values_list("pk", flat=True))
    asked = {"name_fa": "دور دوم", "province": "IR-15", "year": "1405", "spread": "30", "clusters": files}
    asked |= {"criterion1": "تمرکز", "weight1": "60", "criterion2": "همکاری", "weight2": "40"}
    post(client, "programme:round_new", asked)
    with nation_world.as_("province"):
        opened = SelectionRound.objects.get(name_fa="دور دوم")
        candidates = list(opened.candidates.values_list("pk", flat=True))
        criteria = list(opened.criteria.values_list("pk", flat=True))
    for place, candidate in enumerate(candidates):
        form: dict[str, str] = {}
        for criterion in criteria:
            form |= {
                f"value{criterion}": str(90 - 30 * place),
                f"evidence{criterion}": "برآورد",
                f"dated{criterion}": "1405/01/01",
            }
        no_evidence = form | {f"evidence{criteria[0]}": ""}
        assert "k-error" in post(client, "programme:score", no_evidence, candidate).content.decode()
        post(client, "programme:score", form, candidate)
    page = client.get(reverse("programme:round", args=[opened.pk])).content.decode()
    assert 'class="p-own"' in page
    post(client, "programme:round_close", {}, opened.pk)
    with nation_world.as_("province"):
        opened.refresh_from_db()
        assert opened.closed_on and [each["rank"] for each in opened.ranking] == [1, 2]
    assert client.get(reverse("programme:score", args=[candidates[0]])).status_code == 404
    assert client.get(reverse("programme:round", args=[opened.pk]) + "?as=csv").status_code == 200


def test_a_condition_is_kept_with_evidence(nation_world: World) -> None:
    with nation_world.as_("province"):
        condition = Condition.objects.get()
    client = nation_world.client("province")
    assert "k-error" in post(client, "programme:condition_kept", {"on": "1405/09/01"}, condition.pk).content.decode()
    post(client, "programme:condition_kept", {"evidence": "نامه ۱۲", "on": "1405/09/01"}, condition.pk)
    with nation_world.as_("province"):
        condition.refresh_from_db()
    assert condition.kept_on == TODAY


def test_a_link_to_the_wrong_cluster_is_taken_away_again(nation_world: World) -> None:
    client, code = nation_world.client("province"), nation_world.cluster.code
    honey, stone = nation_world.files["honey"].pk, nation_world.files["stone"].pk
    with nation_world.as_("province"):
        ClusterFile.objects.filter(pk=honey).update(tenant=None)
    for pk, sent in ((stone, code), (stone, ""), (honey, code)):
        client.post(reverse("programme:link", args=[pk]), {"code": sent})
    with nation_world.as_("province"):
        assert [ClusterFile.objects.get(pk=pk).tenant_id for pk in (stone, honey)] == [None, nation_world.cluster.pk]


def test_counts_of_two_sources_stand_side_by_side(nation_world: World) -> None:
    client = nation_world.client("nation")
    told = {
        "measure": "clusters",
        "value": "10",
        "province": "IR-15",
        "definition": "خوشه‌های لرستان",
        "source": "مقاله",
        "dated": "1405/01/01",
    }
    post(client, "programme:count_new", told)
    page = client.get(reverse("programme:counts")).content.decode()
    assert "۱۳" in page and "۱۰" in page
    with nation_world.as_("nation"):
        assert Count.objects.filter(file=None).count() == 2
    assert client.get(reverse("programme:counts") + "?as=xlsx").status_code == 200


def test_an_edition_of_the_procedure_is_taken_away_changed_and_issued(nation_world: World) -> None:
    client = nation_world.client("nation")
    address = reverse("programme:edition_new")
    taken = client.get(reverse("programme:procedure") + "?as=csv").content.decode("utf-8-sig")
    asked = {"in_force_from": "1405/09/01", "reason": "مدرکی تازه", "source": "نامه ۷"}

    def send(text: str) -> str:
        sent = SimpleUploadedFile("p.csv", text.encode())
        return client.post(address, asked | {"file": sent}, follow=True).content.decode()

    changed = taken.replace("گزارش امکان‌سنجی", "گزارش امکان‌سنجی و بازار")
    assert "هیچ‌یک از" in send(changed.replace("شورای راهبری", "مجلس"))
    assert "سطری نیست" in send(changed.splitlines()[0])
    assert "۹۰۰" in send(changed.replace(",300,", ",200,"))  # the weights no longer add up
    for name, longer, most in (("و بازار", "و بازار" * 60, "۱۶۰"), (",300,", f",{'3' * 5000},", "۴")):
        page = send(changed.replace(name, longer, 1))
        assert "ردیف" in page and f"از {most} حرف بلندتر است" in page
    assert "گزارش امکان‌سنجی و بازار" in send(changed)
    with nation_world.as_("nation"):
        assert Procedure.objects.count() == 2
        assert Stage.objects.filter(procedure__edition=2, is_exit=True).get().code == "G8"
    assert nation_world.client("province").get(address).status_code == 403


def test_the_brief_of_a_gate_is_one_page_made_from_the_file(nation_world: World) -> None:
    with nation_world.as_("chair"):
        item = AgendaItem.objects.latest("pk")
    answer = nation_world.client("chair").get(reverse("programme:brief", args=[item.pk]))
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert answer["Content-Type"] == "application/pdf" and len(pages) == 1
    assert nation_world.client("elsewhere").get(reverse("programme:brief", args=[item.pk])).status_code == 404
