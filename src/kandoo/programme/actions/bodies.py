"""Committees and councils, and who sits in them."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kandoo.programme.models import Body, BodyMember, ClusterFile
from kandoo.programme.models.procedure import BodyKind
from kandoo.programme.problems import NotPossible
from kandoo.register.models import Cluster, Person
from kandoo.site import audit


@dataclass(frozen=True, slots=True)
class BodyTerms:
    """What a body is: a province's, the nation's (blank), or of one cluster (`file`)."""

    kind: str
    name_fa: str
    quorum: int
    rule: str = Body.Rule.VOTE
    name_en: str = ""
    province: str = ""
    file: ClusterFile | None = None


@transaction.atomic
def form_body(*, by: Person, programme: Cluster, terms: BodyTerms) -> Body:
    """Form a body that decides gates."""
    if (terms.kind == BodyKind.COUNCIL) != (terms.file is not None):
        raise NotPossible(_("A steering council, and no other body, is of one cluster."))
    province = terms.file.province if terms.file else terms.province
    if (terms.kind == BodyKind.NATION) != (province == ""):
        raise NotPossible(_("The national committee, and no other body, is of no province."))
    if terms.quorum < 1:
        raise NotPossible(_("Somebody must be present: the quorum is one or more."))
    body = Body.objects.create(
        cluster=programme,
        kind=terms.kind,
        name_fa=terms.name_fa,
        name_en=terms.name_en,
        province=province,
        file=terms.file,
        quorum=terms.quorum,
        rule=terms.rule,
    )
    audit.record(by=by, cluster_id=programme.pk, verb="form-body", subject=f"body/{body.pk}", province=body.province)
    return body


@transaction.atomic
def seat_member(
    *,
    by: Person,
    body: Body,
    name: str,
    from_on: date,
    post: str = BodyMember.Post.MEMBER,
    organisation: str = "",
    is_voting: bool = True,
    person: Person | None = None,
) -> BodyMember:
    """Somebody becomes a member of a body. Chair and secretary need a login: they write down what it decides."""
    if post != BodyMember.Post.MEMBER and person is None:
        raise NotPossible(_("Chair and secretary are people of the programme who can sign in."))
    staying = body.members.filter(Q(to_on=None) | Q(to_on__gt=from_on))
    if person is not None and staying.filter(person=person).exists():
        raise NotPossible(_("This person sits in the body already: nobody has two seats or two votes."))
    member = BodyMember.objects.create(
        cluster_id=body.cluster_id,
        body=body,
        person=person,
        name=name.strip(),
        organisation=organisation.strip(),
        post=post,
        is_voting=is_voting,
        from_on=from_on,
    )
    audit.record(
        by=by,
        cluster_id=body.cluster_id,
        verb="seat-member",
        subject=f"body/{body.pk}",
        province=body.province,
        post=post,
    )
    return member


@transaction.atomic
def unseat_member(*, by: Person, member: BodyMember, to_on: date) -> BodyMember:
    """A member leaves; the day is the first without it."""
    member = BodyMember.objects.select_for_update().get(pk=member.pk)
    if member.to_on is not None:
        raise NotPossible(_("This member has left already."))
    member.to_on = max(to_on, member.from_on)
    member.save(update_fields=["to_on"])
    audit.record(
        by=by,
        cluster_id=member.cluster_id,
        verb="unseat-member",
        subject=f"body/{member.body_id}",
        province=member.body.province,
    )
    return member
