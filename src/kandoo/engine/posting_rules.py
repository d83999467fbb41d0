"""What is written to the ledger? Every fact becomes balanced legs here, and nowhere else.

A rule is a function from a fact to one `Entry`; `RULES` lists them by name and
`posting_examples.EXAMPLES` shows each with figures, which a test holds it to. An entry refuses to
exist unbalanced (the database refuses it again at commit). A mistake is not changed: its `reversal`
is booked, with a reason.
"""

from collections.abc import Callable, Mapping

from kandoo.engine.books import Entry, Leg, Unbalanced

Rule = Callable[..., Entry]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Register a posting rule under its own name."""
    RULES[function.__name__] = function
    return function


def _refuse_below_zero(source: str, *amounts: int) -> None:
    """A fact's own amounts are never negative; what undoes a fact is its reversal."""
    if any(amount < 0 for amount in amounts):
        raise ValueError(f"{source}: an amount is negative.")


def _entry(name: str, source: str, *legs: Leg) -> Entry:
    """An entry without its empty legs."""
    return Entry(name, source, tuple(leg for leg in legs if leg.amount), memo_code=name)


@rule
def sale_delivered(
    *, source: str, lot: str, buyer: str, amount: int, currency: str = "IRR", rial: int | None = None
) -> Entry:
    """The buyer owes the contract sum of what was delivered; the lot has earned it.

    A sum in another currency is owed in that currency; the lot has earned `rial`, by the lot's dated rate.
    """
    earned = amount if rial is None else rial
    _refuse_below_zero(source, amount, earned)
    owed = Leg("receivable", buyer, amount, currency, lot)
    return _entry("sale_delivered", source, owed, *_converted(amount, currency, earned, lot), _earned(earned, lot))


def _earned(rial: int, lot: str) -> Leg:
    return Leg("pool_proceeds", "", -rial, "IRR", lot)


def _converted(amount: int, currency: str, rial: int, lot: str) -> tuple[Leg, ...]:
    """An amount of another currency turned into rial; nothing where it is rial already."""
    if currency == "IRR":
        return ()
    return (Leg("conversion", "", -amount, currency, lot), Leg("conversion", "", rial, "IRR", lot))


@rule
def lot_cost(*, source: str, lot: str, supplier: str, amount: int, currency: str = "IRR") -> Entry:
    """A cost shared by the lot is owed to whoever provided it."""
    _refuse_below_zero(source, amount)
    return _entry(
        "lot_cost",
        source,
        Leg("shared_costs", "", amount, currency, lot),
        Leg("payable", supplier, -amount, currency, lot),
    )


@rule
def buyer_paid(*, source: str, lot: str, buyer: str, received: int, owed: int | None = None) -> Entry:
    """The buyer pays in rial. What it pays less or more than `owed` (a claim) is the lot's."""
    owed = received if owed is None else owed
    _refuse_below_zero(source, received, owed)
    return _entry(
        "buyer_paid",
        source,
        Leg("bank", "", received, "IRR", lot),
        Leg("receivable", buyer, -owed, "IRR", lot),
        Leg("pool_proceeds", "", owed - received, "IRR", lot),
    )


@rule
def buyer_paid_abroad(
    *, source: str, lot: str, buyer: str, currency: str, paid: int, owed: int, received: int, booked: int
) -> Entry:
    """The buyer pays in its own currency and the bank turns it into rial.

    `paid` and `owed` are in the currency, `received` the rial that came in, `booked` the rial at which
    `owed` was booked. What was not paid (a claim) is taken from the lot's proceeds at the booked
    rate; the rest of the difference was made by the rate and is the lot's exchange gain or loss.
    """
    _refuse_below_zero(source, paid, owed, received, booked)
    if not owed:
        raise ValueError(f"{source}: nothing is owed.")
    claim = booked - booked * paid // owed
    return _entry(
        "buyer_paid_abroad",
        source,
        Leg("receivable", buyer, -owed, currency, lot),
        Leg("conversion", "", owed, currency, lot),
        Leg("conversion", "", -booked, "IRR", lot),
        Leg("bank", "", received, "IRR", lot),
        Leg("pool_proceeds", "", claim, "IRR", lot),
        Leg("exchange_gain_loss", "", booked - claim - received, "IRR", lot),
    )


@rule
def revalued(*, source: str, lot: str, booked: int, now: int) -> Entry:
    """At the end of a period, what a lot is still owed abroad is counted at that day's rate.

    `booked` is the rial at which it stands in the books, `now` the rial of that day (both below zero
    where the lot was paid too much). The entry is reversed on the next day, so that the payment is
    still counted from the lot's own rate.
    """
    return _entry(
        "revalued",
        source,
        Leg("conversion", "", now - booked, "IRR", lot),
        Leg("exchange_gain_loss", "", booked - now, "IRR", lot),
    )


@rule
def first_payment(*, source: str, lot: str, payments: Mapping[str, int], currency: str = "IRR") -> Entry:
    """Members are owed a part of their share in advance of the settlement."""
    _refuse_below_zero(source, *payments.values())
    return _entry(
        "first_payment",
        source,
        *(Leg("advances", member, owed, currency, lot) for member, owed in payments.items()),
        *(Leg("payable", member, -owed, currency, lot) for member, owed in payments.items()),
    )


@rule
def lot_settled(
    *,
    source: str,
    lot: str,
    received: int,
    costs: int,
    shares: Mapping[str, int],
    first_payments: Mapping[str, int] | None = None,
    reserve: int = 0,
    exchange_gain: int = 0,
    currency: str = "IRR",
) -> Entry:
    """Proceeds less costs become what is owed to each member; advances are netted.

    `received` is all that came in; `exchange_gain` the part of it that the rate made (below zero: a
    loss), which is closed here. `reserve` is set aside first. A member advanced more than its share
    owes the rest (a debit of its payable). What the shares leave over goes to the rounding account,
    and may not reach one unit a member.
    """
    first = first_payments or {}
    _refuse_below_zero(source, reserve)
    if strangers := sorted(first.keys() - shares.keys()):
        raise ValueError(f"{source}: {strangers[0]} was paid in advance and has no share.")
    left = received - costs - reserve - sum(shares.values())
    if abs(left) >= max(len(shares), 1):
        raise Unbalanced(f"{source}: the shares miss proceeds less costs by {left}.")
    return _entry(
        "lot_settled",
        source,
        Leg("pool_proceeds", "", received - exchange_gain, currency, lot),
        Leg("exchange_gain_loss", "", exchange_gain, currency, lot),
        Leg("shared_costs", "", -costs, currency, lot),
        Leg("reserve", "", -reserve, currency, lot),
        *(Leg("advances", member, -paid, currency, lot) for member, paid in first.items()),
        *(Leg("payable", member, first.get(member, 0) - share, currency, lot) for member, share in shares.items()),
        Leg("rounding", "", -left, currency, lot),
    )


@rule
def fee_charged(*, source: str, party: str, amount: int) -> Entry:
    """A member owes the cluster a fee."""
    return _two("fee_charged", source, ("receivable", party), ("fees", ""), amount)


@rule
def input_on_credit(*, source: str, party: str, supplier: str, amount: int) -> Entry:
    """A member got inputs on credit: it owes their price to the cluster, the cluster to the supplier."""
    return _two("input_on_credit", source, ("receivable", party), ("payable", supplier), amount)


@rule
def deposit_received(*, source: str, party: str, amount: int) -> Entry:
    """A party leaves a deposit."""
    return _two("deposit_received", source, ("bank", ""), ("deposits", party), amount)


@rule
def deposit_returned(*, source: str, party: str, amount: int) -> Entry:
    """A deposit is owed back to the party."""
    return _two("deposit_returned", source, ("deposits", party), ("payable", party), amount)


@rule
def deposit_kept(*, source: str, party: str, amount: int) -> Entry:
    """A deposit is forfeited to the reserve."""
    return _two("deposit_kept", source, ("deposits", party), ("reserve", ""), amount)


@rule
def money_received(*, source: str, party: str, amount: int) -> Entry:
    """A party pays what it owes."""
    return _two("money_received", source, ("bank", ""), ("receivable", party), amount)


@rule
def advance_granted(*, source: str, party: str, amount: int) -> Entry:
    """A party is owed an advance, to be taken off later."""
    return _two("advance_granted", source, ("advances", party), ("payable", party), amount)


@rule
def advance_recovered(*, source: str, party: str, amount: int) -> Entry:
    """An advance is taken off what is owed to the party."""
    return _two("advance_recovered", source, ("payable", party), ("advances", party), amount)


@rule
def subsidy_received(*, source: str, amount: int) -> Entry:
    """Public money comes in; it is kept apart from what the cluster earns."""
    return _two("subsidy_received", source, ("bank", ""), ("subsidy", ""), amount)


@rule
def subsidy_granted(*, source: str, party: str, amount: int) -> Entry:
    """Public money is owed to the party it is meant for."""
    return _two("subsidy_granted", source, ("subsidy", ""), ("payable", party), amount)


@rule
def reserve_used(*, source: str, party: str, amount: int) -> Entry:
    """A part of the reserve is owed to whoever provided what it was spent on."""
    return _two("reserve_used", source, ("reserve", ""), ("payable", party), amount)


def _two(name: str, source: str, debit: tuple[str, str], credit: tuple[str, str], amount: int) -> Entry:
    """An entry of one debit and one credit in rial."""
    _refuse_below_zero(source, amount)
    return _entry(name, source, Leg(*debit, amount, "IRR"), Leg(*credit, -amount, "IRR"))


@rule
def payment_sent(*, source: str, party: str, owed: int, owing: int) -> Entry:
    """A payment order to the bank: what is owed to the party less what the party owes is under way."""
    _refuse_below_zero(source, owed, owing)
    if owed <= owing:
        raise ValueError(f"{source}: nothing is left to pay.")
    return _entry(
        "payment_sent",
        source,
        Leg("payable", party, owed, "IRR"),
        Leg("receivable", party, -owing, "IRR"),
        Leg("in_transit", party, owing - owed, "IRR"),
    )


@rule
def payment_confirmed(*, source: str, party: str, amount: int) -> Entry:
    """The bank has paid."""
    return _two("payment_confirmed", source, ("in_transit", party), ("bank", ""), amount)


@rule
def payment_failed(*, source: str, party: str, amount: int) -> Entry:
    """The bank could not pay: the amount is owed again."""
    return _two("payment_failed", source, ("in_transit", party), ("payable", party), amount)


@rule
def reversal(entry: Entry, reason: str) -> Entry:
    """Undo an entry by its mirror image, linked to it and explained."""
    if not reason.strip():
        raise ValueError(f"{entry.source}: a reversal needs a reason.")
    if entry.reverses:
        raise ValueError(f"{entry.source}: a reversal is not reversed; book the fact again.")
    return Entry(
        rule="reversal",
        source=f"{entry.source}/reversed",
        legs=tuple(Leg(leg.account, leg.party, -leg.amount, leg.currency, leg.lot) for leg in entry.legs),
        memo_code="reversal",
        reverses=entry.source,
        reason=reason,
    )
