"""Public money: fiscal years and their laws, credit lines and movements, contracts, commitments and payments."""

from kandoo.credit.models.lines import Activity, Closing, CreditLine, Movement
from kandoo.credit.models.spending import Commitment, Contract, Payee, PaymentOrder, Phase
from kandoo.credit.models.years import BudgetLaw, CostKind, CostRule, FiscalYear, ImportedLines

__all__ = [
    "Activity",
    "BudgetLaw",
    "Closing",
    "Commitment",
    "Contract",
    "CostKind",
    "CostRule",
    "CreditLine",
    "FiscalYear",
    "ImportedLines",
    "Movement",
    "Payee",
    "PaymentOrder",
    "Phase",
]
