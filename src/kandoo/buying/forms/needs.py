"""What a member needs of a round: one sheet, where and item by item; and a file of many members' needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kandoo.buying.actions.needs import NeedTerms
from kandoo.buying.models import Need, RoundItem, RoundPlace
from kandoo.engine.buying.values import PRICE_MAX, QUANTITY_MAX
from kandoo.register.models import Person
from kandoo.selling import uploads
from kandoo.site import language as lang
from kandoo.site.forms import DayField, TomanField, WholeField
from kandoo.site.lists import page_language

KINDS = [("quotation", _("What a seller said")), ("invoice", _("My own last invoice"))]
PRICES = ("highest", "alone", "alone_from", "alone_on", "alone_kind", "alone_note", "alone_document")


class ItemForm(forms.Form):
    """One item of the round: how much, at most at which price, and the price alone with its evidence."""

    quantity = WholeField(label=_("Quantity"), required=False, min_value=1, max_value=QUANTITY_MAX)
    quantity_max = WholeField(label=_("Accepted up to"), required=False, min_value=1, max_value=QUANTITY_MAX)
    highest = TomanField(label=_("Highest price"), required=False, min_value=10)
    latest_on = DayField(label=_("Latest date"), required=False, help_text="")
    alone = TomanField(
        label=_("My best price alone"),
        required=False,
        min_value=10,
        help_text=_("What a unit costs you without the round. What you save is counted against it."),
    )
    alone_from = forms.CharField(label=_("Who would sell at that price"), max_length=160, required=False)
    alone_on = DayField(label=_("Date of that price"), required=False)
    alone_kind = forms.ChoiceField(
        label=_("What is it?"), choices=KINDS, initial="quotation", required=False, widget=forms.RadioSelect
    )
    alone_note = forms.CharField(
        label=_("How you were told"),
        max_length=300,
        required=False,
        help_text=_("Where there is no document: by phone, in a message."),
    )
    alone_document = forms.FileField(
        label=_("Its document"), required=False, help_text=_("A photo or PDF of the bill or the offer, up to 10 MB.")
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        row: RoundItem,
        today: date,
        day_shown: date,  # written like this: shown in the empty field
        need: Need | None = None,
        sees_price: bool = True,
        has_paper: bool = False,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, prefix=f"item-{row.pk}", initial=dict(initial or {}))
        self.row, self.need, self.today, self.sees_price, self.has_paper = row, need, today, sees_price, has_paper
        for name in ("quantity", "quantity_max"):
            self.fields[name].unit = row.item.get_unit_display()  # type: ignore[attr-defined]
        self.fields["latest_on"].widget.attrs["placeholder"] = lang.day_for_input(day_shown, page_language())
        self.fields["alone_document"].widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"
        if not sees_price:
            for name in PRICES:
                del self.fields[name]

    @property
    def is_wanted(self) -> bool:
        """Whether something is to be written down: a quantity that was not there so, or a change of it."""
        is_there = self.need is not None and not self.need.is_withdrawn and self.need.confirmed
        return bool(self.cleaned_data.get("quantity")) and (self.has_changed() or not is_there)

    @property
    def opens_alone(self) -> bool:
        """Whether the price alone stands open: something is in it, or wrong with it."""
        return any(name in self.errors or self[name].value() for name in ("alone", "alone_from", "alone_note"))

    def clean_alone_document(self) -> uploads.Upload | None:
        """Keep only what opens as a PDF or a picture, the picture without its hidden data."""
        file: UploadedFile | None = self.cleaned_data["alone_document"]
        return uploads.checked(file) if file is not None else None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("quantity"):
            self._check_terms(values)
        elif "quantity" not in self.errors:
            self._check_left_out()
        return values

    def _check_left_out(self) -> None:
        if self.need is not None and not self.need.is_withdrawn:
            self.add_error("quantity", _("Write a quantity; to need none of it, press “Take back” below."))
        elif self._typed():
            self.add_error("quantity", _("Write how much you need, or empty what you wrote below it."))

    def _typed(self) -> bool:
        """Whether anything but the quantity was typed, other than what stood there to begin with."""
        return bool(set(self.changed_data) - {"quantity", "alone_kind"})

    def _check_terms(self, values: Mapping[str, Any]) -> None:
        most, latest = values.get("quantity_max"), values.get("latest_on")
        if most and most < values["quantity"]:
            self.add_error("quantity_max", _("This is below the quantity; write the same or more, or leave it empty."))
        if latest and latest < self.today:
            self.add_error("latest_on", _("This day has passed."))
        if self.sees_price:
            self._check_prices(values)

    def _check_prices(self, values: Mapping[str, Any]) -> None:
        if not self.errors.keys() & {"highest", "alone"} and not (values.get("highest") or values.get("alone")):
            self.add_error("highest", _("Write the highest price you would pay, or your best price alone."))
        for name in ("highest", "alone"):
            if (values.get(name) or 0) > PRICE_MAX:
                self.add_error(name, _("A price is out of range."))
        if not values.get("alone"):
            return
        if not values.get("alone_from"):
            self.add_error("alone_from", _("Say who would sell to you at this price."))
        if "alone_on" not in self.errors and not values.get("alone_on"):
            self.add_error("alone_on", _("Say of which day this price is."))
        if values.get("alone_on") and values["alone_on"] > self.today:
            self.add_error("alone_on", _("This day lies in the future."))
        if values.get("alone_kind") == "invoice" and not (values.get("alone_document") or self.has_paper):
            self.add_error("alone_document", _("An invoice counts with its paper alone: add a photo or a PDF of it."))

    def terms(self) -> NeedTerms:
        """What was typed, as the action takes it."""
        values = self.cleaned_data
        return NeedTerms(
            quantity=values["quantity"],
            quantity_max=values["quantity_max"],
            latest_on=values["latest_on"],
            highest=values.get("highest"),
            alone=values.get("alone"),
            alone_from=values.get("alone_from", "") if values.get("alone") else "",
            alone_on=values.get("alone_on") if values.get("alone") else None,
            keeps_price=not self.sees_price,
        )


class WhereForm(forms.Form):
    """At which point the member takes its goods; for an agent also how the member confirmed."""

    place = forms.ChoiceField(label=_("Where you take it"), widget=forms.RadioSelect)
    confirmed = forms.ChoiceField(
        label=_("Has the member confirmed it?"),
        choices=[("", _("No, ask the member")), (Need.Confirmed.PHONE, _("By phone")), (Need.Confirmed.PAPER, _("On paper"))],
        required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, places: Sequence[RoundPlace], place: RoundPlace | None, asks_confirmed: bool
    ) -> None:
        super().__init__(data, initial={"place": str(place.pk) if place else ""})
        self._places = {str(each.pk): each for each in places}
        chosen = self.fields["place"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(pk, _place_in_words(each)) for pk, each in self._places.items()]
        chosen.error_messages["required"] = _("Choose where you take it.")
        if len(places) == 1:
            chosen.widget = forms.HiddenInput()
            chosen.initial = next(iter(self._places))
            self.initial["place"] = chosen.initial
        if not asks_confirmed:
            del self.fields["confirmed"]

    def chosen(self) -> RoundPlace:
        """The point chosen."""
        return self._places[self.cleaned_data["place"]]


def _place_in_words(place: RoundPlace) -> str:
    day = lang.format_day(place.on, page_language(), style="short")
    return _("%(point)s, handed out on %(day)s") % {"point": place.point, "day": day}


@dataclass(slots=True)
class Sheet:
    """All forms of the page; valid when each is and something is asked for."""

    where: WhereForm
    items: list[ItemForm]
    problems: list[str] = field(default_factory=list)

    @property
    def forms(self) -> list[forms.Form]:
        return [self.where, *self.items]

    @property
    def has_errors(self) -> bool:
        return bool(self.problems) or any(each.is_bound and each.errors for each in self.forms)

    def is_valid(self) -> bool:
        """Check every form, so that all faults are shown at once."""
        if self.has_errors:
            return False
        place = self.where.chosen()
        for each in self.wanted():
            latest = each.cleaned_data["latest_on"]
            if latest and latest < place.on:
                day = lang.format_day(place.on, page_language(), style="short")
                each.add_error(
                    "latest_on",
                    _("Goods are handed out here on %(day)s; write that day or a later one.") % {"day": day},
                )
        return not self.has_errors

    def wanted(self) -> list[ItemForm]:
        """The items to be written down."""
        return [each for each in self.items if each.is_wanted]


class NeedsFileForm(forms.Form):
    """A file of many members' needs; kept while what it would change is confirmed."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File of needs"),
        required=False,
        help_text=_("Excel (.xlsx) or CSV, up to 10 MB."),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )
    on_paper = forms.BooleanField(label=_("The members have signed these needs on paper"), required=False)
    agreed = forms.BooleanField(label=_("Yes, write these over what the members entered themselves"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, person: Person, asks_paper: bool) -> None:
        super().__init__(data, files)
        self.person = person
        if not asks_paper:
            del self.fields["on_paper"]

    def sent(self) -> uploads.Upload | None:
        """The file chosen now, or the one kept."""
        file: UploadedFile | None = self.cleaned_data.get("file")
        if file is not None:
            return uploads.Upload(str(file.name), file.read())
        return next(iter(uploads.kept(self.cleaned_data["kept"], self.person.pk)), None)

    def keep(self, sent: uploads.Upload) -> None:
        """Set the file aside, so that it need not be chosen again."""
        self.forget()
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["kept"] = self.cleaned_data["kept"] = uploads.keep([sent], self.person.pk)
        self.data = data

    def forget(self) -> None:
        """The file is stored; it need not be kept."""
        uploads.forget(self.cleaned_data.get("kept", ""), self.person.pk)
