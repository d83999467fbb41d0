"""The third-party files that pages load are the ones named in the manifest, whole and licensed."""

import hashlib
import json
import re
from pathlib import Path

SITE = Path(__file__).resolve().parents[1]
VENDOR = SITE / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


def test_every_vendored_file_is_as_the_manifest_says():
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == {name: entry["sha256"] for name, entry in MANIFEST.items()}


def test_every_vendored_package_ships_its_licence():
    folders = {name.split("/")[0] for name in MANIFEST}
    for folder in folders:
        assert {"LICENSE", "OFL.txt"} & {path.name for path in (VENDOR / folder).iterdir()}, folder


def test_versions_are_those_of_the_lock_file():
    lock = SITE.parents[2] / "package-lock.json"
    packages = json.loads(lock.read_text())["packages"]
    for entry in MANIFEST.values():
        assert packages[f"node_modules/{entry['package']}"]["version"] == entry["version"]


def test_no_vendored_file_points_at_a_source_map():
    for path in [*VENDOR.rglob("*.css"), *VENDOR.rglob("*.js")]:
        assert "sourceMappingURL" not in path.read_text(), path


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons" / "icons.svg").read_text()))
    package = SITE.parent
    for template in package.glob("*/templates/**/*.html"):
        text = re.sub(r"{% comment %}.*?{% endcomment %}", "", template.read_text(), flags=re.S)
        for line in re.findall(r'{% include "components/icon\.html"[^%]*%}', text):
            for name in re.findall(r'\bname="([^"]+)"', line):
                assert name in sprite, f"{name} in {template.relative_to(package)}"


def test_the_fonts_for_papers_come_with_their_licence():
    names = {path.name for path in (SITE / "fonts").iterdir()}
    assert {"Vazirmatn-Regular.ttf", "Vazirmatn-Bold.ttf", "OFL.txt"} <= names
