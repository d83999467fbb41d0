"""Joint selling: many members' batches become blends that buyers accept.

>>> import math
>>> from kandoo.engine.laws import BlendLaw
>>> batches = Batches.build(
...     ["dry", "wet"], ["m1", "m2"], ["thyme", "thyme"], drums=[4, 4], drum_kg=[300, 300],
...     reserve_per_kg=[90, 70], transport_per_kg=[0, 0], barred=[False, False],
...     quality={"moisture": [17.0, 19.0]},
... )
>>> orders = Orders.build(
...     ["export"], [100], mass_min_kg=[1200], mass_max_kg=[1800], kinds=[frozenset()],
...     sources_max=[None], drums_min=[1], lower={}, upper={"moisture": [18.0]},
... )
>>> plan = plan_sale(batches, orders, {"moisture": BlendLaw("moisture", "linear_mass")})
>>> plan.orders[0].drums, plan.orders[0].blend
((('dry', 3), ('wet', 3)), {'moisture': 18.0})
>>> plan.objective  # 3 x 300 x 10 + 3 x 300 x 30
36000
"""

from .advice import WhyNot
from .changes import Change
from .plan import OrderPlan, SalePlan
from .planner import plan_sale
from .values import Batches, Limits, Orders

__all__ = [
    "Batches", "Change", "Limits", "OrderPlan", "Orders", "SalePlan", "WhyNot", "plan_sale",
]  # fmt: skip
