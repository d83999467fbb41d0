"""`kandoo buy` and `kandoo check` on files: good ones are planned, broken ones named by place."""

import json

import pytest

from kandoo.cli import main

NEEDS = """member_id,item,quantity,quantity_max,place,latest_date,alone_price
anvil,jar,60,,town,2026-12-01,10
borer,jar,50,55,town,2026-12-01,9
borer,lid,5,,hill,2026-12-08,7
"""
QUOTATIONS = """supplier_id,item,kind,quantity_from,unit_price,capacity,pack,minimum_order,delivery_fixed,places,deliver_by
mill,jar,all_units,1,10,500,10,100,20,town;hill,2026-11-30
mill,jar,all_units,100,8,500,10,100,20,town;hill,2026-11-30
works,lid,incremental,1,9,,,,,,2026-12-01
"""


@pytest.fixture
def buy(tmp_path):
    """Run the command on these two texts; gives back the exit code and the plan or None."""

    def run(needs=NEEDS, quotations=QUOTATIONS, *options):
        for name, text in (("needs.csv", needs), ("quotations.csv", quotations)):
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / name).write_bytes(data)
        files = [str(tmp_path / name) for name in ("needs.csv", "quotations.csv")]
        plan = tmp_path / "plan.json"
        code = main(["buy", *files, "-o", str(plan), *options])
        if plan.exists():
            assert main(["check", str(plan), *files]) == 0
        return code, json.loads(plan.read_text()) if plan.exists() else None

    return run


def test_a_purchase_is_planned_and_checked(buy):
    code, plan = buy()
    assert code == 0
    assert list(plan) == [
        "total_cost", "bound", "gap", "alone_cost", "suppliers", "members", "unserved", "surplus", "epsilon",
        "epsilon_bound", "worst_group",
    ]  # fmt: skip
    assert (plan["total_cost"], plan["bound"], plan["alone_cost"]) == (880 + 20 + 35, 935, 600 + 450 + 35)
    assert plan["members"][0] == {
        "member_id": "anvil",
        "lines": [{"item": "jar", "place": "town", "quantity": 60, "supplier_id": "mill", "amount": 491}],
        "amount": 491,
        "alone": 600,
        "gain": 109,
    }
    assert plan["unserved"] == [
        {"member_id": "borer", "item": "lid", "place": "hill", "quantity": 5, "cost": 35, "reason": "cheaper_alone"}
    ]


def test_equal_files_give_equal_plans_whatever_the_order_of_rows(buy):
    head, *rows = NEEDS.splitlines()
    first, *steps = QUOTATIONS.splitlines()
    turned = buy("\n".join([head, *rows[::-1]]), "\n".join([first, *steps[::-1]]))
    assert buy() == buy() == turned


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n") + "\r\n\r\n",
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace(",60,", ",۶۰,").replace(",100,8,", ", ١٠٠ ,8,"),
        lambda text: text.replace("2026-12-01", "1405/09/10").replace("2026-11-30", "۱۴۰۵/۰۹/۰۹"),
    ],
)
def test_files_as_people_save_them_are_read(buy, spoil):
    code, plan = buy(spoil(NEEDS), spoil(QUOTATIONS))
    assert (code, plan["total_cost"]) == (0, 935)


def test_what_a_supplier_says_once_holds_in_all_its_rows(buy):
    once = QUOTATIONS.replace("100,8,500,10,100,20,town;hill,2026-11-30", "100,8,,,,,,")
    assert buy(NEEDS, once) == buy()


def test_days_may_be_numbers(buy):
    days = {"2026-12-01": "10", "2026-12-08": "17", "2026-11-30": "9"}
    needs, quotations = NEEDS, QUOTATIONS
    for day, number in days.items():
        needs, quotations = needs.replace(day, number), quotations.replace(day, number)
    assert buy(needs, quotations)[1]["total_cost"] == 935
    assert buy(needs.replace(",10,10", ",8,10"), quotations)[1]["total_cost"] > 935


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("alone_price", "price", "1:alone_price: the column is missing"),
        ("alone_price", "alone_price,colour", "1:colour: is not a known parameter or column"),
        ("anvil,jar,60", "anvil,jar,0", "2:quantity: '0' is below 1"),
        ("anvil,jar,60", "anvil,jar,6.5", "2:quantity: '6.5' is not a whole number"),
        ("anvil,jar,60", "anvil,jar,", "2:quantity: is empty"),
        ("anvil,jar,60", "anvil,jar,sixty", "2:quantity: 'sixty' is not a number"),
        ("anvil,jar", ",jar", "2:member_id: is empty"),
        ("anvil,jar", "anvil,", "2:item: is empty"),
        ("50,55", "50,49", "3:quantity_max: 49 is below quantity 50"),
        ("2026-12-01,10", "2026-13-01,10", "2:latest_date: '2026-13-01' is not a day like"),
        ("2026-12-01,10", "12,10", "3:latest_date: '2026-12-01' and '12' are not days of one kind"),
        ("2026-12-01,10", "2026-12-01,-10", "2:alone_price: '-10' is below 0"),
        ("2026-12-01,10", "2026-12-01,nan", "2:alone_price: 'nan' is not a finite number"),
        ("2026-12-01,10", "2026-12-01,", "2:alone_price: is empty"),
        ("borer,jar", "anvil,jar", "3:member_id: 'anvil' needs 'jar' for the same place and date already in line 2"),
    ],
)
def test_a_broken_needs_file_is_refused_by_line_and_column(buy, capsys, old, new, fault):
    assert buy(NEEDS.replace(old, new, 1)) == (2, None)
    assert f"needs.csv:{fault}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("mill,jar,all_units,1,", "mill,jar,some,1,", "2:kind: 'some' is neither all_units nor incremental"),
        ("mill,jar,all_units,1,", "mill,jar,,1,", "2:kind: is empty"),
        ("mill,jar,all_units,1,", "mill,jar,incremental,1,", "3:kind: 'all_units' of 'mill, jar' differs from 'incremental'"),
        ("mill,jar,all_units,1,", ",jar,all_units,1,", "2:supplier_id: is empty"),
        (",1,10,500", ",x,10,500", "2:quantity_from: 'x' is not a number"),
        (",1,10,500", ",1,-10,500", "2:unit_price: '-10' is below 0"),
        (",100,8,500", ",1,8,500", "3:quantity_from: 1 is already a step of 'mill, jar' in line 2"),
        (",100,8,500", ",100,8,400", "3:capacity: 400 of 'mill, jar' differs from 500 in line 2"),
        (",100,8,500,10", ",100,8,500,12", "3:pack: 12 of 'mill, jar' differs from 10 in line 2"),
        (",500,10,100", ",500,0,100", "2:pack: '0' is below 1"),
        ("8,500,10,100,20", "8,500,10,90,20", "3:minimum_order: 90 of 'mill' differs from 100 in line 2"),
        ("8,500,10,100,20", "8,500,10,100,25", "3:delivery_fixed: 25 of 'mill' differs from 20 in line 2"),
        ("works,lid,incremental,1,9,,,", "mill,lid,incremental,1,9,,,300", "4:minimum_order: 300 of 'mill' differs from 100 in line 2"),
        ("town;hill,2026-11-30\nworks", "town,2026-11-30\nworks", "3:places: 'town' of 'mill, jar' differs from 'hill;town' in line 2"),
        ("2026-11-30\nmill", "soon\nmill", "2:deliver_by: 'soon' is not a day like"),
    ],
)  # fmt: skip
def test_a_broken_quotations_file_is_refused_by_line_and_column(buy, capsys, old, new, fault):
    assert QUOTATIONS.replace(old, new, 1) != QUOTATIONS
    assert buy(NEEDS, QUOTATIONS.replace(old, new, 1)) == (2, None)
    assert f"quotations.csv:{fault}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:-: the file is empty"),
        (NEEDS.splitlines()[0], "1:-: there are no rows under the header"),
        (NEEDS.encode("utf-16"), "1:-: is not UTF-8 text"),
        (NEEDS + "x,y\n", "5:-: the row has 2 cells, the header 7"),
    ],
)
def test_a_file_without_a_table_is_refused(buy, capsys, text, fault):
    assert buy(text) == (2, None)
    assert f"needs.csv:{fault}" in capsys.readouterr().err


def test_every_fault_of_both_files_is_told(buy, capsys):
    assert buy(NEEDS.replace(",60,", ",x,").replace(",7\n", ",y\n"), QUOTATIONS.replace(",9,", ",z,"))[0] == 2
    places = [line.split("/")[-1].rpartition(": ")[0] for line in capsys.readouterr().err.splitlines()]
    assert places == ["needs.csv:2:quantity", "needs.csv:4:alone_price", "quotations.csv:4:unit_price"]


def test_a_plan_that_cannot_be_written_and_a_missing_file_are_one_clear_line(buy, tmp_path, capsys):
    assert buy(NEEDS, QUOTATIONS, "-o", str(tmp_path / "no" / "plan.json"))[0] == 2
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
    missing = str(tmp_path / "none.csv")
    assert main(["buy", missing, missing, "-o", "-"]) == 2
    assert f"{missing}:1:-: cannot be read: No such file" in capsys.readouterr().err


def test_a_plan_that_was_tampered_with_is_found_out(buy, tmp_path, capsys):
    _, plan = buy()
    files = [str(tmp_path / name) for name in ("needs.csv", "quotations.csv")]
    changed = json.loads(json.dumps(plan))
    changed["members"][0]["lines"][0]["amount"] -= 1
    changed["suppliers"][0]["lines"][0]["quantity"] += 1
    (tmp_path / "plan.json").write_text(json.dumps(changed))
    assert main(["check", str(tmp_path / "plan.json"), *files]) == 1
    told = capsys.readouterr().out
    for words in ("no whole packs of 10", "the lines do not add up", "suppliers ask", "taken or told as surplus"):
        assert words in told
