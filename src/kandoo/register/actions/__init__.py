"""The only writers of the register: each action is one transaction and leaves a line in the trail."""

from kandoo.register.actions.clusters import change_cluster, found_cluster, set_season_yield
from kandoo.register.actions.firms import (
    FirmTerms,
    SiteTerms,
    add_enterprise,
    add_site,
    begin_membership,
    change_enterprise,
    change_site,
    end_membership,
    remove_enterprise,
    remove_site,
)
from kandoo.register.actions.imports import (
    choices_for,
    confirm_import,
    decide_doubles,
    import_members,
    refresh_doubles,
    rows_of,
    throw_away,
)
from kandoo.register.actions.people import add_person, change_person, end_role, give_role, password_key
from kandoo.register.problems import NotPossible, NumberTaken, StillAttached, UndecidedDoubles

__all__ = [
    "FirmTerms",
    "NotPossible",
    "NumberTaken",
    "SiteTerms",
    "StillAttached",
    "UndecidedDoubles",
    "add_enterprise",
    "add_person",
    "add_site",
    "begin_membership",
    "change_cluster",
    "change_enterprise",
    "change_person",
    "change_site",
    "choices_for",
    "confirm_import",
    "decide_doubles",
    "end_membership",
    "end_role",
    "found_cluster",
    "give_role",
    "import_members",
    "password_key",
    "refresh_doubles",
    "remove_enterprise",
    "remove_site",
    "rows_of",
    "set_season_yield",
    "throw_away",
]
