"""The agent goes on with the self-assessment on a phone in Persian: answers, attaches what shows it, submits;
the officer of the province reads the gauge and the assessment, and the supervisor's remark reaches the agent.
"""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from kandoo.maturity.catalogue import catalogue
from tests.browser.fitting import fits
from tests.browser.nation_stage import sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]
QUESTIONS = len(catalogue().questions)


def answer_rest(page: Page, axe_check: Check) -> None:
    """From the first question without an answer to the last; the first gets a document too."""
    page.get_by_role("link", name="پاسخ به پرسش بعدی").click()
    fits(page)
    axe_check(page)
    page.set_input_files(
        "[name=document]", files={"name": "minutes.txt", "mimeType": "text/plain", "buffer": "صورت‌جلسه".encode()}
    )
    page.get_by_role("button", name="پیوست کردن").click()
    expect(page.locator("main")).to_contain_text("minutes.txt")
    for _place in range(QUESTIONS):
        if page.locator("[name=level]").count() == 0:
            break
        page.locator("[name=level]").nth(1).check()
        page.get_by_role("button", name="ذخیره و رفتن به پرسش بعدی").click()
        page.wait_for_load_state()


def submit(page: Page, axe_check: Check) -> None:
    """The consequence first, then the button."""
    page.locator("summary", has_text="ارسال این خودارزیابی").click()
    page.get_by_role("button", name="ارسال", exact=True).click()
    expect(page.locator("main")).to_contain_text("دیگر تغییر نمی‌کند")
    expect(page.locator("main")).to_contain_text("هیچ نشان یا گواهینامه‌ای با آن ادعا نمی‌شود")
    expect(page.locator("h1")).to_contain_text("خودارزیابی ۲")
    fits(page)
    axe_check(page)


def test_the_agent_answers_shows_and_submits(live_site: Site, open_page: Open, axe_check: Check) -> None:
    agent = sign_in(open_page("fa-IR", 390, 844), live_site, "agent")
    agent.goto(f"{live_site.address}/maturity/own/")
    expect(agent.locator("h1")).to_have_text("مرحلهٔ بلوغ")
    fits(agent)
    axe_check(agent)
    agent.get_by_role("link", name="ادامهٔ خودارزیابی").click()
    address = agent.url
    answer_rest(agent, axe_check)
    agent.goto(address)
    submit(agent, axe_check)
    officer = sign_in(open_page("en-GB", 1280, 900), live_site, "lorestan")
    officer.goto(f"{live_site.address}/maturity/")
    axe_check(officer)
    officer.locator("main tbody th a", has_text="Honey").first.click()
    expect(officer.locator("main")).to_contain_text("What would change the answer")
    axe_check(officer)
    officer.goto(address)
    expect(officer.locator("main")).to_contain_text("Shown the time before")
    axe_check(officer)
