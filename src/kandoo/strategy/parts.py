"""The parts of a diagnosis and of a plan as columns: one description for the form, the table sent in and the table taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.strategy.models import Actor, ActorLink, ChainStage, Edge, Level, Node, Objective, Problem, SwotPoint

Kind = Literal["text", "choice", "whole", "toman", "percent", "day", "row", "indicator", "activity"]


@dataclass(frozen=True, slots=True)
class Column:
    """One field. `of`: for a row of another part, that part's code; `most`: letters of a text, or the largest number."""

    name: str
    label: Any
    kind: Kind = "text"
    needed: bool = True
    most: int = 160
    least: int = 0
    choices: Sequence[tuple[Any, Any]] = ()
    of: str = ""
    help: Any = ""
    past: bool = False  # of a day: it has come


@dataclass(frozen=True, slots=True)
class Part:
    """A table of an edition (`of_plan` False) or of a file's plan. `key`: the columns by which a row is known again."""

    code: str
    model: type[Model]
    label: Any  # of all rows
    add: Any  # what the button says
    teach: Any  # what will be here, on an empty page
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    of_plan: bool = False
    fixed: tuple[str, ...] = ()  # what stays once it is written

    def headings(self) -> list[str]:
        """The columns as a table calls them."""
        return [str(each.label) for each in self.columns]


_CODE = Column("code", _("Code"), most=12, help=_("A short name for the row, such as A1."))
_NAMES = (
    Column("name_fa", _("Name in Persian")),
    Column("name_en", _("Name in English"), needed=False),
)
_TEXTS = (
    Column("text_fa", _("In Persian"), most=300),
    Column("text_en", _("In English"), needed=False, most=300),
)
_SOURCE = Column("source", _("Source"), most=200, help=_("Who says so, and when."))
_EVIDENCE = Column(
    "evidence", pgettext_lazy("study", "Evidence"), most=300, help=_("A figure with its source, or who said it where.")
)

ACTORS = Part(
    "actors", Actor, _("Actors"), _("Add an actor"),
    _("Firms, institutions, buyers, suppliers and support bodies, each with its power over the cluster and its interest in it."),
    (
        _CODE, *_NAMES,
        Column("kind", _("Kind"), "choice", choices=Actor.Kind.choices),
        Column("role", _("Role in the cluster"), most=200),
        Column("members", _("How many"), "whole", least=1, most=10**7, help=_("Of firms alike: how many there are.")),
        Column("power", _("Power (1 to 5)"), "whole", least=1, most=5),
        Column("interest", _("Interest (1 to 5)"), "whole", least=1, most=5),
        _SOURCE,
    ),
)  # fmt: skip
LINKS = Part(
    "links", ActorLink, _("Links between actors"), _("Add a link"),
    _("Who sells to whom, who serves, funds or advises whom: the lines of the actor map."),
    (
        Column("source", pgettext_lazy("link", "From"), "row", of="actors"),
        Column("kind", _("Link"), "choice", choices=ActorLink.Kind.choices),
        Column("target", pgettext_lazy("link", "To"), "row", of="actors"),
        Column("note", pgettext_lazy("study", "Note"), needed=False, most=200),
    ),
    key=("source", "kind", "target"),
)  # fmt: skip
STAGES = Part(
    "stages", ChainStage, _("Stages of the value chain"), _("Add a stage"),
    _("From input to buyer: how many firms, what a unit costs coming in and brings going out, and what of it stays in the cluster."),
    (
        _CODE,
        Column("position", _("Place in the chain"), "whole", least=1, most=99, help=_("1 is the first stage.")),
        *_NAMES,
        Column("firms", _("Firms"), "whole", most=10**7),
        Column("unit", _("Unit"), most=20, help=_("For example kg; the same along the chain.")),
        Column("volume", _("Volume in a year"), "whole", least=1, most=10**12),
        Column("price_in", _("Price of a unit coming in"), "toman"),
        Column("price_out", _("Price of a unit going out"), "toman"),
        Column("inside", _("Made inside the cluster"), "percent", help=_("Of what this stage adds.")),
        Column(
            "explained", _("Why it does not meet the stage before"), needed=False, most=300,
            help=_("Needed when it pays another price than the stage before gets, or takes in more than that gives."),
        ),
        _SOURCE,
        Column("dated", _("Date of the source"), "day", past=True),
    ),
)  # fmt: skip
SWOT = Part(
    "swot", SwotPoint, _("Strengths, weaknesses, opportunities, threats"), pgettext_lazy("swot", "Add a point"),
    _("What helps and what hinders, inside and outside, each with its evidence and a weight."),
    (
        _CODE, *_TEXTS,
        Column("quadrant", _("Quadrant"), "choice", choices=SwotPoint.Quadrant.choices),
        _EVIDENCE,
        Column("weight", _("Weight (1 to 5)"), "whole", least=1, most=5),
    ),
)  # fmt: skip
PROBLEMS = Part(
    "problems", Problem, _("Problem tree"), _("Add a problem"),
    _("Begin with the core problem; then what causes it, and what it leads to."),
    (
        _CODE, *_TEXTS,
        Column("side", _("Side"), "choice", choices=Problem.Side.choices),
        Column(
            "parent", _("Hangs on"), "row", needed=False, of="problems",
            help=_("Empty for the core problem; a cause hangs on the core or a cause, an effect on the core or an effect."),
        ),
        _EVIDENCE,
    ),
    fixed=("side",),
)  # fmt: skip
OBJECTIVES = Part(
    "objectives", Objective, _("Objectives"), _("Add an objective"),
    _("What must be reached for the vision to come true, three to five of them, each with the indicator that tells."),
    (_CODE, *_NAMES, Column("indicator", _("Indicator"), "indicator", needed=False)),
    of_plan=True,
)  # fmt: skip
NODES = Part(
    "chain", Node, _("Results chain"), _("Add to the chain"),
    _("What is put in, what is done, what comes out at once, what changes for members, what changes for the region."),
    (
        _CODE,
        Column("level", _("Level"), "choice", choices=Level.choices),
        *_TEXTS,
        Column("activity", _("Activity of the plan"), "activity", needed=False, help=_("At the level of activities alone.")),
        Column("indicator", _("Indicator"), "indicator", needed=False),
    ),
    of_plan=True,
    fixed=("level",),
)  # fmt: skip
EDGES = Part(
    "edges", Edge, _("What leads to what"), _("Add a step"),
    _("Each step from one thing to a later one, with the assumption on which it holds and the risk that it does not."),
    (
        Column("source", pgettext_lazy("link", "From"), "row", of="chain"),
        Column("target", pgettext_lazy("link", "To"), "row", of="chain"),
        Column("assumption", _("Assumption"), needed=False, most=300),
        Column("risk", _("Risk"), needed=False, most=300),
    ),
    key=("source", "target"),
    of_plan=True,
)  # fmt: skip

PARTS: Mapping[str, Part] = {
    each.code: each for each in (ACTORS, LINKS, STAGES, SWOT, PROBLEMS, OBJECTIVES, NODES, EDGES)
}
OF_DIAGNOSIS = tuple(each for each in PARTS.values() if not each.of_plan)
