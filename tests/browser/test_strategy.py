"""An officer, on a phone in Persian, goes on with a study and adds to its parts; the agent reads its own cluster's
plan on the same phone, from the vision over the chain to the money, and at the desk in English.
"""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.fitting import fits
from tests.browser.nation_stage import sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]


def add_point(page: Page, axe_check: Check) -> None:
    """A strength with its evidence; without it, what was typed stays."""
    page.get_by_role("link", name="قوت‌ها، ضعف‌ها، فرصت‌ها، تهدیدها").click()
    page.locator("main").get_by_role("link", name="افزودن نکته").first.click()
    fits(page)
    axe_check(page)
    page.fill("[name=code]", "W1")
    page.fill("[name=text_fa]", "معدن‌های بزرگ در نزدیکی")
    page.fill("[name=weight]", "۵")
    page.locator("main .k-form-foot button").first.click()
    expect(page.locator("[name=text_fa]")).to_have_value("معدن‌های بزرگ در نزدیکی")
    page.fill("[name=evidence]", "پیمایش نمونه")
    page.locator("main .k-form-foot button").first.click()
    expect(page.locator("main")).to_contain_text("معدن‌های بزرگ در نزدیکی")
    fits(page)
    axe_check(page)


def test_an_officer_goes_on_with_a_study_on_a_phone(live_site: Site, open_page: Open, axe_check: Check) -> None:
    page = sign_in(open_page("fa-IR", 390, 844), live_site, "lorestan")
    page.goto(f"{live_site.address}/strategy/?state=open")
    fits(page)
    axe_check(page)
    page.locator("main tbody th a").first.click()
    page.get_by_role("link", name="باز کردن مطالعه").click()
    expect(page.locator(".k-answer")).to_contain_text("کم است")
    fits(page)
    axe_check(page)
    add_point(page, axe_check)


def test_an_agent_walks_from_the_vision_to_the_money(live_site: Site, open_page: Open, axe_check: Check) -> None:
    page = sign_in(open_page("fa-IR", 390, 844), live_site, "agent")
    page.goto(f"{live_site.address}/strategy/own/")
    expect(page.locator(".k-answer")).to_contain_text("عسل لرستان")
    fits(page)
    axe_check(page)
    page.locator(".k-gantt a").nth(1).click()
    expect(page.locator("main")).to_contain_text("به کجا می‌رسد")
    expect(page.locator("main")).to_contain_text("پول پشت آن")
    fits(page)
    axe_check(page)
    page.goto(f"{live_site.address}/strategy/own/")
    page.get_by_role("link", name="باز کردن مطالعه").click()
    expect(page.locator("main")).to_contain_text("ارزش افزوده در خوشه می‌ماند")
    fits(page)
    axe_check(page)


def test_the_plan_reads_in_english_at_the_desk(live_site: Site, open_page: Open, axe_check: Check) -> None:
    page = sign_in(open_page("en-GB", 1280, 900), live_site, "lorestan")
    page.goto(f"{live_site.address}/strategy/?state=baseline")
    page.locator("main tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("of what was planned by now is paid")
    axe_check(page)
    page.get_by_role("link", name="gap").click()
    expect(page.locator("h1")).to_have_text("Results chain")
    axe_check(page)
