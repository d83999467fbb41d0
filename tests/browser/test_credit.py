"""Public money in the browser: allocated and committed by the controller, refused over the ceiling, a phase
confirmed by the supervisor, prepared by the officer and paid by the controller; the year as anybody may read it.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.fitting import fits
from tests.browser.nation_stage import sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]
TODAY = timezone.localdate().isoformat()
EARLIER = (timezone.localdate() - timedelta(days=1)).isoformat()


def send(page: Page) -> None:
    """Send the page's one form."""
    page.locator("main .k-form-foot button").first.click()
    page.wait_for_load_state()


def open_line(page: Page, site: Site) -> None:
    """The honey's line of this year, found from the menu's page of the year."""
    page.goto(f"{site.address}/credit/?")
    page.fill("[name=q]", "1-15-02")
    page.get_by_role("button", name="Show").click()
    page.locator("main tbody th a").first.click()
    expect(page.locator(".k-answer")).to_contain_text("to allocate")


def move(page: Page, amount: str) -> None:
    """Fill in an amount, a day and a letter, and send."""
    page.fill("[name=amount]", amount)
    page.fill("[name=on]", TODAY)
    page.fill("[name=document]", "Letter 700/12")
    send(page)


def commit(page: Page, agency: str) -> None:
    """A commitment for the stand at the fair, of which the members bear half."""
    page.get_by_role("link", name="Make a budget commitment").click()
    page.select_option("[name=activity]", label="A joint stand at the fair")
    page.select_option("[name=payee]", index=1)
    page.fill("[name=title]", "Stand at the spring fair")
    page.fill("[name=agency]", agency)
    page.fill("[name=member]", agency)
    page.fill("[name=on]", TODAY)
    page.fill("[name=document]", "Letter 700/13")
    send(page)


def allocate_and_commit(page: Page, site: Site, axe_check: Check) -> None:
    """The controller is refused over both ceilings, then does what can be done."""
    open_line(page, site)
    axe_check(page)
    page.get_by_role("link", name="Allocate", exact=True).click()
    move(page, "900,000,000,000")
    expect(page.locator("main")).to_contain_text("This is above what is approved")
    expect(page.locator("[name=amount]")).to_have_value("900,000,000,000")
    move(page, "100,000,000")
    expect(page.locator("main")).to_contain_text("It is done.")
    commit(page, "600,000,000")
    expect(page.locator("main")).to_contain_text("above the ceiling of one commitment")
    axe_check(page)
    page.fill("[name=agency]", "60,000,000")
    page.fill("[name=member]", "60,000,000")
    send(page)
    expect(page.locator("h1")).to_have_text("Stand at the spring fair")
    axe_check(page)


def confirm_phase(page: Page, site: Site, axe_check: Check) -> str:
    """The supervisor, on a phone, confirms what was delivered; returns the contract's address."""
    page.goto(f"{site.address}/credit/contracts/")
    page.locator("main tbody th a", has_text="قرارداد عامل").first.click()
    fits(page)
    axe_check(page)
    page.locator("summary", has_text="تأیید این فاز").click()
    page.get_by_role("button", name="تأیید این فاز").click()
    expect(page.locator("main")).to_contain_text("فاز تأیید شد")
    return page.url


def prepare_phase(page: Page, contract: str) -> str:
    """The officer asks for its payment; returns the order's address."""
    page.goto(contract)
    page.get_by_role("link", name="Prepare its payment").click()
    page.fill("[name=number]", "Statement 4")
    page.fill("[name=invoiced_on]", EARLIER)
    send(page)
    expect(page.locator("main")).to_contain_text("A controller pays it who neither prepared nor confirmed it.")
    expect(page.locator("[name=document]")).to_have_count(0)
    return page.url


def pay(page: Page, order: str, axe_check: Check) -> None:
    """The controller pays, and follows the money to its activity and indicator."""
    page.goto(order)
    axe_check(page)
    page.fill("[name=on]", TODAY)
    page.fill("[name=document]", "Transfer 88")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.locator("main")).to_contain_text("Paid by")
    page.locator("main dd a", has_text=re.compile("^M-")).click()
    expect(page.locator("main")).to_contain_text("Indicator")
    expect(page.locator("main")).to_contain_text("Its entry in the ledger")
    axe_check(page)


def test_money_goes_from_allocation_to_a_paid_phase(live_site: Site, open_page: Open, axe_check: Check) -> None:
    controller = sign_in(open_page("en-GB", 1280, 900), live_site, "treasurer")
    supervisor = sign_in(open_page("fa-IR", 390, 844), live_site, "supervisor")
    officer = sign_in(open_page("en-GB", 1280, 900), live_site, "lorestan")

    allocate_and_commit(controller, live_site, axe_check)
    contract = confirm_phase(supervisor, live_site, axe_check)
    order = prepare_phase(officer, contract)
    pay(controller, order, axe_check)

    supervisor.goto(f"{live_site.address}/credit/?")
    expect(supervisor.locator("h1")).to_contain_text("ردیف‌های اعتباری سال")
    fits(supervisor)
    axe_check(supervisor)
    stranger = open_page("en-GB", 1280, 900)
    rows = stranger.request.get(f"{live_site.address}/open/budget.json").json()["rows"]
    assert any(row["product"] == "عسل" and row["paid"] > 0 for row in rows)
