"""A document that is handed in: of a kind we take, not empty, not too large, known again by its checksum."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from kandoo.maturity.problems import NotPossible
from kandoo.site.lists import joined

LARGEST = 20 * 1024 * 1024  # bytes
SUFFIXES = ("pdf", "docx", "xlsx", "odt", "ods", "csv", "png", "jpg", "jpeg", "txt", "zip")


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was sent."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Its checksum."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def short_name(self) -> str:
        """Its name without folders."""
        return PurePath(self.name).name[-200:]

    def stored_name(self) -> str:
        """The name it is kept under. Raises NotPossible for a document we do not take."""
        suffix = PurePath(self.name).suffix.lower().lstrip(".")
        if suffix not in SUFFIXES:
            raise NotPossible(_("Send a document of one of these kinds: %(kinds)s.") % {"kinds": joined(SUFFIXES)})
        if not self.content:
            raise NotPossible(_("The document is empty."))
        if len(self.content) > LARGEST:
            raise NotPossible(_("The document is larger than 20 MB."))
        return f"{self.sha256[:24]}.{suffix}"
