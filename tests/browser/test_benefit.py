"""A member reads what working together brought it, on a phone in Persian, down to the reason of a line."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.fitting import fits
from tests.browser.test_main_journey import sign_in
from tests.running import Site


def test_a_member_opens_its_benefit_down_to_a_lines_reason_and_takes_the_paper(
    live_site: Site, page_fa_phone: Page, axe_check: Callable[[Page], None]
) -> None:
    page = page_fa_phone
    sign_in(page, live_site, "member")
    page.goto(f"{live_site.address}/benefit/")
    expect(page.locator(".k-answer")).to_contain_text("بیش از")
    for word in ("دریافتی", "بستانکار شما", "تحویل‌شده از آنچه پذیرفتید"):
        expect(page.locator("main")).to_contain_text(word)
    fits(page)
    axe_check(page)
    for language in ("fa", "en"):
        with page.expect_download() as download:
            page.locator(f"a[href$='/{language}.pdf']").click()
        paper = PdfReader(Path(str(download.value.path())))
        assert len(paper.pages) == 1, language

    page.locator("main table tbody th a").first.click()
    page.wait_for_url("**/benefit/gains/*/")
    expect(page.locator("main")).to_contain_text("تلفنی")
    axe_check(page)
    page.get_by_role("link", name="برگه").first.click()
    page.wait_for_url("**/selling/pay-slips/*/")
    expect(page.locator("main")).to_contain_text("تومان")
    axe_check(page)
