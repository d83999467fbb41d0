"""Early warnings of money, for the pages of credit and for the portfolio.

Each names the file it concerns, so that a portfolio can ring it; none is stored, all are asked anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, Exists, F, OuterRef, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit import access, words
from kandoo.credit.fiscal import NEAR_END_DAYS
from kandoo.credit.models import Commitment, PaymentOrder, Phase
from kandoo.register.access import Seat

UNSPENT_PART = 4  # a quarter of what is allocated, not paid near the year's end, is worth a word
WAITS_DAYS = 14


@dataclass(frozen=True, slots=True)
class Warning:
    """Something to look at. `code`: which; `file`: the cluster's file, None for a province's own money."""

    code: str
    file: int | None
    province: str
    text: str
    url: str


def warnings_of(seat: Seat, today: date) -> list[Warning]:
    """All warnings on what a seat sees, the gravest first."""
    found = [*_without_allocation(seat), *_unspent(seat, today), *_late_and_unfunded(seat, today)]
    return [*found, *_waiting_phases(seat, today), *_waiting_orders(seat, today)]


def _without_allocation(seat: Seat) -> Iterator[Warning]:
    """Contracts that bind more than is committed on any line: promised without money."""
    bound = (
        Commitment.objects.filter(contract=OuterRef("pk"))
        .order_by()
        .values("contract")
        .annotate(sum=Sum(F("committed") - F("carried")))
        .values("sum")
    )
    nothing = Value(0, output_field=BigIntegerField())
    contracts = access.contracts_seen_by(seat).annotate(bound=Coalesce(bound, nothing, output_field=BigIntegerField()))
    for each in contracts.filter(amount__gt=F("bound")).order_by("signed_on"):
        text = _("%(amount)s of contract %(contract)s is promised without allocation.") % {
            "amount": words.money(each.amount - each.bound),
            "contract": each.number,
        }
        yield Warning("unallocated", each.file_id, each.file.province, text, f"/credit/contracts/{each.pk}/")


def _unspent(seat: Seat, today: date) -> Iterator[Warning]:
    """Near the year's end more than a quarter of what is allocated is not paid."""
    near = today + timedelta(days=NEAR_END_DAYS)
    lines = access.lines_seen_by(seat).filter(closed_on=None, year__starts_on__lte=today, year__ends_on__lte=near)
    for each in lines.filter(allocated__gt=0, paid__lt=F("allocated") - F("allocated") / UNSPENT_PART):
        text = _("%(amount)s allocated on %(line)s is not spent, and the year ends on %(day)s.") % {
            "amount": words.money(each.allocated - each.paid),
            "line": each,
            "day": words.day(each.year.ends_on),
        }
        yield Warning("unspent", each.file_id, each.province, text, f"/credit/lines/{each.pk}/")


def _late_and_unfunded(seat: Seat, today: date) -> Iterator[Warning]:
    """Activities that should have begun and to which nothing is committed."""
    funded = Commitment.objects.filter(activity=OuterRef("pk"))
    late = access.activities_seen_by(seat).filter(starts_on__lt=today, done_on=None).exclude(Exists(funded))
    for each in late.order_by("starts_on"):
        text = _("%(activity)s should have begun on %(day)s and nothing is committed to it.") % {
            "activity": each,
            "day": words.day(each.starts_on),
        }
        yield Warning("unfunded", each.file_id, each.province, text, f"/credit/activities/{each.pk}/")


def _waiting_phases(seat: Seat, today: date) -> Iterator[Warning]:
    """Phases delivered and not confirmed for two weeks."""
    phases = Phase.objects.filter(contract__in=access.contracts_seen_by(seat).values("pk"), confirmed_by=None)
    old = phases.filter(delivered_on__lt=today - timedelta(days=WAITS_DAYS)).select_related("contract__file")
    for each in old.order_by("delivered_on"):
        text = _("%(phase)s was delivered on %(day)s and waits for the supervisor.") % {
            "phase": each.title,
            "day": words.day(each.delivered_on),
        }
        file = each.contract.file
        yield Warning("unconfirmed", file.pk, file.province, text, f"/credit/contracts/{each.contract_id}/")


def _waiting_orders(seat: Seat, today: date) -> Iterator[Warning]:
    """Payment orders that nobody has answered for two weeks."""
    orders = access.orders_seen_by(seat).filter(status=PaymentOrder.Status.PREPARED)
    for each in orders.filter(prepared_at__date__lt=today - timedelta(days=WAITS_DAYS)).order_by("prepared_at"):
        text = _("Payment order %(order)s, %(amount)s, has waited since %(day)s.") % {
            "order": each.number,
            "amount": words.money(each.amount),
            "day": words.day(timezone.localdate(each.prepared_at)),
        }
        line = each.commitment.line
        yield Warning("unpaid", line.file_id, line.province, text, f"/credit/orders/{each.pk}/")
