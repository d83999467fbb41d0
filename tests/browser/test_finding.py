"""An officer of the province finds clusters in a list, in Persian: upload, columns, progress, result, download, candidate."""

import re
import zipfile
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from kandoo.finding.tests.stage import as_csv, rows
from tests.browser.fitting import fits
from tests.browser.nation_stage import sign_in
from tests.running import Site

Check = Callable[[Page], None]
Open = Callable[..., Page]
WORK_MILLISECONDS = 420_000  # the first study after the start compiles the measures


def bring(page: Page, site: Site, content: bytes, name: str = "فهرست.csv") -> None:
    page.goto(f"{site.address}/finding/new/")
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.set_input_files("[name=file]", files=file)
    page.get_by_role("button", name="خواندن فهرست").click()
    page.wait_for_url(re.compile(r"/finding/\d+/columns/$"))


def test_an_officer_finds_the_planted_cluster(live_site: Site, open_page: Open, axe_check: Check) -> None:
    page = sign_in(open_page("fa-IR", 1280, 900), live_site, "lorestan")
    page.goto(f"{live_site.address}/finding/")
    axe_check(page)

    table = rows(21)
    table[6][2] = "33°29'"
    bring(page, live_site, as_csv(table))
    expect(page.locator("[name=industry] option:checked")).to_contain_text("صنعت")
    axe_check(page)
    page.select_option("[name=simulations]", "99")
    page.get_by_role("button", name="تأیید و بررسی همه ردیف‌ها").click()
    expect(page.locator("h1")).to_have_text("ایرادهای فهرست")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("درجه و دقیقه")
    axe_check(page)
    page.locator("summary", has_text="ادامه بدون این ردیف‌ها").click()
    page.get_by_role("button", name="کنار گذاشتن آن‌ها").click()
    expect(page.locator("main")).to_contain_text("آگاهانه کنار گذاشته شد")

    page.get_by_role("button", name="سنجیدن").click()
    expect(page.locator("#progress")).to_be_visible()
    axe_check(page)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".k-answer")).to_contain_text("گرد هم آمده‌اند", timeout=WORK_MILLISECONDS)
    axe_check(page)
    page.get_by_role("link", name="سنگ", exact=True).first.click()
    expect(page.locator(".k-answer")).to_contain_text("به هم نزدیک‌اند")
    page.wait_for_selector("[data-map][data-ready]")
    expect(page.locator(".k-pic polyline.p-curve").first).to_be_attached()
    axe_check(page)
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="دریافت همه").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {"kd.csv", "lq.csv", "report-fa.html", "report-en.html"} <= set(archive.namelist())

    page.get_by_role("button", name="نامزد کردن").first.click()
    expect(page.locator("main")).to_contain_text("نامزد در پرونده است")


def test_the_demo_s_lists_are_measured_and_read_on_a_phone(
    live_site: Site, page_fa_phone: Page, axe_check: Check
) -> None:
    page = sign_in(page_fa_phone, live_site, "lorestan")
    page.goto(f"{live_site.address}/finding/?q=ساختگی")
    page.locator("main th a").first.click()
    expect(page.locator(".k-answer")).to_contain_text("گرد هم آمده‌اند", timeout=WORK_MILLISECONDS)
    for name in ("سنگ ساختمانی", "گلیم و فرش"):
        expect(page.locator("main tr", has_text=name).first).to_contain_text("نزدیک‌تر به هم از تصادف")
    fits(page)
    axe_check(page)
    page.get_by_role("link", name=re.compile("^.*مقایسه")).click()
    expect(page.locator(".k-answer")).to_contain_text("گرد هم آمده‌اند")
    fits(page)
    axe_check(page)
    page.get_by_role("link", name="گلیم و فرش").first.click()
    page.wait_for_selector("[data-map][data-ready]")
    fits(page)
    axe_check(page)
