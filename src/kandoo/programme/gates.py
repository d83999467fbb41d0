"""The law of gates in plain Python: what may be decided, by whom, with what. The triggers hold the same.

Pure: a `Standing` of plain values goes in, the reasons against the decision come out, in the reader's language.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kandoo.programme.models import Body, ClusterFile, Decision, Stage
from kandoo.site.lists import joined

PASSING = frozenset(Decision.PASSING)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a decision hangs on."""

    here: int  # position of the stage the file is at
    gate: int  # position of the gate
    same_procedure: bool
    body_fits: bool
    quorum: int
    present: int  # voting members
    yes: int
    no: int
    abstained: int
    by_consensus: bool
    outcome: str
    papers_missing: tuple[str, ...]
    conditions_open: int
    cast: tuple[int, int, int] = (0, 0, 0)  # of the votes: in favour, against, abstained by the members’ own hand


def faults(given: Standing) -> list[str]:
    """Why the decision may not be taken; nothing when it may."""
    found = []
    if not given.same_procedure or given.gate != given.here + 1:
        found.append(_("This gate does not follow the stage the cluster is at; no gate is skipped or taken twice."))
    if not given.body_fits:
        found.append(_("This gate is another body’s to decide."))
    found += _votes(given)
    if given.outcome in PASSING:
        if given.papers_missing:
            found.append(_("Papers are not approved: %(papers)s.") % {"papers": joined(given.papers_missing)})
        if given.conditions_open:
            found.append(_("Conditions of an earlier gate are not kept yet."))
    return found


def _votes(given: Standing) -> list[str]:
    if given.present < given.quorum:
        text = _("There is no quorum. Voting members present: %(present)s; needed: %(quorum)s.")
        return [text % {"present": given.present, "quorum": given.quorum}]
    if given.yes + given.no + given.abstained != given.present:
        text = _("The votes add up to %(votes)s; voting members present: %(present)s.")
        return [text % {"votes": given.yes + given.no + given.abstained, "present": given.present}]
    if any(own > all_ for own, all_ in zip(given.cast, (given.yes, given.no, given.abstained), strict=True)):
        text = _(
            "Members have voted themselves, and these votes stand: %(yes)s in favour, %(no)s against, %(abstained)s abstained."
        )
        return [text % dict(zip(("yes", "no", "abstained"), given.cast, strict=True))]
    if given.by_consensus:
        is_agreed = given.yes > 0 and given.no == 0
        return [] if is_agreed else [_("This body decides by consensus: somebody in favour and nobody against.")]
    return [_("More than half of those present must be in favour.")] if 2 * given.yes <= given.present else []


def body_fits(gate: Stage, body: Body, file: ClusterFile) -> bool:
    """Whether a gate of a file is a body's to decide."""
    return (
        body.kind == gate.decided_by
        and body.cluster_id == file.cluster_id
        and body.province in ("", file.province)
        and body.file_id in (None, file.pk)
    )


def body_fault(gate: Stage, body: Body, file: ClusterFile) -> Any:
    """Why a body may not decide a gate of a file; empty when it may."""
    if body_fits(gate, body, file):
        return ""
    text = _("gate %(gate)s is decided by the %(kind)s of this cluster.")
    return text % {"gate": gate, "kind": gate.get_decided_by_display()}
