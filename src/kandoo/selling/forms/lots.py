"""The joint lot: called for open orders, offered to, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from kandoo.benefit.queries import offer_evidence
from kandoo.selling import queries, uploads
from kandoo.selling.actions.lots import OfferTerms
from kandoo.selling.models import Batch, Offer, Order
from kandoo.site import language as lang
from kandoo.site.forms import DayField, TomanField, WholeField


class LotForm(forms.Form):
    """A call: its title, the open orders it is to fill, the last day for offers, the first payment."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("Members see it in their notices."))
    orders = forms.MultipleChoiceField(label=_("Orders to fill"), widget=forms.CheckboxSelectMultiple)
    offers_until = DayField(label=_("Last day for offers"))
    first_percent = WholeField(
        label=_("First payment"),
        min_value=0,
        max_value=100,
        initial=70,
        unit="%",
        help_text=_(
            "The part of the expected share that is owed to a member at delivery; the rest follows at settlement."
        ),
    )

    def __init__(self, data: Any = None, *, orders: Sequence[Order]) -> None:
        super().__init__(data)
        self._orders = {str(each.pk): each for each in orders}
        field = self.fields["orders"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(pk, order_in_words(each)) for pk, each in self._orders.items()]

    def chosen(self) -> list[Order]:
        """The ticked orders."""
        return [self._orders[pk] for pk in self.cleaned_data["orders"]]


def order_in_words(order: Order) -> str:
    """An order in one line: title, buyer, mass, price."""
    language = queries.page_language()
    return _("%(title)s · %(buyer)s · %(least)s to %(most)s kg · %(price)s per kg") % {
        "title": order.title,
        "buyer": order.enterprise,
        "least": lang.format_number(order.mass_min_kg, language),
        "most": lang.format_number(order.mass_max_kg, language),
        "price": lang.format_money(order.price_per_kg, order.currency, language),
    }


@dataclass(frozen=True, slots=True)
class Offered:
    """A batch that may be offered: its line in the list, and its drums that are free."""

    batch: Batch
    label: str
    free: int
    has_document: bool = False  # an earlier offer to this lot came with one


class OfferForm(forms.Form):
    """What a member asks for a batch, and what it would get for it alone."""

    batch = forms.ChoiceField(label=_("Batch"))
    drums = WholeField(label=_("Drums offered"), min_value=1, unit=_("drums"))
    reserve_per_kg = TomanField(
        label=_("Reserve price per kg"),
        min_value=10,
        help_text=_("The least you want. The plan never gives your drums for less."),
    )
    transport_per_kg = TomanField(
        label=_("Transport to the collection point, per kg"),
        required=False,
        help_text=_("Empty when you bring it at no cost."),
    )
    alone_per_kg = TomanField(
        label=_("Your best price alone, per kg"),
        min_value=10,
        help_text=_("What you would get for this honey without the lot. Your gain is counted against it."),
    )
    alone_outlet = forms.CharField(label=_("Who would pay that"), max_length=160)
    alone_on = DayField(label=_("Date of that price"))
    alone_kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[("quotation", _("What a buyer said")), ("invoice", _("My own last invoice"))],
        initial="quotation",
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Your last invoice with its paper is enough. Of what buyers said, three are needed."),
    )
    alone_document = forms.FileField(
        label=_("Its document"), required=False, help_text=_("A photo or PDF of the bill or the offer, up to 10 MB.")
    )
    alone_note = forms.CharField(
        label=_("How you were told"),
        max_length=300,
        required=False,
        help_text=_("Where there is no document: by phone, in a message."),
    )
    alone_days = WholeField(
        label=_("Days until you are paid, selling alone"), required=False, max_value=1_000, min_value=0, unit=_("days")
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        offered: Sequence[Offered],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}))
        self._offered = {str(each.batch.pk): each for each in offered}
        field = self.fields["batch"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, each.label) for pk, each in self._offered.items()]
        self.fields["alone_document"].widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"

    def clean_alone_document(self) -> UploadedFile | None:
        """Keep only what opens as a PDF or a picture, the picture without its hidden data."""
        file: UploadedFile | None = self.cleaned_data["alone_document"]
        if file is None:
            return None
        upload = uploads.checked(file)
        return SimpleUploadedFile(f"document.{upload.name.rpartition('.')[2]}", upload.content)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("alone_kind") == "invoice" and not (values.get("alone_document") or self._has_paper(values)):
            self.add_error("alone_document", _("An invoice counts with its paper alone: add a photo or a PDF of it."))
        chosen = self._offered.get(values.get("batch", ""))
        if chosen and values.get("drums") and values["drums"] > chosen.free:
            most = lang.format_number(chosen.free, queries.page_language())
            self.add_error("drums", _("Drums of this batch that are free: %(most)s.") % {"most": most})
        return values

    def _has_paper(self, values: Mapping[str, Any]) -> bool:
        """Whether an earlier offer of the batch has a document already."""
        chosen = self._offered.get(values.get("batch", ""))
        return bool(chosen and chosen.has_document)

    def chosen(self) -> Batch:
        """The batch offered."""
        return self._offered[self.cleaned_data["batch"]].batch

    def terms(self) -> OfferTerms:
        """The typed terms as the action takes them."""
        values = self.cleaned_data
        return OfferTerms(
            drums=values["drums"],
            reserve_per_kg=values["reserve_per_kg"],
            transport_per_kg=values["transport_per_kg"] or 0,
            alone_per_kg=values["alone_per_kg"],
            alone_outlet=values["alone_outlet"],
            alone_on=values["alone_on"],
            alone_document=values["alone_document"],
            alone_kind=values["alone_kind"] or "quotation",
            alone_note=values["alone_note"],
            alone_days=values["alone_days"],
        )


def offer_initial(offer: Offer) -> dict[str, Any]:
    """An earlier offer as a start for the form; its document is not asked again."""
    names = ("drums", "reserve_per_kg", "transport_per_kg", "alone_per_kg", "alone_outlet", "alone_on")
    said = offer_evidence(offer)
    return {"batch": str(offer.batch_id)} | {name: getattr(offer, name) for name in names} | said


class ReasonForm(forms.Form):
    """Why: read by those it concerns."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 3}))


class AnswerForm(forms.Form):
    """A member's answer to its part of the plan."""

    is_yes = forms.TypedChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda value: value == "yes")
    reason = forms.CharField(label=_("Why not"), max_length=300, required=False, widget=forms.Textarea({"rows": 3}))
