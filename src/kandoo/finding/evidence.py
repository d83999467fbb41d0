"""What is handed to the programme with a cluster that was found: its name, its place, the sentence, the papers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kandoo.finding import words
from kandoo.finding.models import Study
from kandoo.finding.problems import NotPossible
from kandoo.finding.report import package
from kandoo.finding.results import Tables


@dataclass(frozen=True, slots=True)
class Evidence:
    """province: ISO 3166-2; blank when it is not known. county: key of the boundary file. package: a zip."""

    name: str
    province: str
    county: str
    definition: str
    source: str
    package: bytes


def evidence_for(study: Study, industry: str, region: str) -> Evidence:
    """The evidence for an industry in a region (blank: as a whole).

    Raises NotPossible when the study found no such industry or region.
    """
    tables = Tables(study)
    line = next((each for each in tables.industries if each.name == industry), None)
    row = next((each for each in tables.quotients(industry) if each["region"] == region), None)
    if line is None or (region and row is None):
        raise NotPossible(_("This study has no such industry or region."))
    places = tables.summary.get("regions" if region else "places", {})
    province, county = places.get(region or industry, ["", ""])
    sentences = [words.verdict_sentence(tables, line)]
    if row is not None:
        sentences.insert(0, words.quotient_sentence(row))
    source = _("Study “%(title)s” of %(file)s, checksum %(sum)s") % {
        "title": study.title,
        "file": study.file_name,
        "sum": study.sha256[:12],
    }
    name = _("%(industry)s of %(region)s") % {"industry": industry, "region": region} if region else industry
    return Evidence(name, province, county, " ".join(sentences), source, package(study))
