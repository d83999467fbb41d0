"""What is open of an account, and since when: oldest first, and always the whole balance."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine.open_items import EDGES, Line, OpenItem, by_age, open_items

TODAY = date(2026, 11, 22)
LINES = st.lists(
    st.builds(
        lambda days, key, amount: Line(TODAY - timedelta(days=days), str(key), amount),
        st.integers(0, 200),
        st.integers(1, 9),
        st.integers(-1_000, 1_000),
    ),
    max_size=30,
)


def line(days_ago: int, key: str, amount: int) -> Line:
    return Line(TODAY - timedelta(days=days_ago), key, amount)


def test_a_payment_settles_the_oldest_first():
    items = open_items([line(50, "slip", 900), line(20, "slip 2", 300), line(10, "paid", -1_000)])
    assert [(item.key, item.left) for item in items] == [("slip 2", 200)]


def test_what_is_paid_beyond_everything_open_is_itself_open():
    items = open_items([line(50, "slip", 900), line(10, "paid", -1_000)])
    assert [(item.key, item.left, item.age(TODAY)) for item in items] == [("paid", -100, 10)]


def test_a_debt_before_a_claim_is_settled_by_it():
    items = open_items([line(30, "sugar", -200), line(10, "slip", 900)])
    assert [(item.key, item.left) for item in items] == [("slip", 700)]


def test_ages_end_at_thirty_sixty_and_ninety_days():
    items = [OpenItem(TODAY - timedelta(days=days), "x", 1, 1) for days in (0, 30, 31, 60, 61, 90, 91)]
    assert by_age(items, TODAY) == (2, 2, 2, 1)
    assert len(by_age([], TODAY)) == len(EDGES) + 1


@given(LINES)
def test_what_is_open_is_the_balance(lines):
    items = open_items(lines)
    assert sum(item.left for item in items) == sum(each.amount for each in lines)
    assert sum(by_age(items, TODAY)) == sum(each.amount for each in lines)


@given(LINES)
def test_an_open_item_is_a_part_of_its_line_and_all_lie_on_one_side(lines):
    items = open_items(lines)
    assert all(0 < item.left / item.amount <= 1 for item in items)
    assert len({item.left > 0 for item in items}) <= 1


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_writing_does_not_matter(lines, random):
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert open_items(shuffled) == open_items(lines)


@given(LINES)
def test_nothing_older_stays_open_while_newer_of_the_same_side_is_settled(lines):
    items = open_items(lines)
    if not items:
        return
    newest_whole = [each for each in lines if each.amount * items[0].left > 0 and each.on > items[-1].on]
    assert newest_whole == []
    assert [item.on for item in items] == sorted(item.on for item in items)
