"""A form field of several rows, each of the same few fields: phases of a contract, criteria of a call."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _

from kandoo.site.language import localise_digits
from kandoo.site.lists import page_language

Row = dict[str, Any]
SPARE = 2  # empty rows below those that are filled in


class RowsWidget(forms.Widget):
    """A table of inputs named `field-row-column`."""

    use_fieldset = True

    def __init__(self, columns: Mapping[str, forms.Field], rows: int) -> None:
        super().__init__()
        self.columns, self.rows = columns, rows

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        """What was typed, row by row, the empty ones at the end left out."""
        start = f"{name}-"
        places = [int(key.split("-")[1]) for key in data if key.startswith(start) and key.split("-")[1].isdecimal()]
        count = min(max(places, default=-1) + 1, 200)
        typed = [{key: data.get(f"{name}-{place}-{key}", "").strip() for key in self.columns} for place in range(count)]
        while typed and not any(typed[-1].values()):
            typed.pop()
        return typed

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: no row is an answer too."""
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Filled rows, then empty ones to write in."""
        filled = list(value or [])
        count = max(self.rows, len(filled) + SPARE)
        rows = [
            [self._cell(name, place, key, filled[place].get(key) if place < len(filled) else None) for key in self.columns]
            for place in range(count)
        ]  # fmt: skip
        context = {"labels": [field.label for field in self.columns.values()], "rows": rows}
        return render_to_string("components/rows.html", context)

    def _cell(self, name: str, place: int, key: str, value: Any) -> tuple[Any, Any]:
        field = self.columns[key]
        number = localise_digits(str(place + 1), page_language())
        label = _("%(column)s, row %(n)s") % {"column": field.label, "n": number}
        attrs = field.widget.attrs | field.widget_attrs(field.widget) | {"aria-label": label}
        attrs |= {"name": f"{name}-{place}-{key}", "id": f"id_{name}-{place}-{key}"}
        shown = field.prepare_value(value)
        if isinstance(field, forms.ChoiceField):
            return field.label, field.widget.render(attrs.pop("name"), shown, attrs)
        return field.label, format_html("<input{}>", flatatt(attrs | {"value": "" if shown is None else shown}))


class RowsField(forms.Field):
    """Rows of the same few fields; cleans to a list of dicts. A fault names its row and field."""

    def __init__(self, columns: Mapping[str, forms.Field], *, rows: int = 6, **options: Any) -> None:
        self.columns = columns
        super().__init__(widget=RowsWidget(columns, rows), **options)

    def clean(self, value: Any) -> list[Row]:
        rows: list[Row] = []
        faults: list[str] = []
        for place, typed in enumerate(value or [], start=1):
            if not any(typed.values()):
                continue
            row: Row = {}
            for key, field in self.columns.items():
                try:
                    row[key] = field.clean(typed[key])
                except ValidationError as problem:
                    faults += [self._fault(place, field, message) for message in problem.messages]
            rows.append(row)
        if faults:
            raise ValidationError(faults)
        if self.required and not rows:
            raise ValidationError(_("Fill in at least one row."), "required")
        return rows

    def _fault(self, place: int, field: forms.Field, message: str) -> str:
        words = _("Row %(n)s, %(column)s: %(fault)s") % {"n": place, "column": field.label, "fault": message}
        return localise_digits(words, page_language())
