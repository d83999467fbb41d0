"""A worked example of every posting rule: a fact with figures, and the legs it must give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kandoo.engine.posting_rules import lot_cost


@dataclass(frozen=True, slots=True)
class Example:
    """A fact with figures and the legs its rule must give: (account, party, amount)."""

    tells: str
    arguments: Mapping[str, Any]
    legs: tuple[tuple[str, str, int], ...]


EXAMPLES: dict[str, Example] = {
    "sale_delivered": Example(
        "20,300 kg at 1,900,000 rial are delivered to the importer.",
        {
            "source": "lot/7/order/3/delivered",
            "lot": "7",
            "buyer": "importer",
            "amount": 38_570_000_000,
        },
        (
            ("receivable", "importer", 38_570_000_000),
            ("pool_proceeds", "", -38_570_000_000),
        ),
    ),
    "lot_cost": Example(
        "The laboratory bills 18 samples.",
        {"source": "lot/7/cost/12", "lot": "7", "supplier": "laboratory", "amount": 540_000_000},
        (("shared_costs", "", 540_000_000), ("payable", "laboratory", -540_000_000)),
    ),
    "buyer_paid": Example(
        "The importer pays, less a claim of 70,000,000 that the lot accepts.",
        {
            "source": "lot/7/order/3/paid",
            "lot": "7",
            "buyer": "importer",
            "received": 38_500_000_000,
            "owed": 38_570_000_000,
        },
        (
            ("bank", "", 38_500_000_000),
            ("receivable", "importer", -38_570_000_000),
            ("pool_proceeds", "", 70_000_000),
        ),
    ),
    "first_payment": Example(
        "Two members are owed a first payment.",
        {"source": "lot/7/first", "lot": "7", "payments": {"darreh": 600, "kuh": 400}},
        (
            ("advances", "darreh", 600),
            ("advances", "kuh", 400),
            ("payable", "darreh", -600),
            ("payable", "kuh", -400),
        ),
    ),
    "lot_settled": Example(
        "1,700 received less 100 of costs is shared; first payments are taken off.",
        {
            "source": "lot/7/settled",
            "lot": "7",
            "received": 1_700,
            "costs": 100,
            "shares": {"darreh": 950, "kuh": 650},
            "first_payments": {"darreh": 600, "kuh": 400},
        },
        (
            ("pool_proceeds", "", 1_700),
            ("shared_costs", "", -100),
            ("advances", "darreh", -600),
            ("advances", "kuh", -400),
            ("payable", "darreh", -350),
            ("payable", "kuh", -250),
        ),
    ),
    "purchase_invoiced": Example(
        "The sugar mill's invoice for a round, with delivery.",
        {"source": "round/4/invoice/9", "lot": "4", "supplier": "mill", "amount": 900},
        (("purchases", "", 900), ("payable", "mill", -900)),
    ),
    "purchase_settled": Example(
        "An invoice of 900 is divided; 20 go into the reserve, and it bears 10 that were broken.",
        {
            "source": "round/4/settled",
            "lot": "4",
            "invoiced": 900,
            "bills": {"darreh": 610, "kuh": 300},
            "reserve": 20,
            "covered": 10,
        },
        (
            ("receivable", "darreh", 610),
            ("receivable", "kuh", 300),
            ("reserve", "", 10),
            ("purchases", "", -900),
            ("reserve", "", -20),
        ),
    ),
    "purchase_deposit_received": Example(
        "A member pays a fifth ahead.",
        {"source": "round/4/deposit/2", "lot": "4", "party": "kuh", "amount": 400},
        (("bank", "", 400), ("deposits", "kuh", -400)),
    ),
    "purchase_deposit_applied": Example(
        "It is taken off the bill.",
        {"source": "round/4/deposits", "lot": "4", "deposits": {"kuh": 300}},
        (("deposits", "kuh", 300), ("receivable", "kuh", -300)),
    ),
    "purchase_deposit_returned": Example(
        "The bill was lower than the deposit: the rest is owed back.",
        {"source": "round/4/deposits-back", "lot": "4", "deposits": {"kuh": 100}},
        (("deposits", "kuh", 100), ("payable", "kuh", -100)),
    ),
    "buyer_paid_abroad": Example(
        "1,000.00 euro were booked at 1,250,000 rial; 990.00 are paid and changed at 1,300,000.",
        {
            "source": "lot/7/order/3/paid",
            "lot": "7",
            "buyer": "importer",
            "currency": "EUR",
            "paid": 99_000,
            "owed": 100_000,
            "received": 1_287_000_000,
            "booked": 1_250_000_000,
        },
        (
            ("receivable", "importer", -100_000),
            ("conversion", "", 100_000),
            ("conversion", "", -1_250_000_000),
            ("bank", "", 1_287_000_000),
            ("pool_proceeds", "", 12_500_000),
            ("exchange_gain_loss", "", -49_500_000),
        ),
    ),
    "revalued": Example(
        "1,000.00 euro booked at 1,250,000 rial are still owed; the day's rate is 1,310,000.",
        {"source": "revalued/2027-03-20/lot/7", "lot": "7", "booked": 1_250_000_000, "now": 1_310_000_000},
        (
            ("conversion", "", 60_000_000),
            ("exchange_gain_loss", "", -60_000_000),
        ),
    ),
    "fee_charged": Example(
        "The year's membership fee.",
        {"source": "voucher/1", "party": "kuh", "amount": 5_000_000},
        (
            ("receivable", "kuh", 5_000_000),
            ("fees", "", -5_000_000),
        ),
    ),
    "input_on_credit": Example(
        "Sugar for the spring, to be taken off the honey.",
        {"source": "voucher/2", "party": "kuh", "supplier": "sugar", "amount": 80_000_000},
        (
            ("receivable", "kuh", 80_000_000),
            ("payable", "sugar", -80_000_000),
        ),
    ),
    "deposit_received": Example(
        "A deposit for the drums lent.",
        {"source": "voucher/3", "party": "kuh", "amount": 9_000_000},
        (
            ("bank", "", 9_000_000),
            ("deposits", "kuh", -9_000_000),
        ),
    ),
    "deposit_returned": Example(
        "The drums came back.",
        {"source": "voucher/4", "party": "kuh", "amount": 9_000_000},
        (
            ("deposits", "kuh", 9_000_000),
            ("payable", "kuh", -9_000_000),
        ),
    ),
    "deposit_kept": Example(
        "The drums did not come back.",
        {"source": "voucher/5", "party": "kuh", "amount": 9_000_000},
        (
            ("deposits", "kuh", 9_000_000),
            ("reserve", "", -9_000_000),
        ),
    ),
    "money_received": Example(
        "A member pays its debt at the desk.",
        {"source": "voucher/6", "party": "kuh", "amount": 5_000_000},
        (
            ("bank", "", 5_000_000),
            ("receivable", "kuh", -5_000_000),
        ),
    ),
    "advance_granted": Example(
        "Money ahead of the harvest.",
        {"source": "voucher/7", "party": "kuh", "amount": 30_000_000},
        (
            ("advances", "kuh", 30_000_000),
            ("payable", "kuh", -30_000_000),
        ),
    ),
    "advance_recovered": Example(
        "It is taken off the pay slip.",
        {"source": "voucher/8", "party": "kuh", "amount": 30_000_000},
        (
            ("payable", "kuh", 30_000_000),
            ("advances", "kuh", -30_000_000),
        ),
    ),
    "subsidy_received": Example(
        "The programme pays for a laboratory device.",
        {"source": "voucher/9", "amount": 700_000_000},
        (
            ("bank", "", 700_000_000),
            ("subsidy", "", -700_000_000),
        ),
    ),
    "subsidy_granted": Example(
        "It is owed to the laboratory.",
        {"source": "voucher/10", "party": "laboratory", "amount": 700_000_000},
        (
            ("subsidy", "", 700_000_000),
            ("payable", "laboratory", -700_000_000),
        ),
    ),
    "reserve_used": Example(
        "A repair paid out of the reserve.",
        {"source": "voucher/11", "party": "workshop", "amount": 12_000_000},
        (
            ("reserve", "", 12_000_000),
            ("payable", "workshop", -12_000_000),
        ),
    ),
    "payment_sent": Example(
        "900 are owed to a member who owes 200 for sugar.",
        {"source": "payment/5/sent", "party": "kuh", "owed": 900, "owing": 200},
        (
            ("payable", "kuh", 900),
            ("receivable", "kuh", -200),
            ("in_transit", "kuh", -700),
        ),
    ),
    "payment_confirmed": Example(
        "The bank has paid.",
        {"source": "payment/5/paid", "party": "kuh", "amount": 700},
        (
            ("in_transit", "kuh", 700),
            ("bank", "", -700),
        ),
    ),
    "payment_failed": Example(
        "The account was closed.",
        {"source": "payment/5/failed", "party": "kuh", "amount": 700},
        (
            ("in_transit", "kuh", 700),
            ("payable", "kuh", -700),
        ),
    ),
    "credit_approved": Example(
        "The budget law gives the line 900.",
        {"source": "credit/1", "line": "L", "amount": 900},
        (("credit_approved", "L", 900), ("credit_appropriation", "L", -900)),
    ),
    "credit_raised": Example(
        "An amendment adds 100.",
        {"source": "credit/2", "line": "L", "amount": 100},
        (("credit_approved", "L", 100), ("credit_appropriation", "L", -100)),
    ),
    "credit_cut": Example(
        "An amendment takes 50.",
        {"source": "credit/3", "line": "L", "amount": 50},
        (("credit_appropriation", "L", 50), ("credit_approved", "L", -50)),
    ),
    "credit_allocated": Example(
        "The treasury allocates 600.",
        {"source": "credit/4", "line": "L", "amount": 600},
        (("credit_allocated", "L", 600), ("credit_approved", "L", -600)),
    ),
    "credit_returned": Example(
        "40 of it are given back.",
        {"source": "credit/5", "line": "L", "amount": 40},
        (("credit_approved", "L", 40), ("credit_allocated", "L", -40)),
    ),
    "credit_committed": Example(
        "The agent's contract binds 500.",
        {"source": "credit/6", "line": "L", "amount": 500},
        (("credit_committed", "L", 500), ("credit_allocated", "L", -500)),
    ),
    "credit_released": Example(
        "The contract came out 20 cheaper.",
        {"source": "credit/7", "line": "L", "amount": 20},
        (("credit_allocated", "L", 20), ("credit_committed", "L", -20)),
    ),
    "credit_paid": Example(
        "The first phase is paid.",
        {"source": "credit/8", "line": "L", "amount": 120},
        (("credit_paid", "L", 120), ("credit_committed", "L", -120)),
    ),
    "credit_refunded": Example(
        "A trainer gives 10 back.",
        {"source": "credit/9", "line": "L", "amount": 10},
        (("credit_committed", "L", 10), ("credit_paid", "L", -10)),
    ),
    "credit_refunded_late": Example(
        "The same after the year's end.",
        {"source": "credit/10", "line": "L", "amount": 10},
        (("credit_lapsed", "L", 10), ("credit_paid", "L", -10)),
    ),
    "credit_carried_out": Example(
        "360 of the contract are not due yet.",
        {"source": "credit/11", "line": "L", "amount": 360},
        (("credit_carried", "L", 360), ("credit_committed", "L", -360)),
    ),
    "credit_carried_in": Example(
        "They are committed in the next year.",
        {"source": "credit/12", "line": "L", "amount": 360},
        (("credit_committed", "L", 360), ("credit_carried", "L", -360)),
    ),
    "credit_lapsed": Example(
        "300 were never allocated, 80 were and not committed.",
        {"source": "credit/13", "line": "L", "unallocated": 300, "uncommitted": 80},
        (("credit_lapsed", "L", 380), ("credit_approved", "L", -300), ("credit_allocated", "L", -80)),
    ),
    "reversal": Example(
        "A bill was booked for the wrong lot.",
        {
            "entry": lot_cost(source="lot/7/cost/13", lot="7", supplier="carrier", amount=90),
            "reason": "The bill belongs to lot 8.",
        },
        (("shared_costs", "", -90), ("payable", "carrier", 90)),
    ),
}
