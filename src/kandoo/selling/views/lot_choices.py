"""Which batches can go into a lot, and for each that cannot, why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.engine.laws import BlendLaw
from kandoo.engine.limits import Result
from kandoo.engine.product import Profile
from kandoo.register.access import Seat
from kandoo.selling import access, queries, reading
from kandoo.selling.forms.lots import Offered
from kandoo.selling.models import Batch, Lot, Offer, Order
from kandoo.selling.planning import REFUSED, is_refused, order_limits
from kandoo.site import language as lang
from kandoo.site.lists import joined


@dataclass(frozen=True, slots=True)
class Choice:
    """A batch of the seat's: drums free, why it cannot be offered, or what each order thinks of it."""

    batch: Batch
    kind: str
    free: int
    offer: Offer | None
    blocked: str  # why it cannot be offered; empty when it can
    fits: tuple[str, ...]  # orders that could use it
    misses: tuple[tuple[str, str], ...]  # (order, why it could not)

    @property
    def can_offer(self) -> bool:
        """Whether the lot takes it."""
        return not self.blocked


def choices_for(seat: Seat, lot: Lot, orders: Sequence[Order]) -> list[Choice]:
    """Every batch of the seat's, those that can be offered first."""
    profile = profiles.load(lot.cluster.profile)
    batches = list(access.batches_seen_by(seat).order_by("-harvested_on", "-pk"))
    offers = {each.batch_id: each for each in access.offers_seen_by(seat, lot)}
    promised = queries.promised_drums_of([each.pk for each in batches], but_not=lot.pk)
    results = queries.latest_results(batches)
    choices = []
    for batch in batches:
        free = max(0, batch.drums - promised.get(batch.pk, 0))
        found = queries.values_of(results[batch.pk])
        verdicts = [(order, why_unfit(profile, order, batch, free, found)) for order in orders]
        choices.append(
            Choice(
                batch=batch,
                kind=reading.kinds_in_words(profile, [batch.kind]),
                free=free,
                offer=offers.get(batch.pk),
                blocked=why_blocked(batch, free),
                fits=tuple(order.title for order, reason in verdicts if not reason),
                misses=tuple((order.title, reason) for order, reason in verdicts if reason),
            )
        )
    return sorted(choices, key=lambda choice: (not choice.can_offer, not choice.fits))


def why_blocked(batch: Batch, free: int) -> str:
    """Why a batch cannot be offered to any lot; empty when it can."""
    if hasattr(batch, "bar"):
        return _("Barred for good by a laboratory finding.")
    if batch.withdrawn_at:
        return _("Withdrawn.")
    if batch.is_held:
        return _("Held until its harvest is explained and released.")
    if not free:
        return _("All its drums are promised to other lots.")
    return ""


def why_unfit(profile: Profile, order: Order, batch: Batch, free: int, found: Mapping[str, Result]) -> str:
    """Why an order could not use a batch, as a sentence; empty when it could."""
    if order.kinds and batch.kind not in order.kinds:
        return _("it takes another kind")
    if free < order.drums_min:
        return _("it wants at least %(drums)s drums of a batch") % {"drums": reading.number(order.drums_min)}
    if order.standard and is_refused(profile, order.standard, batch.kind, found):
        return _("its market refuses this batch's test results")
    untested = min((_untested(profile, box, found) for box in order_limits(profile, order)), key=len)
    if untested:
        names = joined(reading.name_of(profile, code) for code in untested)
        return _("not tested: %(names)s") % {"names": names}
    return ""


def _untested(
    profile: Profile, box: tuple[Mapping[str, float], Mapping[str, float]], found: Mapping[str, Result]
) -> list[str]:
    codes = dict.fromkeys(code for side in box for code in side if not code.startswith(REFUSED))
    return [code for code in codes if not _is_known(profile.blend_laws[code], found)]


def _is_known(law: BlendLaw, found: Mapping[str, Result]) -> bool:
    """Whether a batch was tested for all that its part in the blend is computed from."""
    has_parts = bool(law.parts) and all(found.get(part) is not None for part in law.parts)
    has_own = found.get(law.parameter) is not None
    if law.law == "ratio_of":
        return has_parts
    if law.law == "sum_of":
        return has_parts or has_own
    return has_own and (has_parts or not law.parts)


def offerable(choices: Iterable[Choice], *, with_member: bool) -> list[Offered]:
    """The batches a form may offer; the agent reads whose each is."""
    language = queries.page_language()
    offered = []
    for choice in choices:
        if choice.can_offer:
            drums = _("drums free: %(drums)s") % {"drums": lang.format_number(choice.free, language)}
            member = [str(choice.batch.enterprise)] if with_member else []
            words = [lang.localise_digits(choice.batch.code, language), *member, choice.kind, drums]
            has_document = choice.offer is not None and bool(choice.offer.alone_document)
            offered.append(Offered(choice.batch, " · ".join(words), choice.free, has_document))
    return offered
