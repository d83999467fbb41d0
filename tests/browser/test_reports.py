"""The agent files the quarterly report that computed itself, on a phone in Persian; the supervisor confirms it in English,
the officer receives it at the desk; it is taken away on paper and in Excel. What cannot be done is refused in plain words.
"""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from urllib.parse import urljoin

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from kandoo.site.language import format_number
from tests.browser.fitting import fits
from tests.browser.nation_stage import sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]


def looks_well(page: Page, axe_check: Check) -> None:
    """Nothing is wider than the screen, and axe finds nothing serious."""
    axe_check(page)
    fits(page)


def members_of(agent: Page, site: Site, period: str) -> Decimal:
    """How many members the indicators of a period say, which are counted from the register."""
    file = agent.url.rstrip("/").rpartition("/")[2]
    answer = agent.request.get(f"{site.address}/results/files/{file}/?period={period}&as=csv")
    heads, *rows = csv.reader(io.StringIO(answer.body().decode("utf-8-sig")))
    return next(Decimal(row[heads.index("رقم")]) for row in rows if row[heads.index("کد")] == "members")


def begin(agent: Page, site: Site, axe_check: Check) -> Decimal:
    """Open the own reports and begin the one that is owed; its members are those of the records."""
    agent.goto(f"{site.address}/reports/own/")
    expect(agent.locator(".k-answer")).to_contain_text("هنوز نرسیده است")
    looks_well(agent, axe_check)
    members = members_of(agent, site, agent.locator("[name=period]").input_value())
    assert members > 0
    agent.get_by_role("button", name="نوشتن گزارش").click()
    expect(agent.locator("h1")).to_contain_text("گزارش فصلی")
    row = agent.get_by_role("region", name="شاخص‌ها").locator("tr", has=agent.get_by_text("اعضا", exact=True))
    expect(row).to_contain_text(f"{format_number(members, 'fa', 0)} بنگاه")
    return members


def submit(agent: Page, axe_check: Check) -> None:
    """The consequence in figures, then the button; without a sentence it is not sent and nothing typed is lost."""
    agent.fill("[name=obstacles]", "نرخ حمل بالا رفت")
    agent.locator("summary", has_text="فرستادن این گزارش").click()
    expect(agent.locator("main")).to_contain_text("این کار برگشت ندارد")
    agent.get_by_role("button", name="فرستادن نهایی").click()
    expect(agent.locator("main form.k-form").first).to_contain_text("در یک جمله بنویسید چه انجام شد")
    expect(agent.locator("[name=obstacles]")).to_have_value("نرخ حمل بالا رفت")
    looks_well(agent, axe_check)
    agent.fill("[name=done]", "سه محمولهٔ مشترک تحویل شد")
    counted = agent.get_by_role("region", name="شاخص‌ها").inner_text()
    agent.get_by_role("button", name="فرستادن نهایی").click()
    expect(agent.locator("main")).to_contain_text("گزارش فرستاده شد")
    expect(agent.locator(".k-answer")).to_contain_text("هنگام فرستادن ثابت شد")
    expect(agent.locator("main textarea")).to_have_count(0)
    assert agent.get_by_role("region", name="شاخص‌ها").inner_text() == counted
    looks_well(agent, axe_check)


def take_away(reader: Page, members: Decimal) -> None:
    """On paper, and as a workbook that counts in numbers."""
    address = reader.get_by_role("link", name="PDF").get_attribute("href") or ""
    assert reader.request.get(urljoin(reader.url, address)).body().startswith(b"%PDF-")
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    book = load_workbook(io.BytesIO(Path(str(download.value.path())).read_bytes()))
    heads, *rows = book["Indicators"].iter_rows(values_only=True)
    row = next(dict(zip(heads, each, strict=True)) for each in rows if each[0] == "Members")
    assert (row["Figure"], row["Unit"]) == (members, "firms")


def test_the_agent_files_the_quarterly_report_that_computed_itself(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    agent = sign_in(open_page("fa-IR", 390, 844), live_site, "agent")
    members = begin(agent, live_site, axe_check)
    submit(agent, axe_check)
    address = agent.url

    supervisor = sign_in(open_page("en-GB", 390, 844), live_site, "supervisor")
    supervisor.goto(address)
    expect(supervisor.get_by_role("region", name="Indicators")).to_contain_text(f"{members:f} firms")
    looks_well(supervisor, axe_check)
    supervisor.get_by_role("button", name="Confirm the report").click()
    expect(supervisor.locator("main")).to_contain_text("The report is confirmed.")

    officer = sign_in(open_page("fa-IR", 1280, 900), live_site, "lorestan")
    officer.goto(f"{live_site.address}/reports/?state=confirmed")
    looks_well(officer, axe_check)
    officer.locator("main tbody th a").first.click()
    expect(officer.locator("main")).to_contain_text("سه محمولهٔ مشترک تحویل شد")
    looks_well(officer, axe_check)
    officer.get_by_role("button", name="دریافت گزارش").click()
    expect(officer.locator("main")).to_contain_text("گزارش دریافت شد")

    reader = sign_in(open_page("en-GB", 1280, 900), live_site, "inspector")
    reader.goto(address)
    expect(reader.locator("main")).to_contain_text("Received")
    looks_well(reader, axe_check)
    take_away(reader, members)


def test_a_report_on_a_period_that_is_not_over_is_refused_in_plain_words(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    page = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    page.goto(f"{live_site.address}/reports/own/")
    page.select_option("[name=period]", index=0)  # the quarter that runs
    page.get_by_role("button", name="Write the report").click()
    expect(page.locator("main")).to_contain_text("The period is not over")
    expect(page.get_by_role("button", name="Submit for good")).to_have_count(0)
    looks_well(page, axe_check)
    page.fill("[name=done]", "Early")
    page.evaluate("document.querySelector('[name=save]').setAttribute('name', 'submit')")  # as by another program
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("the report is submitted after its last day").first).to_be_visible()
    expect(page.locator("[name=done]")).to_have_value("Early")
    page.locator("summary", has_text="Take this draft away").click()
    expect(page.locator("main")).to_contain_text("Your words are lost")
    page.get_by_role("button", name="Take this draft away").click()
    expect(page.locator("main")).to_contain_text("The draft is gone.")


def test_a_supervisor_reports_on_the_own_work_and_an_officer_of_the_province_receives_it(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    supervisor = sign_in(open_page("fa-IR", 390, 844), live_site, "supervisor")
    supervisor.goto(f"{live_site.address}/reports/")
    looks_well(supervisor, axe_check)
    supervisor.select_option("[name=period]", index=6)  # the month that ended last
    supervisor.get_by_role("button", name="نوشتن گزارش").click()
    expect(supervisor.get_by_role("region", name="خوشه‌ها")).to_contain_text("عسل لرستان")
    looks_well(supervisor, axe_check)
    supervisor.locator("summary", has_text="فرستادن این گزارش").click()
    supervisor.get_by_role("button", name="فرستادن نهایی").click()  # the records say it all; a sentence is not needed
    expect(supervisor.locator(".k-answer")).to_contain_text("هنگام فرستادن ثابت شد")
    looks_well(supervisor, axe_check)

    officer = sign_in(open_page("en-GB", 1280, 900), live_site, "lorestan")
    officer.goto(supervisor.url)
    expect(officer.get_by_role("region", name="Advice")).to_be_visible()
    looks_well(officer, axe_check)
    officer.get_by_role("button", name="Receive the report").click()
    expect(officer.locator("main")).to_contain_text("The report is received")
    agent = sign_in(open_page("fa-IR", 1280, 900), live_site, "agent")
    assert agent.request.get(supervisor.url).status == 404


def test_what_is_not_there_is_said_so(live_site: Site, open_page: Open, axe_check: Check) -> None:
    page = sign_in(open_page("en-GB", 390, 844), live_site, "lorestan")
    page.goto(f"{live_site.address}/reports/?kind=year")
    expect(page.locator("main")).to_contain_text("No report matches")
    looks_well(page, axe_check)
    for missing in ("999999/?as=xlsx", "999999/report.pdf", "1/?as=doc"):
        assert page.request.get(f"{live_site.address}/reports/{missing}").status == 404, missing
