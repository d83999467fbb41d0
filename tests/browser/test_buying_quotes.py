"""Buying together in a browser: the agent calls a round, a supplier quotes sealed, on a phone and at a desk."""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_main_journey import sign_in
from tests.running import Site

Check = Callable[[Page], None]


def day(after: int) -> str:
    """A day from today as it is typed in English."""
    return (timezone.localdate() + timedelta(days=after)).isoformat()


def save(page: Page) -> None:
    """Press the form's button and wait for the page it leads to."""
    page.locator("main .k-form-foot button").last.click()
    page.wait_for_load_state()


def set_the_table(page: Page, site: Site, mark: str, axe_check: Check) -> None:
    """The agent writes an item into the catalogue and a collection point."""
    page.goto(f"{site.address}/buying/catalogue/new/")
    page.fill("[name=name_fa]", f"شکر {mark}")
    page.fill("[name=name_en]", f"Sugar {mark}")
    page.fill("[name=code]", f"sugar-{mark}")
    page.select_option("[name=unit]", "kg")
    page.fill("[name=pack]", "50")
    axe_check(page)
    save(page)
    expect(page.locator(".k-note-success")).to_be_visible()
    axe_check(page)
    page.goto(f"{site.address}/buying/points/new/")
    page.fill("[name=name_fa]", f"انبار {mark}")
    page.fill("[name=name_en]", f"Store {mark}")
    page.fill("[name=code]", f"store-{mark}")
    axe_check(page)
    save(page)
    expect(page.locator(".k-table")).to_contain_text(f"Store {mark}")
    axe_check(page)


def call_round(page: Page, site: Site, mark: str, axe_check: Check) -> str:
    """The agent calls a round for it and opens it; its address."""
    page.goto(f"{site.address}/buying/rounds/new/")
    page.fill("[name=title]", f"Sugar for spring {mark}")
    page.fill("[name=closes_on]", day(10))
    page.locator("label", has_text=re.compile(f"^Sugar {mark}$")).first.click()
    page.locator("label", has_text=re.compile(f"^Store {mark}$")).first.click()
    page.get_by_label(f"Handed out at Store {mark} on").fill(day(30))
    axe_check(page)
    save(page)
    page.wait_for_url(re.compile(r"/buying/rounds/\d+/$"))
    page.locator(".k-next button").click()
    expect(page.locator(".k-note-success")).to_be_visible()
    return page.url


def test_a_supplier_quotes_sealed(live_site: Site, page_fa_phone: Page, page_en_desk: Page, axe_check: Check) -> None:
    mark = secrets.token_hex(2)
    agent, supplier = page_en_desk, page_fa_phone
    sign_in(agent, live_site, "agent")
    set_the_table(agent, live_site, mark, axe_check)
    address = call_round(agent, live_site, mark, axe_check)

    sign_in(supplier, live_site, "supplier")
    supplier.goto(address)
    expect(supplier.locator("#quotation")).to_contain_text("هنوز داده نشده")
    axe_check(supplier)
    supplier.locator(".k-next a").click()
    supplier.wait_for_url("**/quote/")
    axe_check(supplier)
    supplier.locator("[name$=_price_0]").fill("۵۸٬۳۴۷")
    supplier.locator("[name$=_from_1]").fill("۱۰۰۰")
    supplier.get_by_role("button", name="سطرهای بیشتر").click()
    expect(supplier.locator("[name$=_from_5]")).to_be_visible()
    supplier.locator("[name$=_from_5]").press("Enter")  # reads it back; the price of the second row is missing
    expect(supplier.locator("[data-faults]")).to_contain_text("قیمت هر واحد را بنویسید")
    axe_check(supplier)
    supplier.locator("[name$=_price_1]").fill("۵۱٬۹۲۳")
    supplier.get_by_role("button", name="یک بار برایم بخوان").last.click()
    expect(supplier.locator(".k-figure")).to_contain_text("۱ تا ۹۹۹ کیلوگرم: هر واحد ۵۸٬۳۴۷ تومان")
    expect(supplier.locator(".k-answer")).to_contain_text("هنوز چیزی داده نشده است")
    axe_check(supplier)
    supplier.get_by_role("button", name="دادن پیشنهاد مهرشده").click()
    expect(supplier.locator(".k-note-success")).to_contain_text("مهر شد")
    paper: Any = {"name": "analysis.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 sugar %%EOF"}
    supplier.locator("#papers [name=file]").set_input_files(files=[paper])
    supplier.get_by_role("button", name="افزودن مدرک").click()
    expect(supplier.locator("#papers")).to_contain_text("analysis.pdf")
    axe_check(supplier)
    sealed = supplier.locator("#papers a").first.get_attribute("href")

    agent.goto(address)
    expect(agent.locator("main")).to_contain_text("sealed")
    assert not re.search("58,347|51,923", agent.content())
    answer = agent.goto(f"{live_site.address}{sealed}")
    assert answer is not None and answer.status == 404


def test_the_pages_of_calling_and_quoting_at_a_desk_and_on_a_phone(
    live_site: Site, open_page: Callable[..., Page], axe_check: Check
) -> None:
    mark = secrets.token_hex(2)
    phone = sign_in(open_page("fa-IR", 390, 844), live_site, "agent")
    for path in ("catalogue/", "catalogue/new/", "catalogue/import/", "points/", "points/new/", "rounds/new/"):
        phone.goto(f"{live_site.address}/buying/{path}")
        axe_check(phone)
    desk = sign_in(open_page("en-GB", 1280, 900), live_site, "agent")
    set_the_table(desk, live_site, mark, axe_check)
    address = call_round(desk, live_site, mark, axe_check)
    supplier = sign_in(open_page("en-GB", 1280, 900), live_site, "supplier")
    supplier.goto(f"{address}quote/")
    axe_check(supplier)
    supplier.locator("summary", has_text="Excel").click()
    with supplier.expect_download() as download:
        supplier.locator("a[href$='template.csv']").click()
    heads, row = download.value.path().read_text("utf-8-sig").splitlines()[:2]
    filled = "\n".join([heads, row.replace(",1,,", ",1,58347,", 1)]).encode()
    table: Any = {"name": "quotation.csv", "mimeType": "text/csv", "buffer": filled}
    supplier.locator("details [name=file]").set_input_files(files=[table])
    supplier.get_by_role("button", name="Check the file").click()
    expect(supplier.locator(".k-figure")).to_contain_text("1 kg and more: 58,347 toman each")
    axe_check(supplier)
    supplier.get_by_role("button", name="Change it").click()
    expect(supplier.locator("[name$=_price_0]")).to_have_value("58347")
    supplier.get_by_role("button", name="Read it back to me").last.click()
    supplier.get_by_role("button", name="Give it, sealed").click()
    supplier.locator("summary", has_text="Take your quotation back").click()
    axe_check(supplier)
    supplier.get_by_role("button", name="Take your quotation back").click()
    expect(supplier.locator("#quotation")).to_contain_text("Not given yet")
