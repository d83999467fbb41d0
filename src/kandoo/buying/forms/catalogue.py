"""Things of the catalogue and collection points, as the agent types them."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kandoo.buying.models import CollectionPoint, Item
from kandoo.register import places
from kandoo.register.models import Cluster, Person, Role
from kandoo.site.forms import WholeField
from kandoo.site.lists import page_language

KEEPERS = ("agent", "member", "supplier", "laboratory")  # who may look after a point, as the database says too


class _OfCluster(forms.ModelForm):
    """A row of the cluster whose code is used once in it."""

    def __init__(self, *args: Any, cluster: Cluster, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.cluster = self.cluster = cluster
        self.fields["code"].widget.attrs["dir"] = "ltr"

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        rows = type(self.instance).objects.filter(cluster=self.cluster, code=code).exclude(pk=self.instance.pk)
        if rows.exists():
            raise forms.ValidationError(_("This code is used already."), "double")
        return code


class ItemForm(_OfCluster):
    """A thing that may be bought together."""

    pack = WholeField(label=_("Units in a pack"), min_value=1, max_value=1_000_000)
    pallet = WholeField(
        label=_("Packs on a pallet"), required=False, min_value=1, max_value=100_000,
        help_text=_("Leave empty if it does not come on pallets."),
    )  # fmt: skip

    class Meta:
        model = Item
        fields = ("name_fa", "name_en", "code", "unit", "pack", "pallet", "note")
        help_texts = {"code": _("Latin letters, such as sugar. Files name the item by it.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [("", _("Choose")), *Item.Unit.choices]


class PointForm(_OfCluster):
    """A place where goods are handed out, and who looks after it."""

    class Meta:
        model = CollectionPoint
        fields = ("name_fa", "name_en", "code", "address", "county", "keeper", "is_active")
        help_texts = {
            "code": _("Latin letters, such as town. Files name the point by it."),
            "keeper": _(
                "Somebody at the point: enters needs for members there, sees their quantities, and confirms what was taken."
            ),
        }
        labels = {"is_active": _("Rounds may use it")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = page_language()
        areas = [
            (each.code, each.name_en if language == "en" else each.name_fa)
            for each in places.counties(self.cluster.province)
        ]
        self.fields["county"] = forms.ChoiceField(
            label=_("County"), required=False, choices=[("", _("Not said")), *areas]
        )
        today = timezone.localdate()
        held = Role.objects.filter(cluster=self.cluster, role__in=KEEPERS, from_on__lte=today)
        held = held.filter(Q(to_on=None) | Q(to_on__gt=today))
        keeper = self.fields["keeper"]
        assert isinstance(keeper, forms.ModelChoiceField)
        keeper.queryset = Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name_fa", "pk")
        keeper.empty_label = str(_("Nobody yet"))


class CatalogueFileForm(forms.Form):
    """The catalogue as a file."""

    file = forms.FileField(label=_("Excel or CSV file"))
