"""Many things of the catalogue at once, from a file."""

from collections.abc import Sequence

from django.db import transaction

from kandoo.buying.actions.rounds import save_item
from kandoo.buying.models import Item
from kandoo.register.models import Person


@transaction.atomic
def import_items(*, by: Person, items: Sequence[Item]) -> tuple[int, int]:
    """Store items that were read and checked whole: those without a key are new. (new, changed)."""
    new = sum(item.pk is None for item in items)
    for item in items:
        save_item(by=by, item=item)
    return new, len(items) - new
