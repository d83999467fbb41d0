"""A programme is founded, and its procedure issued in editions."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kandoo.programme.models import Procedure, RequiredPaper, Stage
from kandoo.programme.models.procedure import BodyKind
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.procedure import in_force
from kandoo.register.models import Cluster, Person, Role
from kandoo.site import audit
from kandoo.site.security import acting_as


@cache
def shipped_procedure() -> Mapping[str, Any]:
    """The edition a new programme begins with, as `kandoo/data/programme/procedure.yaml` holds it."""
    document: Mapping[str, Any] = yaml.safe_load(
        (files("kandoo") / "data" / "programme" / "procedure.yaml").read_text("utf-8")
    )
    return document


@transaction.atomic
def found_programme(
    *,
    code: str,
    name_fa: str,
    name_en: str,
    officer_username: str,
    officer_password: str,
    officer_name_fa: str,
    officer_name_en: str,
    started_on: date,
    is_demo: bool = False,
) -> tuple[Cluster, Person]:
    """Make a programme with its first officer of the nation and the procedure that ships.

    Runs as the owner of the database: under row security nobody yet holds a role that could.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'register_cluster', 'INSERT')")
        if not cursor.fetchone()[0]:
            raise NotPossible(_("A programme is founded by the owner of the database: set KANDOO_DB_ROLE=owner."))
    if Cluster.objects.filter(code=code).exists():
        raise NotPossible(_("There is already a programme or cluster with the code %(code)s.") % {"code": code})
    programme = Cluster.objects.create(
        kind=Cluster.Kind.PROGRAMME,
        code=code,
        name_fa=name_fa,
        name_en=name_en,
        started_on=started_on,
        is_demo=is_demo,
    )
    officer = Person(username=officer_username, name_fa=officer_name_fa, name_en=officer_name_en)
    officer.set_password(officer_password)
    officer.save()
    Role.objects.create(cluster=programme, person=officer, role=Role.Name.OFFICER, from_on=started_on)
    audit.record(by=officer, cluster_id=programme.pk, verb="found-programme", subject=f"cluster/{programme.pk}")
    with acting_as(officer.pk):
        issue_procedure(by=officer, programme=programme, document=shipped_procedure())
    return programme, officer


@transaction.atomic
def issue_procedure(
    *, by: Person, programme: Cluster, document: Mapping[str, Any], today: date | None = None
) -> Procedure:
    """Put an edition of the procedure in force from its day on; files begun before keep theirs.

    `document` has the shape of the one that ships. An edition that is to come into force after `today` may be
    overtaken by a further one; one in force may not. Raises NotPossible naming the stage and field at fault.
    """
    _check(document["stages"])
    editions = Procedure.objects.filter(cluster=programme, code=document["code"]).order_by("edition")
    last, current = editions.last(), in_force(programme, today) if today else editions.last()
    if last is not None and document["edition"] <= last.edition:
        raise NotPossible(_("This edition is not newer than edition %(n)s, which is in force.") % {"n": last.edition})
    if current is not None and _day(document["in_force_from"]) < current.in_force_from:
        raise NotPossible(
            _("This edition is not newer than edition %(n)s, which is in force.") % {"n": current.edition}
        )
    procedure = Procedure.objects.create(
        cluster=programme,
        code=document["code"],
        edition=document["edition"],
        name_fa=document["name"]["fa"],
        name_en=document["name"].get("en", ""),
        in_force_from=_day(document["in_force_from"]),
        reason=document["reason"]["fa"],
        source=document["source"]["fa"],
    )
    for position, each in enumerate(document["stages"]):
        stage = Stage.objects.create(
            cluster=programme,
            procedure=procedure,
            code=each["code"],
            position=position,
            name_fa=each["name"]["fa"],
            name_en=each["name"].get("en", ""),
            question_fa=each["question"]["fa"],
            question_en=each["question"].get("en", ""),
            decided_by=each["decided_by"],
            weight=each["weight"],
            is_exit=each.get("is_exit", False),
        )
        RequiredPaper.objects.bulk_create(
            RequiredPaper(
                cluster=programme,
                stage=stage,
                code=paper["code"],
                position=place,
                name_fa=paper["fa"],
                name_en=paper.get("en", ""),
                approved_by=paper.get("approved_by", RequiredPaper.Level.PROVINCE),
            )
            for place, paper in enumerate(each["papers"])
        )
    audit.record(by=by, cluster_id=programme.pk, verb="issue-procedure", subject=f"procedure/{procedure.pk}")
    return procedure


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _check(stages: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what could never be walked through."""
    codes = [each["code"] for each in stages]
    if len(set(codes)) != len(codes) or not codes:
        raise NotPossible(_("Every stage of the procedure has a code of its own."))
    for each in stages:
        if each["decided_by"] not in BodyKind.values:
            raise NotPossible(_("Stage %(code)s: nobody known decides on it.") % {"code": each["code"]})
        papers = [paper["code"] for paper in each["papers"]]
        if len(set(papers)) != len(papers):
            raise NotPossible(_("Stage %(code)s: a paper is named twice.") % {"code": each["code"]})
    if not any(each.get("is_exit") for each in stages):
        raise NotPossible(_("One stage ends the programme's support."))
    total = sum(each["weight"] for each in stages)
    if total != 1000:
        raise NotPossible(_("The weights of the phases add up to %(n)s thousandths, not to 1000.") % {"n": total})
