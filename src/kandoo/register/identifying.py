"""Numbers by which others know an enterprise: which scheme, and whether the digits can be right."""

import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kandoo.engine.product import IdentifierScheme
from kandoo.engine.sheba import is_sheba
from kandoo.profiles import Profile

# Schemes of one column, "national ID": a firm has the one of a legal or of a natural person.
NATIONAL = ("legal_person", "natural_person")


def language() -> str:
    """`fa` or `en`, the language in which this request is answered."""
    return "en" if (get_language() or "fa").startswith("en") else "fa"


def scheme_name(scheme: IdentifierScheme) -> str:
    """A scheme's name in the present language."""
    return scheme.name.in_language(language())


def number_fault(profile: Profile, scheme: str, value: str) -> str:
    """Why a value cannot be right, in words; empty when it can."""
    rule = profile.identifier_schemes.get(scheme)
    if rule is None:
        return _("Unknown kind of number: %(code)s") % {"code": scheme}
    if not re.fullmatch(rule.pattern, value):
        return _("%(scheme)s: “%(value)s” does not have its form.") % {"scheme": scheme_name(rule), "value": value}
    if not rule.check_digit_fits(value):
        return _("%(scheme)s: the check digit of “%(value)s” does not fit; a digit may be mistyped.") % {
            "scheme": scheme_name(rule),
            "value": value,
        }
    return ""


def national_scheme(profile: Profile, value: str) -> str:
    """Which national number a value is by its form; empty when it is none."""
    schemes = profile.identifier_schemes
    fits = (code for code in NATIONAL if code in schemes and re.fullmatch(schemes[code].pattern, value))
    return next(fits, "")


def sheba_fault(value: str) -> bool:
    """Whether a Sheba (IR and 24 digits) cannot be right."""
    return not is_sheba(value)
