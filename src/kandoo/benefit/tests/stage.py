"""Steps the account's tests share."""

from datetime import date, timedelta
from typing import Any

from kandoo.benefit import actions
from kandoo.benefit.actions import EvidenceTerms
from kandoo.benefit.joint import Joint
from kandoo.benefit.models import Evidence, Gain
from kandoo.selling import actions as selling
from kandoo.selling.actions.lots import OfferTerms
from kandoo.selling.models import Batch, Lot
from kandoo.selling.uploads import Upload
from tests.world import (
    MEMBERS,
    TODAY,
    World,
    call,
    deliver_and_settle,
    invoice,
    place,
    plan_and_agree,
    record,
    test_panel,
)


def quotation(who: str, per_unit: int = 3_000_000, **changed: Any) -> EvidenceTerms:
    """What a buyer said on the phone."""
    terms: dict[str, Any] = {"kind": "quotation", "who": who, "per_unit": per_unit, "on": TODAY, "note": "تلفنی"}
    return EvidenceTerms(**(terms | changed))


def invoice_of(text: str, per_unit: int = 3_000_000, on: date = TODAY - timedelta(days=30)) -> EvidenceTerms:
    """An own invoice with its paper."""
    paper = Upload("invoice.pdf", f"%PDF-1.4 {text} %%EOF".encode())
    return EvidenceTerms(kind="invoice", who="میدان بار", per_unit=per_unit, on=on, document=paper)


def give(world: World, member: str, lot: Lot, terms: EvidenceTerms, by: str = "") -> Evidence:
    """Evidence given by a member, or for it."""
    with world.as_(by or member):
        return actions.add_evidence(
            by=world.people[by or member],
            joint=Joint.of_lot(lot),
            enterprise=world.firms[member],
            terms=terms,
            today=TODAY,
        )


def offer(world: World, lot: Lot, batch: Batch, member: str, *, documented: bool) -> None:
    """An offer with the member's invoice, or with a bare price."""
    with world.as_(member):
        selling.offer_batch(
            by=world.people[member],
            lot=lot,
            batch=batch,
            terms=OfferTerms(
                drums=3,
                reserve_per_kg=3_100_000,
                alone_per_kg=3_000_000,
                alone_outlet="خریدار محلی",
                alone_on=TODAY - timedelta(days=10),
                alone_kind="invoice" if documented else "quotation",
                alone_document=invoice(batch.code) if documented else None,
            ),
            today=TODAY,
        )


def second_lot(world: World, documented: tuple[str, ...] = ()) -> Lot:
    """A lot in which only some offer with evidence, planned and not agreed yet."""
    batches: dict[str, Batch] = {}
    for name in MEMBERS:
        batches[name] = record(world, name)
        test_panel(world, batches[name])
    lot = call(world, [place(world, "hamburg")])
    for name in MEMBERS:
        offer(world, lot, batches[name], name, documented=name in documented)
    return lot


def settled_lot(world: World, documented: tuple[str, ...] = ()) -> Lot:
    """The same, taken through to its pay slips."""
    lot = second_lot(world, documented)
    plan_and_agree(world, lot)
    deliver_and_settle(world, lot)
    return lot


def gains_in(world: World, lot: Lot) -> dict[int, Gain]:
    """The gains of a lot that count, by member."""
    with world.as_("agent"):
        return {each.enterprise_id: each for each in Gain.objects.filter(action_id=lot.pk, corrected_by=None)}
