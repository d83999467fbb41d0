"""Enterprises, their sites and memberships: added, changed, ended; removed only when made in error."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.register import places
from kandoo.register.identifying import number_fault
from kandoo.register.models import Cluster, Enterprise, Identifier, Membership, Particulars, Person, Site
from kandoo.register.problems import NotPossible, NumberTaken, StillAttached
from kandoo.site import audit

IN_ENTERPRISE = ("name_fa", "name_en", "form", "is_commercial", "stage", "workers")
IN_PARTICULARS = ("phone", "sheba", "note")


@dataclass(frozen=True, slots=True)
class FirmTerms:
    """What the register holds of an enterprise beside its sites and memberships."""

    name_fa: str
    stage: str
    name_en: str = ""
    form: str = "firm"
    is_commercial: bool = True
    workers: int | None = None
    phone: str = ""
    sheba: str = ""
    note: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)  # scheme -> value


@dataclass(frozen=True, slots=True)
class SiteTerms:
    """A site; its county follows from the coordinates. A count of hives comes with day and source."""

    name_fa: str
    latitude: Decimal
    longitude: Decimal
    name_en: str = ""
    kind: str = "apiary"
    hives: int | None = None
    hives_on: date | None = None
    hives_source: str = ""


@transaction.atomic
def add_enterprise(
    *,
    by: Person,
    cluster: Cluster,
    terms: FirmTerms | None = None,
    sites: Iterable[SiteTerms] = (),
    joined_on: date | None = None,
    **columns: Any,
) -> Enterprise:
    """Write a new enterprise down with its sites; a member from `joined_on`, when that is given.

    The terms may be given as one value or by name: `name_fa=…, stage=…, identifiers={…}`.
    """
    terms = terms or FirmTerms(**columns)
    _check(cluster, terms)
    enterprise = Enterprise.objects.create(cluster=cluster, **{name: getattr(terms, name) for name in IN_ENTERPRISE})
    Particulars.objects.create(
        cluster=cluster, enterprise=enterprise, **{name: getattr(terms, name) for name in IN_PARTICULARS}
    )
    _write_identifiers(enterprise, terms.identifiers)
    for site in sites:
        _write_site(Site(cluster=cluster, enterprise=enterprise), site)
    if joined_on:
        Membership.objects.create(cluster=cluster, enterprise=enterprise, joined_on=joined_on)
    audit.record(by=by, cluster_id=cluster.pk, verb="add-enterprise", subject=f"enterprise/{enterprise.pk}")
    return enterprise


@transaction.atomic
def change_enterprise(*, by: Person, enterprise: Enterprise, terms: FirmTerms) -> Enterprise:
    """Put new terms in the place of the old; the trail keeps what was changed, without the numbers."""
    enterprise = Enterprise.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=enterprise.pk)
    _check(enterprise.cluster, terms)
    before = {name: getattr(enterprise, name) for name in IN_ENTERPRISE}
    changed = {name: old for name, old in before.items() if old != getattr(terms, name)}
    for name in changed:
        setattr(enterprise, name, getattr(terms, name))
    if changed:
        enterprise.save()
    touched = _write_particulars(enterprise, {name: getattr(terms, name) for name in IN_PARTICULARS})
    touched += _write_identifiers(enterprise, terms.identifiers)
    if changed or touched:
        audit.record(
            by=by,
            cluster_id=enterprise.cluster_id,
            verb="change-enterprise",
            subject=f"enterprise/{enterprise.pk}",
            before=changed,
            touched=touched,
        )
    return enterprise


@transaction.atomic
def remove_enterprise(*, by: Person, enterprise: Enterprise) -> None:
    """Take away a record made in error, to which nothing is attached; anything else is ended instead."""
    attached = _("Other records rest on this one, so it stays. If the firm has left, end its membership.")
    if enterprise.roles.exists():
        raise StillAttached(attached)
    pk, cluster_id, name = enterprise.pk, enterprise.cluster_id, enterprise.name_fa
    try:
        with transaction.atomic():
            enterprise.delete()
    except (ProtectedError, DatabaseError) as problem:
        raise StillAttached(attached) from problem
    audit.record(by=by, cluster_id=cluster_id, verb="remove-enterprise", subject=f"enterprise/{pk}", name=name)


@transaction.atomic
def add_site(*, by: Person, enterprise: Enterprise, terms: SiteTerms) -> Site:
    """Write down one more site of an enterprise."""
    site = _write_site(Site(cluster_id=enterprise.cluster_id, enterprise=enterprise), terms)
    audit.record(
        by=by,
        cluster_id=site.cluster_id,
        verb="add-site",
        subject=f"enterprise/{enterprise.pk}",
        site=site.pk,
        hives=site.hives,
    )
    return site


@transaction.atomic
def change_site(*, by: Person, site: Site, terms: SiteTerms) -> Site:
    """Correct a site or count its hives anew; the trail keeps the count before."""
    site = Site.objects.select_for_update().get(pk=site.pk)
    before = {"hives": site.hives, "hives_on": site.hives_on and site.hives_on.isoformat()}
    _write_site(site, terms)
    audit.record(
        by=by,
        cluster_id=site.cluster_id,
        verb="change-site",
        subject=f"enterprise/{site.enterprise_id}",
        site=site.pk,
        hives=site.hives,
        before=before,
    )
    return site


@transaction.atomic
def remove_site(*, by: Person, site: Site) -> None:
    """Take away a site made in error, from which no batch came."""
    pk, cluster_id, enterprise_id = site.pk, site.cluster_id, site.enterprise_id
    try:
        with transaction.atomic():
            site.delete()
    except (ProtectedError, DatabaseError) as problem:
        raise StillAttached(_("Batches came from this site, so its record stays.")) from problem
    audit.record(by=by, cluster_id=cluster_id, verb="remove-site", subject=f"enterprise/{enterprise_id}", site=pk)


@transaction.atomic
def begin_membership(*, by: Person, enterprise: Enterprise, joined_on: date) -> Membership:
    """Make an enterprise a member from a day on."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                cluster_id=enterprise.cluster_id, enterprise=enterprise, joined_on=joined_on
            )
    except IntegrityError as problem:
        raise NotPossible(_("The firm is already a member on that day or later.")) from problem
    audit.record(
        by=by,
        cluster_id=enterprise.cluster_id,
        verb="begin-membership",
        subject=f"enterprise/{enterprise.pk}",
        joined_on=joined_on.isoformat(),
    )
    return membership


@transaction.atomic
def end_membership(*, by: Person, membership: Membership, left_on: date, reason: str) -> Membership:
    """End a membership on a day, with the reason. The firm and all it did stay on record."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.left_on:
        raise NotPossible(_("This membership has already ended."))
    if left_on <= membership.joined_on:
        raise NotPossible(_("The day of leaving must be after the day of joining."))
    membership.left_on, membership.reason = left_on, reason
    membership.save(update_fields=["left_on", "reason"])
    audit.record(
        by=by,
        cluster_id=membership.cluster_id,
        verb="end-membership",
        subject=f"enterprise/{membership.enterprise_id}",
        left_on=left_on.isoformat(),
        reason=reason,
    )
    return membership


def _check(cluster: Cluster, terms: FirmTerms) -> None:
    profile = profiles.load(cluster.profile)
    if terms.stage not in profile.stages:
        raise NotPossible(_("Unknown stage of the value chain: %(code)s") % {"code": terms.stage})
    for scheme, value in terms.identifiers.items():
        fault = number_fault(profile, scheme, value) if value else ""
        if fault:
            raise NotPossible(fault)


def _write_particulars(enterprise: Enterprise, values: Mapping[str, str]) -> list[str]:
    particulars = Particulars.objects.filter(enterprise=enterprise).first() or Particulars(
        cluster_id=enterprise.cluster_id, enterprise=enterprise
    )
    touched = [name for name, value in values.items() if getattr(particulars, name) != value]
    for name in touched:
        setattr(particulars, name, values[name])
    if touched:
        particulars.save()
    return touched


def _write_identifiers(enterprise: Enterprise, values: Mapping[str, str]) -> list[str]:
    """Set each scheme's value, an empty one taking it away; return the schemes that changed."""
    held = {each.scheme: each for each in enterprise.identifiers.all()}
    touched = [scheme for scheme, value in values.items() if value != (held[scheme].value if scheme in held else "")]
    for scheme in touched:
        value, row = values[scheme], held.get(scheme)
        if not value:
            held[scheme].delete()
            continue
        others = Q(cluster_id=enterprise.cluster_id, scheme=scheme, value=value)
        if holder := Identifier.objects.filter(others).select_related("enterprise").first():
            raise NumberTaken(_("This number is already held by %(name)s.") % {"name": holder.enterprise})
        row = row or Identifier(cluster_id=enterprise.cluster_id, enterprise=enterprise, scheme=scheme)
        row.value = value
        row.save()
    return touched


def _write_site(site: Site, terms: SiteTerms) -> Site:
    if not places.is_in_iran(float(terms.latitude), float(terms.longitude)):
        raise NotPossible(_("This place lies outside Iran. Are latitude and longitude swapped?"))
    for name in SiteTerms.__slots__:
        setattr(site, name, getattr(terms, name))
    site.county = places.county_of(float(terms.latitude), float(terms.longitude))
    site.save()
    return site
