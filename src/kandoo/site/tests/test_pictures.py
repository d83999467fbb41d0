"""Pictures say what they were given, in the direction of the language, and cannot be broken into."""

import re
from xml.etree import ElementTree

import pytest

from kandoo.site import pictures
from kandoo.site.pictures import Bullet, Level, Part, Stage, Step


def _parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def _position(markup: str, kind: str, attribute: str = "x") -> list[float]:
    return [float(found) for found in re.findall(rf'class="{kind}"[^>]*\b{attribute}="([\d.-]+)%"', markup)]


MOISTURE = Bullet("رطوبت", 17.6, "۱۷٫۶ گرم در ۱۰۰ گرم", "۲٫۴ تا بیشینه", high=20, batches=(16.9, 18.2))

PICTURES = [
    pictures.bullet_bars([MOISTURE], name="حدها"),
    pictures.waterfall(
        [Step("تنها", 41, "۴۱", True), Step("هزینه", -6, "−۶"), Step("با هم", 35, "۳۵", True)], name="سود"
    ),
    pictures.shares_bar([Part("الیگودرز", 0.7, "۷۰٪"), Part("ازنا", 0.3, "۳۰٪")], name="خاستگاه"),
    pictures.river(
        [Stage("برداشت", 21000, "۲۱٬۰۰۰"), Stage("محموله", 12000, "۱۲٬۰۰۰", "کنار گذاشته شد")], name="زنجیره"
    ),
    pictures.progress_nested([Level("مصوب", 100, "۱۰۰"), Level("پرداخت", 31, "۳۱")], name="اعتبار"),
    pictures.dots([3, -1, 8], 0, name="سود اعضا", own_text="شما: ۳"),
    pictures.price_steps(
        [(1, 120), (100, 100)], "incremental", 80, name="پله‌ها", unit="عدد", texts=["یک", "دو"], here_text="اینجا"
    ),
]


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_well_formed_named_and_without_inline_styles(picture):
    root = _parsed(picture)
    assert root.get("aria-label")
    assert not any("style" in element.attrib for element in root.iter())
    for svg in root.iter("svg"):
        if svg.get("role") == "img":
            assert svg.findtext("title")


@pytest.mark.parametrize(
    "picture",
    [
        pictures.bullet_bars([], name="x"),
        pictures.waterfall([], name="x"),
        pictures.shares_bar([], name="x"),
        pictures.river([], name="x"),
        pictures.progress_nested([], name="x"),
        pictures.dots([], None, name="x"),
        pictures.price_steps([], "all_units", None, name="x", unit="", texts=[]),
    ],
)
def test_a_picture_of_nothing_is_still_well_formed(picture):
    _parsed(picture)


def test_words_given_by_people_are_escaped():
    hostile = "<script>alert(1)</script>"
    assert "<script>" not in pictures.bullet_bars([Bullet(hostile, 1, hostile, hostile, high=2)], name=hostile)
    assert "<script>" not in pictures.river([Stage(hostile, 1, hostile, hostile)], name=hostile)


def test_a_scale_runs_from_right_to_left_in_persian():
    english = pictures.bullet_bars([MOISTURE], name="limits", language="en")
    persian = pictures.bullet_bars([MOISTURE], name="limits", language="fa")
    (left,), (right,) = _position(english, "p-limit", "x1"), _position(persian, "p-limit", "x1")
    assert left > 50
    assert left == pytest.approx(100 - right, abs=0.01)
    assert "max 20" in english
    assert "بیشینه ۲۰" in persian


def test_a_blend_beyond_its_limit_stands_beyond_the_line():
    row = Bullet("HMF", 43, "43 mg/kg", "3 over", "breaks", high=40)
    picture = pictures.bullet_bars([row], name="limits", language="en")
    (limit,) = _position(picture, "p-limit", "x1")
    (blend,) = (float(x) for x in re.findall(r'<svg x="([\d.]+)%" y="16"><path class="p-blend is-breaks"', picture))
    assert blend > limit


def test_an_untested_parameter_has_no_marker():
    picture = pictures.bullet_bars(
        [Bullet("Proline", None, "", "not tested", "unknown", low=180)], name="limits", language="en"
    )
    assert '<path class="p-blend is-' not in picture
    assert "not tested" in picture


def test_equal_values_do_not_divide_by_nothing():
    _parsed(pictures.bullet_bars([Bullet("x", 0, "0", "", low=0, high=0, batches=(0, 0))], name="x"))
    _parsed(pictures.waterfall([Step("x", 0, "0", True)], name="x"))
    _parsed(pictures.shares_bar([Part("x", 0, "0")], name="x"))
    _parsed(pictures.dots([0, 0], 1, name="x"))


def test_shares_fill_the_bar_whatever_they_add_up_to():
    picture = pictures.shares_bar([Part("a", 2, "2"), Part("b", 6, "6")], name="x", language="en")
    widths = [float(width) for width in re.findall(r'x="[\d.]+%" width="([\d.]+)%"', picture)]
    assert widths == [25, 75]


def test_a_waterfall_step_begins_where_the_last_one_ended():
    picture = pictures.waterfall([Step("a", 40, "40", True), Step("b", 60, "+60")], name="x", language="en")
    bars = [(float(x), float(width)) for x, width in re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', picture)]
    assert bars == [(0, 40), (40, 60)]


def test_dots_name_nobody_but_the_reader():
    picture = pictures.dots([5, 1, 9], 1, name="gain", own_text="You: 1", language="en")
    assert picture.count('class="p-other"') == 2
    assert "You: 1" in picture
    assert "You" not in pictures.dots([5, 1, 9], None, name="gain", own_text="You: 1", language="en")


def test_price_steps_fall_from_right_to_left_in_persian_and_the_present_quantity_stands_on_its_step():
    stairs = pictures.price_steps([(10, 120), (100, 90)], "all_units", 150, name="x", unit="kg", texts=["a", "b"])
    assert _position(stairs, "p-step", "x1") == sorted(_position(stairs, "p-step", "x1"), reverse=True)
    levels = [float(found) for found in re.findall(r'class="p-step"[^>]*y1="([\d.]+)"', stairs)]
    [here] = [float(found) for found in re.findall(r'class="p-own"[^>]*cy="([\d.]+)"', stairs)]
    assert levels[0] < levels[1] == here
    assert "p-average" not in stairs


def test_below_the_first_step_there_is_no_price_and_incremental_steps_show_their_average():
    below = pictures.price_steps([(50, 120), (100, 90)], "all_units", 20, name="x", unit="kg", texts=["a", "b"])
    assert 'cy="140.0"' in below
    summed = pictures.price_steps([(1, 100), (100, 50)], "incremental", 200, name="x", unit="kg", texts=["a", "b"])
    [level] = [float(found) for found in re.findall(r'class="p-own"[^>]*cy="([\d.]+)"', summed)]
    assert level == pytest.approx(24 + 96 * (100 - 75) / 50, abs=1)  # half at 100, half at 50
