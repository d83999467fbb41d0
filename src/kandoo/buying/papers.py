"""Papers of joint buying: the order to a supplier, the hand-out list with room to sign, a member's bill."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kandoo.buying import bill_reading
from kandoo.buying.bill_reading import BillLine, ReadBill
from kandoo.buying.goods_reading import OrderState, members_at
from kandoo.buying.models import Bill, HandOut, Round, RoundPlace
from kandoo.trace.papers.sheet import Words, typeset

Both = dict[str, str]


def order_pdf(state: OrderState, language: str) -> bytes:
    """The order to one supplier, in Persian or English."""
    with translation.override(language):
        return typeset("purchase_order", language, order_data(state, language))


def order_data(state: OrderState, language: str) -> dict[str, Any]:
    """What the order says."""
    words, order = Words(language), state.order
    this = order.round
    rows = [
        [
            str(each.line.item),
            f"{each.line.place} · {words.short_day(each.line.place.on)}",
            f"{words.number(each.line.quantity)} {each.line.item.get_unit_display()}",
            words.toman(each.line.unit_price),
            words.toman(each.line.quantity * each.line.unit_price),
        ]
        for each in state.lines
    ]
    return {
        "cluster": words.name(this.cluster),
        "number": order.code,
        "day": words.day(timezone.localdate(order.at)),
        "foot": f"{order.code} · {words.name(this.cluster)}",
        "facts": [
            [_("To"), words.name(order.enterprise)],
            [_("Round"), f"{words.isolated(this.code)} · {words.isolated(this.title)}"],
        ],
        "columns": [_("Item"), _("To which point, by when"), _("Quantity"), _("Price of one unit"), _("Amount")],
        "rows": rows,
        "delivery": [_("Delivery"), words.toman(order.delivery)],
        "total": _both(order.total, words),
        "points": [
            f"{each.place}: {each.place.point.address}" for each in _by_place(state) if each.place.point.address
        ],
        "signatures": [_("Agent: name, signature"), _("Supplier: received, signature")],
        "words": {
            "title": _("Order"),
            "total": _("Total with delivery"),
            "points": _("Where the goods go"),
            "note": _("The prices are those of your quotation. Please deliver no other goods without asking."),
        },
    }


def _by_place(state: OrderState) -> list[Any]:
    """One line of each collection point."""
    return list({each.line.place_id: each.line for each in state.lines}.values())


def hand_out_pdf(this: Round, place: RoundPlace, rows: Sequence[HandOut], language: str) -> bytes:
    """The list of one collection point, member by member, with room to sign."""
    with translation.override(language):
        return typeset("hand_out", language, hand_out_data(this, place, rows, language))


def hand_out_data(this: Round, place: RoundPlace, rows: Sequence[HandOut], language: str) -> dict[str, Any]:
    """What the list says; what came short is named beside what is handed out."""
    words = Words(language)
    members = sorted(members_at(rows), key=lambda each: each.firm.sort_key)
    return {
        "cluster": words.name(this.cluster),
        "day": words.day(place.on),
        "foot": f"{this.code} · {place}",
        "facts": [
            [_("Round"), f"{words.isolated(this.code)} · {words.isolated(this.title)}"],
            [_("Collection point"), f"{place} {place.point.address}".strip()],
            [_("Members"), words.number(len(members))],
        ],
        "columns": [_("Member"), _("Goods"), _("Signature, day")],
        "members": [
            {"name": words.name(each.firm), "goods": [_goods(row, words) for row in each.rows]} for each in members
        ],
        "words": {"title": _("Hand-out list")},
    }


def _goods(row: HandOut, words: Words) -> str:
    text = f"{row.item}: {words.number(row.quantity)} {row.item.get_unit_display()}"
    if row.quantity < row.ordered:
        short = {"ordered": words.number(row.ordered)}
        text = f"{text} ({_('ordered: %(ordered)s') % short})"
    return text


def bill_pdf(bill: Bill, language: str) -> bytes:
    """A member's bill, in Persian or English; toman with rial beside it."""
    with translation.override(language):
        return typeset("bill", language, bill_data(bill_reading.read_bill(bill), language))


def bill_data(read: ReadBill, language: str) -> dict[str, Any]:
    """What the bill says."""
    words, bill = Words(language), read.bill
    return {
        "cluster": words.name(bill.round.cluster),
        "number": bill.number,
        "day": words.day(timezone.localdate(bill.at)),
        "foot": f"{bill.number} · {words.name(bill.round.cluster)}",
        "facts": [
            [_("Member"), words.name(bill.enterprise)],
            [_("Round"), f"{words.isolated(bill.round.code)} · {words.isolated(bill.round.title)}"],
            [_("Rule"), f"{read.rule.name}: {read.rule.meaning}"],
        ],
        "due": _both(read.due, words),
        "due-words": _("left to pay"),
        "gain-note": _("%(gain)s less than the same would have cost you alone (%(alone)s).")
        % {"gain": words.toman(read.gain), "alone": words.toman(bill.alone)},
        "lines": [_line(each, words) for each in read.lines],
        "sums": _sums(read, words),
        "signatures": [_("Member: signature"), _("Agent: name, signature")],
        "words": {"title": _("Purchase bill"), "ordered": _("ordered"), "got": _("got")},
    }


def _both(rial: int, words: Words) -> Both:
    """An amount in toman, and the same in rial."""
    return {"toman": words.toman(rial), "rial": words.rial(rial)}


def _line(line: BillLine, words: Words) -> dict[str, Any]:
    counts = _("ordered %(ordered)s, kept %(quantity)s %(unit)s") % {
        "ordered": words.number(line.ordered), "quantity": words.number(line.quantity), "unit": line.unit,
    }  # fmt: skip
    alone = _("Alone: %(amount)s") % {"amount": words.toman(line.alone)}
    return {
        "title": line.item,
        "about": f"{words.isolated(line.supplier)} · {counts}",
        "why": [*line.why, alone],
        "amount": _both(line.amount, words),
    }


def _sums(read: ReadBill, words: Words) -> list[dict[str, Any]]:
    rows = [(_("Together"), "", read.bill.amount)]
    if read.bill.deposit:
        rows.append((_("Deposit taken off"), "", -read.bill.deposit))
    rows.append((_("Left to pay"), _("It stands in your account with the cluster."), read.due))
    if read.owed_back:
        rows.append((_("Of the deposit owed back to you"), "", read.owed_back))
    return [{"title": title, "why": why, "amount": _both(amount, words)} for title, why, amount in rows]
