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
    # buying together
    "add-item": _("added an item to the catalogue"),
    "change-item": _("changed an item of the catalogue"),
    "add-point": _("added a collection point"),
    "change-point": _("changed a collection point"),
    "call-round": _("called a buying round"),
    "open-round": _("opened a buying round"),
    "extend-round": _("gave a buying round more time"),
    "cancel-round": _("cancelled a buying round"),
    "enter-need": _("entered a need"),
    "change-need": _("changed a need"),
    "confirm-need": _("confirmed a need"),
    "import-needs": _("took in a file of needs"),
    "withdraw-need": _("took a need back"),
    "open-quotations": _("opened the sealed quotations"),
    "plan-round": _("planned a buying round"),
    "answer-buying-plan": _("answered the plan of a buying round"),
    "agree-round": _("agreed a buying round"),
    "enter-arrival": _("wrote down what arrived"),
    "take-back-arrival": _("took an arrival back"),
    "divide-goods": _("divided the goods of a buying round"),
    "hand-out": _("wrote down what was handed out"),
    "give-back": _("wrote down what was given back"),
    "enter-deposit": _("entered a deposit for a buying round"),
    "take-back-deposit": _("took a deposit back"),
    "enter-invoice": _("entered a supplier's invoice"),
    "take-back-invoice": _("took a supplier's invoice back"),
    "settle-round": _("settled a buying round"),
    "give-quotation": _("gave a sealed quotation"),
    "change-quotation": _("changed a sealed quotation"),
    "withdraw-quotation": _("took a quotation back"),
    # public money
    "open-year": _("wrote down a fiscal year with its law"),
    "amend-law": _("wrote down an amendment of the budget law"),
    "set-cost-rule": _("set a ceiling of cost"),
    "open-line": _("opened a credit line"),
    "import-lines": _("read approved credit lines from a file"),
    "amend-line": _("changed a credit line by an amendment"),
    "allocate-credit": _("allocated credit"),
    "return-credit": _("returned an allocation"),
    "commit-credit": _("made a budget commitment"),
    "release-credit": _("released a budget commitment"),
    "refund-credit": _("booked a refund of public money"),
    "close-line": _("closed a credit line for its year"),
    "plan-activity": _("wrote an activity down"),
    "open-diagnosis": _("began an edition of a diagnosis"),
    "prepare-diagnosis": _("prepared a diagnosis"),
    "freeze-diagnosis": _("confirmed a diagnosis as the baseline"),
    "return-diagnosis": _("sent a diagnosis back"),
    "write-strategy": _("wrote in a diagnosis or plan"),
    "remove-strategy": _("took a row out of a diagnosis or plan"),
    "import-strategy": _("read a table into a diagnosis or plan"),
    "set-vision": _("wrote a vision down"),
    "answer-problem": _("named the activities that answer a problem"),
    "serve-objective": _("named the activities that serve an objective"),
    "change-activity": _("changed what is planned of an activity"),
    "finish-activity": _("said that an activity is done"),
    "add-payee": _("added a payee"),
    "change-payee": _("corrected a payee"),
    "make-contract": _("wrote a contract down"),
    "deliver-phase": _("delivered a phase of a contract"),
    "confirm-phase": _("confirmed a phase of a contract"),
    "send-phase-back": _("sent a phase of a contract back"),
    "prepare-order": _("prepared a payment order"),
    "pay-order": _("paid a payment order"),
    "send-order-back": _("sent a payment order back"),
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
    # the programme's file
    "found-programme": _("founded the programme"),
    "issue-procedure": _("put an edition of the procedure in force"),
    "open-file": _("opened the file of a cluster"),
    "change-file": _("corrected the file of a cluster"),
    "change-cluster-agent": _("wrote down another agent of a cluster"),
    "link-file": _("linked a file to its cluster on Kandoo"),
    "add-count": _("wrote down a published figure"),
    "import-files": _("brought in clusters from a table"),
    "bring-paper": _("brought an edition of a paper"),
    "confirm-paper": _("confirmed a paper"),
    "approve-paper": _("approved a paper"),
    "return-paper": _("sent a paper back"),
    "remark-on-paper": _("wrote a remark on a paper"),
    "form-body": _("formed a committee or council"),
    "seat-member": _("seated a member of a body"),
    "unseat-member": _("wrote down that a member left a body"),
    "call-meeting": _("called a meeting"),
    "hold-meeting": _("wrote down who was present at a meeting"),
    "write-call": _("wrote a call"),
    "change-call": _("changed a draft of a call"),
    "drop-call": _("took a draft of a call away"),
    "publish-call": _("published a call"),
    "take-offer": _("took an offer in"),
    "withdraw-call-offer": _("wrote an offer down as withdrawn"),
    "mark-offer": _("marked an offer"),
    "close-marking": _("closed the marking of a call"),
    "open-prices": _("opened the prices of a call"),
    "award-call": _("chose an offer"),
    "cancel-call": _("cancelled a call"),
    "link-contract": _("linked a call to its contract"),
    "plan-visits": _("planned visits"),
    "move-visit": _("moved a visit"),
    "cancel-visit": _("called a visit off"),
    "report-visit": _("reported a visit"),
    "follow-advice": _("said what became of an advice"),
    "begin-report": _("began a report"),
    "submit-report": _("submitted a report"),
    "confirm-report": _("confirmed a report"),
    "receive-report": _("received a report"),
    "return-report": _("sent a report back"),
    "drop-report": _("took a draft of a report away"),
    "take-indicators": _("took in the indicators that ship"),
    "define-indicator": _("added an indicator"),
    "change-indicator": _("changed the words of an indicator"),
    "set-target": _("set a baseline or target"),
    "type-figure": _("typed in a figure with evidence"),
    "close-figures": _("closed a period’s figures"),
    "cast-ballot": _("voted on a gate"),
    "decide-gate": _("wrote down the decision on a gate"),
    "close-meeting": _("closed a meeting with its minutes"),
    "cancel-meeting": _("took a meeting back"),
    "keep-condition": _("wrote down that a condition is kept"),
    "open-selection": _("opened a round of selection"),
    "score-candidate": _("scored a candidate"),
    "close-selection": _("closed a round of selection"),
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
    # finding clusters
    "bring-list": _("brought a list of sites"),
    "confirm-columns": _("said what the columns of a list mean"),
    "leave-rows-out": _("left faulty rows of a list out"),
    "ask-study": _("had a list of sites measured"),
    "stop-study": _("stopped the measuring of a list"),
    "put-study-aside": _("deleted a study with its list"),
    "propose-cluster": _("made a cluster that was found a candidate"),
    # gauge and self-assessment
    "enter-gauge-figure": _("wrote down a figure of the life-cycle gauge"),
    "begin-assessment": _("began a self-assessment"),
    "answer-question": _("answered a question of a self-assessment"),
    "show-evidence": _("attached evidence to an answer"),
    "take-back-evidence": _("took evidence off an answer"),
    "submit-assessment": _("submitted a self-assessment"),
    "remark-on-assessment": _("wrote a remark on a self-assessment"),
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
    "round": (_("Round of joint buying"), "buying:round", "buying.Round"),
    "item": (_("Item of the catalogue"), "", "buying.Item"),
    "point": (_("Collection point"), "", "buying.CollectionPoint"),
    "gain": (_("Gain of cooperation"), "benefit:gain", "benefit.Gain"),
    "enterprise": (_("Firm"), "register:firm", "register.Enterprise"),
    "person": (_("Person"), "", "register.Person"),
    "cluster": (_("Cluster"), "", ""),
    "file": (_("File of a cluster"), "programme:file", "programme.ClusterFile"),
    "edition": (_("Edition of a paper"), "programme:edition", ""),
    "meeting": (_("Meeting"), "programme:meeting", ""),
    "body": (_("Body that decides"), "programme:body", "programme.Body"),
    "selection": (_("Round of selection"), "programme:round", "programme.SelectionRound"),
    "procedure": (_("Procedure"), "", "programme.Procedure"),
    "count": (_("Published figure"), "", ""),
    "fiscal-year": (_("Fiscal year"), "credit:year", ""),
    "credit-line": (_("Credit line"), "credit:line", "credit.CreditLine"),
    "credit-activity": (_("Activity"), "credit:activity", "credit.Activity"),
    "commitment": (_("Commitment"), "credit:commitment", "credit.Commitment"),
    "contract": (_("Contract"), "credit:contract", "credit.Contract"),
    "payment-order": (_("Payment order"), "credit:order", "credit.PaymentOrder"),
    "payee": (_("Payee"), "", ""),
    "cost-rule": (_("Ceilings, shares and advances"), "", ""),
    "table": (_("Table of clusters"), "", "programme.ImportedFile"),
    "assessment": (_("Self-assessment"), "maturity:assessment", ""),
    "rate": (_("Exchange rate"), "", ""),
    "season": (_("Season"), "", ""),
    "study": (_("Study"), "finding:study", "finding.Study"),
    "deleted-study": (_("Study"), "", ""),
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
