"""What else `kandoo census` takes and gives: priorities, Parquet, apiaries, a census that is published already."""

import importlib
import json

import numpy as np
import pytest

from kandoo.cli import main
from kandoo.engine.census import survey

from .test_census_files import GOOD, HEADER, QUICK, census, rows, table

__all__ = ["census"]


def priorities(census, *options: str, columns: str = "", cells=lambda place: ""):
    """The table of priority, with more columns of one's own."""
    text = HEADER.rstrip("\n") + columns + "\n" + "\n".join(row + cells(place) for place, row in enumerate(rows()))
    code, folder = census(text, "--measure", "priority", *options)
    assert code == 0
    return table(folder / "priority.csv")


def test_clusters_are_put_in_order_with_how_sure_that_is(census):
    found = priorities(census)
    assert found and [int(row["rank"]) for row in found] == list(range(1, len(found) + 1))
    for row in found:
        assert int(row["rank_low"]) <= int(row["rank"]) <= int(row["rank_high"]) and 0 <= float(row["score"]) <= 1
        assert row["exports"] == row["growth"] == ""  # the columns are not there
    assert sum(float(row["first_share"]) for row in found) == pytest.approx(1)


def test_weights_and_columns_decide_the_order(census):
    last = priorities(census)[-1]["industry"]

    def exports(place: int) -> str:
        return ",9" if rows()[place].split(",")[1] == last else ",0"

    first = priorities(census, "--weights", "exports=1", columns=",exports", cells=exports)[0]
    assert first["industry"] == last and first["exports"] == "1.0" and first["firms"] == ""


def test_the_criteria_in_the_help_are_those_of_the_table(census, capsys):
    assert survey.CRITERIA == importlib.import_module("kandoo.commands.census").CRITERIA
    with pytest.raises(SystemExit):
        census("", "--weights", "luck=1")
    assert "luck=1: weights are at least 0, of firms, jobs" in capsys.readouterr().err


def test_a_parquet_file_gives_the_tables_of_the_text_file(census, tmp_path):
    pandas = pytest.importorskip("pandas")
    text = HEADER + "\n".join(rows())
    _, folder = census(text, *QUICK)
    expected = {path.name: path.read_text() for path in folder.glob("*.csv")}
    pandas.read_csv(tmp_path / "sites.csv").to_parquet(tmp_path / "sites.parquet")
    assert main(["census", str(tmp_path / "sites.parquet"), "-o", str(folder), *QUICK]) == 0
    assert {path.name: path.read_text() for path in folder.glob("*.csv")} == expected


def test_faults_of_a_parquet_file_are_named_by_row(tmp_path, capsys):
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "sites.parquet"
    frame = pandas.DataFrame({"site_id": ["a", "b"], "industry": ["wood", None], "lat": [33.5, 98.0], "lon": [48.1, 33.0],
                              "employment": [3, -2]})  # fmt: skip
    frame.to_parquet(path)
    assert main(["census", str(path), "-o", str(tmp_path / "report")]) == 2
    error = capsys.readouterr().err
    assert "3:industry: is empty" in error and "3:employment: '-2' is below 0" in error
    assert "3:lat: '98.0' is not between -90 and 90; are lat and lon swapped?" in error
    path.write_text("not at all")
    assert main(["census", str(path), "-o", str(tmp_path / "report")]) == 2
    assert "is not a Parquet file that can be read" in capsys.readouterr().err


def apiaries(number: int = 240) -> str:
    rng = np.random.default_rng(4)
    lat, lon = rng.uniform(33, 34, number), rng.uniform(48, 49.2, number)
    return "apiary_id,district,lat,lon,colonies\n" + "\n".join(
        f"a{i:03},{'east' if lon[i] > 48.6 else 'west'},{lat[i]:.5f},{lon[i]:.5f},{5 + i % 90}" for i in range(number)
    )


def test_an_apiary_census_counts_colonies_and_compares_districts(census):
    code, folder = census(apiaries(), *QUICK, "--profile", "apiary")
    assert code == 0 and not (folder / "lq.csv").exists()
    account = json.loads((folder / "run.json").read_text())
    assert account["weighted"] and set(account["verdicts"]) == {"east", "west"}
    assert account["verdicts"]["east"]["kd"]["verdict"] == "gathered"
    assert "gathered by its borders" in account["notes"][0]


def test_faults_of_an_apiary_census_have_its_own_words(census, capsys):
    assert census(apiaries() + "\na999,east,33.5,48.7,-4", "--profile", "apiary")[0] == 2
    assert "242:colonies: '-4' is below 0" in capsys.readouterr().err
    assert census(HEADER + GOOD, "--profile", "apiary")[0] == 2
    assert "1:apiary_id: the column is missing" in capsys.readouterr().err


def test_subtracting_two_published_censuses_gives_no_firm_away(census, tmp_path):
    """One stone cutter more in the north: without the earlier census its quotient is shown, and with it hidden."""
    earlier = tmp_path / "earlier.csv"
    earlier.write_text(HEADER + "\n".join(rows()))
    text = HEADER + "\n".join([*rows(), "new,stone,33.9,48.5,250,north"])

    def shown(*options: str) -> set[tuple[str, str]]:
        _, folder = census(text, "--measure", "lq,eg", *options)
        assert ("stone" in {row["industry"] for row in table(folder / "eg.csv") if row["gamma"]}) == (not options)
        return {(row["industry"], row["region"]) for row in table(folder / "lq.csv") if row["lq"]}

    assert ("stone", "north") in shown()
    with_it = shown("--published", str(earlier))
    assert ("stone", "north") not in with_it
    assert all(("stone", region) not in with_it for region in ("north", "south"))  # the total would give it


def test_a_grid_of_half_degrees_and_a_county_within_minutes_are_places(census):
    halves = [f"s{i},wood,{33 + i % 9 / 2},{48 + i % 7 / 2},3" for i in range(150)]
    header = "site_id,industry,lat,lon,employment\n"
    assert census(header + "\n".join(halves), "--measure", "extents")[0] == 0
    county = [f"s{i},wood,33.{20 + i % 25},48.{10 + i % 31},3" for i in range(150)]
    assert census(header + "\n".join(county), "--measure", "extents")[0] == 0


def test_pairs_of_industries_found_together_come_first(census):
    """Spinners and weavers share one valley, bakers are everywhere."""
    jobs = {"spin": (90, 5, 5), "weave": (80, 10, 10), "bake": (33, 33, 34)}
    lines = [f"{name}{k}{region},{name},{33 + k / 10},{48 + region / 10},{count / 4},r{region}"
             for name, counts in jobs.items() for region, count in enumerate(counts) for k in range(4)]  # fmt: skip
    code, folder = census(HEADER + "\n".join(lines), "--measure", "coagglomeration")
    found = table(folder / "coagglomeration.csv")
    assert code == 0 and {found[0]["industry"], found[0]["other"]} == {"spin", "weave"} and len(found) == 3
    share = np.array(list(jobs.values())) / 100
    mean = share.mean(axis=0)
    by_hand = ((share[0] - mean) * (share[1] - mean)).sum() / (1 - (mean**2).sum())
    assert float(found[0]["gamma"]) == pytest.approx(by_hand)
