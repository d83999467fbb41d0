"""Fair shares of one item bought together: what each pays, and the proof that nobody is worse off.

>>> schedule = Schedule([Step(1, 10), Step(100, 8)], "all_units")
>>> needs = [Need("anvil", 60), Need("borer", 50), Need("cutter", 5, alone_price=7)]
>>> division = share_bill(needs, schedule)
>>> [(share.member_id, share.amount, share.gain) for share in division.shares]
[('anvil', 480, 120), ('borer', 400, 100), ('cutter', 35, 0)]
>>> division.outside, division.total, division.temptation.epsilon
(('cutter',), 915, Fraction(0, 1))
"""

from .bills import NO_PRICE, Bills, share_bills
from .division import share_bill
from .schedule import KINDS, Kind, Schedule, Step
from .values import RULES, AuditFigure, Division, MemberShare, Need, Temptation

__all__ = [
    "KINDS", "NO_PRICE", "RULES", "AuditFigure", "Bills", "Division", "Kind", "MemberShare", "Need",
    "Schedule", "Step", "Temptation", "share_bill", "share_bills",
]  # fmt: skip
