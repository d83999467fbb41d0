"""A member's pay slip on paper: the gain first, every amount with its reason, room to sign.

The rows and their sentences are those of the page (`selling.slip_reading`).
"""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kandoo.selling import slip_reading
from kandoo.selling.models import PaySlip
from kandoo.selling.slip_reading import BatchPart, Reason, Slip
from kandoo.trace.papers.sheet import Words, typeset


def pay_slip_pdf(slip: PaySlip, language: str) -> bytes:
    """The pay slip in Persian or English; toman with rial beside it, always with the unit."""
    with translation.override(language):
        return typeset("pay_slip", language, pay_slip_data(slip_reading.read_slip(slip), language))


def pay_slip_data(read: Slip, language: str) -> dict[str, Any]:
    """What the paper says."""
    words, slip = Words(language), read.slip
    more, less = _("more than by selling alone"), _("less than by selling alone")
    return {
        "cluster": words.name(slip.lot.cluster),
        "number": slip.number,
        "day": words.day(timezone.localdate(slip.at)),
        "foot": f"{slip.number} · {words.name(slip.lot.cluster)}",
        "facts": [
            [_("Member"), words.name(slip.enterprise)],
            [_("Lot"), f"{slip.lot.code} · {words.isolated(slip.lot.title)}"],
            [_("Rule"), read.rule.name],
            [_("Net mass"), _("%(kg)s kg") % {"kg": words.number(read.kg)}],
        ],
        "is_gain": read.gain >= 0,
        "gain": _both(abs(read.gain), words),
        "gain-words": more if read.gain >= 0 else less,
        "gain-note": _without_evidence(read, words),
        "told": read.told,
        "parts": [_part(each, words) for each in read.parts],
        "payments": _payments(read, words),
        "total": _both(slip.amount, words),
        "signatures": [_("Member: received, signature"), _("Agent: name, signature")],
        "words": {
            "title": _("Pay slip"),
            "batch-sum": _("Together"),
            "alone": _("Alone"),
            "no-evidence": _("There is no evidence of a price alone for this batch, so it counts as no gain."),
            "payments": _("Payments"),
            "total": _("Your share in all"),
        },
    }


def _both(rial: int, words: Words) -> dict[str, str]:
    """An amount in toman, and the same in rial."""
    return {"toman": words.toman(rial), "rial": words.rial(rial)}


def _without_evidence(read: Slip, words: Words) -> str:
    if not read.kg_without_evidence:
        return ""
    return _("Not counted: %(kg)s kg without evidence of a price alone.") % {
        "kg": words.number(read.kg_without_evidence)
    }


def _part(part: BatchPart, words: Words) -> dict[str, Any]:
    alone = part.alone
    kg = _("%(kg)s kg") % {"kg": words.number(part.kg)}
    return {
        "title": _("Batch %(batch)s") % {"batch": words.isolated(part.batch)},
        "about": f"{words.isolated(part.order)} · {kg}",
        "rows": [_row(each, words) for each in part.reasons],
        "sum": _both(part.amount, words),
        "alone": None if alone is None else {"why": _why(alone), "amount": _both(alone.amount, words)},
    }


def _row(reason: Reason, words: Words) -> dict[str, Any]:
    return {
        "title": reason.title,
        "why": _why(reason),
        "inputs": [f"{label}: {value}" for label, value in reason.inputs],
        "amount": _both(reason.amount, words),
    }


def _why(reason: Reason) -> str:
    """A reason with what it rests on."""
    if not reason.source:
        return reason.why
    return " ".join([reason.why, _("Evidence:"), reason.source])


def _payments(read: Slip, words: Words) -> list[dict[str, Any]]:
    slip = read.slip
    first = _("%(percent)s%% of the share then expected") % {"percent": words.number(slip.lot.first_percent)}
    if read.first_on:
        first += " · " + words.short_day(read.first_on)
    final = (
        _("the rest, after the buyers paid")
        if slip.final >= 0
        else _("owed back: the share came out below the first payment")
    )
    return [
        {"title": _("First payment"), "why": first, "amount": _both(slip.first, words)},
        {"title": _("Final payment"), "why": final, "amount": _both(slip.final, words)},
    ]
