"""Rules, votes and their outcomes in plain words of the page's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.engine.sharing_rule import RULE_NAMES, WHOLE, ActionKind, BadRule, Base, RuleName, SharingRule
from kandoo.site import language as lang
from kandoo.site.lists import joined, page_language

NAMES: Mapping[RuleName, Any] = {
    "uniform": gettext_lazy("One price for all"),
    "proportional": gettext_lazy("In proportion to alone"),
    "equal_gain": gettext_lazy("The same gain for all"),
    "quality": gettext_lazy("By quality"),
    "fixed": gettext_lazy("The members' own formula"),
}
_SELLING: Mapping[RuleName, Any] = {
    "uniform": gettext_lazy("Every kilogram of an order earns the same, whoever brought it."),
    "proportional": gettext_lazy("What the buyers paid goes by what each member would have earned alone."),
    "equal_gain": gettext_lazy("Each member gets what it would have earned alone, and the same amount on top."),
    "quality": gettext_lazy(
        "Honey that helps the whole lot to keep a buyer's limits earns more, by what that limit was worth in the plan."
    ),
    "fixed": gettext_lazy(
        "So many percent go by kilograms, by what each would earn alone, by quality, and by head, as the members say."
    ),
}
_PAYING: Mapping[RuleName, Any] = {
    "uniform": gettext_lazy("Everybody pays the same for a unit."),
    "proportional": gettext_lazy("Each pays in proportion to what it would have paid alone."),
    "equal_gain": gettext_lazy("Each member saves the same amount against paying alone."),
    "fixed": gettext_lazy(
        "So many percent of the bill go by quantity, by what each would have paid alone, and by head, as the members say."
    ),
}
BASES: Mapping[Base, Any] = {
    "quantity": gettext_lazy("By quantity"),
    "alone": gettext_lazy("By what each has alone"),
    "quality": gettext_lazy("By quality"),
    "member": gettext_lazy("The same for each member"),
}
_OUTCOMES: Mapping[str, Any] = {
    "no_votes": gettext_lazy("Nobody voted, so the rule was not adopted."),
    "no_quorum": gettext_lazy("Too few voted: %(cast)s of %(electorate)s; needed: %(needed)s."),
    "no_majority": gettext_lazy("%(yes)s of %(cast)s votes said yes, and %(yes_needed)s were needed."),
    "adopted": gettext_lazy("%(yes)s of %(cast)s votes said yes; %(yes_needed)s were needed."),
}


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as a page says it."""

    code: RuleName
    name: str
    meaning: str
    parts: tuple[tuple[str, str], ...]  # the formula's weights
    reserve: str  # a sentence, empty without a reserve


def rule_words(rule: SharingRule, kind: ActionKind = "selling") -> RuleWords:
    """A rule's name, what it means for a kind of action, and its figures."""
    reserve = ""
    if rule.reserve:
        reserve = _("First %(part)s of the gain goes into the cluster's reserve fund.") % {
            "part": percent(rule.reserve)
        }
    parts = tuple((str(BASES[base]), percent(rule.weights[base])) for base in BASES if rule.weights.get(base))
    return RuleWords(rule.name, str(NAMES[rule.name]), meaning(rule.name, kind), parts, reserve)


def meaning(name: RuleName, kind: ActionKind) -> str:
    """What a rule does, in one sentence."""
    return str((_SELLING if kind == "selling" else _PAYING)[name])


def rules_for(kind: ActionKind) -> tuple[RuleName, ...]:
    """The rules a kind of action can use."""
    return RULE_NAMES if kind == "selling" else tuple(name for name in RULE_NAMES if name in _PAYING)


def short(rule: SharingRule) -> str:
    """A rule in one line: its name, its formula, its reserve."""
    words = rule_words(rule)
    formula = joined(f"{label} {part}" for label, part in words.parts)
    name = f"{words.name} ({formula})" if formula else words.name
    return f"{name}. {words.reserve}" if words.reserve else name


def percent(thousandths: int) -> str:
    """Thousandths as a percentage."""
    text = lang.format_number(thousandths * 100 / WHOLE, page_language(), 1 if thousandths % 10 else 0)
    return f"{text}٪" if page_language() == "fa" else f"{text}%"


def outcome_words(outcome: str, figures: Mapping[str, int]) -> str:
    """Why a proposal was adopted or not."""
    shown = {name: lang.format_number(value, page_language(), 0) for name, value in figures.items()}
    return str(_OUTCOMES[outcome]) % shown


def bad_rule(problem: BadRule) -> str:
    """What is wrong with a rule, in the reader's language."""
    values = problem.values
    if problem.code == "weights_sum":
        return _("The parts of the formula add up to %(total)s, not to 100 percent.") % {
            "total": percent(values["total"])
        }
    texts = {
        "name": _("Choose one of the rules."),
        "reserve": _("The reserve is between 0 and 100 percent of the gain."),
        "base": _("A formula shares by quantity, by alone, by quality or by member."),
        "weight": _("A part of the formula cannot be below zero."),
        "weights_unwanted": _("Only the members' own formula has parts. Leave them empty, or choose the formula."),
        "kind": _("Only what is earned can be shared by quality; a bill cannot."),
    }
    return texts[problem.code]
