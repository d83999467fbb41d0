"""One gain: the way from alone to together, its evidence as it was fixed, its reasons, its corrections."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kandoo.benefit import access, actions, queries, words
from kandoo.benefit.forms import CorrectionForm
from kandoo.benefit.models import Gain
from kandoo.benefit.statement import days_to_cash
from kandoo.buying.access import bills_seen_by
from kandoo.register.access import Seat, seated
from kandoo.selling.access import pay_slips_seen_by
from kandoo.selling.problems import NotPossible
from kandoo.site.lists import asker, words_of


@seated("agent", "auditor", "member")
def gain(request: HttpRequest, pk: int) -> HttpResponse:
    """What a member gained in one action, and why."""
    seat = asker(request)
    return render(request, "benefit/gain.html", _context(seat, access.gain_seen_by(seat, pk)))


def _context(seat: Seat, found: Gain) -> dict[str, Any]:
    steps = words.steps_of(found.steps)
    own = {"action": found.action, "action_id": found.action_id, "enterprise": found.enterprise}
    newer = Gain.objects.filter(corrects=found).first()
    fixed = access.stand_alones_seen_by(seat).filter(**own).first()
    return {
        "gain": found,
        "newer": newer,
        "picture": words.picture(steps),
        "rows": [[step.label, step.text] for step in steps],
        "columns": [_("Step"), _("Amount")],
        "kind": words.kind_words(found.action),
        "items": _items(found, fixed.content["items"]) if fixed else [],
        "slip": _slip(seat, found),
        "bill": _bill(seat, found),
        "cash_days": days_to_cash([found])[found.pk],
        "per_hour": queries.taken_of(found).per_hour,
        "may_correct": seat.role == "agent" and newer is None,
    }


def _items(found: Gain, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    bought = words.bought_names(found.cluster, [each["item"] for each in items]) if found.side == "cost" else {}
    return [_item(each, found.side) | {"name": bought.get(each["item"], each["item"])} for each in items]


def _item(item: dict[str, Any], side: str) -> dict[str, Any]:
    unit = item.get("unit", "kg")
    return item | {
        "units": words.units(item["quantity"], unit),
        "unit_words": words.unit_words(unit),
        "kind_words": words.evidence_words(item["kind"] or ""),
        "why_words": words.why_not_words(item["why_not"] or "", side),
        "evidence": [each | {"kind_words": words.evidence_words(each["kind"])} for each in item["evidence"]],
    }


def _slip(seat: Seat, found: Gain) -> Any:
    """The pay slip behind a gain of joint selling, where every line opens to its reason."""
    if found.action != queries.SELLING:
        return None
    return pay_slips_seen_by(seat).filter(lot=found.action_id, enterprise=found.enterprise).first()


def _bill(seat: Seat, found: Gain) -> Any:
    """The bill behind a gain of joint buying."""
    if found.action != queries.BUYING:
        return None
    return bills_seen_by(seat).filter(round=found.action_id, enterprise=found.enterprise).first()


@seated("agent")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a gain anew with what was wrong put right."""
    seat = asker(request)
    found = access.gain_seen_by(seat, pk)
    if Gain.objects.filter(corrects=found).exists():
        raise Http404
    form = CorrectionForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.correct_gain(
                by=seat.person, gain=found, hours=given["hours"], subsidy=given["subsidy"] or 0,
                later=given["later"] or 0, reason=given["reason"],
            )  # fmt: skip
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The gain is counted anew. The one before stays on record."))
            return redirect("benefit:gain", row.pk)
    return render(request, "benefit/correct.html", {"gain": found, "form": form})
