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
def purchase_invoiced(*, source: str, lot: str, supplier: str, amount: int) -> Entry:
    """A supplier's invoice for a round of joint buying is owed; `lot` is the round."""
    _refuse_below_zero(source, amount)
    return _entry(
        "purchase_invoiced",
        source,
        Leg("purchases", "", amount, "IRR", lot),
        Leg("payable", supplier, -amount, "IRR", lot),
    )


@rule
def purchase_settled(
    *, source: str, lot: str, invoiced: int, bills: Mapping[str, int], reserve: int = 0, covered: int = 0
) -> Entry:
    """What the suppliers of a round invoiced becomes what each member owes.

    `reserve` is what the bills put aside, `covered` what the reserve bears because no member pays
    above its ceiling. Bills and what is covered add up to the invoices and the reserve, to the last rial.
    """
    _refuse_below_zero(source, invoiced, reserve, covered, *bills.values())
    if left := sum(bills.values()) + covered - invoiced - reserve:
        raise Unbalanced(f"{source}: the bills miss the invoices and the reserve by {left}.")
    return _entry(
        "purchase_settled",
        source,
        *(Leg("receivable", member, amount, "IRR", lot) for member, amount in bills.items()),
        Leg("reserve", "", covered, "IRR", lot),
        Leg("purchases", "", -invoiced, "IRR", lot),
        Leg("reserve", "", -reserve, "IRR", lot),
    )


@rule
def purchase_deposit_received(*, source: str, lot: str, party: str, amount: int) -> Entry:
    """A member pays ahead for a round of joint buying."""
    _refuse_below_zero(source, amount)
    return _entry(
        "purchase_deposit_received",
        source,
        Leg("bank", "", amount, "IRR", lot),
        Leg("deposits", party, -amount, "IRR", lot),
    )


@rule
def purchase_deposit_applied(*, source: str, lot: str, deposits: Mapping[str, int]) -> Entry:
    """What members paid ahead is taken off their bills of the round."""
    return _deposits_to("purchase_deposit_applied", source, lot, "receivable", deposits)


@rule
def purchase_deposit_returned(*, source: str, lot: str, deposits: Mapping[str, int]) -> Entry:
    """What members paid ahead of a round and no bill took is owed back to them."""
    return _deposits_to("purchase_deposit_returned", source, lot, "payable", deposits)


def _deposits_to(name: str, source: str, lot: str, account: str, deposits: Mapping[str, int]) -> Entry:
    _refuse_below_zero(source, *deposits.values())
    return _entry(
        name,
        source,
        *(Leg("deposits", member, amount, "IRR", lot) for member, amount in deposits.items()),
        *(Leg(account, member, -amount, "IRR", lot) for member, amount in deposits.items()),
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
def credit_approved(*, source: str, line: str, amount: int) -> Entry:
    """The budget law approves a credit line."""
    return _credit("credit_approved", source, line, "approved", "appropriation", amount)


@rule
def credit_raised(*, source: str, line: str, amount: int) -> Entry:
    """An amendment of the budget law adds to a line."""
    return _credit("credit_raised", source, line, "approved", "appropriation", amount)


@rule
def credit_cut(*, source: str, line: str, amount: int) -> Entry:
    """An amendment of the budget law takes from a line what is not allocated."""
    return _credit("credit_cut", source, line, "appropriation", "approved", amount)


@rule
def credit_allocated(*, source: str, line: str, amount: int) -> Entry:
    """A part of what is approved may be committed from now on."""
    return _credit("credit_allocated", source, line, "allocated", "approved", amount)


@rule
def credit_returned(*, source: str, line: str, amount: int) -> Entry:
    """An allocation that is not committed is given back."""
    return _credit("credit_returned", source, line, "approved", "allocated", amount)


@rule
def credit_committed(*, source: str, line: str, amount: int) -> Entry:
    """A budget commitment: money is bound to a contract or an activity."""
    return _credit("credit_committed", source, line, "committed", "allocated", amount)


@rule
def credit_released(*, source: str, line: str, amount: int) -> Entry:
    """What a commitment no longer needs is free again."""
    return _credit("credit_released", source, line, "allocated", "committed", amount)


@rule
def credit_paid(*, source: str, line: str, amount: int) -> Entry:
    """A part of a commitment is paid, an advance like any other payment."""
    return _credit("credit_paid", source, line, "paid", "committed", amount)


@rule
def credit_refunded(*, source: str, line: str, amount: int) -> Entry:
    """A payee gives money back within the year; it is committed to the same purpose still."""
    return _credit("credit_refunded", source, line, "committed", "paid", amount)


@rule
def credit_refunded_late(*, source: str, line: str, amount: int) -> Entry:
    """A payee gives money back after the year's end; it goes to the treasury."""
    return _credit("credit_refunded_late", source, line, "lapsed", "paid", amount)


@rule
def credit_lapsed(*, source: str, line: str, unallocated: int, uncommitted: int) -> Entry:
    """At the year's end what was not allocated, and what was and is not committed, goes back to the treasury."""
    _refuse_below_zero(source, unallocated, uncommitted)
    return _entry(
        "credit_lapsed",
        source,
        Leg("credit_lapsed", line, unallocated + uncommitted, "IRR"),
        Leg("credit_approved", line, -unallocated, "IRR"),
        Leg("credit_allocated", line, -uncommitted, "IRR"),
    )


@rule
def credit_carried_out(*, source: str, line: str, amount: int) -> Entry:
    """A commitment that is not paid at the year's end leaves the line of that year."""
    return _credit("credit_carried_out", source, line, "carried", "committed", amount)


@rule
def credit_carried_in(*, source: str, line: str, amount: int) -> Entry:
    """It is committed on a line of the next year."""
    return _credit("credit_carried_in", source, line, "committed", "carried", amount)


def _credit(name: str, source: str, line: str, debit: str, credit: str, amount: int) -> Entry:
    """An entry between two accounts of a credit line; the party of each leg is the line."""
    return _two(name, source, (f"credit_{debit}", line), (f"credit_{credit}", line), amount)


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
