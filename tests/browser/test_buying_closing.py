"""Closing a round in a browser: sealed quotations opened, one member withdraws, the plan is made again, all is agreed."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.fitting import fits
from tests.browser.test_buying import send
from tests.browser.test_main_journey import sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]


def test_the_agent_closes_a_member_withdraws_and_the_plan_is_made_again(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    agent = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    agent.goto(f"{live_site.address}/buying/rounds/?state=open&sort=until")
    agent.locator(".k-table tbody a").first.click()
    agent.wait_for_url(re.compile(r"/buying/rounds/\d+/$"))
    this = agent.url

    member = sign_in(open_page("fa-IR", 390, 844), live_site, "member")
    member.goto(f"{this}need/")
    jars = member.locator("fieldset", has_text="شیشه یک‌کیلویی عسل").last
    jars.locator("[name$=-quantity]").fill("۲۰۰")
    jars.locator("[name$=-highest]").fill("۲۰٬۰۰۰")
    send(member)
    member.wait_for_url(this)

    agent.goto(f"{this}close/")
    expect(agent.locator(".k-answer")).to_contain_text("suppliers who have quoted: 2")
    axe_check(agent)
    send_whole(agent)
    agent.wait_for_url(this)
    expect(agent.locator(".k-answer")).to_contain_text("less")
    axe_check(agent)

    member.goto(this)
    expect(member.locator("#answer")).to_contain_text("شیشه")
    fits(member)
    axe_check(member)
    member.locator("#answer details.k-confirm summary").click()
    member.fill("#reason", "شیشه را از جای دیگر گرفتم")
    member.locator("#answer details.k-confirm button").click()
    member.wait_for_load_state()
    expect(member.locator(".k-answer")).to_contain_text("چیزی نمی‌خرد")

    agent.goto(this)
    expect(agent.locator("#change")).to_contain_text("What changed since plan 1")
    expect(agent.locator("#answers")).to_contain_text("شیشه را از جای دیگر گرفتم")
    axe_check(agent)
    agent.get_by_role("link", name="least order").click()
    expect(agent.locator("main")).to_contain_text("Below a least order")
    axe_check(agent)
    agent.goto(this)
    while agent.get_by_role("button", name="Said yes to me").count():
        agent.get_by_role("button", name="Said yes to me").first.click()
        agent.wait_for_load_state()
    agent.goto(f"{this}agree/")
    axe_check(agent)
    send_whole(agent)
    agent.wait_for_url(this)
    expect(agent.locator("[aria-current=step]")).to_contain_text("Agreed")


def send_whole(page: Page) -> None:
    """Press the one button of a page that asks whether it is meant."""
    page.locator("main form.k-form-foot button.btn-primary").click()
    page.wait_for_load_state()
