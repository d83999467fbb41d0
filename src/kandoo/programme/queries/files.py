"""The register of clusters, searched and narrowed; what stands on one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count as Counted
from django.db.models import Q, QuerySet

from kandoo.programme import access
from kandoo.programme.models import ClusterFile, Count, Paper, PaperEdition, RequiredPaper, Stage
from kandoo.programme.queries.procedure import stages_of
from kandoo.register.access import Seat
from kandoo.site import language

SORTS = {"name": "sort_key", "code": "code", "stage": "stage", "since": "stage_since", "moved": "last_moved_on"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for."""

    q: str = ""
    province: str = ""
    product: str = ""
    stage: str = ""
    status: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Wanted":
        """From a query string."""
        return cls(**{name: values.get(name, "").strip()[:100] for name in cls.__slots__})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any(getattr(self, name) for name in self.__slots__)


def listed(seat: Seat, wanted: Wanted) -> QuerySet[ClusterFile]:
    """The files a seat sees, narrowed."""
    files = access.files_seen_by(seat)
    for word in wanted.q.split():
        folded = language.fold(word)
        files = files.filter(
            Q(search_key__contains=folded)
            | Q(code__icontains=language.latin_digits(word))
            | Q(product__icontains=language.same_letters(word))
            | Q(agent_name__icontains=language.same_letters(word))
        )
    for name in ("province", "product", "stage", "status"):
        if value := getattr(wanted, name):
            files = files.filter(**{name: value})
    return files


def products(seat: Seat) -> list[str]:
    """The products there are, in Persian order."""
    found = access.files_seen_by(seat).order_by().values_list("product", flat=True).distinct()
    return sorted(found, key=language.sort_key)


def by_stage(files: QuerySet[ClusterFile]) -> dict[str, int]:
    """How many files stand at each stage."""
    return dict(files.order_by().values_list("stage").annotate(n=Counted("pk")).values_list("stage", "n"))


def marks_of(file: ClusterFile) -> dict[str, date]:
    """The day each stage was reached."""
    return dict(file.marks.order_by("on", "pk").values_list("stage", "on"))


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper the procedure asks for, or another one; with its newest edition."""

    required: RequiredPaper | None
    paper: Paper | None
    edition: PaperEdition | None


@dataclass(frozen=True, slots=True)
class StagePapers:
    """The papers of one gate."""

    stage: Stage
    is_kept_here: bool  # false: the file passed this gate before it came here
    rows: tuple[PaperRow, ...]


def papers_by_stage(file: ClusterFile) -> tuple[list[StagePapers], list[PaperRow]]:
    """All papers: of each gate, then the further ones. Four queries, whatever the file holds."""
    papers = list(Paper.objects.filter(file=file).order_by("pk"))
    newest: dict[int, PaperEdition] = {}
    for edition in PaperEdition.objects.filter(file=file).order_by("paper", "number"):
        newest[edition.paper_id] = edition
    of_required = {each.required_id: each for each in papers if each.required_id}
    stages = stages_of(file.procedure_id)
    asked: dict[int, list[PaperRow]] = {}
    for required in RequiredPaper.objects.filter(stage__in=[each.pk for each in stages]).order_by("position"):
        paper = of_required.get(required.pk)
        row = PaperRow(required, paper, newest.get(paper.pk) if paper else None)
        asked.setdefault(required.stage_id, []).append(row)
    grouped = [StagePapers(each, each.position >= file.first_gate, tuple(asked.get(each.pk, ()))) for each in stages]
    return grouped, [PaperRow(None, each, newest.get(each.pk)) for each in papers if not each.required_id]


def counts_of(file: ClusterFile) -> list[Count]:
    """Published figures of a cluster, those of one measure together, the newest first."""
    return list(file.counts.order_by("measure", "-dated", "pk"))


def published(programme_id: int, **narrowed: str) -> QuerySet[Count]:
    """Published figures of provinces and of the nation, side by side."""
    wanted = {name: value for name, value in narrowed.items() if value}
    return Count.objects.filter(cluster=programme_id, file=None, **wanted).order_by(
        "measure", "province", "stage", "product", "-dated", "pk"
    )


def export_rows(files: QuerySet[ClusterFile], names: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """The list as a table to take away, in the columns that an import reads."""
    newest: dict[tuple[int, str], int] = {}
    counts = Count.objects.filter(file__in=files.order_by().values("pk"), measure__in=("firms", "workers"))
    for file, measure, value in counts.order_by("dated", "pk").values_list("file", "measure", "value"):
        newest[file, measure] = value
    return [
        (
            names.get(each.province, each.province), each.name_fa, each.name_en, each.county, each.product,
            each.stage, each.stage_since, each.get_status_display(), each.agent_name, newest.get((each.pk, "firms")),
            newest.get((each.pk, "workers")), each.definition, each.source, each.dated,
        )
        for each in files
    ]  # fmt: skip
