"""How `kandoo census` behaves when it is stopped, when a folder is used again, and when files come from an office."""

import importlib
import os
import signal
import subprocess
import sys
import time
import warnings

import numpy as np
import pytest

from kandoo.cli import main
from kandoo.engine.census import Points, Surroundings, relative_concentration
from kandoo.engine.census.tasks import Densities

from .test_census_files import HEADER, QUICK, census, rows, table

__all__ = ["census"]
no_key_is_lost = importlib.import_module("kandoo.commands.census").no_key_is_lost
Survey = importlib.import_module("kandoo.commands.census_work").Survey
TEXT = HEADER + "\n".join(rows())


@pytest.fixture(autouse=True)
def ctrl_c_is_heard():
    """What a shell runs in the background ignores the key, and so does what that starts."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


def test_ctrl_c_within_a_compiled_loop_is_a_stop(census, monkeypatch, capsys):
    """What a compiled loop gives back then wraps the key that was pressed, more than once."""

    def pressed(*_):
        try:
            try:
                raise KeyboardInterrupt
            except KeyboardInterrupt as key:
                raise SystemError("unpickle returned a result with an exception set") from key
        except SystemError as inner:
            raise SystemError("dispatcher returned a result with an exception set") from inner

    with monkeypatch.context() as patch:
        patch.setattr(Densities, "curve", pressed)
        assert census(TEXT, *QUICK, "--measure", "kd")[0] == 130
    assert "Stopped. What is finished is in" in capsys.readouterr().err
    assert census(TEXT, *QUICK, "--measure", "kd")[0] == 0


def test_ctrl_c_before_anything_is_measured_is_a_stop(census, monkeypatch, capsys):
    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("kandoo.commands.census_files.read_columns", pressed)
    code, folder = census(TEXT, *QUICK)
    assert code == 130 and not folder.exists() and capsys.readouterr().err == "\nStopped.\n"


def test_a_ctrl_c_that_python_swallows_comes_once_more(capsys):
    class ThrownAway:
        def __del__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), no_key_is_lost():
        ThrownAway()
        for _ in range(6000):
            time.sleep(0.01)
    assert capsys.readouterr().err == ""


def test_a_real_ctrl_c_costs_nothing_but_time(census, tmp_path):
    asked = ("--measure", "kd,m", "--simulations", "999")
    _, folder = census(TEXT, *asked)
    expected = {name: (folder / name).read_bytes() for name in ("kd.csv", "m.csv")}
    report = tmp_path / "second"
    words = [sys.executable, "-m", "kandoo.cli", "census", str(tmp_path / "sites.csv"), "-o", str(report), *asked]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as stopped:
        deadline = time.monotonic() + 300
        while not (report / ".census" / "key").exists() and stopped.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.4)
        os.kill(stopped.pid, signal.SIGINT)
        said = stopped.communicate()[1]
    assert "Traceback" not in said and stopped.returncode in (0, 130)
    assert main(words[3:]) == 0
    assert {name: (report / name).read_bytes() for name in expected} == expected


def test_a_folder_never_holds_tables_of_two_lists(census):
    _, folder = census(TEXT, "--measure", "lq,eg")
    (folder / "letter.txt").write_text("not ours")
    census(TEXT, "--measure", "stars")
    assert {"lq.csv", "eg.csv", "stars.csv"} <= {path.name for path in folder.iterdir()}  # of the same list
    census(TEXT.rpartition("\n")[0], "--measure", "stars")
    assert {path.name for path in folder.glob("*.*")} == {
        ".census", "letter.txt", "stars.csv", "report.html", "run.json",
    }  # fmt: skip


def test_no_table_takes_the_place_of_a_file_that_is_read(tmp_path, capsys):
    (tmp_path / "lq.csv").write_text(TEXT)
    assert main(["census", str(tmp_path / "lq.csv"), "-o", str(tmp_path), "--measure", "lq"]) == 2
    assert "a table would take its place" in capsys.readouterr().err
    assert (tmp_path / "lq.csv").read_text() == TEXT


def test_a_stopped_survey_has_no_account_of_an_earlier_one(census, monkeypatch):
    _, folder = census(TEXT, *QUICK, "--measure", "kd")
    assert (folder / "run.json").exists()

    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Densities, "curve", pressed)
    census(TEXT, *QUICK, "--measure", "kd")
    assert not (folder / "run.json").exists() and not (folder / "report.html").exists()


def test_a_survey_knows_its_list_from_the_cells_not_from_the_file(census, tmp_path, monkeypatch):
    """A list that comes through a pipe can be read once only, and the order of its rows says nothing."""
    keys, opened = [], Survey.prepare

    def remembered(survey):
        opened(survey)
        keys.append(survey.key)

    monkeypatch.setattr(Survey, "prepare", remembered)
    header, *lines = TEXT.split("\n")
    census(TEXT, "--measure", "lq")
    census("\n".join([header, *reversed(lines)]), "--measure", "eg")
    census("\n".join([header, *lines[:-1]]), "--measure", "lq")
    census(TEXT, "--measure", "lq", "--weights", "jobs=2")
    assert keys[0] == keys[1] and len(set(keys)) == 3


def test_a_folder_that_cannot_be_written_to_is_named(census, tmp_path, capsys):
    (tmp_path / "report" / "lq.csv").mkdir(parents=True)
    code, folder = census(TEXT, "--measure", "lq")
    assert code == 2 and capsys.readouterr().err == f"{folder}: cannot be written: it is a folder\n"


@pytest.mark.parametrize(
    ("measure", "shown"),
    [
        ("eg", "gamma"),
        ("kd", "K-density of distances"),
        ("m", "share of the neighbourhood"),
        ("extents", "<polygon"),
        ("stars", "stars of three"),
        ("coagglomeration", "Found in the same regions"),
    ],
)
def test_the_report_shows_every_measure_that_was_asked_for_by_itself(census, measure, shown):
    _, folder = census(TEXT, "--measure", measure, "--simulations", "0")
    page = (folder / "report.html").read_text()
    assert shown in page and "stone" in page and "nan" not in page


def test_the_report_shows_sets_of_related_industries(census):
    lines = [f"s{k},{'abcdef'[k % 6]},{k % 17},{k % 13},{1 + k % 7},r{k % 5}" for k in range(300)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # none of a library on the screen
        _, folder = census("site_id,industry,x_km,y_km,employment,region\n" + "\n".join(lines), "--measure", "related")
    page = (folder / "report.html").read_text()
    assert "Related industries" in page and len(table(folder / "related.csv")) == 6


def test_names_with_commas_and_slashes_are_names(census):
    text = TEXT.replace(",stone,", ',"Stone, cut / polished",').replace("north", "a / b")
    code, folder = census(text, "--measure", "lq", "--industries", '"Stone, cut / polished",food')
    assert code == 0 and {row["industry"] for row in table(folder / "lq.csv")} == {"Stone, cut / polished", "food"}
    places = [("a / b", "c"), ("a", "b / c"), ("z", "c"), ("z", "b / c"), ("z", "q")]
    lines = [
        f"{kind}{region}{k},{kind},{k % 7},{k % 5},{5 if kind != 'z' else 1},{region}"
        for kind, region in places
        for k in range(30)
    ]
    header = "site_id,industry,x_km,y_km,employment,region\n"
    code, folder = census(header + "\n".join(lines), "--measure", "priority")
    found = {(row["industry"], row["region"]) for row in table(folder / "priority.csv")}
    assert code == 0 and {("a / b", "c"), ("a", "b / c")} <= found


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_industry_written_with_arabic_and_persian_letters_is_one(census, tmp_path, form):
    lines = [row.replace(",stone,", ",سنگ كاري," if k % 2 else ",سنگ کاری,") for k, row in enumerate(rows())]
    code, folder = census(HEADER + "\n".join(lines), "--measure", "lq", "--industries", "سنگ كاري")
    if form == "parquet":
        pandas = pytest.importorskip("pandas")
        pandas.read_csv(tmp_path / "sites.csv").to_parquet(tmp_path / "sites.parquet")
        code = main(["census", str(tmp_path / "sites.parquet"), "-o", str(folder), "--measure", "lq"])
    names = {row["industry"] for row in table(folder / "lq.csv")}
    assert code == 0 and names == ({"سنگ کاری"} if form == "csv" else {"سنگ کاری", "food", "other"})


def test_rows_of_nothing_but_commas_are_no_rows(census, capsys):
    assert census(TEXT + "\n,,,,,\n , ,,,,\n", "--measure", "lq")[0] == 0
    assert "300 sites" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04rest", '1:-: is an Excel workbook; in Excel, save the sheet as "CSV UTF-8"'),
        (
            TEXT.replace("stone", "سنگ").encode("cp1256"),
            '2:-: is not UTF-8 text; in Excel, save the sheet as "CSV UTF-8"',
        ),
        (TEXT.encode("utf-16"), '1:-: is not UTF-8 text; in Excel, save the sheet as "CSV UTF-8"'),
    ],
    ids=["workbook", "Windows-1256", "UTF-16"],
)
def test_a_file_of_an_office_that_is_no_such_text_comes_with_advice(tmp_path, capsys, data, message):
    (tmp_path / "sites.csv").write_bytes(data)
    assert main(["census", str(tmp_path / "sites.csv"), "-o", str(tmp_path / "report")]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--simulations", "many"), "many is not a whole number of at least 0"),
        (("--level", "low"), "low is not a number"),
        (("--reach-km", "far"), "far is not a number"),
        (("--industries", ","), "nothing is named"),
        (("--measure", ""), "nothing is named"),
    ],
)
def test_an_option_that_cannot_be_is_told_in_words(census, capsys, words, said):
    with pytest.raises(SystemExit):
        census(TEXT, *words)
    assert said in capsys.readouterr().err


def test_few_simulations_matter_to_curves_alone(census):
    assert census(TEXT, "--measure", "lq", "--simulations", "1")[0] == 0
    assert census(TEXT, "--measure", "kd", "--simulations", "1")[0] == 2


def test_it_is_said_when_simulations_are_too_few_to_tell_one_industry_among_so_many(census, capsys):
    census(TEXT, "--measure", "kd", "--simulations", "39")  # 3 / 40 is above 0.05
    assert (
        "kd: 39 simulations are few for 3 industries: one that is gathered alone stays at q = 0.075. 59 could tell it."
        in (capsys.readouterr().out)
    )
    census(TEXT, "--measure", "kd", "--simulations", "59")
    assert "simulations are few" not in capsys.readouterr().out


def test_long_lists_of_what_was_left_out_are_cut_on_the_screen(census, capsys):
    lines = [f"s{k},i{k},{k % 17},{k % 13},1" for k in range(40)]
    census("site_id,industry,x_km,y_km,employment\n" + "\n".join(lines), *QUICK, "--measure", "kd")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 22 and said[-1].startswith("20 more notes are in ")


def test_a_plant_beside_which_all_others_are_nothing_has_no_neighbourhood():
    points = Points.in_plane(np.arange(40.0), np.zeros(40))
    weight = np.r_[1e12, np.full(39, 1e-9)]
    around = Surroundings.usual(points, weight)
    curve = relative_concentration(around, np.arange(5), simulations=39)
    assert curve.bands is not None and 0 < curve.bands.p_value <= 1
