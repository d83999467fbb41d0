"""The settlement of a round before it is fixed: each member's bill and what holds for all of them."""

from collections import defaultdict
from dataclasses import dataclass

from kandoo.buying.actions.money import deposits_of
from kandoo.buying.models import Round
from kandoo.buying.settling import Kept, kept_in, settlement_of
from kandoo.engine.buying_settlement import PurchaseSettlement
from kandoo.register.models import Enterprise
from kandoo.sharing.words import RuleWords, rule_words


@dataclass(frozen=True, slots=True)
class BillPreview:
    """What one member would be billed. Rial."""

    firm: Enterprise
    amount: int
    alone: int
    deposit: int  # taken off

    @property
    def gain(self) -> int:
        return self.alone - self.amount

    @property
    def due(self) -> int:
        return self.amount - self.deposit


@dataclass(frozen=True, slots=True)
class Preview:
    """All bills, the one with the least gain first, and the certificate."""

    bills: tuple[BillPreview, ...]
    result: PurchaseSettlement
    rule: RuleWords

    @property
    def amount(self) -> int:
        return sum(each.amount for each in self.bills)

    @property
    def alone(self) -> int:
        return sum(each.alone for each in self.bills)

    @property
    def gain(self) -> int:
        return self.alone - self.amount

    @property
    def due(self) -> int:
        return sum(each.due for each in self.bills)


def preview(this: Round) -> Preview:
    """What settling now would bill each member."""
    kept = kept_in(this)
    result = settlement_of(this, kept)
    paid_ahead, amounts = deposits_of(this), result.members
    mine: dict[Enterprise, list[Kept]] = defaultdict(list)
    for each in kept:
        if each.units:
            mine[each.hand_out.enterprise].append(each)
    bills = [
        BillPreview(
            firm,
            amounts[str(firm.pk)],
            sum(each.alone for each in own),
            min(paid_ahead.get(firm.pk, 0), amounts[str(firm.pk)]),
        )
        for firm, own in mine.items()
    ]
    return Preview(
        tuple(sorted(bills, key=lambda each: (each.gain, each.firm.sort_key))), result, rule_words(result.rule)
    )
