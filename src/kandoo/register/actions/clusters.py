"""The cluster itself: founded, described, and what a hive of it plausibly gives."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.register import places
from kandoo.register.models import Cluster, Person, Role, SeasonYield
from kandoo.register.problems import NotPossible
from kandoo.site import audit


@transaction.atomic
def found_cluster(
    *,
    code: str,
    name_fa: str,
    profile: str,
    province: str,
    agent_username: str,
    agent_password: str,
    started_on: date,
    name_en: str = "",
    place_fa: str = "",
    place_en: str = "",
    counties: Sequence[str] | None = None,
    agent_name_fa: str = "",
    agent_name_en: str = "",
    is_demo: bool = False,
) -> tuple[Cluster, Person]:
    """Make a cluster and its first agent, from whom everything else follows.

    Runs as the owner of the database: under row security nobody yet holds a role that could. An
    agent who already has an account keeps it, with its password.
    """
    _require_owner()
    _check_founding(code, profile, province, counties)
    all_counties = [each.code for each in places.counties(province)]
    cluster = Cluster.objects.create(
        code=code,
        name_fa=name_fa,
        name_en=name_en,
        profile=profile,
        province=province,
        place_fa=place_fa or places.name_of(province, "fa"),
        place_en=place_en or places.name_of(province, "en"),
        counties=all_counties if counties is None else list(counties),
        started_on=started_on,
        is_demo=is_demo,
    )
    agent = Person.objects.filter(username=agent_username).first()
    if agent is None:
        agent = Person(username=agent_username, name_fa=agent_name_fa, name_en=agent_name_en)
        agent.set_password(agent_password)
        agent.save()
    Role.objects.create(cluster=cluster, person=agent, role=Role.Name.AGENT, from_on=started_on)
    audit.record(by=agent, cluster_id=cluster.pk, verb="found-cluster", subject=f"cluster/{cluster.pk}", agent=agent.pk)
    return cluster, agent


@transaction.atomic
def change_cluster(
    *,
    by: Person,
    cluster: Cluster,
    name_fa: str,
    name_en: str,
    place_fa: str,
    place_en: str,
    started_on: date | None,
    counties: Sequence[str],
) -> Cluster:
    """Correct how the cluster is described; its product and province stay as founded."""
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    known = {each.code for each in places.counties(cluster.province)}
    if unknown := set(counties) - known:
        raise NotPossible(_("Unknown county: %(code)s") % {"code": min(unknown)})
    cluster.name_fa, cluster.name_en = name_fa, name_en
    cluster.place_fa, cluster.place_en = place_fa, place_en
    cluster.started_on, cluster.counties = started_on, list(counties)
    cluster.save()
    audit.record(by=by, cluster_id=cluster.pk, verb="change-cluster", subject=f"cluster/{cluster.pk}")
    return cluster


@transaction.atomic
def set_season_yield(
    *, by: Person, cluster: Cluster, season: int, kg_per_hive: Decimal, source: str, dated: date
) -> SeasonYield:
    """Say what a hive plausibly gives in a season, with the source; a second word replaces the first."""
    held = SeasonYield.objects.select_for_update().filter(cluster=cluster, season=season).first()
    before = str(held.kg_per_hive) if held else None
    row, _is_new = SeasonYield.objects.update_or_create(
        cluster=cluster, season=season, defaults={"kg_per_hive": kg_per_hive, "source": source, "dated": dated}
    )
    audit.record(
        by=by,
        cluster_id=cluster.pk,
        verb="set-season-yield",
        subject=f"cluster/{cluster.pk}",
        season=season,
        kg_per_hive=str(kg_per_hive),
        before=before,
    )
    return row


def _require_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'register_cluster', 'INSERT')")
        (may,) = cursor.fetchone()
    if not may:
        raise NotPossible(_("A cluster is founded by the owner of the database: set KANDOO_DB_ROLE=owner."))


def _check_founding(code: str, profile: str, province: str, counties: Sequence[str] | None) -> None:
    if Cluster.objects.filter(code=code).exists():
        raise NotPossible(_("There is already a cluster with the code %(code)s.") % {"code": code})
    if profile not in profiles.codes():
        raise NotPossible(
            _("There is no product profile %(code)s. There are: %(codes)s")
            % {"code": profile, "codes": ", ".join(profiles.codes())}
        )
    if province not in {each.code for each in places.provinces()}:
        raise NotPossible(_("There is no province %(code)s; Lorestan is IR-15.") % {"code": province})
    if unknown := set(counties or ()) - {each.code for each in places.counties(province)}:
        raise NotPossible(_("Unknown county: %(code)s") % {"code": min(unknown)})
