"""A real site with the demo, a real browser, and the two widths and languages people use.

    def test_something(live_site, page_fa_phone, axe_check):
        page_fa_phone.goto(live_site.address)
        axe_check(page_fa_phone)

CHROMIUM names the browser; `bin/test` finds or installs one.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.running import Site

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WAIT_MILLISECONDS = 30_000
expect.set_options(timeout=WAIT_MILLISECONDS)
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def live_site() -> Iterator[Site]:
    """The site as `kandoo run` starts it, with the demo, once for all browser tests.

    `live_site.address` is its URL, `live_site.logins()` gives {role: (name, password)}.
    """
    folder = Path(tempfile.mkdtemp(prefix="kt-")).resolve()
    site = Site(folder / "data").ready()
    yield site
    site.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the machine, without a window."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "Install Chromium, or name it in CHROMIUM."
    with sync_playwright() as playwright:
        # The loop behind the browser counts as running in this thread until the session ends; tests of tables come after.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Pages with cookies of their own; an error in a page's script fails the test."""
    errors: list[str] = []
    contexts = []

    def open_one(language: str, width: int, height: int) -> Page:
        context = browser.new_context(locale=language, viewport={"width": width, "height": height})
        context.set_default_timeout(WAIT_MILLISECONDS)
        if language.startswith("en"):  # as if the switch had been pressed: Persian comes first
            context.add_cookies([{"name": "django_language", "value": "en", "domain": "127.0.0.1", "path": "/"}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page_fa_phone(open_page: Callable[..., Page]) -> Page:
    """A phone held upright, in Persian."""
    return open_page("fa-IR", 390, 844)


@pytest.fixture
def page_en_desk(open_page: Callable[..., Page]) -> Page:
    """A desk screen, in English."""
    return open_page("en-GB", 1280, 900)


@pytest.fixture(scope="session")
def axe_check() -> Callable[[Page], None]:
    """Fail when axe finds something serious or critical on the page."""
    axe = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()  # a click may only just have left the page before
        found = [each for each in axe.run(page).response["violations"] if each["impact"] in SERIOUS]
        assert not found, "\n".join(
            f"{page.url}: {each['id']}: {each['help']}: {node['target']}" for each in found for node in each["nodes"]
        )

    return check
