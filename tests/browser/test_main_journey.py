"""The main job: from a buyer's order through one joint lot to a pay slip and the page behind the QR code.

The buyer and the agent sit at a desk in English, the member holds a phone in Persian.
"""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]


def sign_in(page: Page, site: Site, role: str) -> Page:
    """Sign in as the demo's login of a role."""
    name, password = site.logins()[role]
    page.goto(f"{site.address}/account/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    expect(page).to_have_url(f"{site.address}/")
    return page


def press(page: Page, words: str) -> None:
    """Press a button and wait for the page it leads to."""
    page.get_by_role("button", name=words, exact=False).first.click()
    page.wait_for_load_state()


def place_order(page: Page, site: Site) -> str:
    """The buyer orders at a price no plan refuses; returns the order's title."""
    title = f"Light honey for a trial shipment {secrets.token_hex(2)}"
    page.goto(f"{site.address}/selling/orders/new/")
    page.fill("[name=title]", title)
    page.fill("[name=price]", "7.80")
    page.select_option("[name=currency]", "EUR")
    page.fill("[name=mass_min_kg]", "100")
    page.fill("[name=mass_max_kg]", "9000")
    page.fill("[name=deliver_by]", (timezone.localdate() + timedelta(days=90)).isoformat())
    page.locator("main .k-form-foot button").first.click()
    expect(page.locator("h1")).to_contain_text(title)
    return title


def call_lot(page: Page, site: Site, order: str) -> str:
    """The agent calls a lot for the order and opens it; returns the lot's address."""
    page.goto(f"{site.address}/selling/lots/new/")
    page.fill("[name=title]", "Trial lot")
    page.get_by_label(order, exact=False).check()
    page.fill("[name=offers_until]", (timezone.localdate() + timedelta(days=20)).isoformat())
    page.locator("main .k-form-foot button").first.click()
    page.wait_for_url(re.compile(r"/selling/lots/\d+/$"))
    press(page, "Open for offers")
    expect(page.locator("[aria-current=step]")).to_contain_text("Open for offers")
    return page.url


def record_harvest(page: Page, site: Site) -> None:
    """The member writes down one drum on the phone, in Persian digits."""
    page.goto(f"{site.address}/selling/batches/new/")
    page.select_option("[name=kind]", "thyme")
    page.fill("[name=harvested_on]", "۱۴۰۵/۰۵/۲۰")
    page.fill("[name=drums]", "۱")
    page.fill("[name=drum_kg]", "۲۴۰")
    page.locator("main .k-form-foot button").first.click()
    page.wait_for_url(re.compile(r"/selling/batches/\d+/"))


def offer_batch(page: Page, lot: str) -> None:
    """The member offers on the phone, typing Persian digits."""
    page.goto(lot)
    page.locator("a[href*='/offer/']").first.click()
    page.wait_for_url(re.compile(r"/offer/"))
    drums = page.locator("[name=drums]")
    if not drums.input_value():
        drums.fill("۱")
    page.fill("[name=reserve_per_kg]", "۳۵۰٬۰۰۰")
    page.fill("[name=alone_per_kg]", "۳۴۰٬۰۰۰")
    page.fill("[name=alone_outlet]", "خریدار محلی")
    page.fill("[name=alone_on]", "۱۴۰۵/۰۸/۱۵")
    page.locator("main .k-form-foot button").first.click()
    page.wait_for_url(re.compile(r"/selling/lots/\d+/"))


def test_from_harvest_to_pay_slip_through_one_joint_lot(live_site: Site, open_page: Open, axe_check: Check) -> None:
    buyer = sign_in(open_page("en-GB", 1280, 900), live_site, "buyer")
    agent = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    member = sign_in(open_page("fa-IR", 390, 844), live_site, "member")
    expect(member.locator("html")).to_have_attribute("dir", "rtl")

    order = place_order(buyer, live_site)
    axe_check(buyer)
    record_harvest(member, live_site)
    axe_check(member)
    lot = call_lot(agent, live_site, order)
    offer_batch(member, lot)
    axe_check(member)

    agent.goto(lot)
    press(agent, "Make the plan")
    expect(agent.locator("[aria-current=step]")).to_contain_text("Planned")
    axe_check(agent)
    buyer.goto(lot)
    expect(buyer.locator("main")).not_to_contain_text("Sample Apiary")

    member.goto(lot)
    axe_check(member)
    member.locator("button[name=is_yes][value=yes]").click()
    member.wait_for_load_state()

    agent.goto(f"{lot}agree/")
    agent.locator("main .k-form-foot button").first.click()
    expect(agent.locator("[aria-current=step]")).to_contain_text("Agreed")

    agent.goto(f"{lot}costs/")
    agent.select_option("[name=kind]", "transport")
    agent.fill("[name=amount]", "1,000,000")
    agent.fill("[name=document]", "Waybill 12")
    agent.fill("[name=on]", timezone.localdate().isoformat())
    agent.locator("main .k-form-foot button").first.click()
    agent.wait_for_load_state()

    agent.goto(f"{lot}deliver/")
    agent.locator("main .k-form-foot button").first.click()
    expect(agent.locator("[aria-current=step]")).to_contain_text("Delivered")
    agent.goto(f"{lot}settle/")
    axe_check(agent)
    agent.locator("[name^=document_]").fill("Transfer 31")
    agent.locator("main .k-form-foot button").first.click()
    expect(agent.locator(".k-steps")).to_contain_text("Settled")
    axe_check(agent)

    member.goto(lot)
    member.locator("main a[href*='/pay-slips/']").first.click()
    member.wait_for_url(re.compile(r"/selling/pay-slips/\d+/"))
    expect(member.locator("h1")).to_be_visible()
    expect(member.locator("main")).to_contain_text("تومان")
    axe_check(member)
    slip = re.sub(r"[?#].*", "", member.url)
    for language in ("fa", "en"):
        paper = member.request.get(f"{slip}{language}.pdf")
        assert paper.status == 200
        assert paper.body().startswith(b"%PDF")
    assert buyer.request.get(slip).status in (403, 404)

    buyer.goto(f"{live_site.address}/selling/orders/")
    buyer.get_by_role("link", name=order).first.click()
    label = buyer.locator("a[href*='/label/']").first.get_attribute("href")
    assert label
    assert buyer.request.get(f"{live_site.address}{label}").body().startswith(b"%PDF")
    trace = buyer.locator("main a[href*='/t/']").first.get_attribute("href")
    assert trace

    stranger = open_page("fa-IR", 390, 844)
    stranger.goto(trace if trace.startswith("http") else f"{live_site.address}{trace}")
    expect(stranger.locator("html")).to_have_attribute("lang", "fa")
    expect(stranger.locator("main")).to_contain_text("لرستان")
    expect(stranger.locator("main")).not_to_contain_text("زنبورداری نمونه")
    expect(stranger.locator("main")).not_to_contain_text("تومان")
    axe_check(stranger)
    assert [cookie["name"] for cookie in stranger.context.cookies()] in ([], ["kandoo_csrf"])
