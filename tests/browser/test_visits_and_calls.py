"""A supervisor reports the visit that is due and the agent answers the advice; an officer calls for offers, everybody
reads the call, an offer comes in and its price stays sealed. What cannot be is refused and nothing typed is lost.
"""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.nation_stage import links, sign_in
from tests.browser.test_reports import looks_well
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]
IN_A_WEEK = (timezone.localdate() + timedelta(days=7)).isoformat()
YESTERDAY = (timezone.localdate() - timedelta(days=1)).isoformat()


def report_visit(supervisor: Page, site: Site, axe_check: Check) -> str:
    """From what waits on the first page to the report; an advice without an owner is refused."""
    supervisor.goto(f"{site.address}/programme/")
    supervisor.get_by_role("link", name="دیدن بازدیدها").click()
    supervisor.locator("tbody tr").filter(has_text="دیرشده").first.get_by_role("link").first.click()
    supervisor.get_by_role("link", name="گزارش بازدید").click()
    supervisor.fill("[name=met]", "عامل و دو عضو")
    supervisor.fill("[name=found]", "دفتر شبکه‌ها به‌روز نیست")
    supervisor.select_option("[name=course]", index=1)
    supervisor.fill("[name=advice-0-text]", "دفتر شبکه‌ها تا هفتهٔ آینده به‌روز شود")
    supervisor.fill("[name=advice-0-due_on]", IN_A_WEEK)
    supervisor.locator("main .k-form-foot button").click()
    expect(supervisor.locator("main form")).to_contain_text("مسئول")
    expect(supervisor.locator("[name=found]")).to_have_value("دفتر شبکه‌ها به‌روز نیست")
    looks_well(supervisor, axe_check)
    supervisor.fill("[name=advice-0-owner]", "عامل خوشه")
    supervisor.locator("main .k-form-foot button").click()
    expect(supervisor.locator("main")).to_contain_text("بازدید گزارش شد")
    expect(supervisor.get_by_role("link", name="گزارش بازدید", exact=True)).to_have_count(0)
    looks_well(supervisor, axe_check)
    paper = supervisor.request.get(site.address + links(supervisor, "گزارش روی کاغذ")[0])
    assert paper.body().startswith(b"%PDF-")
    return supervisor.url


def test_a_supervisor_reports_the_late_visit_and_the_agent_answers_its_advice(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    supervisor = sign_in(open_page("fa-IR", 390, 844), live_site, "supervisor")
    address = report_visit(supervisor, live_site, axe_check)
    agent = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    agent.goto(f"{live_site.address}/visits/own/")
    looks_well(agent, axe_check)
    row = agent.get_by_role("region", name="Advice not yet followed").locator("tr", has_text="دفتر شبکه‌ها")
    row.get_by_role("link", name="Say what was done").click()
    agent.locator("main input[type=text]").last.fill("The book of networks is up to date")
    agent.locator("main .k-form-foot button").click()
    agent.goto(address)
    expect(agent.locator("main")).to_contain_text("The book of networks is up to date")
    looks_well(agent, axe_check)


def write_call(officer: Page, site: Site, axe_check: Check) -> None:
    """Weights that do not make a hundred are refused; then the call is published."""
    officer.goto(f"{site.address}/tender/")
    officer.get_by_role("link", name="Write a call").click()
    officer.select_option("[name=file]", label="Honey of Lorestan")
    officer.get_by_role("button", name="Go on").click()
    officer.select_option("[name=kind]", index=1)
    officer.fill("[name=title]", "Training in honey tasting")
    officer.fill("[name=scope]", "Two days for thirty beekeepers")
    officer.fill("[name=handing_in]", "At the provincial office, the price in a sealed envelope")
    officer.fill("[name=closes_on]", IN_A_WEEK)
    for number, (name, weight) in enumerate((("Experience", "60"), ("Plan of work", "30"))):
        officer.fill(f"[name=criteria-{number}-name]", name)
        officer.fill(f"[name=criteria-{number}-weight]", weight)
    officer.locator("main .k-form-foot button").click()
    expect(officer.locator("main form")).to_contain_text("100 percent")
    expect(officer.locator("[name=criteria-0-name]")).to_have_value("Experience")
    looks_well(officer, axe_check)
    officer.fill("[name=criteria-1-weight]", "40")
    officer.locator("main .k-form-foot button").click()
    expect(officer.locator("h1")).to_have_text("Training in honey tasting")
    officer.locator("summary", has_text="Publish the call").click()
    officer.get_by_role("button", name="Publish the call").click()
    expect(officer.locator(".k-answer")).to_contain_text("0 offers so far")
    looks_well(officer, axe_check)


def take_offer(officer: Page, axe_check: Check) -> None:
    """An offer is written down with its receipt; nowhere is a price to be typed before the marks."""
    officer.get_by_role("link", name="Take an offer in").click()
    officer.fill("[name=name]", "نمونه، آموزشگاه")
    officer.fill("[name=national_number]", "123")
    officer.fill("[name=document]", "Receipt 7")
    officer.locator("main .k-form-foot button").click()
    expect(officer.locator("main form")).to_contain_text("10 digits of a person")
    expect(officer.locator("[name=document]")).to_have_value("Receipt 7")
    officer.fill("[name=national_number]", "0012345679")
    officer.locator("main .k-form-foot button").click()
    expect(officer.locator(".k-answer")).to_contain_text("1 offer so far")
    expect(officer.get_by_role("columnheader", name="Price")).to_have_count(0)
    assert officer.request.get(f"{officer.url}prices/").url == officer.url  # back to the call
    looks_well(officer, axe_check)


def test_an_officer_calls_for_offers_and_everybody_reads_the_call(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    officer = sign_in(open_page("en-GB", 1280, 900), live_site, "lorestan")
    write_call(officer, live_site, axe_check)
    take_offer(officer, axe_check)
    citizen = open_page("fa-IR", 390, 844)
    citizen.goto(f"{live_site.address}/open/calls/")
    looks_well(citizen, axe_check)
    citizen.get_by_role("link", name="Training in honey tasting").click()
    expect(citizen.locator("main")).to_contain_text("Plan of work")
    expect(citizen.locator("main")).not_to_contain_text("آموزشگاه")
    looks_well(citizen, axe_check)
    data = citizen.request.get(f"{live_site.address}/open/calls.csv").text()
    assert "Training in honey tasting" in data and "آموزشگاه" not in data


def test_the_awarded_call_shows_the_order_and_how_sure_it_is(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    officer = sign_in(open_page("fa-IR", 390, 844), live_site, "lorestan")
    officer.goto(f"{live_site.address}/tender/")
    officer.get_by_role("link", name="عامل توسعهٔ خوشهٔ عسل لرستان").click()
    expect(officer.locator("figure").first).to_contain_text("با هر وزن قیمت از ۰ تا")
    third = officer.locator("tbody tr").filter(has_text="عامل نمونهٔ سه")
    expect(third).to_contain_text("کمتر از کمینه")
    expect(third).to_contain_text("بسته")  # its envelope stays closed
    looks_well(officer, axe_check)
