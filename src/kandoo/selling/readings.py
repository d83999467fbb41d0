"""What a laboratory writes for one parameter: a number, `<0.1`, "not detected" or a statement."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kandoo.engine.limits import Result
from kandoo.engine.product import LabTest, Parameter, Profile
from kandoo.selling import verdict_words
from kandoo.selling.queries import page_language
from kandoo.site.language import fold, format_number, parse_decimal

PLACES = Decimal("0.0001")
NUMBER_MAX = Decimal(10_000_000)
_NONE_FOUND = frozenset(
    map(fold, ("not detected", "not_detected", "nd", "n.d.", "none", "یافت نشد", "پیدا نشد", "ندارد"))
)
_FOUND = frozenset(map(fold, ("detected", "found", "یافت شد", "دارد")))
_BELOW = re.compile(r"\s*(?:<|‹|کمتر از|below|less than)\s*(.+)", re.IGNORECASE)


class BadReading(Exception):
    """The text cannot be a result of this parameter; says what could."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One result: a number in the parameter's unit, or a finding."""

    value: Decimal | None = None
    finding: str = ""

    def as_result(self) -> Result:
        return self.finding if self.value is None else float(self.value)


def read(profile: Profile, code: str, text: str) -> Reading:
    """Read what was typed for a parameter or test; BadReading says what is wrong with it."""
    if code in profile.parameters:
        return Reading(value=_measured(profile, profile.parameters[code], text))
    test = profile.tests[code]
    return _answer(profile, test, text) if test.answers else _tested(profile, test, text)


def find_code(profile: Profile, text: str) -> str | None:
    """The parameter or test meant by a code or by a name in either language."""
    wanted = fold(text)
    known: dict[str, Parameter | LabTest] = {**profile.parameters, **profile.tests}
    for code, record in known.items():
        if text.strip() == code or wanted in (fold(code), fold(record.name.fa), fold(record.name.en)):
            return code
    return None


def _measured(profile: Profile, parameter: Parameter, text: str) -> Decimal:
    value = _number(text)
    if value is None:
        raise BadReading(_("Write a number, such as 17.5 or ۱۷٫۵."))
    if not parameter.is_plausible(float(value)):
        language = page_language()
        raise BadReading(
            _("%(name)s must lie between %(low)s and %(high)s %(unit)s.")
            % {
                "name": parameter.name.in_language(language),
                "low": format_number(parameter.low, language),
                "high": format_number(parameter.high, language),
                "unit": verdict_words.unit_of(profile, parameter.code),
            }
        )
    return value


def _tested(profile: Profile, test: LabTest, text: str) -> Reading:
    word = fold(text)
    if word in _NONE_FOUND:
        return Reading(finding="not_detected")
    if word in _FOUND:
        return Reading(finding="detected")
    below = _BELOW.fullmatch(text)
    value = _number(below[1] if below else text)
    if value is None:
        raise BadReading(_("Write a number, “<0.1”, or “not detected”."))
    if (value < 0 and not test.is_signed) or (below and value <= 0):
        raise BadReading(_("This number cannot be below zero."))
    if test.unit == "%" and value > 100:
        raise BadReading(_("A share cannot be above 100 %."))
    return Reading(finding=f"<{value.normalize():f}") if below else Reading(value=value)


def _answer(profile: Profile, test: LabTest, text: str) -> Reading:
    wanted = fold(text)
    for answer in test.answers:
        name = profile.word("answer", answer)
        if wanted in (fold(answer), fold(name.fa), fold(name.en)):
            return Reading(finding=answer)
    words = _(", ").join(verdict_words.word(profile, "answer", each) for each in test.answers)
    raise BadReading(_("Write one of: %(answers)s.") % {"answers": words})


def _number(text: str) -> Decimal | None:
    """A number with at most four decimals, as they are stored; a smaller trace is not rounded away."""
    try:
        value = parse_decimal(text)
    except ValueError:
        return None
    if abs(value) >= NUMBER_MAX:
        return None
    stored = value.quantize(PLACES)
    return PLACES.copy_sign(value) if value and not stored else stored
