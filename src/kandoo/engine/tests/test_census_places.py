"""Places that cannot be meant: a list of Iran that is swapped or lies in the sea, and lists of other countries."""

import doctest
import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
import shapely

from kandoo.cli import main
from kandoo.engine import census_places
from kandoo.engine.census_places import Country, doubts, odd_as_a_whole, odd_rows

from .test_census_files import HEADER, census, rows

__all__ = ["census"]
IN_THE_GULF, IN_THE_CASPIAN, ON_KISH = (27.5, 50.4), (38.5, 51.0), (26.55, 53.98)


@cache
def iran() -> Country:
    text = (files("kandoo") / "data" / "geo" / "iran_provinces.geojson").read_text(encoding="utf-8")
    return Country("IR", [shapely.geometry.shape(each["geometry"]) for each in json.loads(text)["features"]])


def around(lat: float, lon: float, number: int, spread: float = 1.0) -> tuple[Any, Any]:
    rng = np.random.default_rng(1)
    return rng.uniform(lat - spread, lat + spread, number), rng.uniform(lon - spread, lon + spread, number)


def lorestan(number: int = 100, *more: tuple[float, float]) -> tuple[Any, Any]:
    lat, lon = around(33.5, 48.5, number, 0.4)
    return np.append(lat, [each[0] for each in more]), np.append(lon, [each[1] for each in more])


def codes(lat, lon, country=None) -> dict[int | None, str]:
    return {each.row: each.code for each in odd_rows(lat, lon, country)}


def test_the_examples_in_the_manual_run():
    assert doctest.testmod(census_places).failed == 0


def test_a_list_of_iran_has_no_odd_place_from_chabahar_to_maku():
    lat, lon = lorestan(100, (25.30, 60.64), (39.29, 44.51), ON_KISH)
    assert codes(lat, lon, iran()) == {} and doubts(lat, lon, iran()) == []
    assert odd_as_a_whole(lat, lon, iran(), is_earth=True) == []


def test_sites_in_the_sea_or_abroad_are_named_one_by_one():
    lat, lon = lorestan(40, IN_THE_GULF, IN_THE_CASPIAN, (33.31, 44.37))  # the last is in Baghdad
    assert codes(lat, lon, iran()) == {40: "sea", 41: "sea", 42: "sea"}


@pytest.mark.parametrize("swapped", [1, 30, 49])
def test_swapped_rows_are_told_from_good_ones_even_when_they_are_nearly_half(swapped):
    lat, lon = lorestan(100)
    lat[:swapped], lon[:swapped] = lon[:swapped].copy(), lat[:swapped].copy()
    assert codes(lat, lon, iran()) == dict.fromkeys(range(swapped), "swapped")


def test_a_wholly_swapped_list_is_said_once_and_not_row_by_row():
    lat, lon = lorestan(100, IN_THE_GULF)
    found = odd_as_a_whole(lon, lat, iran(), is_earth=True)
    assert [(each.code, each.count) for each in found] == [("all-swapped", 100)]
    assert codes(lon, lat, iran()) == {}


def test_sites_of_unknown_place_are_seen_even_when_they_are_most():
    lat, lon = lorestan(30, *[(0.0, 0.0)] * 50)
    assert codes(lat, lon, iran()) == dict.fromkeys(range(30, 80), "nowhere")


@pytest.mark.parametrize("name, lat, lon", [("Vienna", 48.2, 16.4), ("Lagos", 6.6, 3.4), ("Quito", -0.2, -78.5)])
def test_a_list_of_another_country_is_not_refused_for_not_being_in_iran(name, lat, lon):
    places = around(lat, lon, 200)
    for country in (iran(), None):
        assert odd_as_a_whole(*places, country, is_earth=True) == [] and codes(*places, country) == {}
    assert [each.code for each in doubts(*places, iran())] == ["abroad"] and doubts(*places, None) == []


def test_a_list_around_moscow_looks_swapped_until_its_country_is_said():
    places = around(55.75, 37.6, 100)  # the other way round this is the north-east of Iran
    assert [each.code for each in odd_as_a_whole(*places, iran(), is_earth=True)] == ["all-swapped"]
    assert odd_as_a_whole(*places, None, is_earth=True) == [] and codes(*places) == {}


def test_a_list_of_which_a_part_lies_in_iran_is_measured_with_a_doubt():
    near, there = around(33.5, 48.5, 30, 0.4), around(36.2, 44.0, 100, 0.3)  # Lorestan and Erbil
    lat, lon = (np.append(*each) for each in zip(near, there, strict=True))
    assert codes(lat, lon, iran()) == {}
    assert [(each.code, each.count) for each in doubts(lat, lon, iran())] == [("partly-abroad", 30)]


def test_a_list_that_would_lie_in_iran_in_part_when_exchanged_is_asked_about():
    away, turned = around(48.2, 16.4, 100), around(50.4, 30.5, 40, 0.4)  # Vienna and Kyiv
    lat, lon = (np.append(*each) for each in zip(away, turned, strict=True))
    assert [each.code for each in doubts(lat, lon, iran())] == ["maybe-swapped", "abroad"]


def test_a_far_row_is_a_fault_where_iran_was_expected_and_a_doubt_elsewhere():
    lat, lon = (np.append(each, other) for each, other in zip(around(48.2, 16.4, 100), (-33.9, 18.4), strict=True))
    assert codes(lat, lon, iran()) == {100: "far"}
    assert codes(lat, lon) == {} and [each.code for each in doubts(lat, lon, None)] == ["some-far"]


def test_a_swapped_row_is_seen_in_a_list_of_another_country_too():
    lat, lon = (np.append(each, other) for each, other in zip(around(48.2, 16.4, 100), (16.4, 48.2), strict=True))
    assert codes(lat, lon) == {100: "swapped"}


def turned(lines: list[str]) -> list[str]:
    cells = [line.split(",") for line in lines]
    return [",".join([*row[:2], row[3], row[2], *row[4:]]) for row in cells]


def test_the_command_refuses_a_wholly_swapped_list(census, capsys):
    code, folder = census(HEADER + "\n".join(turned(rows())))
    assert code == 2 and not folder.exists()
    error = capsys.readouterr().err
    assert "sites.csv:1:lat: lat and lon are swapped in the whole list: 300 of 300 sites lie in Iran only" in error
    assert error.count("\n") == 1


def test_the_command_refuses_a_site_in_the_sea(census, capsys):
    code, folder = census(HEADER + "\n".join([*rows(), "wet,stone,27.5,50.4,3,north"]))
    assert code == 2 and not folder.exists()
    assert "sites.csv:302:lat: 27.5, 50.4 lies in the sea or in another country" in capsys.readouterr().err


def test_the_command_measures_a_list_of_another_country_and_says_what_it_did_not_look_at(census, capsys):
    abroad = [line.replace(",33.", ",48.").replace(",48.", ",48.", 1) for line in rows()]
    lines = [
        ",".join([*cells[:3], f"{float(cells[3]) - 32:.5f}", *cells[4:]]) for cells in (a.split(",") for a in abroad)
    ]
    code, _ = census(HEADER + "\n".join(lines), "--measure", "lq")
    assert code == 0 and "No site lies in Iran" in capsys.readouterr().out
    assert census(HEADER + "\n".join(lines), "--measure", "lq", "--country", "other")[0] == 0
    assert "No site lies in Iran" not in capsys.readouterr().out


def test_the_command_takes_a_list_that_looks_swapped_when_its_country_is_said(census):
    assert census(HEADER + "\n".join(turned(rows())), "--measure", "lq", "--country", "other")[0] == 0


def test_an_unknown_country_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["census", str(tmp_path / "sites.csv"), "-o", str(tmp_path / "report"), "--country", "XX"])
    assert "invalid choice" in capsys.readouterr().err
