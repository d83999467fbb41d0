"""Related industries are shown with the misfits that were moved, why, and what else might have been chosen."""

import json
import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from kandoo.finding.models import Study
from kandoo.finding.reading import overview, related
from kandoo.finding.related import Related
from kandoo.finding.report import report
from kandoo.finding.results import Tables

NAMES = ("beams", "chairs", "doors", "bread", "flour", "jam")


def tables(**said) -> Tables:
    """Jam was with wood and was moved to food; flour was moved before it."""
    rows = "industry,cluster,score\n" + "".join(
        f"{name},{label},1.5\n" for name, label in zip(NAMES, (0, 0, 0, 1, 1, 1), strict=True)
    )
    moves = [
        {"industry": "flour", "from": 0, "to": 1, "relatedness_from": 0.1, "relatedness_to": 0.2,
         "reasons": {"employment": [0.1, 0.5], "input-output": [0.0, 0.3]}},
        {"industry": "jam", "from": 0, "to": 1, "relatedness_from": -0.25, "relatedness_to": 1.5,
         "reasons": {"employment": [0.6, 0.5], "occupations": [0.0, 0.3]}},
    ]  # fmt: skip
    document = {
        "made_by": "ward, all, 2",
        "score": 0.875,
        "moved": moves,
        "alternatives": [{"score": 0.75, "made_by": "k-means, all, 3", "clusters": dict.fromkeys(NAMES, 0)}],
        **said,
    }
    outputs = {"related.csv": rows.encode(), "related.json": json.dumps(document).encode()}
    return Tables(Study(pk=0, title="a", options={}), outputs)


def read_of(tables: Tables) -> Related:
    assert tables.related is not None
    return tables.related


def shown(language: str, **said) -> str:
    with override(language):
        text = render_to_string("finding/related.html", {"related": related(tables(**said))})
    return re.sub(r"[\u2066-\u2069]", "", re.sub(r"<[^>]+>", "", text))


def test_a_move_names_the_sets_as_they_were_then() -> None:
    flour, jam = read_of(tables()).moves()
    assert flour.left == ("beams", "chairs", "doors", "jam") and flour.joined == ("bread",)
    assert jam.left == ("beams", "chairs", "doors") and jam.joined == ("bread", "flour")
    assert (flour.reasons, jam.reasons) == (("employment", "input-output"), ("occupations",))


def test_a_misfit_is_told_with_its_reason_in_english() -> None:
    text = shown("en")
    assert (
        "jam was moved to bread, flour: it is more related to them (1.50) than to beams, chairs, doors (−0.25)" in text
    )
    assert "What speaks for it: the occupations of their people." in text
    assert "(0.88 of 1)" in text and "Score 0.75:" in text


def test_a_misfit_is_told_with_its_reason_in_persian() -> None:
    text = shown("fa")
    assert "jam کنار bread، flour گذاشته شد" in text and "گواه آن: شغل‌های کارکنانشان." in text
    assert not re.search("[0-9]", text)


def test_nothing_is_said_of_moves_where_none_was_made() -> None:
    assert "Misfits" in shown("en") and "Misfits" not in shown("en", moved=[])


def test_tables_of_an_earlier_version_are_shown_without_reasons() -> None:
    move = {"industry": "jam", "from": 0, "to": 1, "relatedness_from": 0.1, "relatedness_to": 0.2}
    assert "jam was moved to bread, flour" in shown("en", moved=[move])


def test_a_study_without_related_industries_says_nothing_of_them() -> None:
    nothing = Tables(Study(pk=0, title="a", options={}), {})
    assert nothing.related is None and related(nothing) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Industries that belong together"), ("fa", "گواه آن")])
def test_the_report_that_leaves_has_them_too(language: str, words: str) -> None:
    assert words in report(tables(), language)
    with override(language):
        assert overview(tables())["related"]["sets"] == [["beams", "chairs", "doors"], ["bread", "flour", "jam"]]
