"""The only writers of the register of clusters: opened, corrected, counted, linked, given an agent."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kandoo.programme.models import AgentTerm, ClusterFile, Count
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.procedure import in_force, stages_of
from kandoo.register import places
from kandoo.register.models import Cluster, Person
from kandoo.site import audit
from kandoo.site.language import fold
from kandoo.site.numbering import next_code


@dataclass(frozen=True, slots=True)
class FileTerms:
    """A cluster as it is written down: where, what, by which definition and whose word.

    `stage` blank: the first of the procedure. `from_records`: it comes from earlier records at that stage,
    and its papers are kept here from the next gate on.
    """

    name_fa: str
    province: str  # ISO 3166-2
    product: str
    definition: str
    source: str
    dated: date
    name_en: str = ""
    county: str = ""
    stage: str = ""
    stage_since: date | None = None
    status: str = ClusterFile.Status.ACTIVE
    agent_name: str = ""
    is_example: bool = False
    from_records: bool = False


@dataclass(frozen=True, slots=True)
class CountTerms:
    """A figure somebody published."""

    measure: str
    value: int
    definition: str
    dated: date
    source: str
    province: str = ""
    product: str = ""
    stage: str = ""
    is_example: bool = False


@transaction.atomic
def open_file(*, by: Person, programme: Cluster, terms: FileTerms, today: date) -> ClusterFile:
    """Begin the file of a cluster under a new number, on the procedure in force."""
    file = new_file(by=by, programme=programme, terms=terms, today=today)
    _check_name(file)
    file.save(force_insert=True)
    if file.agent_name:
        AgentTerm.objects.create(cluster=programme, file=file, name=file.agent_name, from_on=file.stage_since)
    audit.record(
        by=by,
        cluster_id=programme.pk,
        verb="open-file",
        subject=f"file/{file.pk}",
        province=file.province,
        stage=file.stage,
    )
    return file


def new_file(*, by: Person, programme: Cluster, terms: FileTerms, today: date) -> ClusterFile:
    """A file with its number, not yet written; one writer at a time or many go through here."""
    procedure = in_force(programme, today)
    if procedure is None:
        raise NotPossible(_("No edition of the procedure is in force on this day."))
    if terms.province not in {each.code for each in places.provinces()}:
        raise NotPossible(_("There is no province %(code)s; Lorestan is IR-15.") % {"code": terms.province})
    stages = stages_of(procedure.pk)
    stage = next((each for each in stages if each.code == (terms.stage or stages[0].code)), None)
    if stage is None:
        raise NotPossible(_("There is no stage %(code)s in the procedure.") % {"code": terms.stage})
    if max(terms.dated, terms.stage_since or terms.dated) > today:
        raise NotPossible(_("This day is still to come."))
    file = ClusterFile(
        cluster=programme,
        code=next_code(programme.pk, terms.province),
        name_fa=terms.name_fa,
        name_en=terms.name_en,
        province=terms.province,
        county=terms.county,
        product=terms.product,
        procedure=procedure,
        stage=stage.code,
        stage_since=terms.stage_since or terms.dated,
        first_gate=stage.position + 1 if terms.from_records else 0,
        status=terms.status,
        agent_name=terms.agent_name,
        definition=terms.definition,
        source=terms.source,
        dated=terms.dated,
        is_example=terms.is_example,
        last_moved_on=today,
        opened_by=by,
    )
    file.set_keys()
    return file


@transaction.atomic
def change_file(*, by: Person, file: ClusterFile, name_fa: str, name_en: str, county: str, product: str) -> ClusterFile:
    """Correct how a cluster is called, where it lies and what it makes; its stage is moved by decisions alone."""
    file = ClusterFile.objects.select_for_update().get(pk=file.pk)
    given = {"name_fa": name_fa, "name_en": name_en, "county": county, "product": product}
    touched = [name for name, value in given.items() if getattr(file, name) != value]
    for name in touched:
        setattr(file, name, given[name])
    file.set_keys()
    _check_name(file)
    if touched:
        file.save(update_fields=[*touched, "search_key", "sort_key"])
        audit.record(
            by=by,
            cluster_id=file.cluster_id,
            verb="change-file",
            subject=f"file/{file.pk}",
            province=file.province,
            touched=touched,
        )
    return file


def _check_name(file: ClusterFile) -> None:
    """A cluster is known by its Persian name, once in a province; what it is called in English makes it no other."""
    name = fold(file.name_fa)
    if not name:
        raise NotPossible(_("A name has letters."))
    others = ClusterFile.objects.filter(cluster=file.cluster_id, province=file.province).exclude(pk=file.pk)
    if others.filter(search_key__startswith=f"{name} ").exists():
        raise NotPossible(_("A cluster of this name is on record in this province already."))


@transaction.atomic
def change_agent(
    *, by: Person, file: ClusterFile, name: str, from_on: date, reason: str = "", handed_over: str = ""
) -> AgentTerm:
    """Another agent takes a cluster over; the one before hands over by a list.

    Raises NotPossible without a reason and the list when there was an agent before.
    """
    file = ClusterFile.objects.select_for_update().get(pk=file.pk)
    before = AgentTerm.objects.select_for_update().filter(file=file, to_on=None).first()
    if before is not None:
        if not reason.strip() or not handed_over.strip():
            raise NotPossible(_("Say why the agent leaves, and what was handed over, a line for each thing."))
        if from_on <= before.from_on:
            raise NotPossible(_("The new agent comes after the one before."))
        before.to_on, before.reason, before.handed_over = from_on, reason.strip(), handed_over.strip()
        before.save(update_fields=["to_on", "reason", "handed_over"])
    term = AgentTerm.objects.create(cluster_id=file.cluster_id, file=file, name=name.strip(), from_on=from_on)
    file.agent_name = term.name
    file.save(update_fields=["agent_name"])
    audit.record(
        by=by,
        cluster_id=file.cluster_id,
        verb="change-cluster-agent",
        subject=f"file/{file.pk}",
        province=file.province,
    )
    return term


@transaction.atomic
def link_tenant(*, by: Person, file: ClusterFile, code: str) -> ClusterFile:
    """Say which cluster on Kandoo this file is about; its agent then reads the file and brings papers. Blank: none."""
    file = ClusterFile.objects.select_for_update().get(pk=file.pk)
    found = _tenant_of(code.strip()) if code.strip() else None
    if found is not None and ClusterFile.objects.filter(tenant=found).exclude(pk=file.pk).exists():
        raise NotPossible(_("This cluster has another file already."))
    file.tenant_id = found
    file.save(update_fields=["tenant"])
    audit.record(
        by=by,
        cluster_id=file.cluster_id,
        verb="link-file",
        subject=f"file/{file.pk}",
        province=file.province,
        code=code,
    )
    return file


def _tenant_of(code: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kandoo_tenant(%s)", [code])
        found: int | None = cursor.fetchone()[0]
    if found is None:
        raise NotPossible(_("No cluster on Kandoo has the code %(code)s.") % {"code": code})
    return found


@transaction.atomic
def add_count(
    *, by: Person, programme: Cluster, terms: CountTerms, today: date, now: datetime, file: ClusterFile | None = None
) -> Count:
    """Write down a published figure beside those that are there; none is ever replaced."""
    if terms.dated > today:
        raise NotPossible(_("This day is still to come."))
    row = new_count(by=by, programme=programme, terms=terms, now=now, file=file)
    same = {
        name: getattr(row, name)
        for name in ("province", "product", "stage", "measure", "definition", "dated", "source")
    }
    if Count.objects.filter(cluster=programme, file=file, **same).exists():
        raise NotPossible(_("This source’s figure of that day and definition is on record already."))
    row.save(force_insert=True)
    subject = f"file/{file.pk}" if file else f"count/{row.pk}"
    audit.record(
        by=by, cluster_id=programme.pk, verb="add-count", subject=subject, province=row.province, measure=row.measure
    )
    return row


def new_count(*, by: Person, programme: Cluster, terms: CountTerms, now: datetime, file: ClusterFile | None) -> Count:
    """A figure, not yet written; of a file it carries the file's province, product and no stage."""
    return Count(
        cluster=programme,
        file=file,
        province=file.province if file else terms.province,
        product=file.product if file else terms.product,
        stage="" if file else terms.stage,
        measure=terms.measure,
        value=terms.value,
        definition=terms.definition.strip(),
        dated=terms.dated,
        source=terms.source.strip(),
        is_example=terms.is_example,
        entered_by=by,
        entered_at=now,
    )
