"""The pages of payments, each role at its desk: from balances to the bank's answer."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from kandoo.ledger.models import Entry
from kandoo.payments import answer_file
from kandoo.payments.models import BankFile, BankRow, PaymentLine, PaymentRun
from kandoo.selling.tests.lot_stage import fix_the_day, text_of
from tests import paying
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
RUN = "/payments/runs/{}/"
TEN = "10"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    fix_the_day(monkeypatch)


def desk(world: World, name: str, language: str = "en") -> Client:
    client = world.client(name)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def newest_run(world: World) -> PaymentRun:
    with world.as_("agent"):
        return PaymentRun.objects.order_by("-pk")[0]


def upload(world: World, content: bytes, name: str = "answer.csv", who: str = "controller") -> Any:
    return desk(world, who).post("/payments/answers/import/", {"file": SimpleUploadedFile(name, content)})


def test_the_agent_makes_a_run_and_the_controller_approves_it(owed):
    agent, controller = desk(owed, "agent"), desk(owed, "controller")
    home = text_of(agent.get("/"))
    assert "4 parties are owed 1,800,000 toman." in home
    page = text_of(agent.get("/payments/runs/new/"))
    assert "<strong>1,800,000 toman</strong> to 4 parties" in page
    assert "Cannot be paid: no valid Sheba" in page
    shown = agent.post("/payments/runs/new/", {"least": "400000", "executes_on": "1405/09/01", "note": "", "show": "1"})
    assert "<strong>1,200,000 toman</strong> to 2 parties" in text_of(shown)
    agent.post("/payments/runs/new/", {"least": TEN, "executes_on": "۱۴۰۵/۰۹/۰۱", "note": "عسل ۱۴۰۵"})
    run = newest_run(owed)
    line = paying.lines_of(owed, run)["sang"]
    agent.post(f"/payments/{line.pk}/hold/", {"reason": "تأیید شماره"})
    page = text_of(agent.get(RUN.format(run.pk)))
    assert "<strong>1,500,000 toman</strong> in 3 payments." in page
    assert "1 held back (300,000 toman)." in page
    assert "bank-file" not in page
    assert agent.get(f"{RUN.format(run.pk)}bank-file.xml").status_code == 404
    agent.post(f"{RUN.format(run.pk)}propose/")
    assert "<strong>1,500,000 toman</strong> in 1 payment run waits" in text_of(controller.get("/"))
    page = text_of(controller.get(RUN.format(run.pk)))
    assert "3 payments, 1,500,000 toman, are ordered from the bank." in page
    assert "Approve this run" not in text_of(agent.get(RUN.format(run.pk)))
    assert agent.post(f"{RUN.format(run.pk)}approve/").status_code == 403
    answer = controller.post(f"{RUN.format(run.pk)}approve/", follow=True)
    assert "Approved. Take the bank file" in text_of(answer)
    xml = agent.get(f"{RUN.format(run.pk)}bank-file.xml").content
    assert b"<CtrlSum>15000000</CtrlSum>" in xml
    assert "عسل ۱۴۰۵".encode() in xml


def test_a_refused_approval_shows_what_has_changed_and_the_run_goes_back(owed):
    run = paying.propose(owed, paying.make_run(owed, TODAY), NOW)
    paying.owe(owed, "kuh", 1_000_000, "fee_charged")
    controller = desk(owed, "controller")
    page = text_of(controller.post(f"{RUN.format(run.pk)}approve/"))
    assert "Not approved." in page
    assert "700,000 toman" in page
    assert "600,000 toman" in page
    controller.post(f"{RUN.format(run.pk)}send-back/", {"reason": "مانده کوه"})
    agent = desk(owed, "agent")
    assert "was sent back to you" in text_of(agent.get("/"))
    assert "مانده کوه" in text_of(agent.get(RUN.format(run.pk)))
    agent.post(f"{RUN.format(run.pk)}refresh/", {"executes_on": "1405/09/01"})
    agent.post(f"{RUN.format(run.pk)}remark/", {"text": "تازه شد"})
    agent.post(f"{RUN.format(run.pk)}propose/")
    controller.post(f"{RUN.format(run.pk)}approve/")
    assert newest_run(owed).status == "approved"
    assert "cannot be done" in text_of(agent.post(f"{RUN.format(run.pk)}cancel/", {"reason": "x"}, follow=True))


def test_steps_ask_for_their_reason_and_their_seat(owed):
    run = paying.propose(owed, paying.make_run(owed, TODAY), NOW)
    controller = desk(owed, "controller")
    assert "Write why" in text_of(controller.post(f"{RUN.format(run.pk)}send-back/", {}, follow=True))
    assert newest_run(owed).status == "proposed"
    for who, step in (("agent", "send-back"), ("controller", "propose"), ("auditor", "cancel"), ("kuh", "approve")):
        assert desk(owed, who).post(f"{RUN.format(run.pk)}{step}/", {"reason": "x"}).status_code == 403
    assert desk(owed, "kuh").get(RUN.format(run.pk)).status_code == 403
    assert "Answered by the bank" in text_of(desk(owed, "auditor").get(RUN.format(run.pk)))


def test_the_bank_files_hold_the_same_sum_in_every_form(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    client = desk(owed, "controller")
    sheet = load_workbook(io.BytesIO(client.get(f"{RUN.format(run.pk)}bank-file.xlsx").content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert sum(int(str(row[3])) for row in rows[1:]) == 18_000_000
    assert b"18000000" in client.get(f"{RUN.format(run.pk)}bank-file.xml").content
    text = client.get(f"{RUN.format(run.pk)}bank-file.csv").content.decode("utf-8-sig")
    assert text.count("IRR") == 4
    assert client.get(f"{RUN.format(run.pk)}bank-file.doc").status_code == 404
    assert client.get(f"{RUN.format(run.pk)}list.pdf").content.startswith(b"%PDF")
    assert desk(owed, "agent", "fa").get(f"{RUN.format(run.pk)}list.pdf").content.startswith(b"%PDF")
    assert client.get(f"{RUN.format(run.pk)}lines.xlsx").status_code == 200


def test_a_changed_account_is_marked_before_approval(owed, as_owner):
    paying.run_at_bank(owed, NOW, TODAY)
    paying.owe(owed, "kuh", 500_000)
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE register_particulars SET sheba = %s WHERE enterprise_id = %s",
            [paying.sheba_of(31), owed.firms["kuh"].pk],
        )
    run = paying.propose(owed, paying.make_run(owed, TODAY), NOW)
    assert "new account" in text_of(desk(owed, "controller").get(RUN.format(run.pk)))


def test_the_answer_is_previewed_and_then_taken_in(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    lines = paying.lines_of(owed, run)
    stranger = paying.says(lines["sang"], "paid", TODAY, end_to_end="", sheba=paying.sheba_of(777))
    content = paying.answer_csv(
        [paying.says(lines["kuh"], "paid", TODAY), paying.says(lines["darreh"], "rejected", TODAY), stranger]
    )
    answer = upload(owed, content)
    page = text_of(answer)
    assert "Nothing is changed yet." in page
    assert "700,000 toman" in page
    with owed.as_("agent"):
        assert not BankFile.objects.exists()
    controller = desk(owed, "controller")
    token = answer.context["token"]
    done = controller.post("/payments/answers/import/", {"kept": token, "take": "1"}, follow=True)
    assert "3 rows are taken in." in text_of(done)
    assert {name: each.status for name, each in paying.lines_of(owed, run).items()}["kuh"] == "paid"
    assert "was taken in already" in text_of(upload(owed, content))
    again = controller.post("/payments/answers/import/", {"kept": token, "take": "1"})
    assert "not at hand any more" in text_of(again)
    with owed.as_("controller"):
        row = BankRow.objects.get(line=None)
    assert "belongs to no payment" in text_of(controller.get("/payments/unmatched/"))
    page = text_of(controller.get(f"/payments/unmatched/{row.pk}/"))
    assert "بنگاه" in page or "Firm sang" in page
    controller.post(f"/payments/unmatched/{row.pk}/", {"line": lines["sang"].pk})
    assert paying.lines_of(owed, run)["sang"].status == "paid"
    assert "Every row of every answer has its payment." in text_of(controller.get("/payments/answers/"))


def test_a_row_is_marked_as_not_ours_with_a_reason(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    line = paying.lines_of(owed, run)["kuh"]
    stranger = paying.says(line, "paid", TODAY, end_to_end="", sheba=paying.sheba_of(777))
    paying.take_in(owed, paying.answer_csv([stranger]), NOW, TODAY)
    with owed.as_("agent"):
        row = BankRow.objects.get(line=None)
    agent = desk(owed, "agent")
    assert "Write why" in text_of(agent.post(f"/payments/unmatched/{row.pk}/strange/", {}, follow=True))
    page = text_of(agent.post(f"/payments/unmatched/{row.pk}/strange/", {"reason": "از تعاونی دیگر"}, follow=True))
    assert "از تعاونی دیگر" in page
    assert desk(owed, "auditor").post(f"/payments/unmatched/{row.pk}/strange/", {"reason": "x"}).status_code == 403


def test_a_faulty_file_names_row_field_and_reason(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    line = paying.lines_of(owed, run)["kuh"]
    page = text_of(upload(owed, paying.answer_csv([paying.says(line, "paid", TODAY, amount=1)])))
    assert "1 fault was found." in page
    assert "7000000 rial were sent." in page
    assert "Amount (rial)" in page
    assert "This is no XML file" in text_of(upload(owed, b"<a", "answer.xml"))
    assert "Send an Excel file" in text_of(upload(owed, b"x", "answer.pdf"))
    assert "Choose a file." in text_of(desk(owed, "controller").post("/payments/answers/import/", {}))


@pytest.mark.parametrize("size", [answer_file.SIZE_MAX + 1, 200 * 1024 * 1024])
def test_a_file_that_is_too_large_is_refused_in_words(owed, size):
    class Large(io.BytesIO):
        """Zeros without end, so that the test holds no such file."""

    file = SimpleUploadedFile("answer.csv", b"")
    file.file = Large(b"0" * size)
    file.size = size
    answer = desk(owed, "agent").post("/payments/answers/import/", {"file": file})
    assert answer.status_code == 200
    assert "larger than 20 MB" in text_of(answer)


def test_the_template_holds_what_is_at_the_bank_and_can_be_sent_back(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    content = desk(owed, "controller").get("/payments/answers/template.xlsx").content
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for place in range(2, sheet.max_row + 1):
        sheet.cell(place, 5, "Paid")
        sheet.cell(place, 6, f"R{place}")
        sheet.cell(place, 7, TODAY)
    passing = io.BytesIO()
    book.save(passing)
    paying.take_in(owed, passing.getvalue(), NOW, TODAY, name="answer.xlsx")
    assert {each.status for each in paying.lines_of(owed, run).values()} == {"paid"}
    assert newest_run(owed).status == "answered"


def test_a_payment_that_came_back_is_booked_from_its_page(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    line = paying.lines_of(owed, run)["kuh"]
    paying.take_in(owed, paying.answer_csv([paying.says(line, "paid", TODAY)]), NOW, TODAY)
    controller = desk(owed, "controller")
    assert "The bank gave it back" in text_of(controller.get(f"/payments/{line.pk}/"))
    assert "required" in text_of(controller.post(f"/payments/{line.pk}/return/", {"on": "1405/09/01"}))
    page = text_of(
        controller.post(f"/payments/{line.pk}/return/", {"on": "1405/09/01", "reason": "مسدود"}, follow=True)
    )
    assert "was paid and came back" in page
    assert f"payment/{line.pk}/confirmed/reversed" in page


def test_a_member_reads_its_own_payments_and_no_more(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    lines = paying.lines_of(owed, run)
    rows = [paying.says(lines["kuh"], "paid", TODAY), paying.says(lines["darreh"], "rejected", TODAY)]
    paying.take_in(owed, paying.answer_csv(rows), NOW, TODAY)
    kuh, darreh = desk(owed, "kuh"), desk(owed, "darreh")
    page = text_of(kuh.get("/payments/"))
    assert "<strong>700,000 toman</strong> was paid into your account" in page
    assert lines["kuh"].sheba not in page
    assert lines["kuh"].sheba[-4:] in page
    assert "The bank could not pay 500,000 toman: حساب بسته است." in text_of(darreh.get("/payments/"))
    assert lines["kuh"].sheba in text_of(kuh.get(f"/payments/{lines['kuh'].pk}/"))
    assert kuh.get(f"/payments/{lines['darreh'].pk}/").status_code == 404
    assert kuh.get("/payments/answers/").status_code == 403
    assert kuh.get("/payments/account/").status_code == 403
    assert "PR-1405" not in text_of(kuh.get(f"/payments/{lines['kuh'].pk}/")).split("<h1>")[0].split("k-crumbs")[-1]
    file = load_workbook(io.BytesIO(kuh.get("/payments/export.xlsx").content)).worksheets[0]
    assert [row[2] for row in file.iter_rows(min_row=2, values_only=True)] == [lines["kuh"].sheba[-4:]]
    assert "was paid into your account." in text_of(kuh.get("/notices/"))
    assert "700,000 toman" in text_of(kuh.get("/notices/"))
    assert desk(owed, "rud").get("/payments/").status_code == 200
    assert desk(owed, "officer").get("/payments/").status_code == 403


def test_the_journal_offers_no_reversal_of_a_payment(owed):
    paying.run_at_bank(owed, NOW, TODAY)
    with owed.as_("agent"):
        entry = Entry.objects.filter(rule="payment_sent")[0]
    agent = desk(owed, "agent")
    page = f"/ledger/journal/{entry.pk}/"
    assert "Reverse this entry" not in text_of(agent.get(page))
    assert agent.post(f"{page}reverse/", {"reason": "نه"}).status_code == 200
    with owed.as_("agent"):
        assert not Entry.objects.filter(reverses=entry).exists()


def test_a_draft_is_no_members_to_see(owed):
    run = paying.make_run(owed, TODAY)
    line = paying.lines_of(owed, run)["kuh"]
    assert desk(owed, "kuh").get(f"/payments/{line.pk}/").status_code == 404
    with owed.as_("kuh"):
        assert not PaymentLine.objects.exists()


def test_lists_are_searched_sorted_and_filtered(owed):
    run = paying.run_at_bank(owed, NOW, TODAY)
    client = desk(owed, "agent")
    page = text_of(client.get(f"{RUN.format(run.pk)}?q=bagh"))
    assert "Firm bagh" in page
    assert "Firm kuh" not in page
    assert "No payment matches" in text_of(client.get(f"{RUN.format(run.pk)}?state=paid"))
    page = text_of(client.get(f"{RUN.format(run.pk)}?sort=-amount"))
    assert page.index("Firm kuh") < page.index("Firm darreh") < page.index("Firm bagh")
    assert run.number in text_of(client.get("/payments/?q=pr-1405&state=approved&sort=-day"))
    assert "No payment run matches" in text_of(client.get("/payments/?state=cancelled"))


def test_the_account_is_written_down_by_the_agent_alone(owed):
    agent = desk(owed, "agent")
    typed = {"holder": "صندوق", "bank": "شعبه یک", "sheba": paying.sheba_of(9), "bic": "bkmnirth"}
    page = text_of(agent.post("/payments/account/", typed | {"sheba": "IR11", "bic": "1"}))
    assert "cannot be right" in page
    assert "eight or eleven" in page
    agent.post("/payments/account/", typed)
    page = text_of(desk(owed, "controller").get("/payments/account/"))
    assert paying.sheba_of(9) in page
    assert "BKMNIRTH" in page
    assert desk(owed, "controller").post("/payments/account/", typed).status_code == 403
