"""Files people send: checked, pictures made anew without their hidden data, and kept while a form is mended."""

import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kandoo.selling.queries import page_language
from kandoo.site.language import format_number

MEGABYTE = 1024 * 1024
SIZE_MAX = 10 * MEGABYTE
PIXELS_MAX = 60_000_000
EDGE_MAX = 2600  # a certificate photographed by phone stays readable
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
KEPT_SECONDS = 24 * 3600
_SALT = "kandoo.kept-uploads"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be stored: its name ends in jpg, png or pdf, as its content does."""

    name: str
    content: bytes

    @property
    def is_picture(self) -> bool:
        return not self.name.endswith(".pdf")


def checked(file: UploadedFile, *, megabytes_max: int = SIZE_MAX // MEGABYTE) -> Upload:
    """Take an uploaded file if it is a picture or a PDF and not too large; ValidationError otherwise."""
    name = str(file.name or "file").replace("\\", "/").rpartition("/")[2]
    if (file.size or 0) > megabytes_max * MEGABYTE:
        most = {"name": name, "most": format_number(megabytes_max, page_language())}
        raise ValidationError(_("%(name)s is larger than %(most)s MB. Send a smaller one.") % most)
    content = file.read()
    if b"%PDF-" in content[:1024]:
        if b"%%EOF" not in content[-2048:]:
            raise ValidationError(_("%(name)s is cut off. Send the whole PDF.") % {"name": name})
        return Upload(f"{_stem(name)}.pdf", content)
    return _picture(name, content)


def _stem(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return "".join(each for each in stem if each.isprintable())[-150:] or "file"


def _picture(name: str, content: bytes) -> Upload:
    """The picture drawn anew: upright, of sensible size, without place, camera and owner."""
    refusal = ValidationError(
        _("%(name)s is neither a picture (JPEG, PNG, WebP) nor a PDF. Nothing was stored.") % {"name": name}
    )
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise ValidationError(_("%(name)s has too many pixels. Send a smaller one.") % {"name": name})
            is_png = image.format == "PNG"
            upright = ImageOps.exif_transpose(image).convert("RGBA" if is_png else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise refusal from None
    upright.thumbnail((EDGE_MAX, EDGE_MAX))
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    passing = io.BytesIO()
    bare.save(passing, "PNG" if is_png else "JPEG", quality=85, optimize=True)
    return Upload(f"{_stem(name)}.{'png' if is_png else 'jpg'}", passing.getvalue())


def keep(uploads: Iterable[Upload], person_id: int) -> str:
    """Set checked files aside while their form is mended; the token brings them back, to this person alone."""
    _forget_the_old()
    places = []
    for each in uploads:
        path = default_storage.save(f"pending/{secrets.token_hex(16)}", ContentFile(each.content))
        places.append([path, each.name])
    return signing.dumps([person_id, places], salt=_SALT, compress=True) if places else ""


def kept(token: str, person_id: int) -> list[Upload]:
    """The files set aside under a token; none when it is another's, too old or used."""
    found = []
    for path, name in _places(token, person_id):
        if default_storage.exists(path):
            with default_storage.open(path) as file:
                found.append(Upload(name, file.read()))
    return found


def _forget_the_old() -> None:
    """What was set aside for a form that nobody finished."""
    if not default_storage.exists("pending"):
        return
    for name in default_storage.listdir("pending")[1]:
        path = f"pending/{name}"
        try:
            is_old = default_storage.get_modified_time(path) < timezone.now() - timedelta(seconds=KEPT_SECONDS)
        except FileNotFoundError:  # another request was quicker
            continue
        if is_old:
            default_storage.delete(path)


def forget(token: str, person_id: int) -> None:
    """Throw away what was set aside."""
    for path, _name in _places(token, person_id):
        default_storage.delete(path)


def _places(token: str, person_id: int) -> list[list[str]]:
    try:
        owner, places = signing.loads(token, salt=_SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return places if owner == person_id else []
