"""The programme's file: clusters of the nation, their stages, papers, meetings and decisions."""

from kandoo.programme.models.files import AgentTerm, ClusterFile, Count, ImportedFile, StageMark
from kandoo.programme.models.gates import (
    AgendaItem,
    Attendance,
    Ballot,
    Body,
    BodyMember,
    Condition,
    Decision,
    Meeting,
    Reminder,
)
from kandoo.programme.models.papers import Paper, PaperComment, PaperEdition
from kandoo.programme.models.procedure import Procedure, RequiredPaper, Stage
from kandoo.programme.models.selection import Candidate, Criterion, Score, SelectionRound

__all__ = [
    "AgendaItem",
    "AgentTerm",
    "Attendance",
    "Ballot",
    "Body",
    "BodyMember",
    "Candidate",
    "ClusterFile",
    "Condition",
    "Count",
    "Criterion",
    "Decision",
    "ImportedFile",
    "Meeting",
    "Paper",
    "PaperComment",
    "PaperEdition",
    "Procedure",
    "Reminder",
    "RequiredPaper",
    "Score",
    "SelectionRound",
    "Stage",
    "StageMark",
]
