"""A rule put to the vote: the members who sign in have a say, and one has had it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kandoo.engine.sharing_rule import SharingRule
from kandoo.register.access import seats_of
from kandoo.sharing import actions as sharing

if TYPE_CHECKING:
    from kandoo.demo.building import Stage


def propose(stage: Stage) -> None:
    """The agent asks whether a twentieth of the gain should go into the reserve first."""
    with stage.played_by("agent") as agent:
        seat = seats_of(agent)[0]
        proposal = sharing.propose_rule(
            seat=seat,
            terms=sharing.ProposalTerms(
                kind="selling",
                rule=SharingRule("quality", reserve=50),
                title="اندوخته برای سال‌های کم‌عسل",
                reason="پیشنهاد نمونه: یک‌بیستم صرفه همکاری نخست به اندوخته خوشه برود.",
                vote_closes_on=stage.today + timedelta(days=14),
                in_force_from=stage.today + timedelta(days=15),
            ),
            today=stage.today,
            now=stage.now,
        )
        sharing.open_vote(seat=seat, proposal=proposal, today=stage.today)
    with stage.played_by("member2") as member:
        sharing.vote(
            by=member,
            proposal=proposal,
            enterprise=stage.firms["member-2"],
            is_yes=True,
            today=stage.today,
            now=stage.now,
        )
