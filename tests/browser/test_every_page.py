"""Every place in every role's menu: nothing serious for axe, nothing wider than the screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.fitting import fits
from tests.browser.test_main_journey import sign_in
from tests.running import Site

ROLES = ("agent", "member", "supplier", "laboratory", "buyer", "officer", "auditor")
WIDTHS = {"fa-IR": (390, 844), "en-GB": (1280, 900)}


@pytest.mark.parametrize("language", WIDTHS)
@pytest.mark.parametrize("role", ROLES)
def test_each_page_of_the_menu_is_accessible_and_fits(
    live_site: Site,
    open_page: Callable[..., Page],
    axe_check: Callable[[Page], None],
    role: str,
    language: str,
) -> None:
    width, height = WIDTHS[language]
    page = sign_in(open_page(language, width, height), live_site, role)
    links = page.eval_on_selector_all(".k-side-link", "all => all.map(each => each.getAttribute('href'))")
    assert links
    for link in links:
        page.goto(f"{live_site.address}{link}")
        axe_check(page)
        fits(page)
        # The first thing of a list, if there is one, and the form that makes a new one.
        inside = page.locator(f"main a[href^='{link}']").evaluate_all(
            "all => all.map(each => each.getAttribute('href'))"
        )
        for address in [each for each in inside if each.rstrip("/").rpartition("/")[2].isdigit()][:1]:
            page.goto(f"{live_site.address}{address}")
            axe_check(page)
            fits(page)


def test_the_pages_speak_in_vazirmatn(live_site: Site, page_fa_phone: Page) -> None:
    page_fa_phone.goto(f"{live_site.address}/account/login/")
    page_fa_phone.evaluate("document.fonts.ready")
    assert page_fa_phone.evaluate("document.fonts.check('16px Vazirmatn')")
