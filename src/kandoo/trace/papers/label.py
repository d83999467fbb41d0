"""The label of an order's part of a lot: A6, with the QR code of its public page."""

import io
from datetime import date
from typing import Any

import segno
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.selling.models import Lot, Order
from kandoo.trace import access
from kandoo.trace.papers.sheet import Words, typeset


def label_pdf(lot: Lot, order: Order, language: str, base_url: str) -> bytes:
    """The label of a delivered order; 404 before its page is published."""
    page = access.page_of(lot.pk, order.pk)
    address = base_url.rstrip("/") + reverse("trace:page", args=[page.token])
    with translation.override(language):
        return typeset("label", language, label_data(page.content, address, language))


def label_data(content: dict[str, Any], address: str, language: str) -> dict[str, Any]:
    """What the label says, all of it from the public content of the page it leads to."""
    words = Words(language)
    origin = words.joined([f"{words.name(each)} {_percent(each['tenths'], words)}" for each in content["countries"]])
    return {
        "brand": _("Kandoo"),
        "cluster": words.name(content["cluster"]),
        "place": words.name(content["cluster"], "place"),
        "product": words.name(content["product"]),
        "kinds": words.joined([words.name(each) for each in content["kinds"]]),
        "lot": content["lot"],
        "facts": [
            [_("Net mass"), _("%(kg)s kg") % {"kg": words.number(content["kg"])}],
            [_("Drums"), words.number(content["drums"])],
            [_("Delivered"), words.short_day(date.fromisoformat(content["delivered_on"]))],
        ],
        "origin": _("Country of origin:") + " " + origin,
        "address": address,
        "qr": qr_svg(address),
        "words": {
            "lot": _("Lot"),
            "scan": _("Scan to see where it comes from and which tests were made:"),
        },
    }


def _percent(tenths: int, words: Words) -> str:
    """A share in percent; whole where it is whole, as the origin label of a single country is written."""
    number = words.number(tenths / 10 if tenths % 10 else tenths // 10)
    return f"{number}٪" if words.language == "fa" else f"{number}%"


def qr_svg(address: str) -> str:
    """The QR code of an address as SVG, with the quiet zone a scanner needs."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", xmldecl=False, border=4, scale=4)
    return buffer.getvalue().decode()
