"""The only writers of gauges and self-assessments: one transaction each, a line in the trail each."""

from kandoo.maturity.actions.answering import answer_question, begin_assessment, remark, submit_assessment
from kandoo.maturity.actions.evidence import Document, Shown, add_evidence, take_back_evidence
from kandoo.maturity.actions.figures import FigureTerms, enter_figure
from kandoo.maturity.problems import NotPossible

__all__ = [
    "Document",
    "FigureTerms",
    "NotPossible",
    "Shown",
    "add_evidence",
    "answer_question",
    "begin_assessment",
    "enter_figure",
    "remark",
    "submit_assessment",
    "take_back_evidence",
]
