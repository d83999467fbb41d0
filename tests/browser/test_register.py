"""The agent brings members in from Excel, at a desk and in English: fault, correction, doubles, list."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.browser.fitting import fits
from tests.browser.test_main_journey import sign_in
from tests.running import Site

HEADINGS = ("name_fa", "name_en", "stage", "joined_on", "latitude", "longitude", "hives", "hives_on", "hives_source")


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (HEADINGS, *rows):
        sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def beekeeper(name_fa: str, name_en: str, hives: Any = 45) -> list[Any]:
    return [name_fa, name_en, "beekeeping", "1404/02/01", 33.4878, 48.3558, hives, "1405/07/10", "apiary census 1405"]


def choose(page: Page, rows: Sequence[Sequence[Any]]) -> None:
    file: Any = {"name": "members.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(rows)}
    page.set_input_files("[name=file]", files=file)
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_load_state()


def test_the_agent_imports_members(live_site: Site, page_en_desk: Page, axe_check: Callable[[Page], None]) -> None:
    page = page_en_desk
    sign_in(page, live_site, "agent")
    page.goto(f"{live_site.address}/register/")
    axe_check(page)
    page.get_by_role("link", name="Import from Excel").first.click()
    page.wait_for_url("**/register/import/")
    axe_check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Template Excel").click()
    assert download.value.suggested_filename == "kandoo-members.xlsx"

    right, other = beekeeper("زنبورداری شاهد", "Witness Apiary"), beekeeper("زنبورداری گواه", "Testimony Apiary")
    choose(page, [right, beekeeper("زنبورداری گواه", "Testimony Apiary", "forty")])
    expect(page.locator("h1")).to_have_text("Faults in the file")
    fault = page.locator("tbody tr")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text("is not a whole number")
    axe_check(page)

    choose(page, [right, other, beekeeper("زنبورداري شاهد", "Witness Apiary")])
    expect(page.locator("h1")).to_have_text("Likely doubles")
    axe_check(page)
    page.get_by_label("Decision for row 4").select_option("skip")
    page.get_by_role("button", name="Keep these decisions").click()
    expect(page.locator("h1")).to_have_text("What will be written")
    expect(page.locator(".k-answer")).to_contain_text("New firms: 2")
    page.get_by_role("button", name="Write all of it").click()
    expect(page.get_by_text("Firms added: 2; updated: 0; rows left out: 1.")).to_be_visible()

    page.goto(f"{live_site.address}/register/?q=Witness")
    page.get_by_role("link", name="Witness Apiary").click()
    expect(page.locator("main")).to_contain_text("45 hives")
    expect(page.locator("main")).to_contain_text("Khorramabad")
    page.wait_for_selector("[data-map][data-ready]")
    axe_check(page)
    for address in ("map/", "people/", "cluster/", "cluster/profile/", "new/"):
        page.goto(f"{live_site.address}/register/{address}")
        page.wait_for_load_state("networkidle")
        axe_check(page)


def test_a_member_looks_its_firm_up_on_the_phone(
    live_site: Site, page_fa_phone: Page, axe_check: Callable[[Page], None]
) -> None:
    page = page_fa_phone
    sign_in(page, live_site, "member")
    page.goto(f"{live_site.address}/register/")
    axe_check(page)
    for address in ("map/", "cluster/"):
        page.goto(f"{live_site.address}/register/{address}")
        page.wait_for_selector("[data-map][data-ready]")
        axe_check(page)
        fits(page)
