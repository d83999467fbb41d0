"""The rows of a faultless import into the register: a few bulk statements, whatever their number."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from kandoo.register.importing.checking import MemberRow
from kandoo.register.models import Cluster, Enterprise, Identifier, Membership, Particulars, Site
from kandoo.site.language import fold

_BATCH = 1000
_SAME_PLACE = 0.005  # degrees within which two nameless sites of a firm are one
_SITE_COLUMNS = ("kind", "latitude", "longitude", "county", "hives", "hives_on", "hives_source")
_ENTERPRISE_COLUMNS = {
    "name_en": "name_en",
    "form": "form",
    "commercial": "is_commercial",
    "stage": "stage",
    "workers": "workers",
}


@dataclass(slots=True)
class Written:
    """What an import wrote."""

    added: int = 0
    updated: int = 0
    skipped: int = 0
    sites: int = 0
    memberships: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def write_rows(cluster: Cluster, rows: Iterable[MemberRow], doubles: Mapping[int, Mapping[str, Any]]) -> Written:
    """Write every row as its double's decision says; a row without a double is a new firm."""
    written = Written()
    fresh, again = _parted(cluster, rows, doubles, written)
    _add(cluster, fresh, written)
    told = [(firm if isinstance(firm, int) else firm.pk, row) for firm, row in again]
    _update(cluster, told, {enterprise.pk for enterprise, _row in fresh}, written)
    return written


Fresh = list[tuple[Enterprise, MemberRow]]
Again = list[tuple[int | Enterprise, MemberRow]]


def _parted(
    cluster: Cluster, rows: Iterable[MemberRow], doubles: Mapping[int, Mapping[str, Any]], written: Written
) -> tuple[Fresh, Again]:
    """New firms with their row, and rows that tell more of a firm, which is in the register or new."""
    fresh: Fresh = []
    again: Again = []
    firm_of_line: dict[int, int | Enterprise | None] = {}
    for row in rows:
        double = doubles.get(row.line)
        decision = double["decision"] if double else "new"
        if decision == "skip":
            written.skipped += 1
            firm_of_line[row.line] = double["firm"] if double else None
        elif decision == "same" and double:
            firm = double["firm"] or firm_of_line[double["other_line"]]
            firm_of_line[row.line] = firm
            if firm is None:
                written.skipped += 1
            else:
                again.append((firm, row))
        else:
            enterprise = _enterprise(cluster, row)
            fresh.append((enterprise, row))
            firm_of_line[row.line] = enterprise
    return fresh, again


def _enterprise(cluster: Cluster, row: MemberRow) -> Enterprise:
    enterprise = Enterprise(
        cluster=cluster,
        name_fa=row.name_fa,
        name_en=row.name_en,
        form=row.form,
        is_commercial=row.is_commercial,
        stage=row.stage,
        workers=row.workers,
        created_at=timezone.now(),
    )
    enterprise.set_keys()
    return enterprise


def _site(cluster: Cluster, enterprise: int, row: MemberRow) -> Site:
    assert row.latitude is not None
    assert row.longitude is not None
    site = Site(
        cluster=cluster,
        enterprise_id=enterprise,
        name_fa=row.site_name or row.name_fa,
        kind=row.site_kind,
        latitude=row.latitude,
        longitude=row.longitude,
        county=row.county,
        hives=row.hives,
        hives_on=row.hives_on if row.hives is not None else None,
        hives_source=row.hives_source if row.hives is not None else "",
    )
    site.set_keys()
    return site


def _add(cluster: Cluster, fresh: Fresh, written: Written) -> None:
    Enterprise.objects.bulk_create((enterprise for enterprise, _row in fresh), batch_size=_BATCH)
    Particulars.objects.bulk_create(
        (Particulars(cluster=cluster, enterprise=enterprise, phone=row.phone) for enterprise, row in fresh),
        batch_size=_BATCH,
    )
    Identifier.objects.bulk_create(
        (
            Identifier(cluster=cluster, enterprise=enterprise, scheme=scheme, value=value)
            for enterprise, row in fresh
            for scheme, value in row.identifiers.items()
        ),
        batch_size=_BATCH,
    )
    sites = [_site(cluster, enterprise.pk, row) for enterprise, row in fresh if row.has_site]
    Site.objects.bulk_create(sites, batch_size=_BATCH)
    memberships = [_membership(cluster, enterprise.pk, row) for enterprise, row in fresh if row.joined_on]
    Membership.objects.bulk_create(memberships, batch_size=_BATCH)
    written.added, written.sites, written.memberships = len(fresh), len(sites), len(memberships)


def _membership(cluster: Cluster, enterprise: int, row: MemberRow) -> Membership:
    assert row.joined_on is not None
    return Membership(cluster=cluster, enterprise_id=enterprise, joined_on=row.joined_on, left_on=row.left_on)


def _update(cluster: Cluster, again: list[tuple[int, MemberRow]], fresh: set[int], written: Written) -> None:
    """Fill in what the rows say of firms; an empty cell takes nothing away. `fresh` ones are counted as added."""
    held = Enterprise.objects.in_bulk({firm for firm, _row in again})
    told = [(held[firm], row) for firm, row in again if firm in held]
    changed = {}
    for enterprise, row in told:
        values = {name: getattr(row, name) for code, name in _ENTERPRISE_COLUMNS.items() if code in row.given}
        if any(getattr(enterprise, name) != value for name, value in values.items()):
            changed[enterprise.pk] = enterprise
        for name, value in values.items():
            setattr(enterprise, name, value)
        enterprise.set_keys()
    _save(Enterprise, changed.values(), [*_ENTERPRISE_COLUMNS.values(), "search_key", "sort_key"])
    _update_phones(cluster, told)
    _update_numbers(cluster, told)
    _update_sites(cluster, told, written)
    _update_memberships(cluster, told, written)
    written.updated = len({enterprise.pk for enterprise, _row in told} - fresh)


def _save(model: type[Model], rows: Iterable[Any], columns: Iterable[str]) -> None:
    """Write changed rows back, many at once."""
    model._default_manager.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=list(columns)
    )


def _update_phones(cluster: Cluster, told: Fresh) -> None:
    phones = {enterprise.pk: row.phone for enterprise, row in told if row.phone}
    rows = [Particulars(cluster=cluster, enterprise_id=enterprise, phone=phone) for enterprise, phone in phones.items()]
    Particulars.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["enterprise"], update_fields=["phone"]
    )


def _update_numbers(cluster: Cluster, told: Fresh) -> None:
    numbers = {(enterprise.pk, scheme): value for enterprise, row in told for scheme, value in row.identifiers.items()}
    rows = [
        Identifier(cluster=cluster, enterprise_id=enterprise, scheme=scheme, value=value)
        for (enterprise, scheme), value in numbers.items()
    ]
    Identifier.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["enterprise", "scheme"], update_fields=["value"]
    )


def _update_sites(cluster: Cluster, told: Fresh, written: Written) -> None:
    """A row's site is the firm's site of that name, or the one at that place; otherwise a further one."""
    held: dict[int, list[Site]] = {}
    for site in Site.objects.filter(enterprise__in={enterprise.pk for enterprise, _row in told}):
        held.setdefault(site.enterprise_id, []).append(site)
    changed: dict[int, Site] = {}
    added: list[Site] = []
    for enterprise, row in told:
        if not row.has_site:
            continue
        new = _site(cluster, enterprise.pk, row)
        sites = held.setdefault(enterprise.pk, [])
        old = next((site for site in sites if _is_same_site(site, new, row)), None)
        if old is None:
            sites.append(new)
            added.append(new)
            continue
        if _renew(old, new, row) and old.pk:
            changed[old.pk] = old
    Site.objects.bulk_create(added, batch_size=_BATCH)
    _save(Site, changed.values(), _SITE_COLUMNS)
    written.sites += len(added)


def _is_same_site(site: Site, new: Site, row: MemberRow) -> bool:
    if row.site_name:
        return fold(site.name_fa) == fold(row.site_name)
    return (
        abs(float(site.latitude) - float(new.latitude)) < _SAME_PLACE
        and abs(float(site.longitude) - float(new.longitude)) < _SAME_PLACE
    )


def _renew(old: Site, new: Site, row: MemberRow) -> bool:
    """Put what the row says of a site in the place of what was known; say whether that changed it."""
    kept = {"kind"} if "site_kind" not in row.given else set()
    if new.hives is None:
        kept |= {"hives", "hives_on", "hives_source"}
    changed = [name for name in _SITE_COLUMNS if name not in kept and getattr(old, name) != getattr(new, name)]
    for name in changed:
        setattr(old, name, getattr(new, name))
    return bool(changed)


def _update_memberships(cluster: Cluster, told: Fresh, written: Written) -> None:
    """A membership is added where the file knows one and the register knows none of that time."""
    firms = {enterprise.pk for enterprise, _row in told}
    held: dict[int, list[Membership]] = {}
    for each in Membership.objects.filter(enterprise__in=firms):
        held.setdefault(each.enterprise_id, []).append(each)
    added = []
    for enterprise, row in told:
        if not row.joined_on:
            continue
        new, others = _membership(cluster, enterprise.pk, row), held.setdefault(enterprise.pk, [])
        if not any(_overlap(new, other) for other in others):
            others.append(new)
            added.append(new)
    Membership.objects.bulk_create(added, batch_size=_BATCH)
    written.memberships += len(added)


def _overlap(one: Membership, other: Membership) -> bool:
    return (one.left_on is None or other.joined_on < one.left_on) and (
        other.left_on is None or one.joined_on < other.left_on
    )
