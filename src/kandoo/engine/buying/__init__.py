"""Joint buying: what many members need becomes orders to few suppliers, and one fair bill.

>>> needs = Needs.build(
...     ["anvil", "borer", "cutter"], ["jar"] * 3, quantity=[60, 50, 5], quantity_max=[60, 55, 5],
...     place=["town"] * 3, latest=[ANY_DAY] * 3, alone_price=[10, 9, 7],
... )
>>> jars = Offer("jar", (Step(1, 10), Step(100, 8)), pack=10)
>>> plan = plan_purchase(needs, [Supplier("factory", (jars,), delivery_fixed=15)])
>>> plan.total_cost, plan.bound, plan.alone_cost  # 110 jars at 8, delivery, 5 jars alone
(930, 930, 1085)
>>> [(each["member_id"], each["amount"], each["gain"]) for each in plan.to_dict()["members"]]
[('anvil', 488, 112), ('borer', 407, 43), ('cutter', 0, 0)]
"""

from .one_more import OneMore, one_more_of, one_more_pack
from .plan import BuyingPlan
from .planner import plan_purchase
from .progress import NextStep, next_pack, next_step, to_minimum
from .shortage import SHORTAGE_RULES, ShortageRule, ration
from .temptation import Temptation
from .terms import Band, bands_of, cost_of
from .values import ANY_DAY, KINDS, Kind, Needs, Offer, Step, Supplier

__all__ = [
    "ANY_DAY", "KINDS", "SHORTAGE_RULES", "Band", "BuyingPlan", "Kind", "Needs", "NextStep", "Offer", "OneMore",
    "ShortageRule", "Step", "Supplier", "Temptation", "bands_of", "cost_of", "next_pack", "next_step",
    "one_more_of", "one_more_pack", "plan_purchase", "ration", "to_minimum",
]  # fmt: skip
