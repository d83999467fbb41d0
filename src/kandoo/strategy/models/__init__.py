"""Diagnosis in editions, vision and objectives, the results chain."""

from kandoo.strategy.models.diagnosis import (
    Actor,
    ActorLink,
    Answer,
    ChainStage,
    Diagnosis,
    ImportedPart,
    Problem,
    SwotPoint,
)
from kandoo.strategy.models.plan import Edge, Level, Node, Objective, Serving, Vision

__all__ = [
    "Actor",
    "ActorLink",
    "Answer",
    "ChainStage",
    "Diagnosis",
    "Edge",
    "ImportedPart",
    "Level",
    "Node",
    "Objective",
    "Problem",
    "Serving",
    "SwotPoint",
    "Vision",
]
