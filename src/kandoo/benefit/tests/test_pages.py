"""Pages and papers of the account, seat by seat, and files that are refused."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse
from PIL import Image

from kandoo.benefit.models import Evidence, Gain, StandAlone
from kandoo.benefit.tests.stage import gains_in, give, invoice_of, second_lot, settled_lot
from kandoo.selling.tests.lot_stage import offer_form, rows_of, signed_in, text_of
from tests.world import MEMBERS, add_firm, add_person

pytestmark = pytest.mark.django_db


def typed(**changed: Any) -> dict[str, Any]:
    """A price typed on a phone, in Persian digits."""
    values = {
        "kind": "invoice", "item": "", "who": "میدان بار", "per_unit": "۳۰۰٬۰۰۰", "on": "۱۴۰۵/۰۸/۱۰", "note": "",
        "document": SimpleUploadedFile("bill.pdf", b"%PDF-1.4 own bill %%EOF"),
    }  # fmt: skip
    return {key: value for key, value in (values | changed).items() if value is not None}


def alone_url(world: Any, lot: Any, member: str) -> str:
    return reverse("benefit:alone", args=["lots", lot.pk, world.firms[member].pk])


def test_a_member_documents_its_price_on_the_phone_and_sees_it_count(world, as_owner):
    lot = second_lot(world)
    client = signed_in(world, "kuh", as_owner, "fa")
    url = alone_url(world, lot, "kuh")
    assert "۰ از ۱" in text_of(client.get(url))
    assert client.post(url, typed()).status_code == 302
    page = text_of(client.get(url))
    assert "همه‌چیز مستند است" in page
    with world.as_("kuh"):
        row = Evidence.objects.get(action_id=lot.pk, with_offer=False)
        assert (row.per_unit, row.document_name, row.on.isoformat()) == (3_000_000, "bill.pdf", "2026-11-01")
    paper = client.get(reverse("benefit:evidence_document", args=[row.pk]))
    assert b"".join(paper.streaming_content) == b"%PDF-1.4 own bill %%EOF"
    assert client.post(reverse("benefit:evidence_remove", args=[row.pk])).status_code == 302
    with world.as_("kuh"):
        assert not Evidence.objects.filter(pk=row.pk).exists()


def picture() -> bytes:
    passing = io.BytesIO()
    Image.new("RGB", (8, 8)).save(passing, "PNG")
    return passing.getvalue()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("bill.pdf", b"%PDF-1.4 cut off"), "cut off"),
        (SimpleUploadedFile("bill.pdf", b"not a paper"), "neither a picture"),
        (SimpleUploadedFile("bill.exe", b"MZ\x90\x00"), "neither a picture"),
        (SimpleUploadedFile("bill.png", picture()[:40]), "neither a picture"),
    ],
)
def test_a_broken_or_wrong_file_is_refused_and_nothing_is_written(world, as_owner, file, words):
    lot = second_lot(world)
    client = signed_in(world, "kuh", as_owner)
    page = client.post(alone_url(world, lot, "kuh"), typed(document=file))
    assert page.status_code == 200 and words in text_of(page)
    with world.as_("kuh"):
        assert not Evidence.objects.filter(action_id=lot.pk, with_offer=False).exists()


def test_a_file_of_two_hundred_megabytes_is_refused_cleanly(world, as_owner, tmp_path):
    lot = second_lot(world)
    client = signed_in(world, "kuh", as_owner)
    huge = TemporaryUploadedFile("bill.pdf", "application/pdf", 0, None)
    assert huge.file is not None
    huge.file.truncate(200 * 1024 * 1024)
    huge.seek(0)
    page = client.post(alone_url(world, lot, "kuh"), typed(document=huge))
    huge.close()
    assert page.status_code == 200 and "larger than 20 MB" in text_of(page)
    with world.as_("kuh"):
        assert not Evidence.objects.filter(action_id=lot.pk, with_offer=False).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"document": None}, "paper alone"),
        ({"per_unit": "0"}, "cannot be below"),
        ({"on": "1410/01/01"}, "future"),
        ({"kind": "quotation", "document": None}, "how you were told"),
        ({"kind": "district_median"}, "Select a valid choice"),
        ({"item": "B-0000"}, "Select a valid choice"),
    ],
)
def test_a_price_that_cannot_be_says_which_field_and_why(world, as_owner, changed, words):
    lot = second_lot(world)
    page = text_of(signed_in(world, "kuh", as_owner).post(alone_url(world, lot, "kuh"), typed(**changed)))
    assert words in page


def test_the_offer_form_takes_the_invoice_with_it(world, as_owner):
    client = signed_in(world, "kuh", as_owner)
    batch, lot = world.batches["spare"], world.lots["open"]
    paper = SimpleUploadedFile("bill.pdf", b"%PDF-1.4 with the offer %%EOF")
    form = offer_form(batch, alone_kind="invoice", alone_document=paper, alone_days="۴۵")
    assert client.post(reverse("selling:lot_offer", args=[lot.pk]), form).status_code == 302
    again = text_of(client.get(reverse("selling:lot_offer", args=[lot.pk]) + f"?batch={batch.pk}"))
    assert re.search(r'value="invoice"[^>]*checked', again) and 'value="45"' in again
    with world.as_("kuh"):
        row = Evidence.objects.get(action_id=lot.pk, with_offer=True)
        assert (row.kind, row.per_unit) == ("invoice", 3_100_000)


def test_an_invoice_without_its_paper_is_asked_for_in_the_offer(world, as_owner):
    lot = second_lot(world)
    client = signed_in(world, "kuh", as_owner)
    with world.as_("kuh"):
        batch = lot.offers.get(enterprise=world.firms["kuh"]).batch
    page = text_of(client.post(reverse("selling:lot_offer", args=[lot.pk]), offer_form(batch, alone_kind="invoice")))
    assert "An invoice counts with its paper alone" in page


def test_a_rivals_evidence_gain_and_statement_look_like_missing(world, as_owner):
    rival = gains_in(world, world.lots["settled"])[world.firms["darreh"].pk]
    with world.as_("agent"):
        evidence = Evidence.objects.filter(enterprise=world.firms["darreh"])[0]
    paths = [
        reverse("benefit:gain", args=[rival.pk]),
        reverse("benefit:statement", args=[world.firms["darreh"].pk]),
        reverse("benefit:statement_pdf", args=[world.firms["darreh"].pk, 1405, "fa"]),
        reverse("benefit:alone", args=["lots", world.lots["settled"].pk, world.firms["darreh"].pk]),
        reverse("benefit:evidence_document", args=[evidence.pk]),
    ]
    for name in ("kuh", "officer", "controller", "hamburg", "lab"):
        client = signed_in(world, name, as_owner)
        assert {client.get(path).status_code for path in paths} <= {403, 404}, name


def test_the_statement_reads_from_the_headline_down_to_the_pay_slip(world, as_owner):
    client = signed_in(world, "kuh", as_owner, "fa")
    page = text_of(client.get(reverse("benefit:home")))
    gain = gains_in(world, world.lots["settled"])[world.firms["kuh"].pk]
    for words in ("بی‌خوشه همین عسل", "فروش مشترک: صرفه از کجا آمد", "تحویل‌شده از آنچه پذیرفتید", "۸۷۰ کیلوگرم"):
        assert words in page, words
    detail = text_of(client.get(reverse("benefit:gain", args=[gain.pk])))
    assert "/selling/pay-slips/" in detail and "آخرین فاکتور خود" in detail


def test_a_member_with_nothing_gets_an_empty_but_useful_statement(world, as_owner):
    with world.as_("agent"):
        add_firm(world, "new", "beekeeping", hives=40)
        add_person(world, "new", "member", "new")
    client = signed_in(world, "new", as_owner)
    page = text_of(client.get(reverse("benefit:home")))
    assert "You took part in no joint action" in page and "See the joint lots" in page
    paper = client.get(reverse("benefit:statement_pdf", args=[world.firms["new"].pk, 1405, "en"]))
    assert paper.content.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["fa", "en"])
def test_statements_print_in_both_languages_one_page_each(world, as_owner, language):
    settled_lot(world, documented=("kuh",))
    client = signed_in(world, "agent", as_owner, language)
    one = client.get(reverse("benefit:statement_pdf", args=[world.firms["rud"].pk, 1405, language]))
    every = client.get(reverse("benefit:season_pdf", args=[1405, language]))
    assert pages_of(one.content) == 1
    assert pages_of(every.content) == len(MEMBERS)
    assert client.get(reverse("benefit:statement_pdf", args=[world.firms["rud"].pk, 1405, "de"])).status_code == 404
    assert client.get(reverse("benefit:season_pdf", args=[1399, language])).status_code == 404


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_account_is_filtered_added_up_and_taken_away(world, as_owner):
    settled_lot(world, documented=("kuh", "darreh"))
    client = signed_in(world, "agent", as_owner)
    home = reverse("benefit:home")
    assert "Firm kuh" in text_of(client.get(home))
    sold = reverse("benefit:export", args=["xlsx"]) + "?kind=selling"
    assert len(rows_of(client.get(sold).content)) == 13
    assert len(rows_of(client.get(f"{sold}&evidence=no").content)) == 5
    assert len(rows_of(client.get(f"{sold}&q=kuh").content)) == 3
    for by, words in {"member": "Firm rud", "action": "L-1405", "kind": "Joint selling", "season": "1405"}.items():
        assert words in text_of(client.get(f"{home}?by={by}")), by
    assert "Nothing matches" in text_of(client.get(f"{home}?q=zzz"))
    assert client.get(f"{home}?season=x&kind=x&by=x&page=x").status_code == 200


def test_officers_and_controllers_read_totals_and_no_name(world, as_owner):
    for name in ("officer", "controller"):
        page = text_of(signed_in(world, name, as_owner).get(reverse("benefit:home")))
        assert "In season 1405" in page and "Firm kuh" not in page
        assert 'class="p-gain"' in page


def test_the_agent_sees_who_has_no_evidence_and_whose_file_is_anothers(world, as_owner):
    lot = second_lot(world, documented=("kuh",))
    give(world, "darreh", lot, invoice_of("same"))
    give(world, "rud", lot, invoice_of("same"))
    client = signed_in(world, "agent", as_owner)
    page = text_of(client.get(reverse("benefit:joint", args=["lots", lot.pk])))
    assert "<strong>3 of 6</strong>" in page and "2 members gave a file" in page
    assert "same file as" in text_of(client.get(alone_url(world, lot, "rud")))
    assert "same file as" not in text_of(signed_in(world, "rud", as_owner).get(alone_url(world, lot, "rud")))


def test_the_agent_corrects_a_gain_and_the_member_reads_why(world, as_owner):
    gain = gains_in(world, world.lots["settled"])[world.firms["kuh"].pk]
    client = signed_in(world, "agent", as_owner)
    url = reverse("benefit:correct", args=[gain.pk])
    assert client.get(url).status_code == 200
    typed_in = {"hours": "3", "subsidy": "", "later": "-5,000", "reason": "claim of the buyer"}
    assert client.post(url, typed_in).status_code == 302
    with world.as_("agent"):
        new = Gain.objects.get(corrects=gain)
    assert new.gain == gain.gain - 3_000_000 - 50_000
    page = text_of(signed_in(world, "kuh", as_owner).get(reverse("benefit:gain", args=[new.pk])))
    assert "claim of the buyer" in page
    assert client.get(url).status_code == 404  # corrected already
    assert signed_in(world, "kuh", as_owner).get(reverse("benefit:correct", args=[new.pk])).status_code == 403


def test_public_money_and_the_value_of_an_hour_are_the_agents_to_enter(world, as_owner):
    lot = second_lot(world)
    client = signed_in(world, "agent", as_owner)
    money = {"amount": "۵۰۰۰", "source": "برنامه", "on": "۱۴۰۵/۰۸/۱۰"}
    assert client.post(reverse("benefit:subsidy_add", args=["lots", lot.pk]), money).status_code == 302
    assert "برنامه" in text_of(client.get(reverse("benefit:joint", args=["lots", lot.pk])))
    late = client.post(reverse("benefit:subsidy_add", args=["lots", lot.pk]), money | {"on": "1420/01/01"})
    assert "future" in text_of(late)
    hour = {"season": "1405", "per_hour": "120000", "source": "مزد", "dated": "2026-08-01"}
    assert client.post(reverse("benefit:hour"), hour).status_code == 302
    assert "120,000 toman" in text_of(client.get(reverse("benefit:hour")))
    for name in ("kuh", "officer"):
        assert signed_in(world, name, as_owner).post(reverse("benefit:hour"), hour).status_code == 403
    assert signed_in(world, "auditor", as_owner).post(reverse("benefit:hour"), hour).status_code == 403


def test_own_hours_and_the_median_are_said_on_the_same_page(world, as_owner):
    lot = second_lot(world)
    client = signed_in(world, "kuh", as_owner)
    time = reverse("benefit:own_time", args=["lots", lot.pk, world.firms["kuh"].pk])
    assert client.post(time, {"hours": "۷٫۵", "alone_days": "30"}).status_code == 302
    page = text_of(client.get(alone_url(world, lot, "kuh")))
    assert 'value="7.5"' in page and "Members who documented a price of" in page
    assert "Ensure this value" in text_of(client.post(time, {"hours": "9000"}))
    with world.as_("kuh"):
        item = lot.offers.get(enterprise=world.firms["kuh"]).batch.code
    median = reverse("benefit:median", args=["lots", lot.pk, world.firms["kuh"].pk])
    assert client.post(median, {"item": item}).status_code == 302
    assert "District median" in text_of(client.get(alone_url(world, lot, "kuh")))
    assert client.post(median, {"item": "B-0"}).status_code == 404


def test_what_was_fixed_shows_as_fixed_and_takes_no_form(world, as_owner):
    client = signed_in(world, "kuh", as_owner)
    url = alone_url(world, world.lots["settled"], "kuh")
    page = text_of(client.get(url))
    assert "documented when it was agreed" in page and "Add a price" not in page
    assert client.post(url, typed()).status_code == 404
    with world.as_("kuh"):
        assert StandAlone.objects.get(action_id=world.lots["settled"].pk).is_documented
