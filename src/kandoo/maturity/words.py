"""The words of this room: stages, parts, what a figure is made of, rungs of the ladder, how sure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STAGES: Mapping[str, Any] = {
    "emerging": pgettext_lazy("life cycle", "Emerging"),
    "growing": pgettext_lazy("life cycle", "Growing"),
    "mature": pgettext_lazy("life cycle", "Mature"),
    "renewing": pgettext_lazy("life cycle", "In need of renewal"),
}
STAGE_KINDS: Mapping[str, str] = {"emerging": "plain", "growing": "good", "mature": "good", "renewing": "warn"}
STAGE_SENTENCES: Mapping[str, Any] = {
    "emerging": _("Firms are near one another, but they have only begun to work as a cluster."),
    "growing": _("Firms and services are gathering, and joint work takes hold."),
    "mature": _("The firms work as one network: specialised, trading with one another, selling far away."),
    "renewing": _("More leaves than comes: the cluster needs new members, new products or new ways."),
}
SURE: Mapping[str, Any] = {
    "none": _("cannot say"),
    "weak": _("weak sign"),
    "fair": _("fairly sure"),
    "strong": _("quite sure"),
}
PARTS: Mapping[str, Any] = {
    "entry": _("Firms that came"),
    "exit": _("Firms that left"),
    "services": _("Specialised services along the chain"),
    "inner_trade": _("Trade inside the cluster"),
    "export": _("Exported share of the harvest"),
    "ladder": _("Highest rung of joint action"),
    "joint_action": _("Members in joint action"),
    "density": _("Pairs of members that worked together"),
    "dependence": _("Steps the agent takes for members"),
}
BASES: Mapping[str, Any] = {
    "entry": _("Of today’s members, those who came within the year."),
    "exit": _("Of the members of a year ago, those who left within the year."),
    "services": _(
        "Stages of the chain other than the members’ main work; each counts full with two providers of its own or more."
    ),
    "inner_trade": _(
        "Of the year’s orders filled and orders to suppliers, those whose other side is a member. Counted by contracts."
    ),
    "export": _("Of the season’s harvest by mass, what joint lots sold in a foreign currency."),
    "ladder": _(
        "The highest joint action of the year, from sharing information (1) to a joint legal body, brand or export (6)."
    ),
    "joint_action": _("Of today’s members, those who took part in a joint lot or round of the year."),
    "density": _("Of all pairs of today’s members, those who were in one joint action of the year."),
    "dependence": _("Of the members’ offers, needs and answers in the year’s joint actions, those the agent entered."),
}
FACTS: Mapping[str, Any] = {
    "came": _("came"),
    "members": _("members today"),
    "went": _("left"),
    "before": _("members a year ago"),
    "providers": _("providers"),
    "served": _("stages with providers"),
    "stages": _("stages"),
    "inside": _("contracts inside"),
    "contracts": _("contracts"),
    "exported_kg": _("kg exported"),
    "harvested_kg": _("kg harvested"),
    "season": _("season"),
    "lots": _("joint lots"),
    "rounds": _("rounds of joint buying"),
    "export_lots": _("lots with export"),
    "took_part": _("took part"),
    "pairs": _("pairs that worked together"),
    "possible": _("pairs in all"),
    "by_agent": _("steps by the agent"),
    "steps": _("steps in all"),
}
RUNGS: tuple[Any, ...] = (
    _("none yet"),
    _("sharing information"),
    _("a study visit"),
    _("a small quick win"),
    _("buying or selling together"),
    _("shared equipment"),
    _("a joint legal body, brand or export"),
)
STATES: Mapping[str, Any] = {
    "missing": _("No record"),
    "withheld": _("Withheld: fewer than five firms stand behind it, or one holds over half"),
}
ORIGINS: Mapping[str, Any] = {
    "computed": _("counted from the cluster’s own records"),
    "published": _("published"),
    "typed": _("counted by us"),
}
