"""Folders, accounts and servers for the tests of starting and stopping."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kandoo.site.database import accounts, binaries
from kandoo.site.database.embedded import Server
from tests.running import Site

QUICK = {"fsync": "off"}


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a short path that other accounts can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="kt-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_server() -> Iterator[Callable[[Path], Server]]:
    """Servers that are stopped at the end, whatever the test did to them."""
    made: list[Server] = []

    def make(data: Path) -> Server:
        made.append(Server(data, settings=QUICK, dies_with_parent=True))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(place: Path, make_server: Callable[[Path], Server]) -> Server:
    """A server that runs, in a fresh folder."""
    made = make_server(place / "data")
    made.start()
    return made


@pytest.fixture
def make_site() -> Iterator[Callable[..., Site]]:
    """Sites that are stopped at the end, and their databases with them."""
    made: list[Site] = []

    def make(*arguments: object, **options: object) -> Site:
        made.append(Site(*arguments, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for site in made:
        site.stop()
        if site.data.exists():
            Server(site.data).stop()


@pytest.fixture(scope="session")
def begun() -> Iterator[Path]:
    """A data folder after its first start and stop, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="kt-")).resolve()
    site = Site(folder / "data", "--no-demo").ready()
    assert site.stop() == 0
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def site(begun: Path, place: Path, make_site: Callable[..., Site]) -> Site:
    """A site without the demo, ready, on data of its own."""
    subprocess.run(["cp", "-a", str(begun), str(place / "data")], check=True)
    return make_site(place / "data", "--no-demo").ready()


@pytest.fixture
def root() -> None:
    """The test is about what root does."""
    if os.geteuid() != 0:
        pytest.skip("only root can try what root does")


@pytest.fixture
def somebody(root: None) -> Iterator[accounts.Account]:
    """An ordinary account, made for the test."""
    name = "kandoo-tester"
    subprocess.run(["userdel", name], capture_output=True)
    subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/sh", name], check=True, capture_output=True)
    entry = pwd.getpwnam(name)
    yield accounts.Account(entry.pw_uid, entry.pw_gid)
    subprocess.run(["userdel", name], check=True, capture_output=True)


@pytest.fixture
def machine_programs() -> Path:
    """The PostgreSQL that the machine's packages brought."""
    found = list(binaries.machine_folders())
    assert found, "Install the machine's PostgreSQL 15 or newer (Debian: apt-get install postgresql)."
    return found[0]
