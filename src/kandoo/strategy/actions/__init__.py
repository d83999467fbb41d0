"""The only writers of diagnosis and plan: each action is one transaction and leaves a line in the trail."""

from kandoo.strategy.actions.editions import freeze, open_edition, prepare, send_back
from kandoo.strategy.actions.plans import VisionTerms, answer_problem, import_activities, serve_objective, set_vision
from kandoo.strategy.actions.rows import import_rows, remove_row, write_row
from kandoo.strategy.problems import Fault, Faulty, NotPossible

__all__ = [
    "Fault",
    "Faulty",
    "NotPossible",
    "VisionTerms",
    "answer_problem",
    "freeze",
    "import_activities",
    "import_rows",
    "open_edition",
    "prepare",
    "remove_row",
    "send_back",
    "serve_objective",
    "set_vision",
    "write_row",
]
