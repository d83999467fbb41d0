"""The results chain of a file: its links by level, what leads to what, where it has gaps, and the way both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from django.db.models import Prefetch
from django.utils import timezone

from kandoo.credit.models import Activity
from kandoo.programme.models import ClusterFile
from kandoo.strategy import laws
from kandoo.strategy.models import Edge, Level, Node, Objective, Serving
from kandoo.strategy.queries.activities import Planned, planned

GapKind = Literal["unplaced", "no_output", "no_indicator", "no_outcome", "leads_nowhere", "no_assumption"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the chain lacks. `row`: the link, step or activity it concerns."""

    kind: GapKind
    row: Node | Edge | Activity


@dataclass(frozen=True)
class Chain:
    """All links and steps of a file's chain, with the activities of its plan as they stand on a day."""

    file: ClusterFile
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    activities: tuple[Planned, ...]

    @cached_property
    def after(self) -> Mapping[int, Sequence[int]]:
        """From each link to those it leads to."""
        return laws.along((each.source_id, each.target_id) for each in self.edges)

    @cached_property
    def before(self) -> Mapping[int, Sequence[int]]:
        """From each link to those that lead to it."""
        return laws.along((each.target_id, each.source_id) for each in self.edges)

    @cached_property
    def by_pk(self) -> Mapping[int, Node]:
        return {each.pk: each for each in self.nodes}

    def at_level(self, level: str) -> list[Node]:
        """The links of a level."""
        return [each for each in self.nodes if each.level == level]

    def downstream(self, node: Node) -> list[Node]:
        """What a link leads to, near and far, in the order of the levels."""
        return self._ordered(laws.reached(node.pk, self.after))

    def upstream(self, node: Node) -> list[Node]:
        """What leads to a link, near and far, in the order of the levels."""
        return self._ordered(laws.reached(node.pk, self.before))

    def standing(self, node: Node) -> Planned | None:
        """The activity behind a link, as it stands."""
        return next((each for each in self.activities if each.activity.pk == node.activity_id), None)

    def _ordered(self, pks: set[int]) -> list[Node]:
        return sorted((self.by_pk[pk] for pk in pks), key=lambda each: (laws.rank(each.level), each.pk))


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """An objective with the activities that serve it."""

    objective: Objective
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A link of the chain. `state`: of its activity (done, late, running, ahead), else `measured` or `unmeasured`."""

    node: Node
    state: str
    is_unfunded: bool
    leads_to: int
    comes_from: int


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A level with its links."""

    level: str
    label: str
    nodes: tuple[NodeRow, ...]


@dataclass(frozen=True, slots=True)
class ChainSummary:
    """What other rooms show of a plan: objectives, links by level with their state, gaps, activities late and unfunded."""

    objectives: tuple[ObjectiveRow, ...]
    levels: tuple[LevelRow, ...]
    gaps: tuple[Gap, ...]
    activities: int
    done: int
    late: int
    unfunded: int

    @property
    def is_empty(self) -> bool:
        return not self.activities and not self.objectives and not any(each.nodes for each in self.levels)


def chain_of(file: ClusterFile, today: date) -> Chain:
    """The chain of a file."""
    nodes = Node.objects.filter(file=file).select_related("activity", "indicator")
    edges = Edge.objects.filter(file=file).select_related("source", "target")
    return Chain(file, tuple(nodes), tuple(edges), tuple(planned(file, today)))


def gaps_of(chain: Chain) -> list[Gap]:
    """What the chain lacks, the gravest first; empty for a chain without a link and a plan without an activity."""
    placed = {each.activity_id for each in chain.nodes}
    found = [Gap("unplaced", each.activity) for each in chain.activities if each.activity.pk not in placed]
    for node in chain.at_level(Level.ACTIVITY):
        if not any(each.level == Level.OUTPUT for each in chain.downstream(node)):
            found.append(Gap("no_output", node))
    for node in chain.at_level(Level.IMPACT):
        if not any(each.level == Level.OUTCOME for each in chain.upstream(node)):
            found.append(Gap("no_outcome", node))
    found += [Gap("no_indicator", each) for each in chain.at_level(Level.OUTCOME) if each.indicator_id is None]
    for level in (Level.INPUT, Level.OUTPUT, Level.OUTCOME):
        found += [Gap("leads_nowhere", each) for each in chain.at_level(level) if each.pk not in chain.after]
    return found + [Gap("no_assumption", each) for each in chain.edges if not each.assumption]


def objectives_of(file: ClusterFile) -> list[ObjectiveRow]:
    """Objectives with what serves them."""
    servings = Prefetch("servings", Serving.objects.select_related("activity").order_by("activity__code"))
    rows = Objective.objects.filter(file=file).select_related("indicator").prefetch_related(servings)
    return [ObjectiveRow(each, tuple(serving.activity for serving in each.servings.all())) for each in rows]


def summary_of(file: ClusterFile, today: date | None = None) -> ChainSummary:
    """The plan of a file in short, as it stands on a day (today, when none is given)."""
    day = today or timezone.localdate()
    chain = chain_of(file, day)
    states = [each.state for each in chain.activities]
    unfunded = [each for each in chain.activities if each.is_unfunded and each.activity.starts_on < day]
    return ChainSummary(
        objectives=tuple(objectives_of(file)),
        levels=tuple(_level(chain, value, str(label)) for value, label in Level.choices),
        gaps=tuple(gaps_of(chain)),
        activities=len(states),
        done=states.count("done"),
        late=states.count("late"),
        unfunded=len(unfunded),
    )


def _level(chain: Chain, level: str, label: str) -> LevelRow:
    return LevelRow(level, label, tuple(_node(chain, each) for each in chain.at_level(level)))


def _node(chain: Chain, node: Node) -> NodeRow:
    standing = chain.standing(node)
    state = standing.state if standing else "measured" if node.indicator_id else "unmeasured"
    ways = len(chain.after.get(node.pk, ())), len(chain.before.get(node.pk, ()))
    return NodeRow(node, state, bool(standing and standing.is_unfunded), *ways)
