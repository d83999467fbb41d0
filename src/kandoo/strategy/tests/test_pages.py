"""Pages of diagnosis and plan: who may open them, what they say first, what they refuse, tables in and out, paper."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from kandoo.credit.models import Activity
from kandoo.programme import actions as programme
from kandoo.strategy.models import Actor, Diagnosis, Node, Problem, SwotPoint, Vision
from kandoo.strategy.parts import STAGES
from kandoo.strategy.queries.burn import burn_of, planned_until
from kandoo.strategy.queries.chain import chain_of, gaps_of, summary_of
from kandoo.strategy.queries.gantt import gantt_of
from kandoo.strategy.queries.rows import Holder
from tests import crediting, strategy
from tests.test_pages import ENGLISH, Reader, read
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(funded: World) -> World:
    with funded.as_("province"):
        programme.link_tenant(by=funded.people["province"], file=funded.files["honey"], code=funded.cluster.code)
    strategy.plan_strategy(funded, NOW, TODAY)
    return funded


def post(client: Client, path: str, **values: Any) -> str:
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200, path
    return answer.content.decode()


def _starts(world: World, name: str) -> list[str]:
    return [f"/strategy/files/{world.files['honey'].pk}/", "/strategy/own/" if name == "agent" else "/strategy/"]


def reachable(client: Client, *starts: str) -> Iterator[tuple[str, str, Reader]]:
    """Pages of this room reached by following links from some of its pages, one of each kind of address."""
    waiting, seen = list(starts), set()
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "#", path.split("?")[0]) + "?" * ("?" in path)
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(path)
        assert answer.status_code in (200, 302), f"{path} answers {answer.status_code}"
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        text = answer.content.decode()
        reader = read(text)
        yield path, text, reader
        links = (urlsplit(urljoin(path, link)) for link in reader.links)
        waiting += [
            each.path + f"?{each.query}" * bool(each.query) for each in links if each.path.startswith("/strategy/")
        ]


@pytest.mark.parametrize("name", ["province", "supervisor", "treasurer", "agent"])
def test_every_page_opens_in_persian_with_nothing_left_in_english(planned: World, name: str) -> None:
    client = planned.client(name)
    seen, left = [], []
    for path, text, reader in reachable(client, *_starts(planned, name)):
        seen.append(path)
        assert '<html lang="fa" dir="rtl">' in text and reader.inline == [], path
        left += [f"{path}: {words}" for words in reader.words if ENGLISH.search(words)]
    assert len(seen) >= 10, seen
    assert left == [], "\n".join(left)


def test_every_page_of_the_officer_opens_in_english(planned: World) -> None:
    client = planned.client("province")
    client.cookies["django_language"] = "en"
    for path, text, reader in reachable(client, *_starts(planned, "province")):
        assert '<html lang="en" dir="ltr">' in text and reader.inline == [], path


def test_another_provinces_study_is_missing(planned: World) -> None:
    honey = planned.files["honey"].pk
    with planned.as_("province"):
        node = Node.objects.filter(file=honey).first()
        activity = Activity.objects.filter(file=honey).first()
    assert node is not None and activity is not None
    client = planned.client("elsewhere")
    for path in (
        f"/strategy/files/{honey}/",
        f"/strategy/files/{honey}/diagnosis/1/",
        f"/strategy/files/{honey}/diagnosis/1/actors/",
        f"/strategy/files/{honey}/diagnosis/1/actors/table.csv",
        f"/strategy/files/{honey}/diagnosis/1/study.pdf",
        f"/strategy/files/{honey}/plan.pdf",
        f"/strategy/files/{honey}/chain/{node.pk}/",
        f"/strategy/activities/{activity.pk}/",
    ):
        assert client.get(path).status_code == 404, path
    assert "عسل" not in client.get("/strategy/").content.decode()


@pytest.mark.parametrize("name", ["supervisor", "treasurer", "chair"])
def test_who_may_read_may_not_write(funded: World, name: str) -> None:
    honey = funded.files["honey"]
    strategy.begin(funded, honey, NOW)
    client = funded.client(name)
    assert client.get(f"/strategy/files/{honey.pk}/diagnosis/1/actors/").status_code == 200
    assert client.get(f"/strategy/files/{honey.pk}/diagnosis/1/actors/new/").status_code == 403
    assert client.get(f"/strategy/files/{honey.pk}/vision/").status_code == 404


def test_an_agent_writes_a_study_and_a_supervisor_makes_it_the_baseline(funded: World) -> None:
    honey = funded.files["honey"]
    with funded.as_("province"):
        programme.link_tenant(by=funded.people["province"], file=honey, code=funded.cluster.code)
    agent = funded.client("agent")
    base = f"/strategy/files/{honey.pk}/diagnosis/"
    assert "هنوز مطالعه‌ای آغاز نشده است" in agent.get(base).content.decode()
    assert "۵</strong> چیز کم است" in post(agent, f"{base}new/")
    actor = {
        "code": "A1",
        "name_fa": "زنبورداران",
        "kind": "firm",
        "role": "تولید",
        "members": "۳۶۰۰",
        "power": "۲",
        "interest": "۵",
        "source": "سرشماری",
    }
    assert "بازهٔ" not in post(agent, f"{base}1/actors/new/", **actor)
    assert "این از پیش هست" in post(agent, f"{base}1/actors/new/", **actor)
    holder = Holder(honey, _edition(funded, "agent"))
    for code, rows in strategy.STUDY.items():
        strategy.write(funded, holder, code, rows, NOW, by="agent")
    assert "مطالعه در انتظار ناظر است" in post(agent, f"{base}1/prepare/")
    assert agent.get(f"{base}1/actors/new/").status_code == 403
    supervisor = funded.client("supervisor")
    assert "تأیید به عنوان خط پایه" in supervisor.get(f"{base}1/").content.decode()
    assert "مطالعه خط پایه شد" in post(supervisor, f"{base}1/confirm/", on="1405/08/01")
    assert _edition(funded, "agent").baseline_on == date(2026, 10, 23)
    text = post(agent, f"{base}new/", reason="بازنگری سالانه")
    assert "ویرایش ۲" in text


def _edition(world: World, name: str) -> Diagnosis:
    with world.as_(name):
        found = Diagnosis.objects.select_related("file").order_by("-number").first()
    assert found is not None
    return found


def test_a_study_shows_its_findings(planned: World) -> None:
    text = planned.client("province").get(f"/strategy/files/{planned.files['honey'].pk}/diagnosis/1/").content.decode()
    assert "قدرت بسیار و علاقهٔ کم: بسته‌بندان" in text
    assert "۸۵٪ ارزش افزوده در خوشه می‌ماند" in text  # (4.4e12 · 0.9 + 0.4e12 · 0.3) / 4.8e12
    assert "هزینهٔ حمل تا کارگاه" in text  # why the price does not meet
    assert "۱ علت از ۲ علت" in text
    assert "خط پایهٔ" in text


def upload(client: Client, path: str, rows: str) -> str:
    return post(client, path, file=SimpleUploadedFile("part.csv", rows.encode()))


def test_a_table_of_a_part_is_taken_whole_or_not_at_all(funded: World) -> None:
    honey = funded.files["honey"]
    holder = strategy.begin(funded, honey, NOW)
    client = funded.client("province")
    path = f"/strategy/files/{honey.pk}/diagnosis/1/problems/import/"
    head = "کد,به فارسی,سوی درخت,آویخته به,شاهد\n"
    text = upload(client, path, f"{head}P1,هسته,مسئلهٔ اصلی,,شاهد\nP2,علت,شاید,P9,\nP2,علت,علت,P1,شاهد\n")
    for fault in ("هیچ‌یک از این‌ها نیست", "چیزی با کد", "این لازم است", "سطر ۳ هم آمده است"):
        assert fault in text, re.findall(r"<td[^>]*>(.*?)</td>", text)
    text = upload(client, path, f"{head}P1,هسته,مسئلهٔ اصلی,,شاهد\nP2,اثر,اثر,P3,شاهد\nP3,علت,علت,P1,شاهد\n")
    assert "آویخته است" in text and ">آویخته به</td>" in text
    with funded.as_("province"):
        assert not Problem.objects.exists()
    good = f"{head}P3,ریشه,علت,P2,شاهد\nP2,علت,علت,P1,شاهد\nP1,هسته,core,,شاهد\n"
    assert "۳ سطر خوانده شد" in upload(client, path, good)
    assert "همین پرونده پیش‌تر خوانده شده است" in upload(client, path, good)
    with funded.as_("province"):
        assert Problem.objects.get(code="P3").parent == Problem.objects.get(code="P2")
    for name, content in (("x.xlsx", b"PK\x03\x04 broken"), ("x.doc", b"?"), ("x.csv", b"")):
        text = post(client, path, file=SimpleUploadedFile(name, content))
        assert "خوانده شد" not in text
    assert holder.diagnosis is not None


@pytest.mark.parametrize(
    ("cell", "fault"),
    [("abc", "عددی از"), ("-5", "عددی از"), ("12.55", "ریزتر"), ("101", "عددی از"), ("NaN", "عددی از")],
)
def test_a_percentage_that_is_none_is_told_by_its_row(funded: World, cell: str, fault: str) -> None:
    honey = funded.files["honey"]
    strategy.begin(funded, honey, NOW)
    head = "code,position,name_fa,firms,unit,volume,price_in,price_out,inside,source,dated\n"
    path = f"/strategy/files/{honey.pk}/diagnosis/1/stages/import/"
    text = upload(funded.client("province"), path, f"{head}S1,1,کندو,10,کیلوگرم,100,1000,2000,{cell},منبع,1405/01/01\n")
    assert fault in text and "۲</th>" in text


def test_a_part_leaves_as_a_table_and_comes_back_the_same(stage: Any, funded: World) -> None:
    honey = funded.files["honey"]
    client = funded.client("province")
    for code in ("actors", "links", "stages", "swot", "problems"):
        base = f"/strategy/files/{honey.pk}/diagnosis/1/{code}"
        book = client.get(f"{base}/table.xlsx").content
        sheet = load_workbook(io.BytesIO(book)).active
        assert sheet is not None and sheet.max_row == len(strategy.STUDY[code]) + 1
        answer = post(client, f"{base}/import/", file=SimpleUploadedFile(f"{code}.xlsx", book))
        assert "سطر خوانده شد" in answer, code
        assert client.get(f"{base}/template.csv").status_code == 200
    with funded.as_("province"):
        assert Actor.objects.count() == 2 and SwotPoint.objects.count() == 4
        assert stage.study.rows(STAGES)[0].price_out == 1_500_000


def test_the_vision_comes_in_turns(funded: World) -> None:
    honey = funded.files["honey"].pk
    client = funded.client("province")
    values = {"text_fa": "عسل ما در جهان", "by_year": "۱۴۰۸", "agreed_on": "1405/08/01", "agreed_by": "شورای راهبری"}
    assert "عسل ما در جهان" in post(client, f"/strategy/files/{honey}/vision/", **values)
    assert "در آینده" in post(client, f"/strategy/files/{honey}/vision/", **values | {"agreed_on": "1420/01/01"})
    post(client, f"/strategy/files/{honey}/vision/", **values | {"text_fa": "بهترین عسل"})
    with funded.as_("province"):
        assert [each.text_fa for each in Vision.objects.all()] == ["بهترین عسل", "عسل ما در جهان"]


def test_gaps_of_the_chain_are_named(planned: World) -> None:
    honey = planned.files["honey"]
    strategy.put(planned, Holder(honey), "chain", code="N8", level="activity", text_fa="بازدید بی‌نتیجه")
    strategy.put(planned, Holder(honey), "chain", code="N9", level="impact", text_fa="اشتغال")
    text = planned.client("province").get(f"/strategy/files/{honey.pk}/chain/").content.decode()
    assert "«بازدید بی‌نتیجه» به ستانده‌ای نمی‌رسد" in text
    assert "اثر «اشتغال» بر پیامدی استوار نیست" in text
    assert "فعالیت «فعالیت A1» در زنجیره جایی ندارد" in text
    with planned.as_("province"):
        kinds = [each.kind for each in gaps_of(chain_of(honey, TODAY))]
        assert {"unplaced", "no_output", "no_outcome"} <= set(kinds)
        summary = summary_of(honey, TODAY)
    assert [len(each.nodes) for each in summary.levels] == [1, 2, 1, 1, 2]
    assert (summary.activities, summary.done, len(summary.objectives)) == (2, 0, 1)
    assert not summary.is_empty


def test_one_walks_from_money_to_the_outcome_and_back(planned: World) -> None:
    honey = planned.files["honey"].pk
    with planned.as_("province"):
        training = Activity.objects.get(code="A2")
        outcome = Node.objects.get(code="N4")
    client = planned.client("province")
    text = client.get(f"/strategy/activities/{training.pk}/").content.decode()
    assert "بهرهای بی‌باقی‌مانده" in text and "درآمد بیشتر خانوار" in text and "/credit/movements/" in text
    back = client.get(f"/strategy/files/{honey}/chain/{outcome.pk}/").content.decode()
    assert "آموزش پرهیز" in back and "/credit/movements/" in back
    assert f"/strategy/activities/{training.pk}/" in client.get(f"/credit/activities/{training.pk}/").content.decode()


def test_the_list_says_who_has_a_baseline_and_what_is_late(planned: World) -> None:
    crediting.plan(planned, "A9", "agent", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1))
    text = planned.client("province").get("/strategy/").content.decode()
    assert "<strong>۱</strong> خوشه از ۲ خوشهٔ لرستان خط پایه دارد" in text
    for state, shown in (("baseline", "عسل"), ("none", "سنگ"), ("late", "عسل"), ("unfunded", "عسل")):
        rows = planned.client("province").get(f"/strategy/?state={state}").content.decode().split("<tbody>")[1]
        assert shown in rows and ("عسل" in rows) + ("سنگ" in rows) == 1, state


def test_activities_come_from_a_table_with_the_rule_of_cost(funded: World) -> None:
    honey = funded.files["honey"]
    client = funded.client("province")
    path = f"/strategy/files/{honey.pk}/activities/import/"
    head = "code,name_fa,kind,owner,cost,member_share,other_share,starts_on,ends_on,indicator,effect\n"
    row = "B1,آموزش تازه,آموزش,عامل,1000000,{share},0,1405/01/01,1405/06/01,شمار,ده نفر\n"
    assert "حداکثر ۵۰٪" in upload(client, path, head + row.format(share=20))
    with funded.as_("province"):
        assert not Activity.objects.filter(code="B1").exists()
    assert "۱ سطر خوانده شد" in upload(client, path, head + row.format(share=50))
    with funded.as_("province"):
        made = Activity.objects.get(code="B1")
    assert (made.member_share, made.cost, made.owner, made.file_id) == (500, 10_000_000, "عامل", honey.pk)
    table = client.get(f"/strategy/files/{honey.pk}/activities/table.csv").content.decode("utf-8-sig")
    assert "آموزش تازه" in table


def test_an_activity_is_changed_on_its_page(funded: World) -> None:
    with funded.as_("province"):
        activity = Activity.objects.get(code="A2")
    client = funded.client("province")
    path = f"/credit/activities/{activity.pk}/edit/"
    assert 'value="50"' in client.get(path).content.decode()
    values = {
        "kind": "training", "name_fa": "آموزش بهتر", "owner": "مسئول تازه", "cost": "900000000", "member": "40", "other": "",
        "starts_on": "1404/03/11", "ends_on": "1406/03/11", "indicator": "شمار", "effect": "ده نفر",
    }  # fmt: skip
    text = post(client, path, **values)
    assert "حداکثر ۵۰٪" in text and "آموزش بهتر" in text
    text = post(client, path, **values | {"member": "60"})
    assert "مسئول تازه" in text and "اعضا ۶۰٪" in text
    assert funded.client("treasurer").get(path).status_code == 403


def test_the_burn_adds_up(planned: World) -> None:
    honey = planned.files["honey"]
    with planned.as_("province"):
        burnt, gantt = burn_of(honey, TODAY), gantt_of(honey, TODAY)
        activities = list(Activity.objects.filter(file=honey))
    assert burnt is not None and gantt is not None
    assert burnt.points[-1].planned == sum(each.borne["agency"] for each in activities)
    assert [each.planned for each in burnt.points] == sorted(each.planned for each in burnt.points)
    assert burnt.now.paid == (60 + 48 + 40) * crediting.MILLION and burnt.now.committed == 400 * crediting.MILLION
    assert sum(each.paid for each in burnt.years) == burnt.now.paid
    assert sum(each.planned for each in burnt.years) == burnt.points[-1].planned
    assert planned_until(activities[0], activities[0].starts_on) == 0
    assert 0 <= gantt.at(TODAY) <= 1 and all(0 <= gantt.at(each.activity.ends_on) <= 1 for each in gantt.rows)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_study_and_plan_go_on_paper(planned: World, language: str) -> None:
    client = planned.client("agent")
    client.cookies["django_language"] = language
    honey = planned.files["honey"].pk
    for path in (f"/strategy/files/{honey}/diagnosis/1/study.pdf", f"/strategy/files/{honey}/plan.pdf"):
        answer = client.get(path)
        assert answer.content.startswith(b"%PDF-") and answer["Content-Type"] == "application/pdf", path


def test_a_row_on_which_something_hangs_stays(stage: Any, funded: World, as_owner: Callable[[], Any]) -> None:
    honey = funded.files["honey"].pk
    with funded.as_("province"):
        core, effect = Problem.objects.get(code="P1"), Problem.objects.get(code="P4")
    client = funded.client("province")
    base = f"/strategy/files/{honey}/diagnosis/1/problems"
    assert "چیز دیگری" in post(client, f"{base}/{core.pk}/remove/")
    assert "برداشته شد" in post(client, f"{base}/{effect.pk}/remove/")
    assert client.get(f"{base}/{core.pk}/remove/").status_code == 405
    assert stage.diagnosis.status == "draft"
