"""Buying together in a browser: the agent at a desk in English, the member with a phone in Persian."""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.fitting import fits
from tests.browser.test_main_journey import sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]


def send(page: Page) -> None:
    """Send the form of the page and wait for where it leads."""
    page.locator("main form[method=post] .k-form-foot button.btn-primary").first.click()
    page.wait_for_load_state()


def stocked(agent: Page, site: Site) -> tuple[str, str]:
    """The agent writes down an item and a point; returns their names."""
    mark = secrets.token_hex(2)
    item, point = f"Sugar {mark}", f"Store {mark}"
    agent.goto(f"{site.address}/buying/catalogue/new/")
    agent.fill("[name=name_fa]", f"شکر {mark}")
    agent.fill("[name=name_en]", item)
    agent.fill("[name=code]", f"sugar-{mark}")
    agent.select_option("[name=unit]", "kg")
    agent.fill("[name=pack]", "50")
    send(agent)
    agent.goto(f"{site.address}/buying/points/new/")
    agent.fill("[name=name_fa]", f"انبار {mark}")
    agent.fill("[name=name_en]", point)
    agent.fill("[name=code]", f"store-{mark}")
    send(agent)
    return item, point


def round_of(agent: Page, site: Site, item: str, point: str) -> str:
    """The agent calls a round of one item and opens it; returns its address."""
    agent.goto(f"{site.address}/buying/rounds/new/")
    agent.fill("[name=title]", "Autumn round")
    agent.fill("[name=closes_on]", (timezone.localdate() + timedelta(days=10)).isoformat())
    for box in agent.locator("[type=checkbox]:checked").all():
        box.uncheck()
    agent.locator("[name^=item_]").and_(agent.get_by_label(item, exact=True)).check()
    agent.get_by_label(point, exact=True).check()
    agent.get_by_label(f"Handed out at {point} on").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    send(agent)
    agent.wait_for_url(re.compile(r"/buying/rounds/\d+/$"))
    agent.get_by_role("button", name="Open the round").click()
    agent.wait_for_load_state()
    expect(agent.locator("[aria-current=step]")).to_contain_text("Open")
    return re.sub(r"[?#].*", "", agent.url)


def test_a_member_joins_on_a_phone_in_persian(live_site: Site, open_page: Open, axe_check: Check) -> None:
    agent = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    item, point = stocked(agent, live_site)
    this = round_of(agent, live_site, item, point)
    axe_check(agent)

    member = sign_in(open_page("fa-IR", 390, 844), live_site, "member")
    member.goto(this)
    expect(member.locator("html")).to_have_attribute("dir", "rtl")
    axe_check(member)
    member.locator("main a[href$='/need/']").first.click()
    member.wait_for_url(re.compile(r"/need/$"))
    axe_check(member)
    fits(member)

    member.locator("[name$=-quantity_max]").fill("۱۰۰")
    send(member)
    expect(member.locator("[data-faults]")).to_contain_text("شکر")
    assert member.locator("[name$=-quantity_max]").input_value() == "۱۰۰"

    member.locator("[name$=-quantity]").fill("۱۲۰")
    member.locator("[name$=-quantity_max]").fill("۱۵۰")
    member.locator("[name$=-highest]").fill("۶۲٬۰۰۰")
    member.locator("fieldset summary").first.click()
    member.locator("[name$=-alone]").fill("۶۵٬۰۰۰")
    member.locator("[name$=-alone_from]").fill("بقالی ده")
    member.locator("[name$=-alone_on]").fill("۱۴۰۵/۰۶/۱۵")
    axe_check(member)
    send(member)
    member.wait_for_url(this)
    expect(member.locator("#mine")).to_contain_text("۱۲۰ تا ۱۵۰ کیلوگرم")
    expect(member.locator("#mine")).to_contain_text("۶۲٬۰۰۰ تومان")
    axe_check(member)

    agent.goto(f"{this}needs/")
    expect(agent.locator(".k-table")).to_contain_text("120")
    axe_check(agent)
    agent.goto(this)
    expect(agent.locator("main")).to_contain_text("Who has quoted")
    axe_check(agent)

    member.goto(f"{this}need/")
    member.locator("#needs summary").first.click()
    member.locator("#needs details button").first.click()
    member.wait_for_load_state()
    expect(member.locator("#needs")).to_have_count(0)
    expect(member.locator("#history")).to_contain_text("پس گرفته شد")
    axe_check(member)


def test_goods_arrive_short_and_are_divided_and_each_statement_adds_up(
    live_site: Site, open_page: Open, axe_check: Check
) -> None:
    agent = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    agent.goto(f"{live_site.address}/buying/rounds/?state=agreed")
    agent.locator(".k-table tbody a").first.click()
    agent.wait_for_url(re.compile(r"/buying/rounds/\d+/$"))
    this = agent.url
    axe_check(agent)

    keeper = sign_in(open_page("fa-IR", 390, 844), live_site, "member")
    keeper.goto(f"{this}arrivals/")
    axe_check(keeper)
    fits(keeper)
    first = keeper.locator("[name^=good_]").first
    came = int(first.input_value())
    assert came > 10
    first.fill(str(came - came // 3))
    keeper.locator("[name^=broken_]").first.fill(str(came // 10))
    send(keeper)
    expect(keeper.locator("main")).to_contain_text("کسری")

    agent.goto(f"{this}arrivals/")
    while agent.locator("[name^=good_]").count() and agent.locator("[name^=good_]").first.input_value():
        send(agent)
    agent.goto(f"{this}divide/")
    expect(agent.locator(".k-answer")).to_contain_text("short")
    axe_check(agent)
    send_whole(agent)
    expect(agent).to_have_url(re.compile(r"/hand-out/"))

    member = sign_in(open_page("fa-IR", 390, 844), live_site, "member")
    member.goto(this)
    axe_check(member)
    member.locator("#goods button").click()
    member.wait_for_load_state()
    expect(member.locator("#goods")).to_contain_text("تحویل شد")

    keeper.goto(f"{this}hand-out/")
    axe_check(keeper)
    fits(keeper)
    keeper.locator("main form button[value=signature]").last.click()
    keeper.wait_for_load_state()
    agent.goto(f"{this}hand-out/")
    points = agent.locator("nav[aria-label='Collection point'] a")
    for address in [each.get_attribute("href") or "" for each in points.all()] or [f"{this}hand-out/"]:
        agent.goto(f"{live_site.address}{address.removeprefix(live_site.address)}")
        if agent.locator("main form button[value=signature]").count():
            agent.locator("main form button[value=signature]").last.click()
            agent.wait_for_load_state()

    agent.goto(f"{this}invoices/")
    axe_check(agent)
    while agent.locator(".k-table a[href$='/invoice/']").count():
        agent.locator(".k-table a[href$='/invoice/']").first.click()
        agent.wait_for_url(re.compile(r"/invoice/$"))
        agent.fill("[name=number]", secrets.token_hex(3))
        axe_check(agent)
        send(agent)
        agent.goto(f"{this}invoices/")
    agent.goto(f"{this}settle/")
    expect(agent.locator(".k-answer")).to_contain_text("less than alone")
    axe_check(agent)
    send_whole(agent)
    agent.wait_for_url(this)

    member.goto(f"{live_site.address}/buying/bills/")
    member.locator(".k-table tbody a[href*='/bills/']").first.click()
    expect(member.locator("main")).to_contain_text("مانده برای پرداخت")
    axe_check(member)
    due = member.locator(".k-answer strong").inner_text()
    member.goto(f"{live_site.address}/ledger/statement/")
    expect(member.locator("main")).to_contain_text(due.split()[0])
    axe_check(member)


def send_whole(page: Page) -> None:
    """Take the step that the page explains, and wait for where it leads."""
    page.locator("main form[method=post] button.btn-primary").last.click()
    page.wait_for_load_state()
