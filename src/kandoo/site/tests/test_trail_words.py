"""Every step an action writes to the trail is told in words."""

import re
from pathlib import Path

from kandoo.site.models import AuditRecord
from kandoo.site.trail_words import WORDS, reason_of, subject_of, verb_of

PACKAGE = Path(__file__).resolve().parents[2]
WRITTEN = re.compile(r'(?:verb=|_audit\(\s*by,\s*[\w.]+,\s*|_record\(by,\s*\w+,\s*)"([a-z]+(?:-[a-z]+)+)"')


def verbs_written() -> set[str]:
    files = [each for each in PACKAGE.glob("*/**/*.py") if "tests" not in each.parts]
    return {verb for file in files for verb in WRITTEN.findall(file.read_text(encoding="utf-8"))}


def test_every_verb_has_words() -> None:
    written = verbs_written()
    assert len(written) > 30
    assert sorted(written - WORDS.keys()) == []


def test_a_line_of_the_trail_names_what_it_concerns_and_why() -> None:
    record = AuditRecord(verb="cancel-lot", subject="lot/7", detail={"reason": "خریدار نیامد"})
    assert verb_of(record) != "cancel-lot"
    assert subject_of(record)[1:] == ("7", "/selling/lots/7/")
    assert reason_of(record) == "خریدار نیامد"


def test_an_unknown_verb_is_shown_as_it_is() -> None:
    record = AuditRecord(verb="fly", subject="moon/1", detail={})
    assert (verb_of(record), subject_of(record)) == ("fly", ("moon", "1", ""))
