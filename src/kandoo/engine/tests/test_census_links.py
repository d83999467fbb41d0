"""Tables of links between industries: what they buy from each other, who works in them, and sets made of both."""

import csv
import json

import numpy as np
import pytest

from kandoo.engine.census import input_output_links, occupation_links, related_industries
from kandoo.engine.census.related import Move

from .test_census_files import HEADER, census

__all__ = ["census"]
REGIONS = 30
FAMILIES = {"wood": ("beams", "chairs", "doors"), "food": ("bread", "flour", "jam"), "steel": ("bolts", "pipes")}
NAMES = sorted(name for family in FAMILIES.values() for name in family)
FLOWS, PEOPLE = "seller,buyer,amount\n", "industry,occupation,employment\n"


def sites() -> str:
    """Families of industries in the same regions; jam lies where wood is nearly as much as where food is."""
    rng = np.random.default_rng(3)
    strength = {family: rng.lognormal(0, 1, REGIONS) for family in FAMILIES}
    of = {name: strength[family] for family, names in FAMILIES.items() for name in names}
    of["jam"] = 0.45 * strength["wood"] + 0.55 * strength["food"]
    rows = []
    for name in NAMES:
        for region in range(REGIONS):
            for k in range(1 + int(3 * of[name][region] * rng.lognormal(0, 0.1))):
                lat, lon = 33 + region % 6 / 6 + rng.uniform(0, 0.1), 48 + region // 6 / 5 + rng.uniform(0, 0.1)
                rows.append(f"{name}{region}-{k},{name},{lat:.5f},{lon:.5f},{rng.integers(5, 15)},r{region:02}")
    return HEADER + "\n".join(rows)


def flows() -> str:
    """Each industry sells to those of its family, jam to bread and flour."""
    rows = [
        f"{one},{other},{90 if one in family and other in family else 1}"
        for one in NAMES
        for other in NAMES
        for family in FAMILIES.values()
        if one in family and one != other
    ]
    return FLOWS + "\n".join([*rows, "imports,bread,50", "beams,households,20"])


def people() -> str:
    rows = [
        f"{name},{occupation},{80 if occupation == family else 10}"
        for family, names in FAMILIES.items()
        for name in names
        for occupation in (*FAMILIES, "clerks")
    ]
    return PEOPLE + "\n".join(rows)


@pytest.fixture
def related(census, tmp_path):
    """Run the command with these tables; gives back the exit code and related.json."""

    def run(**tables: str):
        options = ["--measure", "related"]
        for name, text in tables.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            options += [f"--{name.replace('_', '-')}", str(path)]
        code, folder = census(sites(), *options)
        return code, folder

    return run


def sets_of(folder) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    with (folder / "related.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["cluster"], set()).add(row["industry"])
    return {frozenset(each) for each in found.values()}


def test_the_strongest_of_four_shares_links_two_industries():
    """The bakery buys 90 of 120 from the mill, which sells it 90 of 300: 0.75 is the strongest."""
    flows = np.array([[10.0, 90, 200], [0, 0, 0], [0, 30, 0]])
    found = input_output_links(flows)
    assert found[0, 1] == found[1, 0] == 90 / 120
    assert found[0, 2] == 1  # the third buys from the mill alone
    assert (found == found.T).all() and (found <= 1).all()


def test_the_unit_of_money_changes_no_link():
    flows = np.random.default_rng(1).uniform(0, 9, (6, 6))
    np.testing.assert_allclose(input_output_links(flows * 1e6), input_output_links(flows))


def test_the_size_of_an_industry_changes_no_link_of_occupations():
    people = np.random.default_rng(1).uniform(0, 9, (7, 5))
    np.testing.assert_allclose(occupation_links(people * [1, 10, 3, 0.5, 2]), occupation_links(people))
    np.testing.assert_allclose(occupation_links(people), np.corrcoef(people.T))


@pytest.mark.parametrize("links", [input_output_links, occupation_links])
def test_negative_links_are_refused(links):
    with pytest.raises(ValueError, match="at least 0"):
        links(np.array([[1.0, -1], [2, 3]]))


def test_a_move_says_by_which_matrices_it_is_meant():
    rng = np.random.default_rng(5)
    moved: list[Move] = []
    for _ in range(20):
        jobs = rng.lognormal(2, 1, (20, 12))
        found = related_industries(jobs, np.round(jobs / 3) + 1, {"input-output": input_output_links(jobs[:12, :12])})
        moved += found.moved
    assert moved
    for each in moved:
        assert set(each.reasons) == {"employment", "establishments", "coagglomeration", "input-output"}
        assert each.relatedness_target > each.relatedness_source
        assert any(there > here for here, there in each.reasons.values())


def test_tables_of_links_bring_an_industry_to_those_it_works_with(related):
    """By place alone jam belongs to wood; with what it buys and whom it employs it belongs to food."""
    _, folder = related()
    assert any({"jam", "doors"} <= each for each in sets_of(folder))
    code, folder = related(input_output=flows(), occupations=people())
    assert code == 0
    assert any({"jam", "bread", "flour"} <= each for each in sets_of(folder))
    told = json.loads((folder / "related.json").read_text(encoding="utf-8"))
    assert told["matrices"] == ["employment", "establishments", "coagglomeration", "input-output", "occupations"]
    assert set(told["scores"]) == {"cluster_mean", "cluster_95", "industry_mean", "industry_95"}
    assert told["score"] == pytest.approx(sum(told["scores"].values()) / 4)
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["links"] == ["input-output", "occupations"]


def test_the_order_of_rows_and_industries_not_in_the_census_change_nothing_but_totals(related):
    _, folder = related(input_output=flows(), occupations=people())
    expected = (folder / "related.csv").read_text()
    header, *rows = people().splitlines()
    _, folder = related(input_output=flows(), occupations="\n".join([header, *reversed(rows), "silk,clerks,4"]))
    assert (folder / "related.csv").read_text() == expected


BROKEN = {
    "no column": ("input_output", "seller,amount\na,3", "1:buyer: the column is missing"),
    "another column": ("occupations", "industry,occupation,employment,x\na,b,1,2", "1:x: is not a known"),
    "empty": ("input_output", "", "1:-: the file is empty"),
    "no rows": ("occupations", PEOPLE, "1:-: there are no rows"),
    "no seller": ("input_output", FLOWS + "jam,bread,3\n,bread,3", "3:seller: is empty"),
    "no amount": ("input_output", FLOWS + "jam,bread,", "2:amount: is empty"),
    "negative amount": ("input_output", FLOWS + "jam,bread,-1", "2:amount: '-1' is below 0"),
    "no number": ("occupations", PEOPLE + "jam,clerks,many", "2:employment: 'many' is not a number"),
    "pair twice": ("input_output", FLOWS + "jam,bread,3\njam,bread,4", "3:buyer: 'jam' and 'bread' are already in line 2"),
    "short row": ("occupations", PEOPLE + "jam,clerks", "2:-: the row has 2 cells, the header 3"),
    "an industry missing": ("input_output", FLOWS + "jam,bread,3", "1:seller: the industry 'beams' of the census is not in"),
    "an industry of zeros": ("input_output", flows() .replace(",90", ",0").replace(",1\n", ",0\n"), "neither buys nor sells"),
    "one occupation": ("occupations", PEOPLE + "\n".join(f"{name},clerks,3" for name in NAMES), "one occupation alone"),
}  # fmt: skip


@pytest.mark.parametrize("name, text, message", BROKEN.values(), ids=BROKEN)
def test_a_broken_table_of_links_is_named_by_place_and_nothing_is_written(related, capsys, name, text, message):
    code, folder = related(**{name: text})
    error = capsys.readouterr().err
    assert code == 2 and not folder.exists()
    assert f"{name}.csv:" in error and message in error and "Traceback" not in error


def test_faults_of_both_tables_are_said_together(related, capsys):
    related(input_output=FLOWS + "jam,bread,-1", occupations=PEOPLE + "jam,,3")
    error = capsys.readouterr().err
    assert "input_output.csv:2:amount" in error and "occupations.csv:2:occupation" in error


def test_links_are_refused_where_nothing_would_use_them(census, tmp_path, capsys):
    (tmp_path / "flows.csv").write_text(flows(), encoding="utf-8")
    assert census(sites(), "--measure", "lq", "--input-output", str(tmp_path / "flows.csv"))[0] == 2
    assert "--input-output is of use for related alone" in capsys.readouterr().err
