"""The colours of both schemes can be read: contrast by WCAG 2.2, AA."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[1] / "static" / "kandoo" / "tokens.css").read_text()


def _colours(start: str) -> dict[str, str]:
    block = TOKENS[TOKENS.index(start) :]
    return dict(re.findall(r"--k-([\w-]+): (#[0-9a-f]{6});", block[: block.index("}")]))


LIGHT = _colours(":root {")
DARK = _colours(':root:not([data-bs-theme="light"])')


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "ground"),
        ("ink", "surface"),
        ("ink", "sunken"),
        ("soft", "ground"),
        ("soft", "surface"),
        ("soft", "sunken"),
        ("accent", "ground"),
        ("accent", "surface"),
        ("accent-ink", "accent"),
        ("accent-strong", "accent-tint"),
        ("honey-ink", "honey-tint"),
        ("honey-ink", "surface"),
        ("red", "surface"),
        ("red-accent-ink", "red"),
        ("red-strong", "red-tint"),
        ("ink", "red-tint"),
        ("ink", "honey-tint"),
        ("ink", "accent-tint"),
    ],
)
def test_text_stands_out_from_its_ground(scheme, ink, ground):
    assert _contrast(scheme[ink], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "surface"])
@pytest.mark.parametrize("line", ["line-strong", "focus"])
def test_edges_of_controls_and_focus_are_seen(scheme, line, ground):
    assert _contrast(scheme[line], scheme[ground]) >= 3


def test_the_dark_set_is_the_same_however_it_is_chosen():
    assert _colours('  [data-bs-theme="dark"]') == DARK


def test_both_schemes_name_the_same_colours():
    assert LIGHT.keys() == DARK.keys()
