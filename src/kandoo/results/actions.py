"""The only writers of results: indicators, targets, typed figures, baselines and closed periods."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files as resources
from pathlib import PurePath
from typing import Any

import yaml
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kandoo.programme.models import ClusterFile
from kandoo.programme.problems import NotPossible
from kandoo.register.models import Cluster, Person
from kandoo.results.importing import COLUMNS, Fault, read
from kandoo.results.models import Frozen, ImportedValues, Indicator, Lock, Origin, Target, Value
from kandoo.results.queries.table import Row, indicators_of, rows_of, targets_of
from kandoo.site import audit
from kandoo.site.lists import joined
from kandoo.site.tables import read_table

LARGEST = 20 * 1024 * 1024  # bytes
SUFFIXES = ("pdf", "docx", "xlsx", "odt", "ods", "csv", "png", "jpg", "jpeg", "txt", "zip")
TEXTS = ("unit", "definition", "source", "breakdown", "verifier", "bias")


@dataclass(frozen=True, slots=True)
class Document:
    """Evidence as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ValueTerms:
    """A figure somebody says: of which period, on whose word. `corrects`: the value it takes the place of, with the reason."""

    value: Decimal
    first: date
    last: date
    source: str
    dated: date
    origin: str = Origin.TYPED
    corrects: Value | None = None
    reason: str = ""


@transaction.atomic
def take_shipped_indicators(*, by: Person, programme: Cluster) -> int:
    """Bring in the indicators that ship and are not in the programme's list yet; returns how many."""
    text = (resources("kandoo.data") / "programme" / "indicators.yaml").read_text(encoding="utf-8")
    held = set(Indicator.objects.filter(cluster=programme).values_list("code", flat=True))
    fresh = [
        _shipped(programme, place, each)
        for place, each in enumerate(yaml.safe_load(text)["indicators"])
        if each["code"] not in held
    ]
    Indicator.objects.bulk_create(fresh)
    audit.record(
        by=by, cluster_id=programme.pk, verb="take-indicators", subject=f"cluster/{programme.pk}", number=len(fresh)
    )
    return len(fresh)


def _shipped(programme: Cluster, place: int, given: Mapping[str, Any]) -> Indicator:
    texts = {name: given[name]["fa"] for name in TEXTS if name in given}
    english = {f"{name}_en": given[name]["en"] for name in TEXTS if name in given}
    plain = {name: given[name] for name in ("code", "level", "kind", "frequency", "better", "measure") if name in given}
    names = {"name_fa": given["name"]["fa"], "name_en": given["name"]["en"]}
    return Indicator(cluster=programme, position=place, **plain, **names, **texts, **english)


@transaction.atomic
def define_indicator(*, by: Person, programme: Cluster, terms: Mapping[str, Any]) -> Indicator:
    """Add an indicator of the programme's own; its figures are typed in with evidence."""
    if Indicator.objects.filter(cluster=programme, code=terms["code"]).exists():
        raise NotPossible(_("There is an indicator with this code already."))
    position = Indicator.objects.filter(cluster=programme).count()
    indicator = Indicator.objects.create(cluster=programme, position=position, **terms)
    _note(by, indicator, "define-indicator")
    return indicator


@transaction.atomic
def change_indicator(*, by: Person, indicator: Indicator, terms: Mapping[str, Any]) -> Indicator:
    """Make the words of an indicator clearer, or ask for it no longer; what it measures stays."""
    changed = sorted(name for name, value in terms.items() if getattr(indicator, name) != value)
    for name in changed:
        setattr(indicator, name, terms[name])
    if changed:
        indicator.save(update_fields=changed)
        _note(by, indicator, "change-indicator", changed=changed)
    return indicator


def _note(by: Person, indicator: Indicator, verb: str, **detail: Any) -> None:
    audit.record(
        by=by, cluster_id=indicator.cluster_id, verb=verb, subject=f"indicator/{indicator.pk}", code=indicator.code,
        **detail,
    )  # fmt: skip


@transaction.atomic
def set_target(
    *, by: Person, file: ClusterFile, indicator: Indicator, target: Decimal, target_on: date, reason: str, now: datetime
) -> Target:
    """Say what is to be reached by when; the baseline stays, and earlier targets stay on record."""
    if not reason.strip():
        raise NotPossible(_("Say why this is the target."))
    held = targets_of(file).get(indicator.pk)
    if held and held.baseline_on and target_on <= held.baseline_on:
        raise NotPossible(_("The target is reached after the day of the baseline."))
    return _new_target(by, file, indicator, now, held, target=target, target_on=target_on, reason=reason.strip())


@transaction.atomic
def set_baseline(
    *, by: Person, file: ClusterFile, indicator: Indicator, value: Decimal, on: date, source: str, now: datetime
) -> Target:
    """Say where the cluster began, on whose word; earlier baselines stay on record."""
    if not source.strip():
        raise NotPossible(_("Name the source of the baseline."))
    held = targets_of(file).get(indicator.pk)
    return _new_target(
        by, file, indicator, now, held,
        baseline=value, baseline_on=on, baseline_source=source.strip(), reason=_("Baseline"),
    )  # fmt: skip


def _new_target(
    by: Person, file: ClusterFile, indicator: Indicator, now: datetime, held: Target | None, **new: Any
) -> Target:
    names = ("baseline", "baseline_on", "baseline_source", "target", "target_on")
    kept = {name: getattr(held, name) for name in names} if held else {}
    made = Target.objects.create(
        cluster_id=file.cluster_id, file=file, indicator=indicator, by=by, at=now, **(kept | new)
    )
    audit.record(
        by=by, cluster_id=file.cluster_id, verb="set-target", subject=f"file/{file.pk}", province=file.province,
        indicator=indicator.code,
    )  # fmt: skip
    return made


@transaction.atomic
def fix_baseline(*, by: Person, file: ClusterFile, on: date, now: datetime) -> int:
    """Make the figures of the year that ends on a day the baseline of every indicator that has one; returns how many."""
    first = on - timedelta(days=364)
    indicators = {each.pk: each for each in indicators_of(file.cluster_id)}
    found = [each for each in rows_of(file, first, on) if each.value is not None]
    for each in found:
        assert each.value is not None
        set_baseline(
            by=by, file=file, indicator=indicators[each.indicator], value=each.value, on=on, source=each.source, now=now
        )
    return len(found)


@transaction.atomic
def add_value(
    *,
    by: Person,
    file: ClusterFile,
    indicator: Indicator,
    terms: ValueTerms,
    document: Document,
    today: date,
    now: datetime,
) -> Value:
    """Write down what somebody says of a figure, with its evidence; it stands beside what others say."""
    if fault := value_fault(file, indicator, terms, today):
        raise NotPossible(fault)
    row = Value(
        cluster_id=file.cluster_id, file=file, indicator=indicator, first=terms.first, last=terms.last, value=terms.value,
        origin=terms.origin, source=terms.source.strip(), dated=terms.dated, corrects=terms.corrects,
        reason=terms.reason.strip(), document_name=PurePath(document.name).name[-200:],
        sha256=hashlib.sha256(document.content).hexdigest(), by=by, at=now,
    )  # fmt: skip
    row.document.save(f"{row.sha256[:24]}.{_suffix(document)}", ContentFile(document.content), save=False)
    row.save(force_insert=True)
    audit.record(
        by=by, cluster_id=file.cluster_id, verb="type-figure", subject=f"file/{file.pk}", province=file.province,
        indicator=indicator.code, sha256=row.sha256,
    )  # fmt: skip
    return row


def value_fault(file: ClusterFile, indicator: Indicator, terms: ValueTerms, today: date) -> str:
    """Why a figure may not be written down; empty when it may. The database holds the same."""
    if terms.first > terms.last:
        return _("The period ends before it begins.")
    if terms.last > today or terms.dated > today:
        return _("This day is still to come.")
    if terms.value < 0 and indicator.kind == Indicator.Kind.NUMBER:
        return _("A number of things is not below zero.")
    if not terms.source.strip():
        return _("Name the source.")
    if terms.corrects is not None and not terms.reason.strip():
        return _("Say why the figure is corrected.")
    if Lock.objects.filter(file=file, first__lte=terms.first, last__gte=terms.last).exists():
        return _("This period is closed; what is corrected is told in a later one.")
    same = Value.objects.filter(
        file=file, indicator=indicator, first=terms.first, last=terms.last, source=terms.source.strip(), corrects=None
    )
    if terms.corrects is None and same.exists():
        return _("This source has said something of this period already; correct that figure instead.")
    return ""


def _suffix(document: Document) -> str:
    suffix = PurePath(document.name).suffix.lower().lstrip(".")
    if suffix not in SUFFIXES:
        raise NotPossible(_("Send a document of one of these kinds: %(kinds)s.") % {"kinds": joined(SUFFIXES)})
    if not document.content:
        raise NotPossible(_("The document is empty."))
    if len(document.content) > LARGEST:
        raise NotPossible(_("The document is larger than 20 MB."))
    return suffix


@transaction.atomic
def lock_period(*, by: Person, file: ClusterFile, first: date, last: date, now: datetime) -> Lock:
    """Close a period for good, with every figure as it stands; once it is closed, nothing happens."""
    held = Lock.objects.filter(file=file, first=first, last=last).first()
    if held is not None:
        return held
    if last > timezone.localdate(now):
        raise NotPossible(_("A period is closed when it is over."))
    indicators = {each.pk: each for each in indicators_of(file.cluster_id)}
    with override("fa"):  # the language of the texts that are kept
        rows = [each for each in rows_of(file, first, last) if each.value is not None or each.is_withheld]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('results_lock', 'id'))")
        (number,) = cursor.fetchone()
    Frozen.objects.bulk_create(_frozen(file, number, indicators[each.indicator], each, last) for each in rows)
    lock = Lock(pk=number, cluster_id=file.cluster_id, file=file, first=first, last=last, by=by, at=now)
    lock.save(force_insert=True)
    audit.record(
        by=by,
        cluster_id=file.cluster_id,
        verb="close-figures",
        subject=f"file/{file.pk}",
        province=file.province,
        first=str(first),
        last=str(last),
    )
    return lock


def _frozen(file: ClusterFile, lock_id: int, indicator: Indicator, row: Row, last: date) -> Frozen:
    return Frozen(
        cluster_id=file.cluster_id, file=file, lock_id=lock_id, indicator=indicator, value=row.value,
        baseline=row.baseline, target=row.target, origin=Origin.COMPUTED if row.is_computed else Origin.TYPED,
        unit=indicator.unit, unit_en=indicator.unit_en, definition=indicator.definition,
        definition_en=indicator.definition_en, source=row.source, as_of=row.as_of or last,
    )  # fmt: skip


class Faulty(Exception):
    """The table has faults; nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(len(faults))
        self.faults = tuple(faults)


@transaction.atomic
def import_values(*, by: Person, file: ClusterFile, name: str, content: bytes, today: date, now: datetime) -> int:
    """Write down a table of figures, with the table as their evidence; returns how many.

    Raises UnreadableTable when it is no table, Faulty with every fault of it, NotPossible when it was read before.
    """
    checksum = hashlib.sha256(content).hexdigest()
    earlier = ImportedValues.objects.filter(file=file, sha256=checksum).first()
    if earlier is not None:
        raise NotPossible(_("This very file was brought in before, as %(name)s.") % {"name": earlier.name})
    lines, faults = read(read_table(content, name), indicators_of(file.cluster_id), today)
    terms = [(each, ValueTerms(each.value, each.first, each.last, each.source, each.dated)) for each in lines]
    faults += [
        Fault(each.line, str(COLUMNS["indicator"][0]), fault)
        for each, given in terms
        if (fault := value_fault(file, each.indicator, given, today))
    ]
    if faults:
        raise Faulty(sorted(faults, key=lambda each: each.line))
    for each, given in terms:
        document = Document(name, content)
        add_value(by=by, file=file, indicator=each.indicator, terms=given, document=document, today=today, now=now)
    ImportedValues.objects.create(
        cluster_id=file.cluster_id, file=file, name=name[-200:], sha256=checksum, rows=len(lines), by=by, at=now
    )
    return len(lines)
