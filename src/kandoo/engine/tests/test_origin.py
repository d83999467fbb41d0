"""Origin on the label, and totals that give no firm away."""

from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine.origin import OTHER, origin_shares, percentages, safe_totals

GROUPS = st.dictionaries(
    st.sampled_from(["Aligudarz", "Azna", "Borujerd", "Dorud", "Kuhdasht", "Selseleh"]),
    st.dictionaries(st.integers(0, 30).map(str), st.integers(0, 50), max_size=9),
    max_size=6,
)


def county(kg, members=6):
    return {f"{kg}-{number}": kg for number in range(members)}


def test_shares_fall_and_add_up_to_a_hundred():
    shares = percentages({"Azna": 1, "Dorud": 1, "Borujerd": 1})
    assert [each.tenths for each in shares] == [334, 333, 333]
    assert sum(each.tenths for each in shares) == 1000


def test_a_county_of_few_members_is_merged_with_another_so_that_it_cannot_be_subtracted():
    groups = {"Azna": county(10), "Dorud": county(20, members=2), "Borujerd": county(40)}
    safe = safe_totals(groups)
    assert safe.merged == ("Azna", "Dorud")
    assert safe.totals == {"Borujerd": 240, OTHER: 100}


def test_a_member_above_half_of_its_county_is_not_shown():
    groups = {"Azna": {**county(10), "big": 90}, "Dorud": county(20), "Borujerd": county(40)}
    assert "Azna" not in safe_totals(groups).totals


def test_where_no_county_is_safe_the_province_is_shown_alone():
    shares = origin_shares({"Azna": county(10, 3), "Dorud": county(20, 2)}, whole="Lorestan")
    assert [(each.area, each.percent) for each in shares] == [("Lorestan", 100.0)]


def test_too_few_members_altogether_have_no_totals():
    assert safe_totals({"Azna": {"a": 5, "b": 5}}).level == "none"


@given(GROUPS)
def test_no_shown_total_gives_a_member_away(groups):
    safe = safe_totals(groups)
    shown = {name: groups[name] for name in safe.totals if name != OTHER}
    hidden: dict[str, int] = {}
    for name in safe.merged:
        for member, amount in groups[name].items():
            hidden[member] = hidden.get(member, 0) + amount
    for total in [*shown.values(), *([hidden] if OTHER in safe.totals else [])]:
        present = [amount for amount in total.values() if amount]
        assert len(present) >= 5
        assert 2 * max(present) <= sum(present)
    if safe.totals:
        assert sum(safe.totals.values()) == sum(sum(each.values()) for each in groups.values())


@given(GROUPS)
def test_other_comes_last_and_the_shares_are_whole(groups):
    shares = origin_shares(groups, whole="Lorestan")
    named = [each for each in shares if each.area != OTHER]
    assert sum(each.tenths for each in shares) in (0, 1000)
    assert [each.kg for each in named] == sorted((each.kg for each in named), reverse=True)
    assert all(each.area != OTHER for each in shares[:-1])
