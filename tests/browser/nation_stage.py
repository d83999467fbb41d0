"""Signing in as somebody of the programme, and the links of a page."""

from playwright.sync_api import Page

from tests.running import Site


def sign_in(page: Page, site: Site, name: str) -> Page:
    """The page after signing in as one of the demo."""
    username, password = site.logins()[name]
    page.goto(f"{site.address}/account/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def links(page: Page, name: str) -> list[str]:
    """The addresses of the page's links of this name."""
    return [each.get_attribute("href") or "" for each in page.get_by_role("link", name=name).all()]
