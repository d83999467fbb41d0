"""Members vote a rule after seeing the simulation: the agent at a desk in English, the member on a phone in Persian."""

import re
from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.fitting import fits
from tests.browser.test_main_journey import call_lot, place_order, press, sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]


def call_off_the_open_vote(page: Page, site: Site) -> None:
    """The demo's own vote, so that another on selling can be opened."""
    page.goto(f"{site.address}/sharing/proposals/?kind=selling&state=open")
    for link in page.locator("main th a").all():
        link.click()
        page.locator("summary", has_text="Withdraw the proposal").click()
        press(page, "Withdraw the proposal")


def propose(page: Page, site: Site) -> str:
    """The agent tries a rule, sees what it would have brought, and proposes it; returns the proposal's address."""
    page.goto(f"{site.address}/sharing/try/")
    page.select_option("[name=rule]", "equal_gain")
    press(page, "Show what it would have brought")
    expect(page.locator("main")).to_contain_text("Member by member")
    page.get_by_role("link", name="Propose this rule").click()
    expect(page.locator("[name=rule]")).to_have_value("equal_gain")
    page.fill("[name=title]", "The same gain for everybody")
    page.fill("[name=reason]", "Small members gain as much as large ones.")
    page.fill("[name=vote_closes_on]", timezone.localdate().isoformat())
    page.fill("[name=in_force_from]", timezone.localdate().isoformat())
    page.fill("[name=quorum_percent]", "0")
    page.locator("main .k-form-foot button").first.click()
    page.wait_for_url(re.compile(r"/sharing/proposals/\d+/$"))
    return page.url


def vote_yes(page: Page, site: Site) -> None:
    """The member finds the vote on its home page, reads its own line, and says yes."""
    page.goto(f"{site.address}/")
    page.get_by_role("link", name="دیدن و رأی دادن").click()
    expect(page.locator("h1")).to_contain_text("The same gain for everybody")
    expect(page.locator(".k-answer")).to_contain_text("با این قاعده در فصل گذشته")
    expect(page.locator("main")).to_contain_text("تومان")
    expect(page.locator("main")).not_to_contain_text("عضو به عضو")
    page.locator("summary", has_text="بله، اجرا شود").click()
    press(page, "رأی موافق می‌دهم")
    expect(page.locator("main .k-badge", has_text="بله")).to_be_visible()


def test_members_vote_a_rule_after_seeing_the_simulation(live_site: Site, open_page: Open, axe_check: Check) -> None:
    agent = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    buyer = sign_in(open_page("en-GB", 1280, 900), live_site, "buyer")
    member = sign_in(open_page("fa-IR", 390, 844), live_site, "member")

    call_off_the_open_vote(agent, live_site)
    proposal = propose(agent, live_site)
    axe_check(agent)
    assert member.goto(proposal).status == 404  # type: ignore[union-attr]
    agent.goto(proposal)
    press(agent, "Open the vote")
    expect(agent.locator("main")).to_contain_text("Have voted")

    vote_yes(member, live_site)
    axe_check(member)
    fits(member)

    agent.goto(proposal)
    expect(agent.locator("main")).to_contain_text(re.compile(r"1 of \d+ member firms"))
    expect(agent.locator("main")).not_to_contain_text("1 yes")
    press(agent, "Count the votes")
    expect(agent.locator(".k-answer")).to_contain_text("1 of 1 votes said yes")

    order = place_order(buyer, live_site)
    call_lot(agent, live_site, order)
    expect(agent.locator("main")).to_contain_text("The same gain for all")
    member.goto(f"{live_site.address}/sharing/")
    expect(member.locator(".k-answer")).to_contain_text("سود همکاری برابر برای همه")
    axe_check(member)
    fits(member)
    agent.goto(f"{live_site.address}/sharing/try/?kind=selling&rule=fixed&quantity=50&member=40")
    expect(agent.locator("main")).to_contain_text("90%")
    axe_check(agent)
