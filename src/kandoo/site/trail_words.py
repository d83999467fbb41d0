"""The trail in words: what each verb says, and where its subject is shown."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from kandoo.site.models import AuditRecord

WORDS: dict[str, Any] = {
    # the register
    "found-cluster": _("founded the cluster"),
    "change-cluster": _("changed the cluster's record"),
    "announce-unit": _("announced a new unit of money"),
    "call-off-unit": _("took back a new unit of money"),
    "set-season-yield": _("set the plausible yield of a season"),
    "add-enterprise": _("entered a firm"),
    "change-enterprise": _("changed a firm's record"),
    "remove-enterprise": _("removed a firm's record"),
    "add-site": _("entered a site"),
    "change-site": _("changed a site"),
    "remove-site": _("removed a site"),
    "begin-membership": _("began a membership"),
    "end-membership": _("ended a membership"),
    "import-members": _("imported members from a file"),
    "add-person": _("entered a person"),
    "change-person": _("changed a person's record"),
    "make-password-link": _("made a link for a new password"),
    "give-role": _("gave a role"),
    "end-role": _("ended a role"),
    # batches
    "record-batch": _("recorded a batch"),
    "explain-hold": _("explained a held batch"),
    "release-batch": _("released a held batch"),
    "withdraw-batch": _("withdrew a batch"),
    "ask-sample": _("assigned a sample to a laboratory"),
    "add-file": _("added a file to a batch"),
    "enter-results": _("entered laboratory results"),
    "bar-batch": _("a result barred a batch for good"),
    # orders
    "place-order": _("placed an order"),
    "change-order": _("changed an order"),
    "withdraw-order": _("withdrew an order"),
    "set-rate": _("set an exchange rate"),
    # the joint lot
    "call-lot": _("called a joint lot"),
    "open-lot": _("opened a lot for offers"),
    "offer-batch": _("offered a batch"),
    "change-offer": _("changed an offer"),
    "withdraw-offer": _("took an offer back"),
    "plan-lot": _("planned a lot"),
    "answer-plan": _("answered a plan"),
    "agree-lot": _("fixed a plan as agreed"),
    "cancel-lot": _("cancelled a lot"),
    "add-cost": _("entered a cost of a lot"),
    "remove-cost": _("took back a cost of a lot"),
    "deliver-lot": _("entered the delivery of a lot"),
    "publish-trace": _("published a trace page"),
    "settle-lot": _("settled a lot"),
    # the account of cooperation
    "add-evidence": _("added a price alone with its evidence"),
    "remove-evidence": _("took back a price alone"),
    "use-median": _("took the district median as the price alone"),
    "say-own-time": _("wrote down own hours"),
    "set-time-value": _("set the value of an hour"),
    "add-subsidy": _("entered public money in a joint action"),
    "remove-subsidy": _("took back public money"),
    "fix-alone": _("fixed what members would have had alone"),
    "record-gains": _("counted the gain of cooperation"),
    "correct-gain": _("corrected a gain"),
    # the books
    "record-voucher": _("wrote a voucher"),
    "close-period": _("closed a period of the books"),
    "reverse-entry": _("reversed an entry of the journal"),
    # sharing rules
    "propose-rule": _("proposed a sharing rule"),
    "open-vote": _("opened a vote on a sharing rule"),
    "vote-rule": _("voted on a sharing rule"),
    "change-vote": _("changed a vote on a sharing rule"),
    "count-votes": _("had the votes on a sharing rule counted"),
    "withdraw-proposal": _("withdrew a proposed sharing rule"),
    # payments
    "set-paying-account": _("wrote down the account the cluster pays from"),
    "make-run": _("made a payment run"),
    "refresh-run": _("refreshed a payment run"),
    "hold-payment": _("held a payment back"),
    "release-payment": _("put a payment back into its run"),
    "propose-run": _("proposed a payment run"),
    "send-run-back": _("sent a payment run back"),
    "cancel-run": _("cancelled a payment run"),
    "remark-on-run": _("wrote to a payment run"),
    "approve-run": _("approved a payment run"),
    "import-answer": _("took in an answer of the bank"),
    "match-bank-row": _("matched a row of the bank's answer"),
    "dismiss-bank-row": _("marked a row of the bank's answer as not ours"),
    "return-payment": _("booked a payment the bank gave back"),
}

# kind of a subject -> its word, the page that shows it, the model it is a row of
THINGS: dict[str, tuple[Any, str, str]] = {
    "batch": (_("Batch"), "selling:batch", "selling.Batch"),
    "order": (_("Order"), "selling:order", "selling.Order"),
    "lot": (_("Lot"), "selling:lot", "selling.Lot"),
    "entry": (_("Journal entry"), "ledger:entry", ""),
    "voucher": (_("Voucher"), "ledger:voucher", "ledger.Voucher"),
    "period": (_("Period"), "ledger:period", "ledger.PeriodClose"),
    "proposal": (_("Sharing rule"), "sharing:proposal", "sharing.RuleProposal"),
    "run": (_("Payment run"), "payments:run", "payments.PaymentRun"),
    "payment": (_("Payment"), "payments:line", "payments.PaymentLine"),
    "bank-file": (_("The bank’s answer"), "payments:answer", "payments.BankFile"),
    "gain": (_("Gain of cooperation"), "benefit:gain", "benefit.Gain"),
    "enterprise": (_("Firm"), "register:firm", "register.Enterprise"),
    "person": (_("Person"), "", "register.Person"),
    "cluster": (_("Cluster"), "", ""),
    "rate": (_("Exchange rate"), "", ""),
    "season": (_("Season"), "", ""),
}


def verb_of(record: AuditRecord) -> str:
    """What was done, in the language of the page; the verb itself where it has no words."""
    return str(WORDS.get(record.verb, record.verb))


def names_of(records: Iterable[AuditRecord]) -> dict[str, str]:
    """The names of all things a page of the trail concerns, by subject, as far as they may be seen."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for record in records:
        kind, _sign, number = record.subject.partition("/")
        if number.isdecimal() and THINGS.get(kind, ("", "", ""))[2]:
            wanted[kind].add(number)
    return {
        f"{kind}/{pk}": str(row)
        for kind, numbers in wanted.items()
        for pk, row in apps.get_model(THINGS[kind][2]).objects.in_bulk(list(numbers)).items()
    }


def subject_of(record: AuditRecord) -> tuple[str, str, str]:
    """What it was done to: the kind of thing in words, its number, and its page if it has one."""
    kind, _sign, number = record.subject.partition("/")
    word, page, _model = THINGS.get(kind, (kind, "", ""))
    if not page or record.verb.startswith("remove-enterprise"):
        return str(word), number, ""
    try:
        return str(word), number, reverse(page, args=[number])
    except NoReverseMatch:
        return str(word), number, ""


def reason_of(record: AuditRecord) -> str:
    """The reason somebody gave, where the step asks for one."""
    return str(record.detail.get("reason") or "")
