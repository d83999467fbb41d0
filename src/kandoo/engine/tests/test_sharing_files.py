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


FIXED = ("--rule", "fixed", "--weights", "quantity=700,alone=300")


def test_a_formula_and_a_reserve_are_kept_with_the_shares(share):
    code, shares = share(NEEDS, STEPS, *FIXED, "--reserve", "100")
    assert code == 0
    assert (shares["rule"], shares["weights"], shares["reserve_thousandths"]) == (
        "fixed", {"alone": 300, "quantity": 700}, 100)  # fmt: skip
    assert shares["reserve"] == (600 + 450 - 880) // 10
    assert shares["total"] == 880 + 35 + shares["reserve"]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--rule", "fixed", "--weights", "quantity=700,alone=200"), "The weights add up to 900, not to 1000."),
        (("--rule", "fixed"), "The weights add up to 0, not to 1000."),
        (("--rule", "fixed", "--weights", "quantity=x"), "--weights: 'x' is not a whole number of thousandths."),
        (("--rule", "fixed", "--weights", "hives=1000"), "There is no base 'hives' to share by."),
        (("--rule", "fixed", "--weights", "quantity=500,quantity=500"), "--weights: a base is there twice."),
        (("--rule", "fixed", "--weights", "quality=1000"), "A bill cannot be shared by quality."),
        (("--rule", "quality"), "A bill cannot be shared by quality."),
        (("--rule", "uniform", "--weights", "quantity=1000"), "Rule uniform takes no weights."),
        (("--reserve", "1001"), "--reserve: The reserve is 0 to 1000 thousandths, not 1001."),
        (("--reserve", "ten"), "--reserve: 'ten' is not a whole number of thousandths."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_one_line_and_nothing_is_written(share, capsys, options, fault):
    assert share(NEEDS, STEPS, *options) == (2, None)
    told = capsys.readouterr().err
    assert told.endswith(fault + "\n") and told.count("\n") == 1


@pytest.mark.parametrize(
    "options", [(), ("--rule", "proportional"), ("--rule", "equal_gain", "--reserve", "70"), FIXED]
)
def test_the_command_check_agrees_with_shares_and_sees_one_changed_unit(share, tmp_path, capsys, options):
    shares = share(NEEDS, STEPS, *options)[1]
    files = [str(tmp_path / name) for name in ("shares.json", "needs.csv", "steps.csv")]
    assert main(["check", "--shares", *files]) == 0
    first, second = shares["shares"][:2]
    first["amount"], first["gain"] = first["amount"] + 1, first["gain"] - 1
    second["amount"], second["gain"] = second["amount"] - 1, second["gain"] + 1
    (tmp_path / "shares.json").write_text(json.dumps(shares), encoding="utf-8")
    assert main(["check", "--shares", *files]) == 1
    assert "by the rule it is" in capsys.readouterr().out


def test_the_command_check_tells_another_pool(share, tmp_path, capsys):
    shares = share()[1]
    shares["outside"] = []
    (tmp_path / "shares.json").write_text(json.dumps(shares), encoding="utf-8")
    files = [str(tmp_path / name) for name in ("shares.json", "needs.csv", "steps.csv")]
    assert main(["check", "--shares", *files]) == 1
    assert "Outside are others" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"shares": [{"member_id": "anvil"}]}', '{"shares": 5}'])
def test_what_is_no_shares_file_cannot_be_checked(share, tmp_path, capsys, text):
    share()
    (tmp_path / "shares.json").write_text(text, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("shares.json", "needs.csv", "steps.csv")]
    assert main(["check", "--shares", *files]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_a_broken_table_is_named_by_place_when_shares_are_checked(share, tmp_path, capsys):
    share()
    (tmp_path / "needs.csv").write_text(NEEDS.replace("60", "0"), encoding="utf-8")
    files = [str(tmp_path / name) for name in ("shares.json", "needs.csv", "steps.csv")]
    assert main(["check", "--shares", *files]) == 2
    assert "needs.csv:2:quantity: '0' is below 1" in capsys.readouterr().err
