"""Every share explains itself in two plain sentences, in both languages."""

import re

import pytest

from kandoo.engine.sharing_rule import Base, RuleName, SharingRule
from kandoo.engine.sharing_words import PurchaseFacts, SaleFacts, explain

FORMULA: dict[Base, int] = {"quantity": 700, "alone": 175, "member": 125}
NAMES: tuple[RuleName, ...] = ("uniform", "proportional", "equal_gain")
RULES = [SharingRule(name, reserve) for name in NAMES for reserve in (0, 125)]
FIXED = SharingRule("fixed", 100, FORMULA)
SALES = [
    SaleFacts(9_000, 8_000, 1_000),
    SaleFacts(7_000, 8_000, -1_000),
    SaleFacts(8_000, 8_000, 0, "part"),
    SaleFacts(8_000, 0, 0, "none"),
    SaleFacts(8_000, 9_000, -1_000, is_short=True),
    SaleFacts(-500, 0, 0, "none", is_short=True),
]
PURCHASES = [PurchaseFacts(480, 600), PurchaseFacts(600, 600), PurchaseFacts(600, 600, is_outside=True)]


def money(amount, language):
    return f"{amount} {'ریال' if language == 'fa' else 'rial'}"


@pytest.mark.parametrize("rule", [*RULES, FIXED, SharingRule("quality")])
@pytest.mark.parametrize("facts", [*SALES, *PURCHASES])
def test_a_share_is_explained_in_exactly_two_sentences_in_each_language(rule, facts):
    if rule.name == "quality" and isinstance(facts, PurchaseFacts):
        return
    said = explain(rule, facts, money)
    for text in (said.fa, said.en):
        assert len(re.findall(r"\.(?= |$)", text)) == 2 and text.endswith(".")
    assert str(abs(facts.amount)) in said.en and str(abs(facts.amount)) in said.fa
    assert not re.search("[A-Za-z]", said.fa)
    assert not re.search("[\u0600-\u06ff]", said.en)


def test_the_formula_and_the_reserve_are_told_in_per_cent():
    said = explain(FIXED, PurchaseFacts(480, 600), money)
    assert "70% by quantity, 17.5% by what each would have alone, 12.5% the same for each member" in said.en
    assert "after 10% of the gain is put into the reserve" in said.en
    assert "۱۷٫۵٪ به نسبت مبلغ هر کس به‌تنهایی" in said.fa
