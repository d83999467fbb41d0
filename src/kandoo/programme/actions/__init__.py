"""The only writers of the programme: each action is one transaction and leaves a line in the trail."""

from kandoo.programme.actions.bodies import BodyTerms, form_body, seat_member, unseat_member
from kandoo.programme.actions.files import (
    CountTerms,
    FileTerms,
    add_count,
    change_agent,
    change_file,
    link_tenant,
    open_file,
)
from kandoo.programme.actions.founding import found_programme, issue_procedure, shipped_procedure
from kandoo.programme.actions.importing import Faulty, Imported, import_files
from kandoo.programme.actions.meetings import (
    NewCondition,
    call_meeting,
    cancel_meeting,
    cast_ballot,
    close_meeting,
    decide,
    hold_meeting,
    keep_condition,
)
from kandoo.programme.actions.papers import (
    approve_edition,
    bring_paper,
    comment_on,
    confirm_edition,
    return_edition,
)
from kandoo.programme.actions.reminders import remind
from kandoo.programme.actions.selection import CriterionTerms, close_round, open_round, score
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.gates import Votes

__all__ = [
    "BodyTerms",
    "CountTerms",
    "CriterionTerms",
    "Faulty",
    "FileTerms",
    "Imported",
    "NewCondition",
    "NotPossible",
    "Votes",
    "add_count",
    "approve_edition",
    "bring_paper",
    "call_meeting",
    "cancel_meeting",
    "cast_ballot",
    "change_agent",
    "change_file",
    "close_meeting",
    "close_round",
    "comment_on",
    "confirm_edition",
    "decide",
    "form_body",
    "found_programme",
    "hold_meeting",
    "import_files",
    "issue_procedure",
    "keep_condition",
    "link_tenant",
    "open_file",
    "open_round",
    "remind",
    "return_edition",
    "score",
    "seat_member",
    "shipped_procedure",
    "unseat_member",
]
