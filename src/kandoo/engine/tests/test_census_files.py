"""`kandoo census` on files: good ones are measured, broken ones named by place, a stopped one goes on."""

import csv
import json
import shutil

import numpy as np
import pytest

from kandoo.cli import main
from kandoo.engine.census import survey
from kandoo.engine.census.tasks import Concentrations, Densities

QUICK = ("--simulations", "39")
HEADER = "site_id,industry,lat,lon,employment,region\n"


def rows(sites: int = 300) -> list[str]:
    """A hundred and twenty stone cutters and food makers in a province, forty of the first in one valley."""
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(33, 34, sites), rng.uniform(48, 49.2, sites)
    lat[:40], lon[:40] = rng.normal(33.5, 0.02, 40), rng.normal(48.6, 0.02, 40)
    industry = ["stone" if place < 60 else "food" if place < 120 else "other" for place in range(sites)]
    return [
        f"s{i:03},{industry[i]},{lat[i]:.5f},{lon[i]:.5f},{1 + i % 30},{'north' if lat[i] > 33.5 else 'south'}"
        for i in range(sites)
    ]


@pytest.fixture
def census(tmp_path):
    """Run the command on this text; gives back the exit code and the folder of the report."""

    def run(text: str, *options: str):
        (tmp_path / "sites.csv").write_text(text, encoding="utf-8", newline="")
        folder = tmp_path / "report"
        return main(["census", str(tmp_path / "sites.csv"), "-o", str(folder), *options]), folder

    return run


def table(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_has_the_columns_that_were_promised(census):
    code, folder = census(HEADER + "\n".join(rows()), *QUICK)
    assert code == 0
    headers = {path.name: path.read_text().partition("\n")[0] for path in folder.glob("*.csv")}
    curve = "industry,distance_km,value,low,high,global_low,global_high"
    assert headers == {
        "lq.csv": "industry,region,lq,low,high,q_value",
        "stars.csv": "industry,region,size,specialisation,focus,stars,shrunken_lq,symmetric_lq",
        "eg.csv": "industry,g,herfindahl,gamma,p_value",
        "coagglomeration.csv": "industry,other,gamma",
        "kd.csv": curve,
        "m.csv": curve,
        "priority.csv": "industry,region,score,rank,rank_low,rank_high,first_share," + ",".join(survey.CRITERIA),
    }
    account = json.loads((folder / "run.json").read_text())
    assert account["verdicts"]["stone"]["kd"]["verdict"] == "gathered"
    assert account["notes"][0] == "related: left out. Related industries need at least 4 industries and 3 regions."
    assert not list((folder / ".census").glob("*.json"))
    groups = json.loads((folder / "extents.geojson").read_text())["features"]
    stone = max((group for group in groups if group["properties"]["industry"] == "stone"),
                key=lambda group: group["properties"]["quotient"])  # fmt: skip
    assert stone["properties"]["quotient"] > 3 and stone["geometry"]["type"] == "Polygon"


def test_the_quotient_in_the_table_is_the_one_by_hand(census):
    lines = ["a,stone,33,48,6,p", "b,other,33.1,48,4,p", "c,stone,33.2,48,3,q", "d,other,33.3,48,27,q"]
    code, folder = census(HEADER + "\n".join(lines), "--measure", "lq,eg", "--least-sites", "0")
    assert code == 0
    quotients = {(row["industry"], row["region"]): float(row["lq"]) for row in table(folder / "lq.csv")}
    assert quotients["stone", "p"] == pytest.approx(0.6 / 0.225)
    assert float(table(folder / "eg.csv")[1]["herfindahl"]) == pytest.approx(5 / 9)


def test_small_cells_are_empty(census):
    code, folder = census(HEADER + "\n".join([*rows(), "z1,rare,33.7,48.5,5,north", "z2,rare,33.7,48.6,5,north"]),
                          "--measure", "lq,eg")  # fmt: skip
    assert code == 0
    rare = {row["region"]: row["lq"] for row in table(folder / "lq.csv") if row["industry"] == "rare"}
    assert rare["north"] == ""
    assert [row["gamma"] for row in table(folder / "eg.csv") if row["industry"] == "rare"] == [""]


def test_equal_files_give_equal_tables_in_whatever_order_the_rows_are(census, tmp_path):
    _, folder = census(HEADER + "\n".join(rows()), *QUICK)
    first = {path.name: path.read_text() for path in folder.glob("*.csv")}
    shuffled = rows()
    np.random.default_rng(2).shuffle(shuffled)
    _, folder = census(HEADER + "\n".join(shuffled), *QUICK)
    assert {path.name: path.read_text() for path in folder.glob("*.csv")} == first


def test_the_report_names_what_is_gathered_and_loads_nothing(census):
    _, folder = census(
        HEADER + "\n".join(row.replace("stone", "<stone & co>") for row in rows()), "--simulations", "199"
    )
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert " of 3 industries are gathered more than chance would have it.</h1>" in page
    assert "&lt;stone &amp; co&gt;" in page and "<stone" not in page
    assert page.count("<figure>") == 9 and "http" not in page and "src=" not in page and "nan" not in page


def test_industries_of_nearly_equal_size_can_share_their_bands(census):
    _, folder = census(HEADER + "\n".join(rows()), *QUICK, "--measure", "kd")
    alone = json.loads((folder / "run.json").read_text())["verdicts"]
    _, folder = census(HEADER + "\n".join(rows()), *QUICK, "--measure", "kd", "--share-bands")
    shared = json.loads((folder / "run.json").read_text())["verdicts"]
    assert {name: each["kd"]["verdict"] for name, each in shared.items()} == {
        name: each["kd"]["verdict"] for name, each in alone.items()
    }


def test_planar_kilometres_and_years_are_read(census):
    lines = [f"s{i},{'wood' if i % 3 else 'food'},{i % 17},{i % 23},{year - 2010 + i % 5},r{i % 4},{year}"
             for i in range(80) for year in (2015, 2020)]  # fmt: skip
    code, folder = census("site_id,industry,x_km,y_km,employment,region,year\n" + "\n".join(lines), *QUICK)
    assert code == 0
    shift = table(folder / "shift_share.csv")
    assert {row["industry"] for row in shift} == {"wood", "food"} and len(shift) == 8
    assert json.loads((folder / "run.json").read_text())["sites"] == 80  # curves are of the last year


def test_a_stopped_survey_goes_on_from_where_it_was(census, monkeypatch, capsys):
    text = HEADER + "\n".join(rows())
    _, folder = census(text, *QUICK)
    expected = (folder / "kd.csv").read_text()
    made, curve = [], Densities.curve

    def stopped_at_the_second(*arguments):
        made.append(1)
        if len(made) == 2:
            raise KeyboardInterrupt
        return curve(*arguments)

    shutil.rmtree(folder)
    monkeypatch.setattr(Densities, "curve", stopped_at_the_second)
    assert census(text, *QUICK, "--measure", "kd")[0] == 130
    assert "goes on from there" in capsys.readouterr().err
    assert len({row["industry"] for row in table(folder / "kd.csv")}) == 1
    assert census(text, *QUICK, "--measure", "kd")[0] == 0
    assert len(made) == 4  # one finished, one broken off and made again, one more
    assert (folder / "kd.csv").read_text() == expected


def test_pieces_of_another_survey_are_not_taken(census, monkeypatch):
    text = HEADER + "\n".join(rows())
    _, folder = census(text, *QUICK, "--measure", "kd", "--seed", "5")
    expected = (folder / "kd.csv").read_text()

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Concentrations, "curve", stopped)
    assert census(text, *QUICK, "--measure", "kd,m", "--seed", "6")[0] == 130
    assert list((folder / ".census").glob("*.json")) and (folder / "kd.csv").read_text() != expected
    census(text, *QUICK, "--measure", "kd", "--seed", "5")
    assert (folder / "kd.csv").read_text() == expected


GOOD = "a,stone,33.5,48.1,6,p"
BROKEN = {
    "no header": ("", "1:-: the file is empty"),
    "only a header": (HEADER, "1:-: there are no rows under the header"),
    "column missing": ("site_id,industry,lat,lon\na,b,33,48", "1:employment: the column is missing"),
    "no place": ("site_id,industry,employment\na,b,3", "1:lat: the column is missing"),
    "both kinds of place": ("site_id,industry,employment,lat,lon,x_km\na,b,3,1,1,1", "has both lat, lon and x_km"),
    "unknown column": (
        "site_id,industry,lat,lon,employment,colour\na,b,33,48,1,red",
        "1:colour: is not a known column",
    ),
    "doubled column": ("site_id,industry,lat,lon,employment,lat\na,b,33,48,1,33", "1:lat: the column is there twice"),
    "short row": (HEADER + "a,b,33,48,1", "2:-: the row has 5 cells, the header 6"),
    "swapped beyond 90": (
        HEADER + f"{GOOD}\nb,stone,98.2,33.1,6,p",
        "3:lat: '98.2' is not between -90 and 90; are lat",
    ),
    "degrees and minutes": (HEADER + f"{GOOD}\nb,stone,33°29′,48.1,6,p", "3:lat: '33°29′' is in degrees and minutes"),
    "degrees with a space": (HEADER + f"{GOOD}\nb,stone,33 29,48.1,6,p", "3:lat: '33 29' is in degrees and minutes"),
    "doubled site": (HEADER + f"{GOOD}\n{GOOD}", "3:site_id: 'a' is already in line 2"),
    "negative jobs": (HEADER + f"{GOOD}\nb,stone,33,48,-6,p", "3:employment: '-6' is below 0"),
    "no jobs": (HEADER + f"{GOOD}\nb,stone,33,48,,p", "3:employment: is empty"),
    "text for jobs": (HEADER + f"{GOOD}\nb,stone,33,48,many,p", "3:employment: 'many' is not a number"),
    "underscore": (HEADER + f"{GOOD}\nb,stone,33,48,1_0,p", "3:employment: '1_0' is not a number"),
    "not a number": (HEADER + f"{GOOD}\nb,stone,33,nan,1,p", "3:lon: 'nan' is not a finite number"),
    "no industry": (HEADER + f"{GOOD}\nb,,33,48,1,p", "3:industry: is empty"),
    "no name": (HEADER + f"{GOOD}\n,stone,33,48,1,p", "3:site_id: is empty"),
    "no region": (HEADER + f"{GOOD}\nb,stone,33,48,1,", "3:region: is empty"),
    "all at one place": (HEADER + f"{GOOD}\nb,stone,33.5,48.1,6,p", "1:lat: all sites lie at one place"),
    "unclosed quote": (HEADER + 'a,"stone,33,48,1,p', "is not a well-formed table"),
    "quarter year": (HEADER.replace("region", "year") + "a,b,33,48,1,2020.5", "2:year: '2020.5' is not a whole number"),
}


@pytest.mark.parametrize("text, message", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_by_place_and_nothing_is_written(census, capsys, text, message):
    code, folder = census(text)
    assert code == 2 and not folder.exists()
    error = capsys.readouterr().err
    assert message in error and "Traceback" not in error


def test_a_swapped_row_among_good_ones_is_seen(census, capsys):
    code, _ = census(HEADER + "\n".join([*rows(), "bad,stone,48.55,33.61,3,north"]))
    assert code == 2 and "302:lat: 48.55, 33.61 lies far from the others, but among them" in capsys.readouterr().err


def test_nowhere_is_not_a_place(census, capsys):
    code, _ = census(HEADER + "\n".join([*rows(), "bad,stone,0,0,3,north"]))
    assert code == 2 and "302:lat: 0, 0 lies in the sea" in capsys.readouterr().err


def test_minutes_written_as_decimals_are_seen(census, capsys):
    lines = [f"s{i},wood,33.{i % 60:02},48.{i * 7 % 60:02},3,p" for i in range(150)]
    code, _ = census(HEADER + "\n".join(lines))
    assert code == 2 and "1:lat: every value has two decimals at most and none from .60 on" in capsys.readouterr().err


def test_one_fault_among_very_many_rows_is_found_and_only_that(census, capsys, tmp_path):
    lines = [f"s{i},wood,{33 + i % 1000 / 999:.4f},{48 + i % 777 / 776:.4f},{1 + i % 9},p" for i in range(50_000)]
    lines[41_234] = "s41234,wood,33.1,48.1,-3,p"
    assert census(HEADER + "\n".join(lines))[0] == 2
    assert capsys.readouterr().err == f"{tmp_path / 'sites.csv'}:41236:employment: '-3' is below 0\n"


def test_cells_apart_by_semicolons_are_read_and_a_decimal_comma_is_told(census, capsys):
    commas = census(HEADER + "\n".join(rows()), *QUICK, "--measure", "lq")[1].joinpath("lq.csv").read_bytes()
    text = (HEADER + "\n".join(rows())).replace(",", ";")
    assert census(text, *QUICK, "--measure", "lq")[1].joinpath("lq.csv").read_bytes() == commas
    assert census(text.replace(".", ",", 1))[0] == 2
    assert ":2:lat: " in (said := capsys.readouterr().err) and "decimals are written with a point" in said


def test_a_census_or_a_year_in_which_nobody_works_is_refused(census, capsys):
    nobody = [",".join([*(cells := row.split(","))[:4], "0", cells[5]]) for row in rows()]
    assert census(HEADER + "\n".join(nobody))[0] == 2
    assert "sites.csv:1:employment: is 0 at every site" in capsys.readouterr().err
    years = [f"{row},2020" for row in rows()] + [f"{row},2024" for row in nobody]
    assert census(HEADER.replace("region", "region,year") + "\n".join(years))[0] == 2
    assert "is 0 at every site of 2024" in capsys.readouterr().err


def test_persian_digits_and_a_persian_industry_are_read(census):
    lines = ["a,سنگ,۳۳٫۵,۴۸٫۱,۶,p", "b,سنگ,33.6,48.2,۱۲,p", "c,چوب,33.7,48.3,6,p"]
    code, folder = census("\ufeff" + HEADER + "\n".join(lines), "--measure", "eg", "--least-sites", "1")
    assert code == 0
    found = {row["industry"]: row["herfindahl"] for row in table(folder / "eg.csv")}
    assert float(found["سنگ"]) == pytest.approx(5 / 9)


def test_what_needs_regions_says_so(census, capsys):
    text = "site_id,industry,lat,lon,employment\n" + "\n".join(row.rpartition(",")[0] for row in rows())
    assert census(text, *QUICK, "--measure", "lq,kd")[0] == 2
    assert "1:region: the column is missing; lq compares regions and needs it" in capsys.readouterr().err
    code, folder = census(text, *QUICK)
    assert code == 0 and not (folder / "lq.csv").exists() and (folder / "kd.csv").exists()
    assert "there is no column region" in capsys.readouterr().err


def test_an_industry_that_is_not_there_and_too_few_simulations_are_refused(census, capsys):
    text = HEADER + "\n".join(rows())
    assert census(text, "--industries", "silk")[0] == 2
    assert "no site is of the industry 'silk'" in capsys.readouterr().err
    assert census(text, "--simulations", "20")[0] == 2
    assert "need at least 39 simulations" in capsys.readouterr().err


def test_an_industry_with_one_site_is_left_out_by_name(census):
    code, folder = census(HEADER + "\n".join([*rows(), "z,silk,33.7,48.5,5,north"]), *QUICK, "--measure", "kd,m")
    assert code == 0
    assert json.loads((folder / "run.json").read_text())["notes"][:2] == [
        "kd: silk is left out: 1 site is too few.", "m: silk is left out: 1 site is too few.",
    ]  # fmt: skip
