"""Whether a bank's answer agrees with what was sent: each row with its payment, or every fault in words.

A row is matched by our own end-to-end id, else by Sheba and amount where exactly one payment at the
bank has both. A row that names none of ours is no fault: it is kept until a person decides.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kandoo.engine.bank_answer import Answer, AnswerRow
from kandoo.engine.bank_file import AMOUNT_MAX, CURRENCY
from kandoo.engine.sheba import is_sheba
from kandoo.ledger.models import PeriodClose
from kandoo.payments.answer_file import HEADINGS
from kandoo.payments.models import BankRow, PaymentLine, PaymentRun
from kandoo.payments.problems import Fault
from kandoo.register.models import Cluster
from kandoo.site import language as lang
from kandoo.site.lists import page_language

Status = PaymentLine.Status
State = BankRow.State
REFERENCE_MAX = 60  # letters


@dataclass(frozen=True, slots=True)
class Read:
    """A row as understood, and the payment it answers; None where that is not known."""

    row: int
    end_to_end: str
    sheba: str
    amount: int | None
    state: str
    reference: str
    on: date
    reason: str
    line: PaymentLine | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as understood; with a single fault nothing of it is taken in."""

    rows: tuple[Read, ...]
    faults: tuple[Fault, ...]
    pending: int  # rows that say the bank is still at it

    def matched(self, state: str) -> list[PaymentLine]:
        """The payments that a state is said of."""
        return [each.line for each in self.rows if each.line is not None and each.state == state]

    @property
    def unmatched(self) -> list[Read]:
        return [each for each in self.rows if each.line is None]

    def counts(self) -> dict[str, Any]:
        """How many rows of each kind."""
        return {state.value: len(self.matched(state)) for state in State} | {"unmatched": len(self.unmatched)}


@dataclass(slots=True)
class _Desk:
    """What rows are checked against."""

    by_number: Mapping[str, PaymentLine]
    by_account: Mapping[tuple[str, int], list[PaymentLine]]
    today: date
    closed_through: date | None
    taken: dict[int, int] = field(default_factory=dict)  # payment -> the row that answers it


class _Wrong(Exception):
    """A fault of the row at hand."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


def closed_through(cluster_id: int) -> date | None:
    """The last day on which the books are closed; None while they are all open."""
    newest = PeriodClose.objects.filter(cluster=cluster_id).order_by("-through").first()
    return newest.through if newest else None


def check(answer: Answer, cluster: Cluster, today: date) -> Checked:
    """Understand every row, against the payments as they are now."""
    rows: tuple[AnswerRow, ...] = answer.rows
    if answer.whole_row is not None:
        rows = tuple(_refused_whole(answer.whole_of, answer.whole_row, cluster))
        if not rows:
            fault = Fault(1, str(HEADINGS["end_to_end"]), _("No payment at the bank belongs to the file it refuses."))
            return Checked((), (fault,), 0)
    desk = _desk(cluster, today)
    read: list[Read] = []
    faults: list[Fault] = []
    pending = 0
    for row in rows:
        if row.state == "pending":
            pending += 1
            continue
        try:
            read.append(_read(row, desk))
        except _Wrong as wrong:
            faults.append(Fault(row.line, str(HEADINGS[wrong.column]), wrong.text))
    return Checked(tuple(read), tuple(faults), pending)


def _refused_whole(number: str, row: AnswerRow, cluster: Cluster) -> Iterator[AnswerRow]:
    """One row for each payment of a run that the bank refused as a whole."""
    run = PaymentRun.objects.filter(cluster=cluster, number=number).first()
    if run is not None:
        lines = run.lines.filter(status=Status.SENT).order_by("number").values_list("number", flat=True)
        for place, each in enumerate(lines, start=1):
            yield AnswerRow(place, each, state=row.state, on=row.on, reason=row.reason)


def _desk(cluster: Cluster, today: date) -> _Desk:
    lines = list(PaymentLine.objects.filter(cluster=cluster).exclude(status=Status.DROPPED))
    by_account: dict[tuple[str, int], list[PaymentLine]] = defaultdict(list)
    for each in lines:
        by_account[(each.sheba, each.amount)].append(each)
    return _Desk({each.number: each for each in lines}, by_account, today, closed_through(cluster.pk))


def _read(row: AnswerRow, desk: _Desk) -> Read:
    if row.state not in State.values:
        raise _Wrong("state", _("Write paid, not paid or returned; “%(text)s” is none of them.") % {"text": row.state})
    sheba, amount, on = _sheba(row.sheba), _amount(row.amount), _day(row.on, desk)
    if lang.latin_digits(row.currency).strip().upper() not in ("", CURRENCY):
        raise _Wrong("currency", _("Payments are in rial (IRR); “%(text)s” is not.") % {"text": row.currency})
    end_to_end = _words(lang.latin_digits(row.end_to_end)).upper()[:60]
    line = desk.by_number.get(end_to_end) or _only_one(sheba, amount, row.state, desk)
    if line is not None:
        _agrees(row, line, sheba, amount, on, desk)
    elif not sheba or amount is None:
        raise _Wrong("end_to_end", _("The row names no payment of ours, and not both a Sheba and an amount."))
    reference, reason = _words(row.reference), _words(row.reason)[:200]
    if len(reference) > REFERENCE_MAX:
        most = lang.format_number(REFERENCE_MAX, page_language())
        raise _Wrong("reference", _("This is longer than %(most)s letters.") % {"most": most})
    if row.state == State.PAID and not reference:
        raise _Wrong("reference", _("A payment made has the bank's reference."))
    if row.state != State.PAID and not reason:
        raise _Wrong("reason", _("The bank says why it was not paid."))
    if line is not None:
        desk.taken[line.pk] = row.line
    return Read(row.line, end_to_end, sheba, amount, row.state, reference, on, reason, line)


def _words(text: str) -> str:
    """A text of the bank's without what cannot be printed or stored."""
    return "".join(each for each in text if each.isprintable()).strip()


def _sheba(text: str) -> str:
    sheba = "".join(lang.latin_digits(text).split()).upper()
    if sheba and not is_sheba(sheba):
        raise _Wrong("sheba", _("There is no such Sheba: “%(text)s”.") % {"text": text})
    return sheba


def _amount(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        amount = lang.parse_decimal(text)
    except ValueError:
        amount = Decimal(0)
    if amount != amount.to_integral_value() or not 0 < amount < AMOUNT_MAX:
        raise _Wrong("amount", _("“%(text)s” is no amount of rial.") % {"text": text})
    return int(amount)


def _day(text: str, desk: _Desk) -> date:
    try:
        day = lang.parse_day(text)
    except ValueError:
        raise _Wrong("on", _("There is no such day. Write it as 1405/09/01 or 2026-11-22.")) from None
    if day > desk.today:
        raise _Wrong("on", _("This day is still to come."))
    if desk.closed_through is not None and day <= desk.closed_through:
        raise _Wrong("on", _("The books are closed on this day."))
    return day


def _only_one(sheba: str, amount: int | None, state: str, desk: _Desk) -> PaymentLine | None:
    """The one payment of this Sheba and amount that can be answered so and no earlier row answers."""
    if not sheba or amount is None:
        return None
    wanted = Status.PAID if state == State.RETURNED else Status.SENT
    found = [
        each for each in desk.by_account.get((sheba, amount), []) if each.status == wanted and each.pk not in desk.taken
    ]
    return found[0] if len(found) == 1 else None


def _agrees(row: AnswerRow, line: PaymentLine, sheba: str, amount: int | None, on: date, desk: _Desk) -> None:
    """The row says of its payment what can be true."""
    if line.pk in desk.taken:
        raise _Wrong("end_to_end", _("Row %(row)s answers this payment already.") % {"row": desk.taken[line.pk]})
    wanted = Status.PAID if row.state == State.RETURNED else Status.SENT
    if line.status != wanted:
        state = line.get_status_display()
        raise _Wrong("state", _("This payment is “%(state)s”, so the row cannot be true.") % {"state": state})
    if sheba and sheba != line.sheba:
        raise _Wrong("sheba", _("The payment was sent to another Sheba."))
    if amount is not None and amount != line.amount:
        raise _Wrong("amount", _("%(sent)s rial were sent.") % {"sent": line.amount})
    earliest = line.paid_on if row.state == State.RETURNED else line.sent_on
    if earliest is not None and on < earliest:
        raise _Wrong("on", _("The day lies before the payment was approved."))
