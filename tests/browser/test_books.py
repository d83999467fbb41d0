"""The agent writes a voucher and closes a period at a desk; a member follows a line of its account by phone."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.fitting import fits
from tests.browser.test_main_journey import sign_in
from tests.running import Site

PDF = b"%PDF-1.4 receipt %%EOF"


def write_fee(page: Page, amount: str) -> None:
    page.select_option("[name=kind]", "fee_charged")
    page.select_option("[name=enterprise]", index=1)
    page.fill("[name=amount]", amount)
    page.fill("[name=document]", "Receipt 77")


def test_the_agent_books_a_voucher_with_its_document_and_reverses_it(
    live_site: Site, page_en_desk: Page, axe_check: Callable[[Page], None]
) -> None:
    page = page_en_desk
    sign_in(page, live_site, "agent")
    page.goto(f"{live_site.address}/ledger/vouchers/")
    axe_check(page)
    page.get_by_role("link", name="Write a voucher").click()
    write_fee(page, "half a million")
    page.set_input_files("[name=scan]", files={"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Book the voucher").click()
    expect(page.locator("[data-faults]")).to_contain_text("Amount")
    axe_check(page)
    page.fill("[name=amount]", "۵۰۰٬۰۰۰")
    page.get_by_role("button", name="Book the voucher").click()
    expect(page.locator(".k-answer")).to_contain_text("500,000 toman")
    expect(page.get_by_role("link", name="receipt.pdf")).to_be_visible()
    axe_check(page)

    page.goto(f"{live_site.address}/ledger/vouchers/new/")
    write_fee(page, "500,000")
    page.get_by_role("button", name="Book the voucher").click()
    page.get_by_text("This document was booked before").wait_for()
    page.locator(".k-note li a").click()
    page.get_by_text("Reverse this entry").click()
    page.fill("[name=reason]", "Charged to the wrong firm")
    page.get_by_role("button", name="Reverse the entry").click()
    expect(page.locator("h1")).to_have_text("Reversal")
    axe_check(page)


def test_the_agent_closes_a_period(live_site: Site, page_en_desk: Page, axe_check: Callable[[Page], None]) -> None:
    page = page_en_desk
    through = (timezone.localdate() - timedelta(days=50)).isoformat()
    sign_in(page, live_site, "agent")
    page.goto(f"{live_site.address}/ledger/periods/")
    page.fill("[name=through]", through)
    page.get_by_role("button", name="See what it would fix").click()
    page.get_by_text("Debits and credits are equal in every currency.").wait_for()
    axe_check(page)
    page.get_by_role("button", name="Close the period").click()
    page.get_by_text("The period is closed").wait_for()
    page.locator("tbody th a").first.click()
    expect(page.locator(".k-answer")).to_contain_text("Counted again today, the balance is the same.")
    axe_check(page)

    page.goto(f"{live_site.address}/ledger/vouchers/new/")
    write_fee(page, "10")
    page.fill("[name=on]", through)
    page.get_by_role("button", name="Book the voucher").click()
    expect(page.locator("[data-faults]")).to_contain_text("The books are closed through")


def test_a_member_opens_a_line_of_its_account_down_to_its_reason(
    live_site: Site, page_fa_phone: Page, axe_check: Callable[[Page], None]
) -> None:
    page = page_fa_phone
    sign_in(page, live_site, "member")
    page.goto(f"{live_site.address}/ledger/statement/")
    expect(page.locator("h1")).to_have_text("حساب من")
    fits(page)
    axe_check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    line = page.locator("tbody tr", has_text="برگهٔ پرداخت").first
    line.locator("th a").first.click()
    axe_check(page)
    page.locator(".k-facts a").first.click()
    page.wait_for_url("**/selling/pay-slips/**")
    expect(page.locator("main")).to_contain_text("تومان")
