"""A share said in two plain sentences, Persian and English: by what rule, and against what alone.

The caller knows how money is written for people, so it gives the words of an amount; nothing here
rounds or converts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kandoo.engine.product import Name
from kandoo.engine.sharing_rule import WHOLE, Base, RuleName, SharingRule

Language = Literal["fa", "en"]
Evidence = Literal["all", "part", "none"]
Money = Callable[[int, Language], str]  # an amount above or equal to 0, with its unit

_EASTERN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """What is said of a member's share of a lot (money in the smallest unit).

    `alone` and `gain` are those of the kilograms with evidence: all of them, a part, or none.
    `is_short`: the lot did not cover all reserve prices.
    """

    amount: int
    alone: int
    gain: int
    evidence: Evidence = "all"
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """What is said of a member's share of a joint purchase; outside, it pays what it pays alone."""

    amount: int
    alone: int
    is_outside: bool = False


def explain(rule: SharingRule, facts: SaleFacts | PurchaseFacts, money: Money) -> Name:
    """Two sentences in each language, with the amounts as `money` writes them.

    >>> facts = PurchaseFacts(amount=480, alone=600)
    >>> explain(SharingRule("uniform"), facts, lambda amount, language: f"{amount} rial").en
    'You pay 480 rial, because everybody pays the same for each unit. Alone you would have paid 600 rial, so buying \
together saves you 120 rial.'
    """
    if isinstance(facts, SaleFacts):
        return _sale(rule, facts, money)
    return _purchase(rule, facts, money)


def reason_of(rule: SharingRule, kind: Literal["sale", "purchase"]) -> Name:
    """Why the share is what it is: a clause that follows «because» and «چون»."""
    if rule.name == "fixed":
        parts = [(base, weight) for base, weight in sorted(rule.weights.items(), key=lambda both: -both[1]) if weight]
        fa = "، ".join(f"{_percent(weight, 'fa')} {_BASES[base].fa}" for base, weight in parts)
        en = ", ".join(f"{_percent(weight, 'en')} {_BASES[base].en}" for base, weight in parts)
        name = Name(f"تقسیم بر پایهٔ فرمول اعضاست: {fa}", f"the members' formula divides it: {en}")
    else:
        name = (_SALE if kind == "sale" else _PURCHASE)[rule.name]
    if not rule.reserve:
        return name
    return Name(
        f"پس از کنار گذاشتن {_percent(rule.reserve, 'fa')} از سود همکاری برای صندوق ذخیره، {name.fa}",
        f"after {_percent(rule.reserve, 'en')} of the gain is put into the reserve, {name.en}",
    )


_BASES: dict[Base, Name] = {
    "quantity": Name("به نسبت مقدار", "by quantity"),
    "alone": Name("به نسبت مبلغ هر کس به‌تنهایی", "by what each would have alone"),
    "quality": Name("به نسبت ارزش کیفی", "by the value of the quality"),
    "member": Name("برای همه برابر", "the same for each member"),
}
_SALE: dict[RuleName, Name] = {
    "uniform": Name("در هر سفارش هر کیلوگرم برای همه یک قیمت دارد", "every kilogram of an order earns the same"),
    "proportional": Name(
        "هر کس به نسبت درآمد خود در فروش تنها سهم می‌برد", "each earns in proportion to what it would earn alone"
    ),
    "equal_gain": Name(
        "هر عضو درآمد فروش تنهای خود و سود همکاری برابر با دیگران را می‌گیرد",
        "each member gets what it would earn alone and the same gain on top",
    ),
    "quality": Name(
        "هر بهر به نسبت ارزش کیفی خود سهم می‌برد", "each batch earns in proportion to the value of its quality"
    ),
}
_PURCHASE: dict[RuleName, Name] = {
    "uniform": Name("همه برای هر واحد یک قیمت می‌پردازند", "everybody pays the same for each unit"),
    "proportional": Name(
        "هر کس به نسبت هزینهٔ خود در خرید تنها می‌پردازد", "each pays in proportion to what it would pay alone"
    ),
    "equal_gain": Name(
        "هر عضو به یک اندازه کمتر از خرید تنها می‌پردازد", "each member saves the same against buying alone"
    ),
}


def _sale(rule: SharingRule, facts: SaleFacts, money: Money) -> Name:
    got = _both(facts.amount, money)
    why = reason_of(rule, "sale")
    if facts.is_short:
        why = Name(
            "درآمد محموله همهٔ قیمت‌های پایه را نپوشاند و هر عضو همان نسبت از قیمت پایهٔ خود را می‌گیرد",
            "the lot did not cover all reserve prices and each member gets the same share of its own",
        )
    if facts.amount < 0:
        first = Name(
            f"سهم شما {got.fa} بدهی است، چون {why.fa}.", f"Your share is a debt of {got.en}, because {why.en}."
        )
    else:
        first = Name(f"شما {got.fa} می‌گیرید، چون {why.fa}.", f"You get {got.en}, because {why.en}.")
    return _joined(first, _sale_against_alone(facts, money))


def _sale_against_alone(facts: SaleFacts, money: Money) -> Name:
    if facts.evidence == "none":
        return Name(
            "برای فروش تنهای شما مدرکی ثبت نشده است، پس سودی هم به حساب نمی‌آید.",
            "No evidence of what you would have earned alone is recorded, so no gain is counted.",
        )
    alone, gain = _both(facts.alone, money), _both(facts.gain, money)
    of_part = Name("برای آنچه مدرک دارد، ", "For what has evidence: ") if facts.evidence == "part" else Name("", "")
    if facts.gain == 0:
        return Name(
            f"{of_part.fa}در فروش تنها هم همان {alone.fa} را به دست می‌آوردید.",
            f"{of_part.en}Alone you would have earned the same {alone.en}.",
        )
    fa, en = ("بیشتر", "more") if facts.gain > 0 else ("کمتر", "less")
    return Name(
        f"{of_part.fa}در فروش تنها {alone.fa} به دست می‌آوردید، پس فروش مشترک {gain.fa} {fa} برای شما داشت.",
        f"{of_part.en}Alone you would have earned {alone.en}, so selling together brought you {gain.en} {en}.",
    )


def _purchase(rule: SharingRule, facts: PurchaseFacts, money: Money) -> Name:
    paid, alone = _both(facts.amount, money), _both(facts.alone, money)
    if facts.is_outside:
        return Name(
            f"شما جدا از خرید مشترک {paid.fa} می‌پردازید، چون خرید مشترک برای شما گران‌تر بود. "
            "این همان هزینهٔ خرید تنهاست، پس چیزی از دست نمی‌دهید.",
            f"You pay {paid.en} outside the joint purchase, because buying together was dearer for you. "
            "It is what you would have paid alone, so you lose nothing.",
        )
    why = reason_of(rule, "purchase")
    first = Name(f"شما {paid.fa} می‌پردازید، چون {why.fa}.", f"You pay {paid.en}, because {why.en}.")
    saved = _both(facts.alone - facts.amount, money)
    if facts.alone == facts.amount:
        second = Name(f"در خرید تنها هم {alone.fa} می‌پرداختید.", f"Alone you would have paid the same {alone.en}.")
    else:
        second = Name(
            f"در خرید تنها {alone.fa} می‌پرداختید، پس خرید مشترک {saved.fa} برای شما صرفه داشت.",
            f"Alone you would have paid {alone.en}, so buying together saves you {saved.en}.",
        )
    return _joined(first, second)


def _both(amount: int, money: Money) -> Name:
    return Name(money(abs(amount), "fa"), money(abs(amount), "en"))


def _joined(first: Name, second: Name) -> Name:
    return Name(f"{first.fa} {second.fa}", f"{first.en} {second.en}")


def _percent(thousandths: int, language: Language) -> str:
    """`12.5%` or «۱۲٫۵٪»."""
    text = f"{thousandths * 100 / WHOLE:g}"
    return f"{text.translate(_EASTERN)}٪" if language == "fa" else f"{text}%"
