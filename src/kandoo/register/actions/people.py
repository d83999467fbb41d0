"""People and the roles they hold in a cluster."""

from datetime import date

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from kandoo.register import places
from kandoo.register.models import Cluster, Enterprise, Person, Role
from kandoo.register.problems import NotPossible
from kandoo.site import audit, security


@transaction.atomic
def add_person(
    *,
    by: Person,
    cluster: Cluster,
    username: str,
    password: str = "",
    name_fa: str = "",
    name_en: str = "",
    email: str = "",
    phone: str = "",
    role: str = "",
    enterprise: Enterprise | None = None,
    province: str = "",
    from_on: date | None = None,
) -> Person:
    """Add somebody who will sign in, at once with a role if one is named.

    Without a password nobody knows it until the person sets one by a link (`password_key`).
    """
    person = Person(username=username, name_fa=name_fa, name_en=name_en, email=email.lower(), phone=phone, added_by=by)
    person.set_password(password or get_random_string(40))
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as problem:
        raise NotPossible(_("The username “%(name)s” is taken; choose another.") % {"name": username}) from problem
    audit.record(by=by, cluster_id=cluster.pk, verb="add-person", subject=f"person/{person.pk}")
    if role and from_on:
        give_role(
            by=by,
            cluster=cluster,
            person=person,
            role=role,
            enterprise=enterprise,
            province=province,
            from_on=from_on,
        )
    return person


@transaction.atomic
def change_person(
    *, by: Person, cluster: Cluster, person: Person, name_fa: str, name_en: str, email: str, phone: str
) -> Person:
    """Correct a person's names and how to reach them."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    given = {"name_fa": name_fa, "name_en": name_en, "email": email.lower(), "phone": phone}
    touched = [name for name, value in given.items() if getattr(person, name) != value]
    for name in touched:
        setattr(person, name, given[name])
    if touched:
        person.save(update_fields=touched)
        audit.record(by=by, cluster_id=cluster.pk, verb="change-person", subject=f"person/{person.pk}", touched=touched)
    return person


@transaction.atomic
def give_role(
    *,
    by: Person,
    cluster: Cluster,
    person: Person,
    role: str,
    enterprise: Enterprise | None = None,
    province: str = "",
    from_on: date,
) -> Role:
    """Give a person a role from a day on; one that had ended begins anew. In a programme it is of a province or all."""
    _check_tenant(cluster, role, province)
    if (role in Role.OF_AN_ENTERPRISE) != (enterprise is not None):
        raise NotPossible(
            _("Choose the firm for which the person acts.")
            if enterprise is None
            else _("This role belongs to the cluster and names no firm.")
        )
    if enterprise is not None and enterprise.cluster_id != cluster.pk:
        raise NotPossible(_("This firm belongs to another cluster."))
    given = Role.objects.select_for_update().filter(
        cluster=cluster, person=person, role=role, enterprise=enterprise, province=province
    )
    held = given.first()
    if held and (held.to_on is None or held.to_on > from_on):
        raise NotPossible(_("The person already holds this role."))
    if held:
        held.from_on, held.to_on = from_on, None
        held.save(update_fields=["from_on", "to_on"])
    else:
        held = Role.objects.create(
            cluster=cluster, person=person, role=role, enterprise=enterprise, province=province, from_on=from_on
        )
    _record(by, held, "give-role", from_on)
    return held


def _check_tenant(cluster: Cluster, role: str, province: str) -> None:
    """A programme has its own roles, and only there a role is of a province."""
    is_programme = cluster.kind == Cluster.Kind.PROGRAMME
    if province and not is_programme:
        raise NotPossible(_("Only in a programme a role is held for a province."))
    if province and province not in {each.code for each in places.provinces()}:
        raise NotPossible(_("There is no province %(code)s; Lorestan is IR-15.") % {"code": province})
    if role not in (Role.OF_A_PROGRAMME if is_programme else Role.OF_A_CLUSTER):
        raise NotPossible(_("This role is not held here."))


@transaction.atomic
def end_role(*, by: Person, role: Role, to_on: date) -> Role:
    """End a role on a day, which is the first without it. Nobody ends their own last agent role."""
    role = Role.objects.select_for_update().get(pk=role.pk)
    if role.to_on is not None and role.to_on <= to_on:
        raise NotPossible(_("This role has already ended."))
    if role.role == Role.Name.AGENT and role.person_id == by.pk:
        raise NotPossible(_("You cannot end your own role as agent; another agent can."))
    if role.cluster.kind == Cluster.Kind.PROGRAMME and role.role == Role.Name.OFFICER and role.person_id == by.pk:
        raise NotPossible(_("You cannot end your own role as officer; another officer of the nation can."))
    if to_on <= role.from_on:
        to_on = role.from_on
    role.to_on = to_on
    role.save(update_fields=["to_on"])
    _record(by, role, "end-role", to_on)
    return role


@transaction.atomic
def password_key(*, by: Person, cluster: Cluster, person: Person) -> tuple[str, str]:
    """A key, good once and for three days, with which a person sets a password: (uidb36, key).

    The key is made at the desk of sign-in, because it covers e-mail addresses an agent does not see.
    """
    security.set_person(by.pk, desk="sign-in")
    try:
        key = default_token_generator.make_token(person)
    finally:
        security.set_person(by.pk)
    audit.record(by=by, cluster_id=cluster.pk, verb="make-password-link", subject=f"person/{person.pk}")
    return user_pk_to_url_str(person), key


def _record(by: Person, role: Role, verb: str, on: date) -> None:
    audit.record(
        by=by,
        cluster_id=role.cluster_id,
        verb=verb,
        subject=f"person/{role.person_id}",
        role=role.role,
        enterprise=role.enterprise_id,
        on=on.isoformat(),
    )
