"""Persian comes first; English is one's own choice and stays."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_page_is_persian_and_right_to_left_whatever_the_browser_asks() -> None:
    text = Client().get("/account/login/", headers={"accept-language": "en-US"}).content.decode()
    assert '<html lang="fa" dir="rtl">' in text


def test_the_switch_keeps_the_page_and_the_choice() -> None:
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "/account/login/?next=/x"})
    assert answer["Location"] == "/account/login/?next=/x"
    assert '<html lang="en" dir="ltr">' in client.get("/account/login/").content.decode()


def test_an_address_can_ask_for_english() -> None:
    client = Client()
    assert 'lang="en"' in client.get("/account/login/?language=en").content.decode()
    assert 'lang="en"' in client.get("/account/login/").content.decode()


def test_a_missing_page_shows_its_reference_and_the_log_has_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "kandoo.requests")
    answer = Client().get("/nothing-here/")
    assert answer.status_code == 404
    reference = next(record.args[0] for record in caplog.records if record.name == "kandoo.requests")  # type: ignore[index]
    assert str(reference) in answer.content.decode()


def test_health_says_version_and_database() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["database"] == "up"
    assert answer.json()["version"]


def test_pages_carry_a_strict_content_security_policy() -> None:
    policy = Client().get("/account/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_sign_in_is_limited_after_repeated_failures() -> None:
    client = Client()
    wrong = {"login": "nobody-here", "password": "wrong-wrong"}
    assert "چند دقیقهٔ دیگر" not in client.post("/account/login/", wrong).content.decode()
    for _ in range(5):
        last = client.post("/account/login/", wrong)
    assert "چند دقیقهٔ دیگر" in last.content.decode()


def test_an_address_with_a_null_character_finds_nothing() -> None:
    assert Client().get("/open/?q=%00").status_code == 404
    assert Client().get("/open/?q=").status_code == 200
