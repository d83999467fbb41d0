"""The programme's clusters as activities of the IATI Activity Standard 2.03, from public figures alone.

An activity is a cluster for which public money was ever approved. Identifiers: the programme's code under the prefix of an
organisation that is in no register yet (XM-DAC-0-KANDOO), which the document's comment says; amounts are rial of fiscal
years; commitments and disbursements are sums of a year, dated its last movement.
"""

from collections import defaultdict
from datetime import date, datetime
from xml.etree import ElementTree as ET

from kandoo.credit.fiscal import first_day, last_day
from kandoo.credit.queries.totals import PublicRow, public_rows
from kandoo.programme.queries.public import PublicCluster, clusters
from kandoo.register import places
from kandoo.results.queries.public import PublicResult, public_results
from kandoo.site.language import printable

VERSION = "2.03"
PREFIX = "XM-DAC-0-KANDOO"
SECTOR = "32130"  # small and medium-sized enterprises development, of the DAC purpose codes
STATUSES = {"active": "2", "waiting": "1", "rejected": "5", "exited": "3"}  # code list ActivityStatus
MEASURES = {"percent": "2"}  # code list IndicatorMeasure; else 1, a unit
NOTE = (
    " Organisation identifiers are local to this site, not of a register. Amounts are in rial (IRR); years are Jalali, "
    "written by their Gregorian days. Clusters marked as examples are left out unless all are examples. "
)


def document(now: datetime) -> bytes:
    """The whole file, UTF-8."""
    money: dict[int, list[PublicRow]] = defaultdict(list)
    for row in public_rows():
        if row.file is not None:
            money[row.file].append(row)
    results: dict[int, list[PublicResult]] = defaultdict(list)
    for result in public_results():
        results[result.file].append(result)
    funded = [each for each in clusters() if each.id in money]
    real = [each for each in funded if not each.is_example] or funded
    root = ET.Element("iati-activities", {"version": VERSION, "generated-datetime": now.isoformat(timespec="seconds")})
    root.append(ET.Comment(NOTE))
    for each in real:
        root.append(_activity(each, sorted(money[each.id], key=lambda row: row.year), results[each.id], now))
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return printable(body.decode()).encode()


def _activity(each: PublicCluster, money: list[PublicRow], results: list[PublicResult], now: datetime) -> ET.Element:
    """One cluster; elements in the order the standard asks for."""
    attributes = {
        "default-currency": "IRR",
        "last-updated-datetime": now.isoformat(timespec="seconds"),
        "xml:lang": "fa",
    }
    activity = ET.Element("iati-activity", attributes)
    ET.SubElement(activity, "iati-identifier").text = f"{PREFIX}-{each.code}"
    reporting = ET.SubElement(activity, "reporting-org", {"ref": PREFIX, "type": "10"})
    _narrative(reporting, "برنامهٔ توسعهٔ خوشه‌ها", "Cluster development programme")
    _narrative(ET.SubElement(activity, "title"), each.name_fa, each.name_en)
    _narrative(ET.SubElement(activity, "description", {"type": "1"}), each.definition, "")
    for role in ("1", "4"):  # funding, implementing
        part = ET.SubElement(activity, "participating-org", {"ref": PREFIX, "role": role, "type": "10"})
        _narrative(part, "برنامهٔ توسعهٔ خوشه‌ها", "Cluster development programme")
    ET.SubElement(activity, "activity-status", {"code": STATUSES[each.status]})
    started = first_day(money[0].year)
    ET.SubElement(activity, "activity-date", {"iso-date": started.isoformat(), "type": "2"})
    ET.SubElement(activity, "recipient-country", {"code": "IR"})
    place = ET.SubElement(activity, "location")
    _narrative(ET.SubElement(place, "name"), places.name_of(each.province, "fa"), places.name_of(each.province, "en"))
    ET.SubElement(activity, "sector", {"vocabulary": "1", "code": SECTOR})
    for row in money:
        if row.approved > row.carried:
            activity.append(_budget(row))
    for row in money:
        for code, amount in (("2", row.committed - row.carried), ("3", row.paid)):
            if amount > 0:
                activity.append(_transaction(code, amount, row))
    for result in results:
        activity.append(_result(result))
    return activity


def _narrative(parent: ET.Element, persian: str, english: str) -> None:
    ET.SubElement(parent, "narrative").text = persian
    if english:
        ET.SubElement(parent, "narrative", {"xml:lang": "en"}).text = english


def _budget(row: PublicRow) -> ET.Element:
    first, last = first_day(row.year), last_day(row.year)
    budget = ET.Element("budget", {"type": "1", "status": "2"})
    ET.SubElement(budget, "period-start", {"iso-date": first.isoformat()})
    ET.SubElement(budget, "period-end", {"iso-date": last.isoformat()})
    ET.SubElement(budget, "value", {"currency": "IRR", "value-date": first.isoformat()}).text = str(
        row.approved - row.carried
    )
    return budget


def _transaction(code: str, amount: int, row: PublicRow) -> ET.Element:
    day: date = min(row.dated or last_day(row.year), last_day(row.year))
    transaction = ET.Element("transaction")
    ET.SubElement(transaction, "transaction-type", {"code": code})
    ET.SubElement(transaction, "transaction-date", {"iso-date": day.isoformat()})
    ET.SubElement(transaction, "value", {"currency": "IRR", "value-date": day.isoformat()}).text = str(amount)
    return transaction


def _result(found: PublicResult) -> ET.Element:
    types = {"output": "1", "outcome": "2", "impact": "3"}  # code list ResultType; else 9, other
    result = ET.Element("result", {"type": types.get(found.level, "9")})
    _narrative(ET.SubElement(result, "title"), found.indicator_fa, found.indicator_en)
    indicator = ET.SubElement(result, "indicator", {"measure": MEASURES.get(found.kind, "1")})
    _narrative(ET.SubElement(indicator, "title"), found.indicator_fa, found.indicator_en)
    _narrative(ET.SubElement(indicator, "description"), found.definition, "")
    period = ET.SubElement(indicator, "period")
    ET.SubElement(period, "period-start", {"iso-date": found.first.isoformat()})
    ET.SubElement(period, "period-end", {"iso-date": found.last.isoformat()})
    if found.target is not None:
        ET.SubElement(period, "target", {"value": f"{found.target.normalize():f}"})
    ET.SubElement(period, "actual", {"value": f"{found.value.normalize():f}"})
    return result
