"""A pay slip read aloud: from alone to together step by step, and the reason of every amount.

The stored share of a member (`engine.settlement.MemberShare`) becomes rows and sentences in the
page's language; the page and the printed slip read the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.engine.product import Profile
from kandoo.engine.sharing_rule import SharingRule
from kandoo.engine.sharing_words import SaleFacts, explain
from kandoo.selling import reading
from kandoo.selling.models import Cost, FirstPayment, Offer, PaySlip
from kandoo.selling.queries import page_language
from kandoo.selling.slip_reasons import NUMBERS, REASONS
from kandoo.selling.slip_reasons import Reason as Reason
from kandoo.sharing.words import RuleWords, rule_words
from kandoo.site import language as lang
from kandoo.site.pictures import Step, waterfall


@dataclass(frozen=True, slots=True)
class BatchPart:
    """What one batch earned in one order, amount by amount, beside what it would have earned alone."""

    batch: str
    order: str
    kg: int
    amount: int
    reasons: tuple[Reason, ...]
    alone: Reason | None


@dataclass(frozen=True, slots=True)
class Slip:
    """A whole pay slip, ready to print."""

    slip: PaySlip
    gain: int
    kg: int
    kg_without_evidence: int
    steps: tuple[Step, ...]
    parts: tuple[BatchPart, ...]
    first_on: date | None
    first_expected: int
    rule: RuleWords
    told: str  # the share in two plain sentences

    @property
    def gain_rounded(self) -> int:
        """The gain to the whole toman, for a headline."""
        return round(self.gain, -1)


def read_slip(slip: PaySlip) -> Slip:
    """A stored pay slip with its reasons; reads the member's own offers and the lot's costs."""
    profile = profiles.load(slip.lot.cluster.profile)
    content = slip.content
    offers = {
        each.batch.code: each
        for each in Offer.objects.filter(lot=slip.lot, enterprise=slip.enterprise).select_related("batch")
    }
    titles = dict(slip.lot.orders.values_list("code", "title"))
    costs = list(Cost.objects.filter(lot=slip.lot).order_by("pk"))
    first = FirstPayment.objects.filter(lot=slip.lot, enterprise=slip.enterprise).first()
    return Slip(
        slip=slip,
        gain=content["gain"],
        kg=content["kg"],
        kg_without_evidence=content["kg_without_evidence"],
        steps=tuple(steps_of(slip)),
        parts=tuple(_part(profile, line, titles, offers, costs) for line in content["lines"]),
        first_on=first.on if first else None,
        first_expected=first.expected if first else 0,
        rule=rule_words(SharingRule.from_dict(slip.lot.rule)),
        told=_told(slip),
    )


def _told(slip: PaySlip) -> str:
    """The share in two plain sentences: by which rule, and against what alone."""
    content = slip.content
    without, kg = content["kg_without_evidence"], content["kg"]
    facts = SaleFacts(
        amount=slip.amount,
        alone=slip.alone,
        gain=content["gain"],
        evidence="all" if not without else "none" if without == kg else "part",
        is_short=any(item["code"] == "shortfall" for item in content["items"]),
    )
    return explain(SharingRule.from_dict(slip.lot.rule), facts, lang.format_toman).in_language(page_language())


# From alone to together


def steps_of(slip: PaySlip) -> list[Step]:
    """The waterfall from what was to be earned alone to what was earned together."""
    sums: dict[str, int] = {}
    for item in slip.content["items"]:
        sums[item["code"]] = sums.get(item["code"], 0) + item["amount"]
    steps = [_total(_("Alone"), slip.alone), _change(_("Higher price together"), sums.pop("contract", 0) - slip.alone)]
    names = {
        "quality": _("Quality against the lot's mean"),
        "proportional": _("In proportion to alone"),
        "fixed": _("By the members' formula"),
        "equal_gain": _("The same gain for all"),
        "received_difference": _("Buyer's payment against the contract"),
        "cost": _("Shared costs"),
        "reserve": _("Into the cluster's reserve fund"),
        "floor": _("Floor made good"),
        "shortfall": _("Shared shortfall"),
    }
    steps += [_change(names[code], amount) for code, amount in sums.items() if amount]
    return [*steps, _total(_("Together"), slip.amount)]


def _total(label: str, amount: int) -> Step:
    return Step(label, amount, lang.format_toman(amount, page_language()), is_total=True)


def _change(label: str, amount: int) -> Step:
    return Step(label, amount, signed(amount))


def signed(amount: int) -> str:
    """An amount with its sign, in toman."""
    words = lang.format_toman(amount, page_language())
    return f"\u2066+{words.partition(' ')[0]}\u2069 {words.partition(' ')[2]}" if amount > 0 else words


def picture(slip: Slip) -> str:
    """The waterfall as a picture."""
    return waterfall(slip.steps, name=_("From alone to together"), language=page_language())  # type: ignore[arg-type]


# Each batch, amount by amount


def _part(
    profile: Profile,
    line: Mapping[str, Any],
    titles: Mapping[str, str],
    offers: Mapping[str, Offer],
    costs: Sequence[Cost],
) -> BatchPart:
    facts = line["line"]
    return BatchPart(
        batch=facts["batch"],
        order=titles.get(facts["order"], facts["order"]),
        kg=facts["kg"],
        amount=line["amount"],
        reasons=tuple(_reason(profile, line, item, costs) for item in line["items"]),
        alone=_alone(facts, offers.get(facts["batch"])),
    )


def _reason(profile: Profile, line: Mapping[str, Any], item: Mapping[str, Any], costs: Sequence[Cost]) -> Reason:
    numbers: dict[str, float] = dict(item["numbers"])
    if item["code"] == "quality":
        return _quality(profile, line, item["amount"], numbers)
    if item["code"] == "cost":
        return _cost(item["amount"], item["kind"], numbers, line["line"]["kg"], costs)
    return REASONS[item["code"]](item["amount"], numbers)


def _quality(profile: Profile, line: Mapping[str, Any], amount: int, numbers: NUMBERS) -> Reason:
    """What made it: each limit that had a price in the plan, and how the batch stands to it."""
    why = _("By its quality this batch is worth %(own)s per kg; the order's mean is %(mean)s per kg.") % {
        "own": _toman(numbers["value_per_kg"]),
        "mean": _toman(round(numbers["mean_value_per_kg"])),
    }
    inputs = tuple(_piece(profile, each) for each in line["quality"])
    if not inputs:
        why += " " + _("No limit was tight in the plan, so quality moved little or nothing.")
    return Reason(_("Quality against the lot's mean"), amount, why, inputs)


def _piece(profile: Profile, piece: Mapping[str, Any]) -> tuple[str, str]:
    code = reading.parameter_of(piece["limit_key"])
    side = _("at most") if piece["limit_key"].endswith("_max") else _("at least")
    words = _("found %(found)s, limit %(side)s %(limit)s: %(per_kg)s per kg") % {
        "found": reading.measured(profile, code, piece["found"], 1),
        "side": side,
        "limit": reading.measured(profile, code, piece["limit"], 1),
        "per_kg": signed(round(piece["per_kg"])),
    }
    return reading.name_of(profile, code), words


def _cost(amount: int, kind: str, numbers: NUMBERS, kg: int, costs: Sequence[Cost]) -> Reason:
    names: dict[str, str] = {value: str(label) for value, label in Cost.Kind.choices}
    by_kg = numbers["part_of"] == kg
    share = _("%(part)s of %(whole)s kg") if by_kg else _("%(part)s of %(whole)s by value")
    why = _("Share of %(total)s: %(share)s.") % {
        "total": _toman(numbers["total"]),
        "share": share
        % {"part": reading.number(int(numbers["part_of"])), "whole": reading.number(int(numbers["whole"]))},
    }
    paper = next((each for each in costs if each.kind == kind and each.amount == int(numbers["total"])), None)
    source = ""
    if paper:
        day = lang.format_day(paper.on, page_language(), style="short")
        source = _("document %(document)s, %(day)s") % {"document": isolated(paper.document), "day": day}
    return Reason(_("Cost: %(kind)s") % {"kind": names.get(kind, kind)}, amount, why, source=source)


def _alone(facts: Mapping[str, Any], offer: Offer | None) -> Reason | None:
    """What the same kilograms would have earned alone, with its evidence."""
    if facts["alone_per_kg"] is None:
        return None
    transport = offer.transport_per_kg if offer else 0
    why = _("%(kg)s at %(price)s per kg.") % {
        "kg": reading.kilograms(facts["kg"]),
        "price": _toman(facts["alone_per_kg"] - transport),
    }
    if transport:
        why += " " + _("Added: the %(transport)s per kg you spent to bring it to the lot.") % {
            "transport": _toman(transport)
        }
    source = ""
    if offer:
        day = lang.format_day(offer.alone_on, page_language(), style="short")
        source = f"{isolated(offer.alone_outlet)}{'، ' if page_language() == 'fa' else ', '}{day}"
    return Reason(_("Alone"), facts["alone_per_kg"] * facts["kg"], why, source=source)


def isolated(text: str) -> str:
    """Somebody's own words inside a sentence of the page, whichever way they run."""
    return f"\u2068{text}\u2069"


def _toman(rial: float) -> str:
    return lang.format_toman(int(rial), page_language())


def season_gain(slips: Iterable[PaySlip]) -> int:
    """What all these slips brought above selling alone, to the whole toman."""
    return round(sum(each.content["gain"] for each in slips), -1)
