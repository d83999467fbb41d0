"""`kandoo share` on files: good ones are divided, broken ones named by place."""

import csv
import json

import pytest

from kandoo.cli import main
from kandoo.engine.checks.sharing import faults

NEEDS = "member_id,quantity,alone_price\nanvil,60,\nborer,50,9\ncutter,5,7\n"
STEPS = "quantity_from,unit_price,kind\n1,10,all_units\n100,8,all_units\n"


@pytest.fixture
def share(tmp_path):
    """Run the command on these two texts; gives back the exit code and the shares or None."""

    def run(needs=NEEDS, steps=STEPS, *options):
        for name, text in (("needs.csv", needs), ("steps.csv", steps)):
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        files = [str(tmp_path / name) for name in ("needs.csv", "steps.csv")]
        output = tmp_path / "shares.json"
        code = main(["share", *files, "-o", str(output), *options])
        return code, json.loads(output.read_text()) if output.exists() else None

    return run


def test_a_bill_is_shared_and_checked(share):
    code, shares = share()
    assert code == 0
    assert shares["shares"] == [
        {"member_id": "anvil", "amount": 480, "alone": 600, "gain": 120},
        {"member_id": "borer", "amount": 400, "alone": 450, "gain": 50},
        {"member_id": "cutter", "amount": 35, "alone": 35, "gain": 0},
    ]
    assert (shares["total"], shares["bill"], shares["outside"]) == (915, 880, ["cutter"])
    assert (shares["epsilon"], shares["worst_group"], shares["epsilon_is_exact"]) == (0, [], True)
    assert sum(value["amount"] for value in shares["shapley"]) == 920
    needs, steps = (list(csv.DictReader(text.splitlines())) for text in (NEEDS, STEPS))
    assert faults(needs, steps, shares) == []


@pytest.mark.parametrize("rule", ["uniform", "proportional", "equal_gain"])
def test_equal_files_give_equal_shares_under_every_rule(share, rule):
    first, second = share(NEEDS, STEPS, "--rule", rule), share(NEEDS, STEPS, "--rule", rule)
    assert first == second and first[1]["rule"] == rule and first[1]["total"] == 915


def test_files_as_people_save_them_are_read(share):
    told = share()[1]
    assert share("\ufeff" + NEEDS.replace("\n", "\r\n").replace("60", "۶۰"), STEPS.replace(",", "\t"))[1] == told


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("alone_price", "price", "needs.csv:1:alone_price: the column is missing"),
        ("anvil,60", "anvil,0", "needs.csv:2:quantity: '0' is below 1"),
        ("anvil,60", "anvil,6.5", "needs.csv:2:quantity: '6.5' is not a whole number"),
        ("anvil,60", "anvil,", "needs.csv:2:quantity: is empty"),
        ("anvil,60", "borer,60", "needs.csv:3:member_id: 'borer' is already in line 2"),
        ("50,9", "50,-9", "needs.csv:3:alone_price: '-9' is below 0"),
        ("50,9", "50,nan", "needs.csv:3:alone_price: 'nan' is not a finite number"),
        ("100,8", "1,8", "steps.csv:3:quantity_from: 1 does not rise above 1"),
        ("100,8,all_units", "100,8,incremental", "steps.csv:3:kind: 'incremental' differs from 'all_units' in line 2"),
        ("1,10,all_units", "1,10,some", "steps.csv:2:kind: 'some' is neither all_units nor incremental"),
        ("100,8", "100,x", "steps.csv:3:unit_price: 'x' is not a number"),
    ],
)
def test_a_broken_file_is_refused_by_line_and_column(share, capsys, old, new, fault):
    code, shares = share(NEEDS.replace(old, new, 1), STEPS.replace(old, new, 1))
    assert (code, shares) == (2, None)
    assert fault in capsys.readouterr().err


def test_every_fault_of_both_files_is_told(share, capsys):
    assert share(NEEDS.replace("60", "x"), STEPS.replace("10,", "y,"))[0] == 2
    told = capsys.readouterr().err
    assert "needs.csv:2:quantity" in told and "steps.csv:2:unit_price" in told
