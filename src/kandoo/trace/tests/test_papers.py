"""Papers to print: each in both languages, with what it must say and nothing it must not."""

import io
from collections.abc import Callable

import pytest
from django.http import Http404
from pypdf import PdfReader

from kandoo.selling.models import Lot, PaySlip, PlanLine
from kandoo.site import language as lang
from kandoo.site import security
from kandoo.trace import papers
from kandoo.trace.models import TracePage
from kandoo.trace.papers.label import label_data
from kandoo.trace.papers.pay_slip import pay_slip_data
from kandoo.trace.tests.staging import Stage, play_to_plan

pytestmark = pytest.mark.django_db

BASE = "https://kandoo.example.ir"
LANGUAGES = ("fa", "en")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_label_is_one_a6_page_that_leads_to_the_trace_page(delivered: Stage, language: str) -> None:
    assert delivered.lot is not None
    assert delivered.order is not None
    with security.acting_as(delivered.people["agent"].pk):
        pdf = papers.label_pdf(delivered.lot, delivered.order, language, BASE + "/")
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    millimetres = [round(float(side) * 25.4 / 72) for side in (page.mediabox.width, page.mediabox.height)]
    assert millimetres == [105, 148]
    assert delivered.lot.code in text_of(pdf)
    token = TracePage.objects.get().token
    said = label_data(TracePage.objects.get().content, f"{BASE}/t/{token}/", language)
    assert said["qr"].startswith("<svg")
    assert "100" in lang.latin_digits(said["origin"])
    assert token in "".join(text_of(pdf).split())


def test_there_is_no_label_before_delivery(stage: Stage) -> None:
    planned = play_to_plan(stage)
    assert planned.lot is not None
    assert planned.order is not None
    with security.acting_as(planned.people["agent"].pk), pytest.raises(Http404):
        papers.label_pdf(planned.lot, planned.order, "fa", BASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sampling_sheet_names_every_batch_and_its_drums(stage: Stage, language: str) -> None:
    planned = play_to_plan(stage)
    assert planned.lot is not None
    with security.acting_as(planned.people["agent"].pk):
        text = text_of(papers.sampling_pdf(planned.lot, language))
        lines = list(PlanLine.objects.filter(plan=planned.lot.plan).select_related("offer__batch"))
    assert len(lines) == 12
    assert all(line.offer.batch.code in text for line in lines)
    if language == "en":  # text taken from a right-to-left page has its figures turned round
        assert "3,000 g in all" in text  # 12 samples of 250 g


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pay_slip_fits_one_page_and_its_amounts_add_up(settled: Stage, language: str) -> None:
    with security.acting_as(settled.people["member-1"].pk):
        slip = PaySlip.objects.select_related("lot__cluster", "enterprise").get()
        pdf = papers.pay_slip_pdf(slip, language)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert slip.number in text_of(pdf)
    if language == "en":
        for amount in (slip.amount, slip.first, slip.final, slip.content["gain"], slip.content["alone"]):
            assert f"{amount:,}" in text_of(pdf)  # the rial beside the toman


def test_every_amount_on_a_pay_slip_has_its_reason_and_unit(settled: Stage) -> None:
    from kandoo.selling.slip_reading import read_slip

    with security.acting_as(settled.people["member-1"].pk):
        said = pay_slip_data(read_slip(PaySlip.objects.select_related("lot__cluster", "enterprise").get()), "fa")
    rows = [row for part in said["parts"] for row in part["rows"]] + said["payments"]
    assert len(rows) >= 4
    assert all(row["why"] for row in rows)
    assert all(row["amount"]["toman"].endswith("تومان") and row["amount"]["rial"].endswith("ریال") for row in rows)


def test_a_member_cannot_print_the_slip_of_another(settled: Stage) -> None:
    with security.acting_as(settled.people["member-2"].pk):
        assert set(PaySlip.objects.values_list("enterprise", flat=True)) == {settled.firms["member-2"].pk}


def test_what_people_typed_is_printed_and_never_run(stage: Stage, as_owner: Callable[[], object]) -> None:
    planned = play_to_plan(stage)
    assert planned.lot is not None
    wild = '#panic("no") *b* $x$ <a> "'
    with security.acting_as(planned.people["agent"].pk):
        Lot.objects.filter(pk=planned.lot.pk).update(title=wild)
        planned.lot.refresh_from_db()
        assert '#panic("no")' in text_of(papers.sampling_pdf(planned.lot, "en"))
