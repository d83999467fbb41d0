"""A further edition of the procedure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kandoo.programme.forms.files import TableForm
from kandoo.site.forms import DayField


class EditionForm(TableForm):
    """From when, why, by whose word, and the changed table."""

    in_force_from = DayField(label=_("In force from"), help_text=_("Files begun before keep the edition they are on."))
    reason = forms.CharField(label=_("Reason for the change"), max_length=300)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The letter or decision, with its day."))
