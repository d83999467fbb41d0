"""The house keeps its own rules: catalogues whole, no host and no machine's path in any file."""

import re
import subprocess
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

from kandoo.site.messages import catalogues

ROOT = Path(__file__).resolve().parents[1]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_message_has_its_persian(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue if not entry.translated() and not entry.obsolete] == []
    assert catalogue.fuzzy_entries() == []


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_translation_keeps_the_places_of_its_values(path: Path) -> None:
    place = re.compile(r"%\(\w+\)[sd]")
    for entry in polib.pofile(str(path)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not text or set(place.findall(text)) == set(place.findall(entry.msgid)), entry.msgid


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    names = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org"]
    paths = re.compile(r"(?<![\w.])/(" + "wo" + r"rk|ro" + r"ot)/\w")
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if "vendor" in path.parts:
            continue
        assert not any(name in text for name in names), path
        assert not paths.search(text), path


@pytest.mark.django_db
def test_the_tables_are_as_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    import os
    import sys

    environment = os.environ | {
        "KANDOO_HTTPS": "1",
        "KANDOO_HOSTS": "kandoo.example",
        "KANDOO_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "kandoo.site.settings",
    }
    result = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_the_day_of_a_moment_is_the_cluster_s_own() -> None:
    """Moments are kept in universal time: after midnight in Iran `now.date()` is still yesterday."""
    asked = re.compile(r"\b(now|at|moment|\w+_at)\.date\(\)")
    apps = [
        path for path in tracked() if path.suffix == ".py" and "src/kandoo" in str(path) and "running" not in path.parts
    ]
    assert [str(path.relative_to(ROOT)) for path in apps if asked.search(path.read_text())] == []
