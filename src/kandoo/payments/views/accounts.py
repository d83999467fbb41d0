"""The account the cluster pays from."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kandoo.payments import access, actions, queries
from kandoo.payments.forms import AccountForm
from kandoo.payments.problems import NotPossible
from kandoo.register.access import seated
from kandoo.site.lists import asker, words_of


@seated(*access.STAFF)
def paying_account(request: HttpRequest) -> HttpResponse:
    """Read the account; the agent writes it down."""
    seat = asker(request)
    if request.method == "POST" and seat.role != "agent":
        raise PermissionDenied
    account = queries.account_of(seat.cluster)
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_paying_account(by=seat.person, cluster=seat.cluster, **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The account is written down; the next approved run is paid from it."))
            return redirect("payments:payments")
    # The form has written what was typed into its own row; what is shown is what is stored.
    stored = queries.account_of(seat.cluster)
    context = {
        "account": stored,
        "bank": queries.bank_name(stored.sheba) if stored else "",
        "form": form,
        "may_set": seat.role == "agent",
    }
    return render(request, "payments/account.html", context)
