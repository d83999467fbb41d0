"""Every page that a role can reach from its home opens, in both languages, and keeps the house rules."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests.world import World

pytestmark = pytest.mark.django_db

PAGES_MAX = 120
ROLES = {
    "agent": "agent",
    "member": "kuh",
    "laboratory": "lab",
    "supplier": "jars",
    "buyer": "hamburg",
    "officer": "officer",
    "auditor": "auditor",
    "controller": "controller",
}
# Two English words in a row: more than a unit, a code or the name of a method.
ENGLISH = re.compile(r"\b[A-Za-z]?[a-z]{2,}(?: [a-z]{2,})+\b")
SILENT = {"script", "style", "title", "code"}


class Reader(HTMLParser):
    """Links, inline styles and scripts, and the words shown in the page's own language."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.words: list[str] = []
        self._hushed: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(values["href"] or "")
        if "style" in values or tag == "style" or any(name.startswith("on") for name in values):
            self.inline.append(f"<{tag} {attrs}>")
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.inline.append("<script>")
        is_other = values.get("lang") == "en" or values.get("dir") == "ltr" or tag in SILENT
        if (self._hushed or is_other) and tag not in ("input", "meta", "link", "br", "img", "hr", "use", "path"):
            self._hushed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hushed and tag in self._hushed:
            while self._hushed.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._hushed and data.strip():
            self.words.append(" ".join(data.split()))


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


def reachable(client: Client) -> Iterator[tuple[str, str, Reader]]:
    """Pages reached by following links from the home page, each once, one of each kind of address."""
    waiting = ["/"]
    seen: set[str] = set()
    while waiting and len(seen) < PAGES_MAX:
        path = waiting.pop(0)
        kind = re.sub(r"\d+|[0-9a-f-]{36}", "#", path.split("?")[0]) + "?" * ("?" in path)
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(path)
        assert answer.status_code in (200, 302), f"{path} answers {answer.status_code}"
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        text = answer.content.decode()
        reader = read(text)
        yield path, text, reader
        for link in reader.links:
            target = urlsplit(urljoin(path, link))
            if not target.scheme and not target.netloc and "/logout" not in target.path and not link.startswith("#"):
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_opens_in_persian_with_nothing_left_in_english(world: World, role: str) -> None:
    client = world.client(ROLES[role])
    left: list[str] = []
    for path, text, reader in reachable(client):
        assert '<html lang="fa" dir="rtl">' in text, path
        assert reader.inline == [], path
        left += [f"{path}: {words}" for words in reader.words if ENGLISH.search(words)]
    assert left == [], "\n".join(left)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_opens_in_english(world: World, role: str) -> None:
    client = world.client(ROLES[role])
    client.cookies["django_language"] = "en"
    for path, text, reader in reachable(client):
        assert '<html lang="en" dir="ltr">' in text, path
        assert reader.inline == [], path
