"""`kandoo sell` and `kandoo check` on files: good ones are planned, broken ones named by place."""

import json

import pytest

from kandoo.cli import main

BATCHES = """batch_id,member_id,kind,drums,drum_kg,reserve_per_kg,transport_per_kg,barred,moisture,hmf
dry,m1,thyme,4,300,60,5,0,17.0,10
wet,m2,thyme,4,300,40,5,0,19.0,
bad,m2,thyme,4,300,10,5,1,16.0,5
"""
ORDERS = """order_id,price_per_kg,mass_min_kg,mass_max_kg,kinds,sources_max,drums_min,moisture_max
export,100,600,1200,thyme;citrus,,1,18.0
gulf,100,600,1200,citrus,,,
"""


@pytest.fixture
def sell(tmp_path):
    """Run the command on these two texts; gives back the exit code and the plan or None."""

    def run(batches=BATCHES, orders=ORDERS, *options):
        for name, text in (("batches.csv", batches), ("orders.csv", orders)):
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / name).write_bytes(data)
        files = [str(tmp_path / name) for name in ("batches.csv", "orders.csv")]
        plan = tmp_path / "plan.json"
        code = main(["sell", *files, "-o", str(plan), *options])
        if plan.exists():
            assert main(["check", str(plan), *files]) == 0
        return code, json.loads(plan.read_text()) if plan.exists() else None

    return run


def test_a_sale_is_planned_and_checked(sell):
    code, plan = sell()
    assert code == 0
    assert list(plan) == ["objective", "bound", "gap", "seconds", "orders", "notes"]
    export, gulf = plan["orders"]
    assert export["drums"] == [{"batch_id": "dry", "drums": 2}, {"batch_id": "wet", "drums": 2}]
    assert export["blend"] == {"moisture": 18.0} and export["margins"] == {"moisture_max": 0.0}
    assert plan["objective"] == 600 * 35 + 600 * 55 == plan["bound"]
    assert gulf["why_not"]["code"] == "kinds" and gulf["nearest_change"]["to"] == ["citrus", "thyme"]
    assert list(gulf) == [
        "order_id", "accepted", "mass_kg", "drums", "blend", "margins", "why_not", "nearest_change",
    ]  # fmt: skip


def test_equal_files_give_equal_plans(sell):
    first, second = sell()[1], sell()[1]
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n") + "\r\n\r\n",
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("300", "۳۰۰").replace("600", " ٦٠٠ ").replace("17.0", "۱۷٫۰"),
        lambda text: text.replace("m1", '"m1"').replace("thyme;citrus", '"thyme;citrus"'),
    ],
)
def test_files_as_people_save_them_are_read(sell, spoil):
    code, plan = sell(spoil(BATCHES), spoil(ORDERS))
    assert (code, plan["objective"]) == (0, 54_000)


def test_columns_may_come_in_any_order(sell):
    turned = "\n".join(",".join(reversed(line.split(","))) for line in BATCHES.splitlines())
    assert sell(turned)[1]["objective"] == 54_000


def test_drums_may_weigh_grams(sell):
    code, plan = sell(BATCHES.replace("300", "299.5"))
    assert (code, plan["orders"][0]["mass_kg"]) == (0, 1198)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("batch_id", "lot_id", "1:batch_id: the column is missing"),
        ("batch_id", "lot_id", "1:lot_id: is not a known parameter or column"),
        ("hmf", "hfm", "1:hfm: is not a known parameter or column"),
        ("hmf", "moisture", "1:moisture: the column is there twice"),
        (",hmf", ",", "1:-: column 10 has no name"),
        ("dry,m1,thyme,4", "dry,m1,thyme,four", "2:drums: 'four' is not a number"),
        ("dry,m1,thyme,4", "dry,m1,thyme,-4", "2:drums: '-4' is below 0"),
        ("dry,m1,thyme,4", "dry,m1,thyme,4.5", "2:drums: '4.5' is not a whole number"),
        ("dry,m1,thyme,4", "dry,m1,thyme,", "2:drums: is empty"),
        ("dry,m1,thyme,4", "dry,m1,thyme,1e99", "2:drums: '1e99' is not a finite number"),
        ("wet,m2,thyme,4,300", "wet,m2,thyme,4,0", "3:drum_kg: '0' is not above 0 kg"),
        ("wet,m2,thyme,4,300", "wet,m2,thyme,4,300.0001", "3:drum_kg: '300.0001' is finer than"),
        ("17.0", "nan", "2:moisture: 'nan' is not a finite number"),
        ("17.0", "inf", "2:moisture: 'inf' is not a finite number"),
        ("17.0", "117", "2:moisture: '117' is not between 0 and 100"),
        ("17.0,10", "17.0,-1", "2:hmf: '-1' is not between 0 and 1e+09"),
        ("wet,", "dry,", "3:batch_id: 'dry' is already in line 2"),
        (",1,16.0,5", ",2,16.0,5", "4:barred: '2' is above 1"),
        (",1,16.0,5", ",1,16.0,5,7", "4:-: the row has 11 cells, the header 10"),
        ("bad,", ",", "4:batch_id: is empty"),
    ],
)
def test_a_broken_batches_file_is_refused_by_line_and_column(sell, capsys, old, new, fault):
    code, plan = sell(BATCHES.replace(old, new, 1))
    assert (code, plan) == (2, None)
    assert f"batches.csv:{fault}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("moisture_max", "moisture", "1:moisture: is not a known parameter or column"),
        ("moisture_max", "sweetness_max", "1:sweetness_max: is not a known parameter or column"),
        ("600,1200,thyme", "1201,1200,thyme", "2:mass_min_kg: 1201 is above mass_max_kg 1200"),
        (",moisture_max", ",moisture_min,moisture_max", "2:-: the row has 8 cells, the header 9"),
        ("gulf,100", "gulf,-100", "3:price_per_kg: '-100' is below 0"),
        ("gulf,100", "export,100", "3:order_id: 'export' is already in line 2"),
        (",,1,18.0", ",,0,18.0", "2:drums_min: '0' is below 1"),
        (",,1,18.0", ",many,1,18.0", "2:sources_max: 'many' is not a number"),
        (",,1,18.0", ",,1,wet", "2:moisture_max: 'wet' is not a number"),
    ],
)
def test_a_broken_orders_file_is_refused_by_line_and_column(sell, capsys, old, new, fault):
    code, plan = sell(BATCHES, ORDERS.replace(old, new, 1))
    assert (code, plan) == (2, None)
    assert f"orders.csv:{fault}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:-: the file is empty"),
        ("\n\n", "1:-: the file is empty"),
        (BATCHES.splitlines()[0], "1:-: there are no rows under the header"),
        (BATCHES.encode("utf-16"), "1:-: is not UTF-8 text"),
        (BATCHES + 'x,"y', "5:-: is not a well-formed table"),
    ],
)
def test_a_file_without_a_table_is_refused(sell, capsys, text, fault):
    code, plan = sell(text)
    assert (code, plan) == (2, None)
    assert f"batches.csv:{fault}" in capsys.readouterr().err


def test_every_fault_of_both_files_is_told(sell, capsys):
    broken = BATCHES.replace("dry,m1,thyme,4,300", "dry,m1,thyme,x,y")
    code, _ = sell(broken, ORDERS.replace("gulf,100", "gulf,z"))
    places = [line.split("/")[-1] for line in capsys.readouterr().err.splitlines()]
    assert code == 2
    assert [place.rpartition(": ")[0] for place in places] == [
        "batches.csv:2:drum_kg", "batches.csv:2:drums", "orders.csv:3:price_per_kg",
    ]  # fmt: skip


def test_a_range_turned_over_is_refused(sell, capsys):
    orders = ORDERS.replace("moisture_max", "moisture_min,moisture_max")
    orders = orders.replace("18.0", "19,18").replace("citrus,,,", "citrus,,,,")
    assert sell(BATCHES, orders) == (2, None)
    assert "orders.csv:2:moisture_min: 19 is above moisture_max 18" in capsys.readouterr().err


def test_a_missing_file_is_one_clear_line(tmp_path, capsys):
    missing = str(tmp_path / "none.csv")
    assert main(["sell", missing, missing, "-o", str(tmp_path / "plan.json")]) == 2
    assert f"{missing}:1:-: cannot be read: No such file" in capsys.readouterr().err


def test_a_plan_that_cannot_be_written_is_one_clear_line(sell, tmp_path, capsys):
    assert sell(BATCHES, ORDERS, "-o", str(tmp_path / "no" / "plan.json"))[0] == 2
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
    assert sell(BATCHES, ORDERS, "-o", str(tmp_path))[0] == 2


def test_an_old_plan_survives_a_broken_file(sell, tmp_path):
    sell()
    before = (tmp_path / "plan.json").read_text()
    (tmp_path / "batches.csv").write_text(BATCHES + "x\n")
    files = [str(tmp_path / name) for name in ("batches.csv", "orders.csv")]
    assert main(["sell", *files, "-o", str(tmp_path / "plan.json")]) == 2
    assert (tmp_path / "plan.json").read_text() == before


def test_the_plan_can_go_to_standard_output(sell, capsys):
    assert sell(BATCHES, ORDERS, "-o", "-")[0] == 0
    assert json.loads(capsys.readouterr().out)["objective"] == 54_000


def test_a_forged_plan_does_not_pass_the_check(sell, tmp_path, capsys):
    _, plan = sell()
    plan["orders"][0]["drums"][0]["drums"] = 1
    plan["bound"] = plan["objective"] - 1
    (tmp_path / "forged.json").write_text(json.dumps(plan))
    files = [str(tmp_path / name) for name in ("forged.json", "batches.csv", "orders.csv")]
    assert main(["check", *files]) == 1
    told = capsys.readouterr().out
    assert "moisture_max 18 is broken" in told and "below the objective" in told


@pytest.mark.parametrize("option", [["--gap", "-1"], ["--gap", "nan"], ["--seconds", "x"]])
def test_options_that_make_no_sense_exit_2(sell, option):
    with pytest.raises(SystemExit) as stopped:
        sell(BATCHES, ORDERS, *option)
    assert stopped.value.code == 2


def test_help_lists_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert all(f"    {name} " in told for name in ("run", "manage", "sell", "check"))
