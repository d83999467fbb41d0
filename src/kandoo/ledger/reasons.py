"""Where an entry comes from: the page of the fact it books."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kandoo.buying.access import bills_seen_by, orders_seen_by, rounds_seen_by
from kandoo.ledger import access
from kandoo.register.access import Seat
from kandoo.selling.access import lots_seen_by, pay_slips_seen_by


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact in a few words and its page; no address where the reader may not open it."""

    text: str
    url: str = ""


def reasons_of(seat: Seat, sources: dict[str, int | None]) -> dict[str, Reason]:
    """The reason of each source, given with the enterprise whose part of it is meant, if any."""
    numbers = {int(source.split("/")[1]) for source in sources if source.startswith("lot/")}
    lots = lots_seen_by(seat).in_bulk(numbers)
    slips = {(each.lot_id, each.enterprise_id): each for each in pay_slips_seen_by(seat).filter(lot__in=numbers)}
    buying = _of_rounds(seat, [source for source in sources if source.startswith("round/")], sources)
    codes = {source.split("/")[1] for source in sources if source.startswith("voucher/")}
    vouchers = {each.number: each for each in access.vouchers_seen_by(seat).filter(number__in=codes)}
    found = {}
    for source, enterprise in sources.items():
        kind, _sign, rest = source.partition("/")
        name = rest.split("/")[0]
        if kind == "lot" and enterprise and _is_of_members(source) and (slip := slips.get((int(name), enterprise))):
            words = _("Pay slip %(number)s") % {"number": slip.number}
            found[source] = Reason(words, reverse("selling:pay_slip", args=[slip.pk]))
        elif kind == "lot" and (lot := lots.get(int(name))):
            found[source] = Reason(str(lot), reverse("selling:lot", args=[lot.pk]))
        elif kind == "round":
            found[source] = buying[source]
        elif kind == "voucher" and (voucher := vouchers.get(name)):
            is_undone = source.endswith("/reversed")  # then the kind of voucher is not said elsewhere
            words = f"{voucher.get_kind_display()} · {voucher.document}" if is_undone else voucher.document
            found[source] = Reason(words, reverse("ledger:voucher", args=[voucher.pk]))
        elif kind == "payment":
            found[source] = Reason(_("Payment"), reverse("payments:line", args=[int(name)]))
        else:
            found[source] = Reason("")
    return found


def _of_rounds(seat: Seat, wanted: list[str], sources: dict[str, int | None]) -> dict[str, Reason]:
    """Facts of joint buying: a member's bill, a supplier's order, or the round."""
    numbers = {int(source.split("/")[1]) for source in wanted}
    rounds = rounds_seen_by(seat).in_bulk(numbers)
    bills = {(each.round_id, each.enterprise_id): each for each in bills_seen_by(seat).filter(round__in=numbers)}
    orders = {(each.round_id, each.enterprise_id): each for each in orders_seen_by(seat).filter(round__in=numbers)}
    found = {}
    for source in wanted:
        number, key = int(source.split("/")[1]), (int(source.split("/")[1]), sources[source] or 0)
        if bill := bills.get(key):
            words = _("Bill %(number)s") % {"number": bill.number}
            found[source] = Reason(words, reverse("buying:bill", args=[bill.pk]))
        elif order := orders.get(key):
            found[source] = Reason(_("Order %(code)s") % {"code": order.code}, reverse("buying:order", args=[order.pk]))
        elif this := rounds.get(number):
            found[source] = Reason(str(this), reverse("buying:round", args=[number]))
        else:
            found[source] = Reason("")
    return found


def _is_of_members(source: str) -> bool:
    return source.removesuffix("/reversed").endswith(("/settled", "/first-payment"))
