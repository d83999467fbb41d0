"""A supplier's quotation through its pages: typed, read back, sealed, changed, taken back; its papers; who sees it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kandoo.buying.models import Certificate, Quotation, Round
from kandoo.buying.tests import stage as st
from kandoo.buying.tests.stage import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> st.Stage:
    st.fix_the_day(monkeypatch)
    return st.staged(as_owner)


@pytest.fixture
def this(stage: st.Stage) -> Round:
    jar = stage.items["jar"]
    return st.opened(stage, substitutes={stage.items["wax"].pk: [jar]})


def typed(stage: st.Stage, this: Round, **changed: str) -> dict[str, str]:
    """Sugar in two steps as a supplier types it, in Persian digits, and no other item."""
    with stage.as_("jars"):
        sugar = st.item_in(this, "sugar").pk
        places = {f"to_{each.pk}": "on" for each in this.places.all()}
    return {
        f"i{sugar}_rows": "3",
        f"i{sugar}_kind": "all_units",
        f"i{sugar}_from_0": "۱",
        f"i{sugar}_price_0": "۵۸٬۰۰۰",
        f"i{sugar}_from_1": "1,000",
        f"i{sugar}_price_1": "50000",
        f"i{sugar}_pack": "50",
        "minimum_order": "30000000",
        "valid_until": "1405/11/01",
        "payment_days": "30",
        "shows_steps": "on",
        **places,
        **{name.replace("sugar_", f"i{sugar}_"): value for name, value in changed.items()},
    }


def given(stage: st.Stage, name: str = "jars") -> Quotation | None:
    with stage.as_(name):
        return Quotation.objects.prefetch_related("lines", "places").first()


def address(this: Round, rest: str = "") -> str:
    return f"/buying/rounds/{this.pk}/quote/{rest}"


def test_a_quotation_is_read_back_before_it_is_given_and_amounts_are_kept_in_rial(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    page = text_of(client.get(address(this)))
    assert "nobody but you reads a figure of it, the agent included" in page
    page = text_of(client.post(address(this), {**typed(stage, this), "step": "check"}))
    assert "1 to 999 kg: 58,000 toman each" in page
    assert "1,000 kg and more: 50,000 toman each" in page
    assert "An order of 1,000 kg costs 50,000,000 toman: all of it at 50,000 toman each." in page
    assert given(stage) is None
    answer = client.post(address(this), {**typed(stage, this), "step": "send"})
    assert answer.status_code == 302
    found = given(stage)
    assert found is not None
    assert (found.minimum_order, found.payment_days, found.shows_steps) == (300_000_000, 30, True)
    [line] = found.lines.all()
    assert line.steps == [[1, 580_000], [1_000, 500_000]]
    assert not found.places.all()  # everywhere, at no more


def test_incremental_steps_count_each_price_for_its_own_units(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    page = text_of(client.post(address(this), {**typed(stage, this, sugar_kind="incremental"), "step": "check"}))
    # 999 at 58 000 and one at 50 000
    assert "costs 57,992,000 toman: 999 × 58,000 toman + 1 × 50,000 toman." in page
    assert "p-average" in page


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_given(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    for changed, words in (
        ({"sugar_from_1": "1"}, "There is a step from this quantity already."),
        ({"sugar_price_1": ""}, "Write the price of a unit."),
        ({"sugar_from_1": ""}, "From how many units does this price hold?"),
        ({"sugar_price_0": "ارزان"}, "Write an amount in toman"),
        ({"sugar_price_0": "", "sugar_from_1": "", "sugar_price_1": ""}, "Write the price of one item at least."),
        ({"sugar_capacity": "10", "sugar_from_0": "50"}, "The most you can deliver is below the first step."),
        ({"valid_until": "1405/09/02"}, "It holds until the round closes"),
        ({"valid_until": "فردا"}, "There is no such day."),
    ):
        page = text_of(client.post(address(this), {**typed(stage, this, **changed), "step": "send"}))
        assert words in page, changed
    nowhere = {name: value for name, value in typed(stage, this).items() if not name.startswith("to_")}
    assert "Deliver to one point at least." in text_of(client.post(address(this), {**nowhere, "step": "send"}))
    assert given(stage) is None


def test_more_rows_and_a_change_keep_what_was_typed(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    sugar = next(name for name in typed(stage, this)).removesuffix("_rows")
    page = text_of(client.post(address(this), {**typed(stage, this), "step": f"more-{sugar[1:]}"}))
    assert f"{sugar}_price_5" in page and 'value="1,000"' in page and "Please correct" not in page
    page = text_of(client.post(address(this), {**typed(stage, this), "step": "change"}))
    assert 'value="1,000"' in page and "Please correct" not in page
    many = text_of(client.post(address(this), {**typed(stage, this, sugar_rows="999999"), "step": "change"}))
    assert f"{sugar}_price_39" in many and f"{sugar}_price_40" not in many


def test_a_substitute_is_brought_only_where_the_round_allows_it(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    with stage.as_("jars"):
        wax, jar = st.item_in(this, "wax").pk, stage.items["jar"].pk
    quoted = {f"i{wax}_from_0": "1", f"i{wax}_price_0": "40000", f"i{wax}_brings": str(jar), f"i{wax}_rows": "3"}
    page = text_of(client.post(address(this), {**typed(stage, this), **quoted, "step": "check"}))
    assert "you bring Honey jar" in page
    quoted[f"i{wax}_brings"] = str(stage.items["sugar"].pk)
    assert "Select a valid choice" in text_of(
        client.post(address(this), {**typed(stage, this), **quoted, "step": "send"})
    )


def test_points_may_be_left_out_and_cost_more(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    with stage.as_("jars"):
        town, village = st.place_in(this, "shahr").pk, st.place_in(this, "roosta").pk
    sent = typed(stage, this) | {f"delivery_{town}": "200000"}
    del sent[f"to_{village}"]
    client.post(address(this), {**sent, "step": "send"})
    found = given(stage)
    assert found is not None
    assert [(each.place_id, each.delivery) for each in found.places.all()] == [(town, 2_000_000)]
    page = text_of(client.get(address(this)))
    assert 'value="200000"' in page  # shown again to be changed


def test_a_quotation_is_changed_and_taken_back_until_the_round_closes(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    client.post(address(this), {**typed(stage, this), "step": "send"})
    client.post(address(this), {**typed(stage, this, sugar_price_1="49000"), "step": "send"})
    found = given(stage)
    assert found is not None and found.lines.get().steps[1] == [1_000, 490_000]
    client.post(address(this, "withdraw/"))
    with stage.as_("jars"):
        assert Quotation.objects.get().is_withdrawn
    assert client.post(address(this, "withdraw/")).status_code == 404
    client.post(address(this), {**typed(stage, this), "step": "send"})
    with stage.as_("jars"):
        assert not Quotation.objects.get().is_withdrawn


def opened_by_the_agent(stage: st.Stage, this: Round) -> None:
    from datetime import UTC, datetime

    with stage.as_("agent"):
        Round.objects.filter(pk=this.pk).update(quotes_opened_at=datetime(2026, 12, 3, tzinfo=UTC))


def test_after_closing_it_is_read_only_and_the_agent_and_auditor_read_it(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    client.post(address(this), {**typed(stage, this), "step": "send"})
    found = given(stage)
    assert found is not None
    staff_page = f"/buying/quotations/{found.pk}/"
    for name in ("agent", "auditor"):
        assert signed_in(stage, name, as_owner).get(staff_page).status_code == 404
    opened_by_the_agent(stage, this)
    page = text_of(client.get(address(this)))
    assert "it stays as it is" in page and '<form class="k-form"' not in page
    assert "no longer taken" in text_of(client.post(address(this), {**typed(stage, this), "step": "send"}, follow=True))
    for name in ("agent", "auditor"):
        assert "58,000 toman" in text_of(signed_in(stage, name, as_owner).get(staff_page))
    for name in ("kuh", "qand", "officer", "controller"):
        assert signed_in(stage, name, as_owner).get(staff_page).status_code in (403, 404), name
    assert "58,000" not in text_of(signed_in(stage, "qand", as_owner).get(address(this)))


def test_papers_are_put_with_it_sealed_like_it_and_taken_away(stage, this, as_owner):
    client = signed_in(stage, "jars", as_owner)
    file = SimpleUploadedFile("analysis.pdf", b"%PDF-1.4 sugar %%EOF")
    assert client.post(address(this, "papers/"), {"file": file}).status_code == 404  # nothing to put it with
    client.post(address(this), {**typed(stage, this), "step": "send"})
    client.post(address(this, "papers/"), {"file": SimpleUploadedFile("analysis.pdf", b"%PDF-1.4 sugar %%EOF")})
    with stage.as_("jars"):
        paper = Certificate.objects.get()
    assert "analysis.pdf" in text_of(client.get(address(this)))
    path = f"/buying/papers/{paper.pk}/"
    assert b"".join(client.get(path)) == b"%PDF-1.4 sugar %%EOF"
    for name in ("agent", "auditor", "qand", "kuh"):
        assert signed_in(stage, name, as_owner).get(path).status_code in (403, 404), name
    page = client.post(address(this, "papers/"), {"file": SimpleUploadedFile("virus.exe", b"MZ")})
    assert "neither a picture" in text_of(page)
    client.post(f"{path}remove/")
    with stage.as_("jars"):
        assert not Certificate.objects.exists()


def test_the_round_page_shows_a_supplier_what_is_wanted_and_its_own_quotation(stage, this, as_owner):
    st.with_needs(stage, this)
    client = signed_in(stage, "jars", as_owner)
    page = text_of(client.get(f"/buying/rounds/{this.pk}/"))
    assert "Not given yet" in page and "6 members need 1,000 kg together." in page
    st.with_quotations(stage, this)
    page = text_of(client.get(f"/buying/rounds/{this.pk}/"))
    assert "Given and sealed" in page and "2 items" in page
    assert "next price step" not in page  # Qand shows its steps to members, not to its rivals


def test_only_suppliers_quote_and_only_in_rounds_of_their_cluster_that_are_open(stage, this, as_owner):
    for name in ("agent", "kuh", "auditor", "officer"):
        assert signed_in(stage, name, as_owner).get(address(this)).status_code == 403, name
    called = st.called(stage)
    assert signed_in(stage, "jars", as_owner).get(address(called)).status_code == 404
