"""Vouchers: facts written down by hand, each booked through its posting rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.engine import posting_rules
from kandoo.engine.books import Entry
from kandoo.ledger.actions.posting import party_of, post
from kandoo.ledger.models import Voucher
from kandoo.ledger.problems import NotPossible
from kandoo.register.models import Cluster, Enterprise, Person
from kandoo.selling.uploads import Upload
from kandoo.site import audit
from kandoo.site.numbering import next_code

WITHOUT_PARTY = frozenset({Voucher.Kind.SUBSIDY})
WITH_SUPPLIER = frozenset({Voucher.Kind.INPUT})


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """What a voucher says; the amount in rial. `scan` is its document as a picture or PDF."""

    kind: str
    amount: int
    on: date
    document: str
    enterprise: Enterprise | None = None
    supplier: Enterprise | None = None
    note: str = ""
    scan: Upload | None = None


@transaction.atomic
def record_voucher(*, by: Person, cluster: Cluster, new: NewVoucher, today: date, file_sha256: str = "") -> Voucher:
    """Write a voucher down and book it.

    Raises
    ------
    NotPossible
        When it lacks a party it needs, its day lies in the future, or the books are closed on it.
    """
    _check(cluster, new, today)
    number = next_code(cluster.pk, "V")
    entry = post(by=by, cluster_id=cluster.pk, entry=_entry(new, f"voucher/{number}"), on=new.on, reason=new.note[:200])
    voucher = Voucher(
        cluster=cluster,
        number=number,
        kind=new.kind,
        enterprise=new.enterprise,
        supplier=new.supplier,
        amount=new.amount,
        on=new.on,
        document=new.document,
        note=new.note,
        by=by,
        entry=entry,
        file_sha256=file_sha256,
    )
    if new.scan is not None:
        voucher.scan_name = new.scan.name
        suffix = new.scan.name.rpartition(".")[2]
        voucher.scan.save(f"{voucher.number}.{suffix}", ContentFile(new.scan.content), save=False)
    voucher.save()
    audit.record(
        by=by,
        cluster_id=cluster.pk,
        verb="record-voucher",
        subject=f"voucher/{voucher.pk}",
        kind=new.kind,
        amount=new.amount,
    )
    return voucher


@transaction.atomic
def record_vouchers(
    *, by: Person, cluster: Cluster, news: Sequence[NewVoucher], today: date, file_sha256: str
) -> list[Voucher]:
    """All vouchers of a file, or none; the same file is not taken twice."""
    if Voucher.objects.filter(cluster=cluster, file_sha256=file_sha256).exists():
        raise NotPossible(_("This file was imported before. Nothing was written."))
    return [record_voucher(by=by, cluster=cluster, new=new, today=today, file_sha256=file_sha256) for new in news]


def _check(cluster: Cluster, new: NewVoucher, today: date) -> None:
    if new.kind not in Voucher.Kind.values:
        raise NotPossible(_("There is no such kind of voucher."))
    if new.amount <= 0:
        raise NotPossible(_("An amount is above zero."))
    if new.on > today:
        raise NotPossible(_("The date of a voucher lies in the future."))
    if (new.enterprise is None) != (new.kind in WITHOUT_PARTY):
        raise NotPossible(_("Name the party this voucher concerns; a subsidy received has none."))
    if (new.supplier is None) != (new.kind not in WITH_SUPPLIER):
        raise NotPossible(_("Inputs on credit name their supplier; other vouchers do not."))
    if any(each is not None and each.cluster_id != cluster.pk for each in (new.enterprise, new.supplier)):
        raise NotPossible(_("The party is not of this cluster."))
    if new.enterprise is not None and new.enterprise == new.supplier:
        raise NotPossible(_("A party does not supply itself."))


def _entry(new: NewVoucher, source: str) -> Entry:
    parties = {}
    if new.enterprise is not None:
        parties["party"] = party_of(new.enterprise.pk)
    if new.supplier is not None:
        parties["supplier"] = party_of(new.supplier.pk)
    return posting_rules.RULES[new.kind](source=source, amount=new.amount, **parties)
