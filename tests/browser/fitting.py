"""Whether a page fits its screen."""

from playwright.sync_api import Page

# The page that a click left may still stand, or nothing yet: what counts is the one that comes.
FITS = "most => document.readyState === 'complete' && document.documentElement.scrollWidth <= most"


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    size = page.viewport_size
    assert size is not None
    page.wait_for_load_state()
    page.wait_for_function(FITS, arg=size["width"])
