"""The controller approves a payment run on a phone, takes the bank file, and imports the bank's answer."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from kandoo.site.language import format_day
from tests.browser.test_main_journey import sign_in
from tests.running import Site


def answered(template: bytes) -> bytes:
    """Our table filled in as a bank would: all paid but the second, and a row that is nobody's."""
    heads, *rows = csv.reader(io.StringIO(template.decode("utf-8-sig")))
    paid_on = format_day(timezone.localdate(), "fa", style="short")
    for place, row in enumerate(rows):
        row[4:] = ["پرداخت شد", f"۱۴۰۵{place:04d}", paid_on, ""]
    rows[1][4:] = ["پرداخت نشد", "", rows[1][6], "حساب بسته است"]
    rows.append(["", rows[0][1], "555550", "IRR", *rows[0][4:]])
    out = io.StringIO()
    csv.writer(out).writerows([heads, *rows])
    return out.getvalue().encode()


def the_agent_takes_the_balances_of_now(page: Page, site: Site, address: str) -> None:
    """What was sent back is refreshed and proposed again by the one who made it."""
    sign_in(page, site, "agent")
    page.goto(address)
    page.locator("summary", has_text="Take the balances of now").click()
    page.locator("details[open] button").click()
    expect(page.locator(".k-note-success")).to_be_visible()
    page.locator("#propose summary").click()
    page.locator("#propose button").click()
    expect(page.locator(".k-note-success")).to_be_visible()


def test_the_controller_approves_a_run_and_takes_in_the_answer(
    live_site: Site, page_fa_phone: Page, page_en_desk: Page, axe_check: Callable[[Page], None]
) -> None:
    page = page_fa_phone
    sign_in(page, live_site, "controller")
    expect(page.locator(".k-answer")).to_contain_text("در انتظار تأیید شماست")
    page.get_by_role("link", name="بررسی و تأیید").first.click()
    page.wait_for_url("**/payments/runs/*/")
    address = page.url
    axe_check(page)
    page.locator("summary", has_text="برگرداندن").click()
    page.locator("details[open] [name=reason]").fill("مانده‌های امروز را بیاورید")
    page.locator("details[open] button").click()
    expect(page.locator(".k-note-success")).to_be_visible()
    the_agent_takes_the_balances_of_now(page_en_desk, live_site, address)
    page.goto(address)
    page.locator("#approve summary").click()
    expect(page.locator("#approve")).to_contain_text("به بانک دستور داده می‌شود")
    page.get_by_role("button", name="تأیید پرداخت‌ها").click()
    expect(page.locator(".k-note-success")).to_contain_text("تأیید شد")
    with page.expect_download() as download:
        page.locator("a[href$='bank-file.xml']").click()
    assert b"pain.001.001.03" in Path(str(download.value.path())).read_bytes()

    page.get_by_role("link", name="ثبت پاسخ بانک").click()
    page.wait_for_url("**/answers/import/")
    axe_check(page)
    with page.expect_download() as download:
        page.locator("a[href$='template.csv']").click()
    content = answered(Path(str(download.value.path())).read_bytes())
    file: Any = {"name": "answer.csv", "mimeType": "text/csv", "buffer": content}
    page.set_input_files("[name=file]", files=file)
    page.get_by_role("button", name="بررسی فایل").click()
    expect(page.locator(".k-answer")).to_contain_text("هنوز چیزی تغییر نکرده است")
    axe_check(page)
    page.get_by_role("button", name="ثبت", exact=True).click()
    page.wait_for_url("**/payments/answers/*/")
    axe_check(page)

    page.goto(f"{live_site.address}/payments/unmatched/")
    page.get_by_role("link", name="تصمیم").click()
    page.locator("summary", has_text="از ما نیست").click()
    page.locator("details[open] [name=reason]").fill("واریز دستی تعاونی")
    page.locator("details[open] button").click()
    expect(page.locator("main")).to_contain_text("واریز دستی تعاونی")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("حساب بسته است")
    expect(page.locator("h1 ~ .k-row, .k-head-words .k-row").first).to_contain_text("بانک پاسخ داد")
    axe_check(page)
