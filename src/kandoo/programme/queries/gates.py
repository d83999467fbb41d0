"""What a decision hangs on, read from the tables."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kandoo.programme.gates import Standing, body_fits
from kandoo.programme.models import AgendaItem, Attendance, Ballot, Body, BodyMember, Condition, Decision, Stage
from kandoo.programme.queries.procedure import papers_missing


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of the members present."""

    yes: int
    no: int = 0
    abstained: int = 0


def members_on(body: Body, day: date) -> list[BodyMember]:
    """Who sits in a body on a day: chair, secretary, members."""
    rows = body.members.filter(from_on__lte=day).filter(Q(to_on=None) | Q(to_on__gt=day)).order_by("pk")
    order = {post: place for place, post in enumerate(BodyMember.Post.values)}
    return sorted(rows, key=lambda each: (order[each.post], each.pk))


def voting_present(meeting_id: int) -> int:
    """How many voting members were there."""
    return Attendance.objects.filter(meeting=meeting_id, member__is_voting=True).count()


def standing_of(item: AgendaItem, votes: Votes, outcome: str) -> Standing:
    """Everything the law of gates asks about a decision."""
    file, gate, body = item.file, item.stage, item.meeting.body
    file.refresh_from_db()
    here = Stage.objects.filter(procedure=file.procedure_id, code=file.stage).values_list("position", flat=True).get()
    is_passing = outcome in Decision.PASSING
    cast = votes_cast(item)
    return Standing(
        here=here,
        gate=gate.position,
        same_procedure=gate.procedure_id == file.procedure_id,
        body_fits=body_fits(gate, body, file),
        quorum=body.quorum,
        present=voting_present(item.meeting_id),
        yes=votes.yes,
        no=votes.no,
        abstained=votes.abstained,
        by_consensus=body.rule == Body.Rule.CONSENSUS,
        outcome=outcome,
        papers_missing=tuple(str(each) for each in papers_missing(file, gate)) if is_passing else (),
        conditions_open=Condition.objects.filter(file=file, kept_on=None).count() if is_passing else 0,
        cast=(cast.yes, cast.no, cast.abstained),
    )


def votes_cast(item: AgendaItem) -> Votes:
    """What members have voted themselves so far."""
    chosen = Counter(Ballot.objects.filter(item=item).values_list("choice", flat=True))
    return Votes(chosen["yes"], chosen["no"], chosen["abstained"])


def vote_of(person_id: int, meeting_id: int) -> BodyMember | None:
    """The place with a vote that a person takes in a sitting; None when it has none."""
    here = Attendance.objects.filter(meeting=meeting_id, member__person=person_id, member__is_voting=True)
    found = here.select_related("member").first()
    return found.member if found else None
