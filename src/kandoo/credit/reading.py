"""What pages of money say: the four steps as a picture, shares in words, states as badges."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo.credit import words
from kandoo.credit.models import Activity, CreditLine, PaymentOrder, Phase
from kandoo.engine.budget import LineState
from kandoo.register import places
from kandoo.site import language as lang
from kandoo.site.lists import page_language
from kandoo.site.pictures import Language, Level, progress_nested

ORDER_KINDS = {
    PaymentOrder.Status.PREPARED: "warn",
    PaymentOrder.Status.PAID: "good",
    PaymentOrder.Status.SENT_BACK: "bad",
}


def province(code: str) -> str:
    """A province's name, or the nation's."""
    return places.name_of(code, page_language()) if code else _("The whole nation")


def percent(part: int, whole: int) -> str:
    """A share in whole percent."""
    language = page_language()
    text = lang.format_number(round(100 * part / whole) if whole else 0, language)
    return f"{text}٪" if language == "fa" else f"{text}%"


def steps(state: LineState) -> list[tuple[str, int]]:
    """The four steps, each holding the next."""
    return [
        (pgettext("credit", "Approved"), state.approved),
        (pgettext("credit", "Allocated"), state.allocated),
        (pgettext("credit", "Committed"), state.committed),
        (pgettext("credit", "Paid"), state.paid),
    ]


def picture(state: LineState) -> dict[str, Any]:
    """The four steps as nested bars, with the finding as their title and the table behind."""
    language: Language = "en" if page_language() == "en" else "fa"
    levels = [Level(label, amount, words.money(amount)) for label, amount in steps(state)]
    rest = [
        (pgettext("credit", "Returned"), state.returned),
        (pgettext("credit", "Carried over"), state.carried),
        (pgettext("credit", "Lapsed"), state.lapsed),
    ]
    return {
        "title": _("%(percent)s of what is approved is paid") % {"percent": percent(state.paid, state.approved)},
        "text": _("Each bar holds the next: nothing is allocated above what is approved, committed above what is allocated, or paid above what is committed."),
        "svg": progress_nested(levels, name=_("Approved, allocated, committed, paid"), language=language),
        "columns": [_("Step"), _("Amount")],
        "rows": [(label, words.money(amount)) for label, amount in (*steps(state), *rest)],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in a list."""

    line: CreditLine
    province: str
    paid: str  # share of what is approved
    unspent: int  # rial, approved and neither paid nor gone

    @classmethod
    def of(cls, line: CreditLine) -> "LineRow":
        unspent = line.approved - line.paid - line.carried - line.lapsed
        return cls(line, province(line.province), percent(line.paid, line.approved), unspent)


def phase_state(phase: Phase, order: PaymentOrder | None, today: date) -> tuple[str, str]:
    """Where a phase stands: badge and word."""
    if order is not None and order.status == PaymentOrder.Status.PAID:
        return "good", pgettext("credit", "Paid")
    if order is not None:
        return "warn", _("Payment waits for the controller")
    if phase.confirmed_by_id is not None:
        return "good", _("Confirmed, to be paid")
    if phase.delivered_on is not None:
        return "warn", _("Waits for the supervisor")
    if phase.remark:
        return "bad", _("Sent back by the supervisor")
    if phase.due_on < today:
        return "bad", _("Late")
    return "plain", _("To come")


def weight(thousandths: int) -> str:
    """A weight in percent."""
    return words.share(thousandths)


def bearers(activity: Activity) -> list[tuple[str, str, int]]:
    """Who bears an activity's cost: who, the share in words, rial."""
    borne = activity.borne
    return [
        (_("The programme"), words.share(activity.agency_share), borne["agency"]),
        (_("The members"), words.share(activity.member_share), borne["member"]),
        (_("Others"), words.share(activity.other_share), borne["other"]),
    ]
