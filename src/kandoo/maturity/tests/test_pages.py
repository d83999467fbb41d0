"""Every page of the room opens for its readers, in Persian with nothing left in English; the way of an assessment."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from kandoo.maturity.catalogue import catalogue
from kandoo.maturity.models import Answer, Assessment, Evidence, PartAnswer, Remark
from kandoo.programme.models import Meeting, PaperEdition
from tests.test_pages import ENGLISH, reachable
from tests.world import World

pytestmark = pytest.mark.django_db
WHO = ("nation", "province", "supervisor", "chair", "inspector", "treasurer", "agent")
LAST = catalogue().questions[-1].code


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_page_opens_for_its_readers(assessed: World, language: str) -> None:
    for name in WHO:
        client = assessed.client(name)
        client.cookies["django_language"] = language
        left: list[str] = []
        seen = 0
        for path, text, reader in reachable(client):
            if not path.startswith("/maturity/"):
                continue
            seen += 1
            assert f'<html lang="{language}"' in text, path
            assert reader.inline == [], path
            left += [f"{path}: {words}" for words in reader.words if language == "fa" and ENGLISH.search(words)]
        assert left == [], "\n".join(left)
        assert seen > 3, name


def page(client: Client, name: str, *args: Any, language: str = "en", **query: str) -> str:
    client.cookies["django_language"] = language
    answer = client.get(reverse(f"maturity:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(client: Client, name: str, data: dict[str, Any], *args: Any) -> str:
    client.cookies["django_language"] = "en"
    answer = client.post(reverse(f"maturity:{name}", args=args), data, follow=True)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_the_programme_lists_what_has_figures_and_finds_any_cluster(assessed: World) -> None:
    client = assessed.client("nation")
    text = page(client, "home")
    assert "عسل لرستان" in text and "زعفران نمونه" in text and "Stone of Azna" not in text
    assert "Stone of Azna" in page(client, "home", q="stone") and "Stone of Azna" in page(client, "home", which="all")
    assert "No cluster here yet" in page(client, "home", q="luck")
    own = assessed.client("province")
    assert "زعفران نمونه" not in page(own, "home", which="all")
    for name in ("file", "assessments"):
        assert own.get(reverse(f"maturity:{name}", args=[assessed.files["saffron"].pk])).status_code == 404


def test_a_file_without_figures_says_so_and_takes_one_with_evidence(assessed: World) -> None:
    stone, client = assessed.files["stone"].pk, assessed.client("province")
    assert "nothing is known" in page(client, "file", stone)
    page(client, "figure_new", stone, "ladder")
    typed = {"value": "۱۵", "count": "40", "dated": "1405/06/01", "origin": "typed", "source": "شمارش عامل"}
    assert "Add what shows it" in post(client, "figure_new", typed, stone, "entry")
    shown = typed | {"document": SimpleUploadedFile("list.pdf", b"%PDF-1.4 list")}
    assert "15%" in post(client, "figure_new", shown, stone, "entry")
    with assessed.as_("province"):
        made = PartAnswer.objects.get(file=stone)
    assert (str(made.value), made.count) == ("0.1500", 40)
    answer = client.get(reverse("maturity:figure_document", args=[made.pk]))
    assert answer.content == b"%PDF-1.4 list" and "list.pdf" in answer["Content-Disposition"]
    assert assessed.client("elsewhere").get(reverse("maturity:figure_document", args=[made.pk])).status_code == 404
    assert client.get(reverse("maturity:figure_new", args=[stone, "luck"])).status_code == 404
    assert assessed.client("supervisor").get(reverse("maturity:figure_new", args=[stone, "entry"])).status_code == 403


def test_the_gauge_of_a_cluster_that_trades_shows_its_parts(trading: World) -> None:
    client = trading.client("supervisor")
    text = page(client, "file", trading.files["honey"].pk)
    for words in ("The parts", "members today", "What would change the answer", "Its way over the years", "kandoo-1"):
        assert words in text
    assert "1 · sharing information" not in text and "beside it" in text
    exported = client.get(reverse("maturity:export", args=[trading.files["honey"].pk]), {"as": "xlsx"})
    rows = list(load_workbook(io.BytesIO(exported.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 10


def test_an_assessment_is_answered_shown_and_submitted_by_page(assessed: World) -> None:
    honey, client = assessed.files["honey"], assessed.client("agent")
    assert client.get(reverse("maturity:own"), follow=True).status_code == 200
    assert "being answered already" in post(client, "begin", {}, honey.pk)
    with assessed.as_("agent"):
        begun = Assessment.objects.get(file=honey, status="open")
        edition = PaperEdition.objects.filter(file=honey).first()
    with assessed.as_("province"):
        meeting = Meeting.objects.filter(agenda__file=honey).first()
    assert edition and meeting
    assert "Choose" in post(client, "evidence_add", {}, begun.pk, "leader")
    post(client, "evidence_add", {"document": SimpleUploadedFile("cv.pdf", b"%PDF-1.4 cv")}, begun.pk, "leader")
    post(client, "evidence_add", {"edition": edition.pk}, begun.pk, "leader")
    officer = assessed.client("province")
    assert "Meeting of" in post(officer, "evidence_add", {"meeting": meeting.pk}, begun.pk, "leader")
    assert "A meeting of the programme" in page(client, "assessment", begun.pk)
    with assessed.as_("agent"):
        first = Evidence.objects.filter(assessment=begun, question="leader").order_by("pk").first()
    assert first is not None
    assert client.get(reverse("maturity:evidence", args=[first.pk])).content == b"%PDF-1.4 cv"
    for question in catalogue().questions:
        text = post(client, "question", {"level": "1", "note": "=1+1"}, begun.pk, question.code)
    assert "Submit this self-assessment" in text and "25 answers are claimed, not shown" in text
    post(client, "evidence_back", {}, first.pk)
    assert "never changes" in post(client, "submit", {}, begun.pk)
    assert client.get(reverse("maturity:question", args=[begun.pk, LAST])).status_code == 404
    assert "Shown the time before" in page(client, "assessment", begun.pk)
    with assessed.as_("agent"):
        assert Answer.objects.filter(assessment=begun, level=1).count() == len(catalogue().questions)


def test_a_supervisor_remarks_and_may_not_answer(assessed: World) -> None:
    client = assessed.client("supervisor")
    with assessed.as_("supervisor"):
        done, begun = Assessment.objects.filter(file=assessed.files["honey"]).order_by("number")
    assert "گواه کجاست" in post(client, "remark", {"question": "mass", "text": "گواه کجاست؟"}, done.pk)
    assert client.post(reverse("maturity:remark", args=[done.pk]), {"question": "luck", "text": "a"}).status_code == 404
    assert client.get(reverse("maturity:question", args=[begun.pk, "mass"])).status_code == 403
    assert assessed.client("agent").post(reverse("maturity:remark", args=[done.pk]), {"text": "a"}).status_code == 403
    with assessed.as_("supervisor"):
        assert Remark.objects.filter(assessment=done).count() == 2


def test_an_assessment_leaves_as_table_and_as_paper(assessed: World) -> None:
    client = assessed.client("nation")
    with assessed.as_("nation"):
        done = Assessment.objects.get(file=assessed.files["honey"], status="submitted")
    for form in ("xlsx", "csv"):
        answer = client.get(reverse("maturity:assessment_export", args=[done.pk]), {"as": form})
        assert answer.status_code == 200
    assert len(answer.content.decode("utf-8-sig").splitlines()) == 1 + len(catalogue().questions)
    assert client.get(reverse("maturity:assessment_export", args=[done.pk]), {"as": "doc"}).status_code == 404
    client.cookies["django_language"] = "en"
    paper = client.get(reverse("maturity:pdf", args=[done.pk]))
    text = "".join(each.extract_text() for each in PdfReader(io.BytesIO(paper.content)).pages)
    assert "No label is claimed" in text and "claimed, not shown" in text
    client.cookies["django_language"] = "fa"
    assert client.get(reverse("maturity:pdf", args=[done.pk])).content[:5] == b"%PDF-"
