"""`bin/run` prepares its environment once, mends a torn one, and minds nobody else's settings."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BIN = Path(__file__).resolve().parents[2] / "bin"
LOCKS = ("run", "embedded", "dev")


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bootstrap at work on a folder of its own; commands are written down, not run."""
    spec = importlib.util.spec_from_file_location("bootstrap", BIN / "_bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for name in LOCKS:
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1")
    (tmp_path / "pyproject.toml").write_text("")
    commands: list[list[str]] = []

    def write_down(command: list[str], environment: dict[str, str], otherwise: str) -> None:
        commands.append(command)
        if "venv" in command:
            (tmp_path / ".venv" / "bin").mkdir(parents=True)
            (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)

    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "UNFINISHED", tmp_path / ".venv" / "unfinished")
    monkeypatch.setattr(module, "run", write_down)
    monkeypatch.setattr(module, "say", lambda line: None)
    module.commands = commands  # type: ignore[attr-defined]
    return module


def test_the_first_start_installs_and_the_second_does_nothing(bootstrap):
    bootstrap.prepare(("run",))
    installed = " ".join(bootstrap.commands[1])
    assert "--require-hashes" in installed
    assert "--only-binary :all:" in installed
    bootstrap.commands.clear()
    bootstrap.prepare(("run",))
    assert bootstrap.commands == []


def test_a_changed_lock_is_installed_without_starting_over(bootstrap):
    bootstrap.prepare(("run", "dev"))
    bootstrap.commands.clear()
    Path(bootstrap.lock("dev")).write_text("dev==2")
    bootstrap.prepare(("run", "dev"))
    assert [command[-1] for command in bootstrap.commands] == [bootstrap.lock("dev")]


def test_an_interrupted_installation_is_begun_anew(bootstrap, monkeypatch):
    go_on = bootstrap.run

    def tear(command: list[str], *rest: object) -> None:
        if "pip" in command:
            raise KeyboardInterrupt
        go_on(command, *rest)

    monkeypatch.setattr(bootstrap, "run", tear)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.prepare(("run",))
    assert not bootstrap.is_ready("run")
    (bootstrap.VENV / "torn").touch()
    monkeypatch.setattr(bootstrap, "run", go_on)
    bootstrap.prepare(("run",))
    assert not (bootstrap.VENV / "torn").exists()
    assert bootstrap.is_ready("run")


def test_a_platform_without_the_wheel_goes_on_without_it(bootstrap, monkeypatch):
    go_on = bootstrap.run

    def refuse(command: list[str], *rest: object) -> None:
        if command[-1].endswith("embedded.txt"):
            raise bootstrap.Failed("no such wheel")
        go_on(command, *rest)

    monkeypatch.setattr(bootstrap, "run", refuse)
    bootstrap.prepare(("run",))
    assert bootstrap.is_ready("run")


def test_settings_of_another_python_are_left_behind(bootstrap, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    environment = bootstrap.prepare(("run",))
    assert "/elsewhere" not in environment.values()
    assert environment["PATH"].startswith(str(bootstrap.VENV))


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_commands_work_by_a_link_from_anywhere_under_a_hostile_environment(name, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(BIN / name)
    hostile = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONHOME": str(tmp_path), "PYTHONSAFEPATH": "1"}
    (tmp_path / "argparse.py").write_text("raise SystemExit('led astray')")
    said = subprocess.run([link, "--help"], cwd=tmp_path, env=hostile, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert ("--port" if name == "run" else "usage: pytest") in said.stdout
