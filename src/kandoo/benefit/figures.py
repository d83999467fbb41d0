"""A statement as a person reads it: a headline, five figures with a sentence each, what it would be alone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.benefit import words
from kandoo.benefit.statement import Statement


@dataclass(frozen=True, slots=True)
class Figure:
    """One big figure and what it means in one plain sentence."""

    label: str
    value: str
    sentence: str


def headline(read: Statement) -> str:
    """The season in one sentence."""
    if not read.gains:
        return _("You took part in no joint action that was settled this season.")
    if not any(each.alone for each in read.gains):
        return _("No gain can be counted this season: nobody recorded what you would have had alone.")
    values = {"gain": words.rounded(abs(read.gain))}
    if read.gain >= 0:
        return _("Working together left you %(gain)s more than you would have had alone.") % values
    return _("Working together left you %(gain)s less than you would have had alone.") % values


def five(read: Statement) -> list[Figure]:
    """Saved, earned, received, owed, and delivered against pledged."""
    return [_saved(read), _earned(read), _received(read), _owed(read), _kept(read)]


def _saved(read: Statement) -> Figure:
    label = _("Saved by buying together")
    actions = read.of_side("cost")
    if not actions:
        return Figure(label, words.toman(0), _("You bought nothing together with others this season."))
    sentence = ngettext(
        "This is how much less you paid in %(n)s joint purchase than your best price alone.",
        "This is how much less you paid in %(n)s joint purchases than your best price alone.",
        len(actions),
    ) % {"n": words.number(len(actions))}
    return Figure(label, words.rounded(read.saved), sentence)


def _earned(read: Statement) -> Figure:
    label = _("Earned by selling together")
    actions = read.of_side("earning")
    if not actions:
        return Figure(label, words.toman(0), _("You sold nothing together with others this season."))
    sentence = ngettext(
        "This is how much more %(n)s joint sale left you than your best price alone.",
        "This is how much more %(n)s joint sales left you than your best price alone.",
        len(actions),
    ) % {"n": words.number(len(actions))}
    return Figure(label, words.rounded(read.earned), sentence)


def _received(read: Statement) -> Figure:
    label = _("Received")
    if not read.payments:
        return Figure(label, words.toman(0), _("The bank has confirmed no payment to you this season yet."))
    sentence = ngettext(
        "The bank confirmed %(n)s payment to your account this season.",
        "The bank confirmed %(n)s payments to your account this season.",
        read.payments,
    ) % {"n": words.number(read.payments)}
    return Figure(label, words.rounded(read.received), sentence)


def _owed(read: Statement) -> Figure:
    if read.owed < 0:
        return Figure(_("You owe"), words.rounded(-read.owed), _("It is taken off what you are paid next."))
    sentence = (
        _("The cluster owes you this now; it comes with the next payment run.")
        if read.owed
        else _("Nothing is owed to you now.")
    )
    return Figure(_("Owed to you"), words.rounded(read.owed), sentence)


def _kept(read: Statement) -> Figure:
    label = _("Delivered of what you pledged")
    if not read.pledged:
        return Figure(label, words.kg(0), _("You pledged nothing to a joint lot this season."))
    values = {"pledged": words.kg(read.pledged), "short": words.kg(max(read.pledged - read.delivered, 0))}
    if read.delivered >= read.pledged:
        sentence = _("You pledged %(pledged)s and brought all of it.") % values
    else:
        sentence = _("You pledged %(pledged)s; %(short)s have not come yet.") % values
    return Figure(label, words.kg(read.delivered), sentence)


def without(read: Statement) -> list[str]:
    """What doing the same alone would have brought or cost."""
    found = []
    sold, bought = ([each for each in read.of_side(side) if each.alone] for side in ("earning", "cost"))
    if sold:
        values = {
            "alone": words.rounded(sum(each.alone for each in sold)),
            "together": words.rounded(sum(each.net - each.undocumented for each in sold)),
        }
        found.append(
            _("Without the cluster the same honey would have brought you %(alone)s; together it left you %(together)s.")
            % values
        )
    if bought:
        values = {
            "alone": words.rounded(sum(each.alone for each in bought)),
            "together": words.rounded(sum(each.net - each.undocumented for each in bought)),
        }
        found.append(
            _("Without the cluster the same goods would have cost you %(alone)s; together they cost %(together)s.")
            % values
        )
    return found


def remarks(read: Statement) -> list[str]:
    """What stands beside the gain: fees, public money, hours that are missing, what is not documented."""
    found = []
    if read.fees:
        found.append(
            _("%(fees)s of fees charged to you this season are taken off the gain.") % {"fees": words.toman(read.fees)}
        )
    if read.subsidy:
        found.append(
            _("Public money of %(subsidy)s is shown apart: it is no gain of cooperation and not counted.")
            % {"subsidy": words.toman(read.subsidy)}
        )
    if read.untimed:
        found.append(
            ngettext(
                "Your own time is missing for %(n)s joint action, so none is taken off there.",
                "Your own time is missing for %(n)s joint actions, so none is taken off there.",
                read.untimed,
            )
            % {"n": words.number(read.untimed)}
        )
    if read.missing and read.claimed:
        found.append(
            _("If all had been documented, the gain would be %(claimed)s different. It is not counted.")
            % {"claimed": words.signed(read.claimed)}
        )
    return found


def picture_titles() -> dict[str, str]:
    """What the way from alone to together is called, for what is sold and for what is bought."""
    return {
        "earning": _("Selling together: where the gain came from"),
        "cost": _("Buying together: where the saving came from"),
    }


def how_to_document() -> str:
    """What to do so that the next gain counts."""
    return _(
        "Before the next lot is agreed, photograph your last invoice, or write down what three buyers would pay. "
        "It takes a minute when you offer your drums."
    )


def definition() -> str:
    """How the gain is counted, for the foot of the page."""
    return _(
        "Gain = what you got together - your documented price alone - fees - your own transport - your own time. "
        "Season: the Jalali year of the delivery. Received: payments the bank confirmed. Owed: your account today."
    )
