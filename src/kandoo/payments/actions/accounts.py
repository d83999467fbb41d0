"""The account the cluster pays from."""

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.engine import bank_file
from kandoo.payments.models import PayingAccount
from kandoo.payments.problems import NotPossible
from kandoo.register.models import Cluster, Person
from kandoo.site import audit


@transaction.atomic
def set_paying_account(
    *, by: Person, cluster: Cluster, holder: str, bank: str, sheba: str, bic: str = ""
) -> PayingAccount:
    """Write down or change the account; runs already approved keep the one they were approved with."""
    try:
        bank_file.Account(holder, sheba, bic)
    except bank_file.BadBankFile:
        raise NotPossible(_("The holder, the Sheba or the BIC of this account cannot be right.")) from None
    account, _is_new = PayingAccount.objects.update_or_create(
        cluster=cluster, defaults={"holder": holder, "bank": bank, "sheba": sheba, "bic": bic, "set_by": by}
    )
    audit.record(by=by, cluster_id=cluster.pk, verb="set-paying-account", subject=f"cluster/{cluster.pk}", sheba=sheba)
    return account
