"""The only writers of selling: each action is one transaction, audited, and tells those concerned."""

from kandoo.selling.actions.batches import (
    BatchInUse,
    NotPossible,
    add_attachment,
    ask_sample,
    enter_results,
    explain_hold,
    record_batch,
    release_batch,
    withdraw_batch,
)
from kandoo.selling.actions.lots import call_lot, cancel_lot, offer_batch, open_lot, withdraw_offer
from kandoo.selling.actions.money import add_cost, deliver_lot, remove_cost, settle_lot
from kandoo.selling.actions.orders import change_order, place_order, withdraw_order
from kandoo.selling.actions.plans import agree_lot, answer_plan, plan_lot
from kandoo.selling.problems import WrongStep

__all__ = [
    "BatchInUse",
    "NotPossible",
    "WrongStep",
    "add_attachment",
    "add_cost",
    "agree_lot",
    "answer_plan",
    "ask_sample",
    "call_lot",
    "cancel_lot",
    "change_order",
    "deliver_lot",
    "enter_results",
    "explain_hold",
    "offer_batch",
    "open_lot",
    "place_order",
    "plan_lot",
    "record_batch",
    "release_batch",
    "remove_cost",
    "settle_lot",
    "withdraw_batch",
    "withdraw_offer",
    "withdraw_order",
]
