"""The catalogue, the collection points, and a round called and opened, through their pages."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kandoo.buying.models import CollectionPoint, Item, Round
from kandoo.buying.tests import stage as st
from kandoo.buying.tests.stage import rows_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> st.Stage:
    st.fix_the_day(monkeypatch)
    return st.staged(as_owner)


def catalogue(stage: st.Stage) -> dict[str, Item]:
    with stage.as_("agent"):
        return {each.code: each for each in Item.objects.all()}


def lid(**changed: str) -> dict[str, str]:
    return {
        "name_fa": "درِ شیشه", "name_en": "Lid", "code": "Lid", "unit": "piece", "pack": "۱۰۰", "pallet": "", "note": "",
        **changed,
    }  # fmt: skip


def test_the_agent_adds_changes_and_retires_an_item(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    assert client.post("/buying/catalogue/new/", lid()).status_code == 302
    item = catalogue(stage)["lid"]
    assert (item.pack, item.pallet, item.cluster) == (100, None, stage.cluster)
    client.post(f"/buying/catalogue/{item.pk}/", lid(pack="50", pallet="12"))
    assert (catalogue(stage)["lid"].pack, catalogue(stage)["lid"].pallet) == (50, 12)
    assert "This code is used already." in text_of(client.post("/buying/catalogue/new/", lid(code="SUGAR")))
    client.post(f"/buying/catalogue/{item.pk}/retire/")
    assert not catalogue(stage)["lid"].is_active
    assert "is retired" in text_of(client.get("/buying/catalogue/"))
    assert "Lid" not in text_of(client.get("/buying/rounds/new/"))
    client.post(f"/buying/catalogue/{item.pk}/retire/")
    assert catalogue(stage)["lid"].is_active


def test_the_catalogue_is_searched_and_read_by_those_who_buy_and_sell_and_changed_by_the_agent_alone(stage, as_owner):
    for name in ("agent", "kuh", "jars", "auditor", "officer", "controller"):
        page = text_of(signed_in(stage, name, as_owner).get("/buying/catalogue/?q=sug"))
        assert "Sugar" in page and "Honey jar" not in page
        assert ("Retire<" in page) == (name == "agent")
    sugar = stage.items["sugar"].pk
    for name in ("kuh", "jars", "auditor", "officer", "controller"):
        client = signed_in(stage, name, as_owner)
        for path in ("catalogue/new/", f"catalogue/{sugar}/", "catalogue/import/", "points/new/", "rounds/new/"):
            assert client.post(f"/buying/{path}", lid()).status_code == 403, (name, path)
        assert client.post(f"/buying/catalogue/{sugar}/retire/").status_code == 403
    assert catalogue(stage)["sugar"].is_active


def sent(client: Any, rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    file = SimpleUploadedFile("catalogue.csv", out.getvalue().encode())
    return text_of(client.post("/buying/catalogue/import/", {"file": file}, follow=True))


HEADS = ["code", "name_fa", "name_en", "unit", "pack", "pallet"]


def test_the_catalogue_leaves_and_comes_back_as_a_file(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    rows = rows_of(client.get("/buying/catalogue/export.xlsx").content)
    assert rows[0][:4] == ("Code", "Name in Persian", "Name in English", "Unit")
    assert {row[0] for row in rows[1:]} == set(st.CATALOGUE)
    page = sent(client, [HEADS, ["drum", "بشکه", "Drum", "عدد", "۴", ""], ["sugar", "شکر سفید", "", "kg", "25", ""]])
    assert "1 new, 1 already known." in page
    found = catalogue(stage)
    assert (found["drum"].unit, found["drum"].pack) == ("piece", 4)
    assert (found["sugar"].name_fa, found["sugar"].pack) == ("شکر سفید", 25)


def test_every_fault_of_a_catalogue_file_is_named_and_nothing_is_stored(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    page = sent(
        client,
        [
            HEADS,
            ["good", "خوب", "", "kg", "1", ""],
            ["bad code!", "", "", "barrel", "0", "x"],
            ["good", "باز", "", "kg", "1", ""],
        ],
    )
    for words in (
        "6 faults were found in the file",
        "A code is of Latin letters, digits and dashes.",
        "Write the Persian name.",
        "Write one of: kg, piece, sheet, litre, set.",
        "Write a whole number from 1 to 1,000,000.",
        "This code stands in row 2 already.",
    ):
        assert words in page, words
    assert "good" not in catalogue(stage)
    assert "This column is missing." in sent(client, [["code", "pack"], ["a", "1"]])
    assert "No row names an item." in sent(client, [HEADS])
    broken = SimpleUploadedFile("catalogue.xlsx", b"PK\x03\x04 no excel")
    assert "cannot be read" in text_of(client.post("/buying/catalogue/import/", {"file": broken}))
    empty = SimpleUploadedFile("catalogue.csv", b"\n")
    assert "The file is empty." in text_of(client.post("/buying/catalogue/import/", {"file": empty}))


def test_a_point_gets_a_keeper_of_the_cluster(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    typed = {"name_fa": "انبار باغ", "name_en": "Garden store", "code": "bagh", "is_active": "on",
             "keeper": str(stage.people["sang"].pk)}  # fmt: skip
    client.post("/buying/points/new/", typed)
    with stage.as_("agent"):
        point = CollectionPoint.objects.get(code="bagh")
    assert point.keeper == stage.people["sang"]
    officer = typed | {"code": "other", "keeper": str(stage.people["officer"].pk)}
    assert "Select a valid choice" in text_of(client.post("/buying/points/new/", officer))
    client.post(f"/buying/points/{point.pk}/", typed | {"keeper": "", "address": "خیابان باغ"})
    page = text_of(client.get("/buying/points/?q=garden"))
    assert "خیابان باغ" in page and "nobody yet" in page and "Town store" not in page
    assert "somebody at the point" in text_of(signed_in(stage, "kuh", as_owner).get("/buying/points/"))


def round_typed(stage: st.Stage, **changed: Any) -> dict[str, Any]:
    sugar, jar = stage.items["sugar"].pk, stage.items["jar"].pk
    town = stage.points["shahr"].pk
    return {
        "title": "شکر و شیشه",
        "closes_on": "1405/09/20",
        f"item_{sugar}": "on",
        f"pack_{sugar}": "۲۵",
        f"item_{jar}": "on",
        f"point_{town}": "on",
        f"on_{town}": "1405/10/05",
        "shortage_rule": "equal_floor",
        "deposit_percent": "20",
        "note": "",
        **changed,
    }


def rounds(stage: st.Stage) -> list[Round]:
    with stage.as_("agent"):
        return list(Round.objects.order_by("pk"))


def test_a_round_is_called_with_its_rules_and_opened_on_its_page(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    page = text_of(client.get("/buying/rounds/new/"))
    assert "In proportion to alone" in page or "The bill is shared by the members’ rule in force" in page
    assert "Everybody gets the same part of what it ordered." in page
    answer = client.post("/buying/rounds/new/", round_typed(stage))
    assert answer.status_code == 302
    [this] = rounds(stage)
    assert (this.status, this.shortage_rule, this.deposit_percent) == ("called", "equal_floor", 20)
    with stage.as_("agent"):
        assert {each.item.code: each.pack for each in this.items.all()} == {"sugar": 25, "jar": 24}
        assert [each.point.code for each in this.places.all()] == ["shahr"]
    assert signed_in(stage, "jars", as_owner).get(answer.url).status_code == 404  # not open yet
    client.post(f"{answer.url}open/")
    assert rounds(stage)[0].status == "open"
    assert signed_in(stage, "jars", as_owner).get(answer.url).status_code == 200


def test_a_substitute_is_chosen_among_items_of_the_same_unit(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    with stage.as_("agent"):
        lid = Item.objects.create(cluster=stage.cluster, code="round-jar", name_fa="شیشه گرد", unit="piece")
    jar = stage.items["jar"].pk
    assert f"instead_{stage.items['sugar'].pk}" not in text_of(client.get("/buying/rounds/new/"))
    client.post("/buying/rounds/new/", round_typed(stage, **{f"instead_{jar}": [lid.pk]}))
    [this] = rounds(stage)
    with stage.as_("agent"):
        assert [each.item for each in st.item_in(this, "jar").substitutes.all()] == [lid]


def test_what_a_round_misses_is_said_and_nothing_is_called(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    town, sugar, jar = stage.points["shahr"].pk, stage.items["sugar"].pk, stage.items["jar"].pk
    for changed, words in (
        ({f"item_{sugar}": "", f"item_{jar}": ""}, "Choose at least one item of the catalogue."),
        ({f"point_{town}": ""}, "Choose at least one collection point."),
        ({f"on_{town}": ""}, "On which day are goods handed out here?"),
        ({f"on_{town}": "1405/09/10"}, "Goods cannot be handed out before the round closes."),
        ({"closes_on": "1405/08/01"}, "This day has passed."),
        ({"deposit_percent": "120"}, "less than or equal to 100"),
        ({f"pack_{sugar}": "0"}, "greater than or equal to 1"),
    ):
        typed = {name: value for name, value in round_typed(stage, **changed).items() if value != ""}
        assert words in text_of(client.post("/buying/rounds/new/", typed)), changed
    assert rounds(stage) == []


def test_without_a_catalogue_or_a_point_the_page_says_what_to_do_first(stage, as_owner):
    client = signed_in(stage, "agent", as_owner)
    with stage.as_("agent"):
        CollectionPoint.objects.update(is_active=False)
    assert "No collection point yet" in text_of(client.get("/buying/rounds/new/"))
    with stage.as_("agent"):
        Item.objects.update(is_active=False)
    assert "The catalogue is empty" in text_of(client.get("/buying/rounds/new/"))
