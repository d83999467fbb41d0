"""A bill as a person reads it: the saving first, then line by line what was ordered, got and is paid, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kandoo.benefit.words import toman, unit_words
from kandoo.buying.models import Bill, CollectionPoint, Item
from kandoo.engine.sharing_rule import SharingRule
from kandoo.register.models import Enterprise
from kandoo.sharing.words import RuleWords, rule_words
from kandoo.site.language import format_number
from kandoo.site.lists import page_language


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line in words. Money in rial; `why` are sentences."""

    item: str
    supplier: str
    place: str
    unit: str
    ordered: int
    quantity: int
    amount: int
    alone: int
    why: tuple[str, ...]

    @property
    def gain(self) -> int:
        return self.alone - self.amount


@dataclass(frozen=True, slots=True)
class ReadBill:
    """A bill with its lines; `due` is what is left to pay after the deposit."""

    bill: Bill
    lines: tuple[BillLine, ...]
    rule: RuleWords

    @property
    def due(self) -> int:
        return self.bill.amount - self.bill.deposit

    @property
    def gain(self) -> int:
        return self.bill.alone - self.bill.amount

    @property
    def owed_back(self) -> int:
        """Of the deposit, what the bill did not take."""
        paid: int = self.bill.content["deposit_paid"]
        return paid - self.bill.deposit

    @property
    def reserve(self) -> int:
        return sum(each["reserve"] for each in self.bill.content["lines"])


def read_bill(bill: Bill) -> ReadBill:
    """The bill in the language of the page."""
    lines: list[Mapping[str, Any]] = bill.content["lines"]
    codes = {each["brought"] for each in lines} | {each["item"] for each in lines}
    items = {each.code: str(each) for each in Item.objects.filter(cluster=bill.cluster_id, code__in=codes)}
    firms = Enterprise.objects.in_bulk({each["supplier"] for each in lines})
    points = CollectionPoint.objects.in_bulk({each["place"] for each in lines})
    return ReadBill(
        bill,
        tuple(
            BillLine(
                item=items.get(each["brought"], each["brought"]),
                supplier=str(firms.get(each["supplier"], "")),
                place=str(points.get(each["place"], "")),
                unit=unit_words(each["unit"]),
                ordered=each["ordered"],
                quantity=each["quantity"],
                amount=each["amount"],
                alone=each["alone"],
                why=tuple(_why(each, items)),
            )
            for each in lines
        ),
        rule_words(SharingRule.from_dict(bill.content["rule"])),
    )


def _why(line: Mapping[str, Any], items: Mapping[str, str]) -> list[str]:
    """Where the amount of a line comes from, sentence by sentence."""
    found = []
    if line["brought"] != line["item"]:
        found.append(_("It was brought in place of %(item)s.") % {"item": items.get(line["item"], line["item"])})
    if short := line["ordered"] - line["handed"]:
        found.append(_("%(n)s came short and cost you nothing.") % {"n": number(short)})
    if line["returned"]:
        found.append(_("You gave %(n)s back.") % {"n": number(line["returned"])})
    if line["quantity"]:
        values = {"price": toman(round(line["amount"] / line["quantity"])), "unit": unit_words(line["unit"])}
        found.append(_("That is %(price)s for one %(unit)s, with its part of the delivery.") % values)
    if line["reserve"]:
        found.append(_("%(amount)s of it goes into the cluster's reserve.") % {"amount": toman(line["reserve"])})
    if line["quantity"] and line["amount"] == line["most"]:
        found.append(_("This is the most you said you would pay, so you pay no more than that."))
    elif line["quantity"] == line["ordered"] and (change := line["amount"] - line["planned"]):
        values = {"planned": toman(line["planned"])}
        found.append(
            _("The plan said %(planned)s; what came short or was invoiced otherwise made it more.") % values
            if change > 0
            else _("The plan said %(planned)s; the invoice came out lower.") % values
        )
    return found


def number(value: int) -> str:
    return format_number(value, page_language())
