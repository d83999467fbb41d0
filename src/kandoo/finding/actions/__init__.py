"""The only writers of studies: brought, columns confirmed, handed to the computer, stopped, put aside, proposed."""

from kandoo.finding.actions.asking import ask, cancel, propose, put_aside
from kandoo.finding.actions.bringing import (
    bring_list,
    choose_years,
    confirm_columns,
    hand_over_columns,
    leave_rows_out,
    take_own_apiaries,
)
from kandoo.finding.actions.common import sheet_of
from kandoo.finding.actions.working import Beat, beat, end_without, finish, keep_check, keep_outputs

__all__ = [
    "Beat",
    "ask",
    "beat",
    "bring_list",
    "cancel",
    "choose_years",
    "confirm_columns",
    "end_without",
    "finish",
    "hand_over_columns",
    "keep_check",
    "keep_outputs",
    "leave_rows_out",
    "propose",
    "put_aside",
    "sheet_of",
    "take_own_apiaries",
]
