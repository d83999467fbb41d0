"""Why the books did not take something. The text is for the person who asked, in their language."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kandoo.selling.problems import NotPossible as NotPossible
from kandoo.site import language as lang


class ClosedPeriod(NotPossible):
    """The day lies in a period that is closed."""

    def __init__(self, through: date) -> None:
        language = "en" if (get_language() or "fa").startswith("en") else "fa"
        day = lang.format_day(through, language)
        super().__init__(_("The books are closed through %(day)s; give a later date.") % {"day": day})
        self.through = through
