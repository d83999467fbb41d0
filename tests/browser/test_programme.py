"""Journeys through the programme's file: scoring, a gate passed on a condition, the sick cluster, the citizen."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from kandoo.site.language import format_number
from tests.browser.fitting import fits
from tests.browser.nation_stage import links, sign_in
from tests.running import Site

Axe = Callable[[Page], None]


def test_an_officer_scores_the_last_candidate_and_closes_the_round(
    live_site: Site, open_page: Callable[..., Page], axe_check: Axe
) -> None:
    page = sign_in(open_page("fa-IR", 390, 844), live_site, "lorestan")
    page.goto(f"{live_site.address}/programme/selection/")
    page.get_by_role("link", name="اولویت‌بندی خوشه‌های لرستان").click()
    expect(page.get_by_text("امتیاز داده نشده است")).to_be_visible()
    last = page.get_by_role("row").filter(has_text="هنوز نه").get_by_role("link", name=re.compile("امتیازدهی"))
    last.click()
    axe_check(page)
    for number, field in enumerate(page.locator("input[name^=evidence]").all()):
        field.fill(f"برآورد {number}")
    for field in page.locator("input[name^=value]").all():
        field.fill("۸۵")
    page.get_by_role("button", name="ثبت امتیازها").click()
    expect(page.locator(".p-own").first).to_be_visible()  # the order and how far it moves
    axe_check(page)
    page.get_by_role("button", name="بستن دوره").click()
    expect(page.get_by_text("همهٔ نامزدها با امتیازشان می‌مانند")).to_be_visible()
    fits(page)


def test_the_committee_passes_a_cluster_through_feasibility_on_a_condition(
    live_site: Site, open_page: Callable[..., Page], axe_check: Axe
) -> None:
    page = sign_in(open_page("fa-IR", 1280, 900), live_site, "committee")
    page.goto(f"{live_site.address}/programme/meetings/?state=called")
    page.get_by_role("link", name="کمیتهٔ استانی لرستان").first.click()
    axe_check(page)
    brief = page.request.get(live_site.address + links(page, "خلاصه (PDF)")[0])
    assert brief.headers["content-type"] == "application/pdf" and brief.body()[:5] == b"%PDF-"
    page.get_by_role("button", name="آغاز نشست با این‌ها").click()
    page.get_by_role("link", name=re.compile("^رأی")).click()
    axe_check(page)
    page.get_by_label("موافق").check()
    page.locator("main .k-form-foot button").click()
    expect(page.get_by_text("رأی شما ثبت شد")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^رأی"))).to_have_count(0)  # once
    page.get_by_role("link", name=re.compile("^تصمیم")).click()
    page.get_by_label("پذیرفته با شرط").check()
    page.get_by_label("مصوبه").fill("پذیرفته شد، به شرط نوشتن سهم اعضا.")
    page.get_by_role("button", name="ثبت تصمیم").click()
    expect(page.get_by_text("تصمیم مشروط دست‌کم یک شرط دارد")).to_be_visible()  # and nothing was written
    page.get_by_label("شرط ۱", exact=True).fill("سهم آوردهٔ اعضا نوشته شود")
    page.get_by_label("مسئول شرط ۱").fill("نمونه، کارشناس لرستان")
    page.get_by_role("button", name="ثبت تصمیم").click()
    expect(page.get_by_text("سهم آوردهٔ اعضا نوشته شود")).to_be_visible()
    page.get_by_label("صورت‌جلسه").fill("نشست با حضور همه برگزار شد.")
    page.get_by_role("button", name="بستن با این صورت‌جلسه").click()
    expect(page.get_by_text("نشست بسته شد")).to_be_visible()
    page.get_by_role("link", name="گیاهان دارویی لرستان").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("گیاهان دارویی لرستان")
    expect(page.locator("p.k-answer").get_by_text("امکان‌پذیر")).to_be_visible()


def test_the_national_officer_finds_the_sick_cluster(
    live_site: Site, open_page: Callable[..., Page], axe_check: Axe
) -> None:
    page = sign_in(open_page("en-GB", 1280, 900), live_site, "nation")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Clusters")
    axe_check(page)
    page.get_by_role("link", name="See the warnings").first.click()
    axe_check(page)
    sick = page.locator("tbody tr").filter(has_text="No paper has moved").filter(has_text="overdue").first
    sick.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kilim of Lorestan")
    expect(page.get_by_text("What was handed over").first).to_be_visible()
    axe_check(page)


def test_a_citizen_reads_where_every_cluster_stands(
    live_site: Site, open_page: Callable[..., Page], axe_check: Axe
) -> None:
    page = open_page("fa-IR", 390, 844)
    data = page.request.get(f"{live_site.address}/open/clusters.csv").text()
    assert data.lstrip("\ufeff").startswith("province,product,stage,definition,date,source")
    clusters = data.count("\n") - 1
    assert clusters >= 197  # the demo's, and what other journeys propose
    page.goto(f"{live_site.address}/open/")
    expect(page.locator("p.k-answer")).to_contain_text(format_number(clusters, "fa"))
    axe_check(page)
    page.get_by_label("نام یا محصول").fill("عسل")
    page.get_by_role("button", name="نمایش").click()
    expect(page.locator("tbody").first).to_contain_text("عسل لرستان")
    fits(page)
