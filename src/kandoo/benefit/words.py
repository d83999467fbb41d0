"""The account in words: the steps from alone to together, the kinds of action and of evidence."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.benefit.joint import Joint
from kandoo.benefit.lots import Item
from kandoo.benefit.models import ActionKind, Evidence
from kandoo.buying.models import Item as BoughtItem
from kandoo.register.models import Cluster
from kandoo.selling.models import Cost
from kandoo.site import language as lang
from kandoo.site.lists import page_language
from kandoo.site.pictures import Step, waterfall

TOTALS = ("alone", "together")


def step_words(code: str) -> str:
    """One step of the way from alone to together."""
    if code.startswith("cost:"):
        kind = code.partition(":")[2]
        names = {value: str(label) for value, label in Cost.Kind.choices}
        return _("Cost: %(kind)s") % {"kind": names.get(kind, kind)}
    names = {
        "alone": _("Alone"),
        "undocumented": _("Without evidence, counted as it was paid"),
        "price": _("Difference of price"),
        "quality": _("Quality against the lot's mean"),
        "received_difference": _("Buyer's payment against the contract"),
        "proportional": _("In proportion to alone"),
        "fixed": _("By the members' formula"),
        "equal_gain": _("The same gain for all"),
        "reserve": _("Into the cluster's reserve fund"),
        "floor": _("Floor made good"),
        "shortfall": _("Shared shortfall"),
        "own_costs": _("Own transport to the collection point"),
        "time": _("Own time"),
        "subsidy": _("Public subsidy, not counted"),
        "later": _("Corrected later"),
        "together": _("Together, after all of it"),
    }
    return names.get(code, code)


def added_up(ways: Iterable[Iterable[tuple[str, int]]]) -> list[tuple[str, int]]:
    """Several ways from alone to together as one: totals first and last, each kind of change once."""
    sums: dict[str, int] = {"alone": 0}
    for way in ways:
        for code, amount in way:
            sums[code] = sums.get(code, 0) + amount
    together = sums.pop("together", 0)
    return [*((code, amount) for code, amount in sums.items() if amount or code == "alone"), ("together", together)]


def steps_of(way: Iterable[tuple[str, int]]) -> list[Step]:
    """The steps as the picture takes them."""
    return [
        Step(step_words(code), amount, toman(amount) if code in TOTALS else signed(amount), is_total=code in TOTALS)
        for code, amount in way
    ]


def picture(steps: list[Step]) -> str:
    """The waterfall from alone to together."""
    return waterfall(steps, name=_("From alone to together"), language="en" if page_language() == "en" else "fa")


def toman(rial: int) -> str:
    return lang.format_toman(rial, page_language())


def signed(amount: int) -> str:
    """An amount with its sign."""
    words = toman(amount)
    return f"\u2066+{words.partition(' ')[0]}\u2069 {words.partition(' ')[2]}" if amount > 0 else words


def rounded(amount: int) -> str:
    """An amount to the whole toman, for a headline."""
    return toman(round(amount, -1))


def number(value: object, decimals: int | None = None) -> str:
    return lang.format_number(value, page_language(), decimals)  # type: ignore[arg-type]


def kg(value: int) -> str:
    return _("%(kg)s kg") % {"kg": number(value)}


def units(quantity: int, unit: str) -> str:
    """So many of a unit; without one where different things are added up."""
    if unit == "kg":
        return kg(quantity)
    return f"{number(quantity)} {unit_words(unit)}" if unit in dict(BoughtItem.Unit.choices) else _("several things")


def unit_words(unit: str) -> str:
    """A unit in words."""
    return str(dict(BoughtItem.Unit.choices).get(unit, unit))


def names_of(joint: Joint, items: Sequence[Item]) -> dict[str, str]:
    """What each item is called: a batch by its code and kind of honey, a thing bought by its name."""
    if joint.is_buying:
        return bought_names(joint.cluster, [each.code for each in items])
    kinds = profiles.load(joint.cluster.profile).kinds
    language = page_language()
    named = {
        each.code: kinds[each.goods].name.in_language(language) if each.goods in kinds else each.goods for each in items
    }
    return {code: f"{lang.localise_digits(code, language)} · {name}" for code, name in named.items()}


def bought_names(cluster: Cluster, codes: Iterable[str]) -> dict[str, str]:
    """What things of the catalogue are called, by code."""
    return {each.code: str(each) for each in BoughtItem.objects.filter(cluster=cluster, code__in=set(codes))}


def kind_words(kind: str) -> str:
    """A kind of joint action."""
    return str(dict(ActionKind.choices).get(kind, kind))


def evidence_words(kind: str) -> str:
    """What counted as evidence."""
    if kind == "mixed":
        return _("Several kinds")
    return str(dict(Evidence.Kind.choices).get(kind, "")) or _("No evidence")


def why_not_words(why: str, side: str = "earning") -> str:
    """Why there is no documented price alone, and what would make one."""
    if side == "cost" and why == "too_few_quotations":
        return _("Fewer than three sellers' prices were recorded.")
    return {
        "none": _("No price was recorded."),
        "too_few_quotations": _("Fewer than three buyers' prices were recorded."),
        "too_old": _("The prices were too old: quotations count for 60 days, an invoice for one season."),
        "no_paper": _("The prices had neither a paper nor a note of how they were told."),
        "no_sample": _("The median stands on fewer than five prices."),
    }.get(why, "")


def service_words(stage: str) -> str:
    """A service by the provider's place in the value chain."""
    names = {
        "laboratory": _("a laboratory"),
        "input_supply": _("an input supplier"),
        "packing": _("a packer"),
    }
    return names.get(stage, stage)
